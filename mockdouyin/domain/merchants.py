"""Merchants (商户): who is onboarded (进件) to be paid, to receive shares and to withdraw.

An application's state follows from its times: when the review ends, and how it ended.
Reviews begin and end in `merchant_reviews`.
(Doc pages: mini-app/develop/server/ecpay/apply/create, …/apply/query and …/page-links/apply/in;
documented. That a refused application may be made again is assumed, and so is how long a review
lasts.)
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import HOUR
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain.ledger import is_paid_by
from mockdouyin.domain.owned_records import OwnedRecord, key_of, read

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

CHANNELS = ("wx", "alipay", "hz")
"""The channels of payment that a merchant is onboarded to: WeChat, Alipay, Douyin."""

LINK_LIFETIME = 2 * HOUR
"""How long the link to a page lives."""


class Standing(IntEnum):
    """How an application stands, with the number that the older answers have."""

    NONE = 0
    OK = 1
    REFUSED = 2
    IN_REVIEW = 3
    FROZEN = 4


class Acting(NamedTuple):
    """Who acts for a merchant: an app, or a service provider for an app or for itself."""

    app: App
    """The app; if a provider acts for itself, the first app that it serves."""
    provider: str = ""
    """The thirdparty_id."""
    is_own: bool = False
    """Whether the provider acts for itself and names no app."""
    sandbox: bool = False

    @property
    def owner(self) -> str:
        """Whose merchants and withdrawals it deals with: a client_key or a thirdparty_id."""
        return self.provider if self.is_own else self.app.client_key

    def owners(self, merchant: str) -> tuple[str, ...]:
        """Return whose a merchant may be for which it acts."""
        is_apps_own = merchant == self.app.payment.merchant_uid
        named = (self.owner, self.provider, self.app.client_key if is_apps_own else "")
        return tuple(filter(None, named))

    def key(self, number: str) -> str:
        """Return the key of what its owner numbered itself."""
        return key_of(self.owner, number, sandbox=self.sandbox)


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What an application says of a merchant, as far as something follows from it."""

    name: str
    channels: tuple[str, ...] = CHANNELS
    account: str = ""
    """The number of the bank account."""
    bank: str = ""
    alipay: str = ""
    """The Alipay account."""


class Merchant(OwnedRecord, frozen=True):
    """A merchant, by environment and id: from when its application was begun."""

    TABLE: ClassVar[str] = "Merchant"

    id: str
    """The merchant_id (商户号)."""
    owner: str
    """The client_key of its app, or the thirdparty_id of the provider who made it for itself."""
    sub_merchant_id: str = ""
    form: Form | None = None
    """The application; there is none until it is handed in."""
    apply_id: str = ""
    review_ends: float = 0.0
    is_refused: bool = False
    """Whether the review ends, or ended, in a refusal."""
    reason: str = ""
    is_frozen: bool = False
    callback_url: str = ""
    """Where the result of the review is told; nowhere if it is empty."""
    token: str = ""
    """The Token that signs its callback; the app's own, since none is kept for it."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return merchant_key(self.id, sandbox=self.sandbox)

    @property
    def link(self) -> Link:
        """What its application and its pages belong to."""
        return Link("merchant", self.app, part=self.id)

    def standing(self, now: float) -> Standing:
        """Return how its application stands at this time."""
        if self.form is None:
            return Standing.NONE
        if now < self.review_ends:
            return Standing.IN_REVIEW
        if self.is_refused:
            return Standing.REFUSED
        return Standing.FROZEN if self.is_frozen else Standing.OK

    def standing_in(self, channel: str, now: float) -> Standing:
        """Return how it stands in one channel."""
        applied = self.form is not None and channel in self.form.channels
        return self.standing(now) if applied else Standing.NONE


class MerchantNumber(Record, frozen=True):
    """The merchant that somebody gave a number of their own, by owner and number."""

    TABLE: ClassVar[str] = "MerchantNumber"

    id: str


class MerchantLink(Record, frozen=True):
    """A link to a merchant's page, by its secret part."""

    TABLE: ClassVar[str] = "MerchantLink"

    RETAIN = 24 * HOUR

    app: str
    merchant: str
    """The key of its record."""
    shows_balance: bool = False
    """Whether it opens the account, and not the application."""


