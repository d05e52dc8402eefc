"""What is remembered of a person's consents to an app, and of the tokens that came from them."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from mockdouyin.core.clock import DAY
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit


class OfConsent(Record, frozen=True):
    """Base of what comes from a person's consent."""

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    """The number of the consent that it comes from, or of the newest one at that time."""

    @property
    def link(self) -> Link:
        """The consent that it comes from."""
        return Link("grant", self.app, self.person, self.number)

    @property
    def authorization(self) -> str:
        """The store key of the person's `Authorization` of the app."""
        return f"{self.app} {self.person}"

    def is_revoked(self, unit: Unit) -> bool:
        """Whether the person has revoked the consent."""
        authorization = unit.read(Authorization, self.authorization)
        return authorization is not None and self.number <= authorization.revoked


class AuthCode(OfConsent, frozen=True):
    """A code of the consent page; it can be exchanged once."""

    TABLE: ClassVar[str] = "AuthCode"

    RETAIN = DAY

    used: bool = False


class Authorization(Record, frozen=True):
    """A person's consents to one app: how many there were, and how many of them are revoked."""

    TABLE: ClassVar[str] = "Authorization"

    first: float = 0.0
    """When they first consented: data on them begin on the day after."""
    count: int = 0
    """Consents so far; the newest has this number."""
    code: str = ""
    """The code of the newest consent."""
    revoked: int = 0
    """Consents up to this number are revoked."""
    scopes: tuple[str, ...] = ()
    newest: float = 0.0
    """When they last consented."""
    business: tuple[str, ...] = ()
    """The scopes of a business relation, from all consents that are not revoked."""


class UserToken(OfConsent, frozen=True):
    """A user token (act.…)."""

    TABLE: ClassVar[str] = "UserToken"

    RETAIN = 30 * DAY


class BusinessToken(OfConsent, frozen=True):
    """A biz_token (bus_act.…)."""

    TABLE: ClassVar[str] = "BusinessToken"

    RETAIN = 30 * DAY


class RefreshToken(OfConsent, frozen=True):
    """A refresh token (rft.…), with the user token that it refreshes."""

    TABLE: ClassVar[str] = "RefreshToken"

    RETAIN = 30 * DAY

    user_token: str
    issued: int = 0
    """User tokens that were issued for it and its predecessors, after the first."""
    renewals: int = 0


class Grant(msgspec.Struct, frozen=True):
    """What the exchange of a code, or a refresh, returns."""

    user_token: str
    expires: float
    refresh_token: str
    refresh_expires: float
    open_id: str
    scopes: tuple[str, ...]