def merchant_key(id: str, *, sandbox: bool) -> str:
    """Return the key of a merchant's record."""
    return f"{'sandbox ' if sandbox else ''}{id}"


def find(unit: Unit, acting: Acting, id: str) -> Merchant | None:
    """Return a merchant that was onboarded by whoever acts, and link the unit to it."""
    key = merchant_key(id, sandbox=acting.sandbox)
    return read(unit, Merchant, key, *acting.owners(id))


def look_up_anywhere(unit: Unit, id: str) -> Merchant | None:
    """Return a merchant, at production or else at the sandbox, whosever it is; link nothing."""
    keys = (merchant_key(id, sandbox=each) for each in (False, True))
    return next((found for key in keys if (found := unit.read(Merchant, key))), None)


def merchant_of_key(unit: Unit, key: str) -> Merchant | None:
    """Return the merchant of a plan; nothing is linked."""
    return unit.read(Merchant, key)


def by_own_number(unit: Unit, acting: Acting, number: str) -> Merchant | None:
    """Return the merchant that has a sub_merchant_id of its owner's; `""` is the owner itself."""
    found = unit.read(MerchantNumber, acting.key(number))
    return find(unit, acting, found.id) if found is not None else None


def begin(world: WorldState, unit: Unit, acting: Acting, number: str) -> Merchant:
    """Return the merchant with a number of its owner's: the one there is, or a new one."""
    merchant = by_own_number(unit, acting, number)
    if merchant is not None:
        return merchant
    key = acting.key(number)
    # The merchant that an app has in its payment settings was onboarded before the world began.
    own = "" if number or acting.is_own else acting.app.payment.merchant_uid
    merchant = Merchant(
        id=own or "7" + world.ids.digits(19, "merchant", key),
        app=acting.app.client_key,
        owner=acting.owner,
        sub_merchant_id=number,
        form=Form(name=acting.app.name) if own else None,
        sandbox=acting.sandbox,
    )
    unit.write(key, MerchantNumber(id=merchant.id))
    return _written(unit, merchant)


def _written(unit: Unit, merchant: Merchant) -> Merchant:
    unit.write(merchant.key, merchant)
    unit.link(merchant.link)
    return merchant


def change(unit: Unit, merchant: Merchant, **changes: Any) -> Merchant:
    """Change what is known of a merchant."""
    return _written(unit, msgspec.structs.replace(merchant, **changes))


def freeze(unit: Unit, merchant: Merchant, *, frozen: bool, reason: str = "") -> Merchant:
    """Freeze a merchant, which can then not withdraw, or let it loose."""
    return change(unit, merchant, is_frozen=frozen, reason=reason)


def make_link(world: WorldState, unit: Unit, merchant: Merchant, *, shows_balance: bool) -> str:
    """Return the secret part of a link to a merchant's page."""
    purpose = ("merchant_link", merchant.key, shows_balance, unit.now)
    secret = world.ids.tag + world.ids.hex(24, *purpose)
    link = MerchantLink(
        app=merchant.app,
        merchant=merchant.key,
        shows_balance=shows_balance,
        expires=unit.now + LINK_LIFETIME,
    )
    unit.write(secret, link)
    return secret


def find_link(unit: Unit, app: str, secret: str) -> tuple[MerchantLink, Merchant] | None:
    """Return a link of an app's, living or not, and its merchant, and link the unit to that."""
    found = unit.find(MerchantLink, secret)
    if found is None or found.app != app:
        return None
    merchant = unit.read(Merchant, found.merchant)
    if merchant is None:
        return None
    unit.link(merchant.link)
    return found, merchant


def may_act(world: WorldState, unit: Unit, acting: Acting, id: str) -> bool:
    """Whether a merchant is one for which an app or a provider may act.

    The app's own, one that was onboarded for it, or a receiver of its money that nobody onboarded.
    """
    if id == acting.app.payment.merchant_uid or find(unit, acting, id) is not None:
        return True
    if unit.read(Merchant, merchant_key(id, sandbox=acting.sandbox)) is not None:
        return False
    if any(app.payment.merchant_uid == id for app in world.apps.values()):
        return False
    return is_paid_by(unit, acting.app.client_key, id, sandbox=acting.sandbox)
