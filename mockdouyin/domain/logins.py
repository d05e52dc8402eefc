"""What tt.login creates: single-use codes, and the session whose key seals a person's data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, MINUTE, format_duration
from mockdouyin.core.credentials import (
    CODE_RECORDS,
    GONE,
    CredentialKind,
    is_admitted,
    stranger,
    why_no_code,
    why_unknown,
)
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.links import Link
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.texts import Text
from mockdouyin.domain import texts

if TYPE_CHECKING:
    from mockdouyin.core.calls import Call
    from mockdouyin.core.world import WorldState

SESSION_LIFETIME = 30 * DAY
PHONE_CODE_LIFETIME = 5 * MINUTE


class _OfLogin:
    """Mix-in for what comes from a person's login."""

    __slots__ = ()

    app: str
    person: str
    number: int

    @property
    def link(self) -> Link:
        """The login that it comes from."""
        return Link("login", self.app, self.person, self.number)


class LoginCode(_OfLogin, Record, frozen=True):
    """A code or anonymousCode of tt.login."""

    TABLE: ClassVar[str] = "LoginCode"

    RETAIN = 10 * MINUTE

    app: str
    person: str
    session_key: str
    number: int = 0
    """The number of the login among the person's in this app."""
    anonymous: bool = False
    used: bool = False


class Session(Record, frozen=True):
    """A person's login in one app; its key seals what their phone hands out.

    The count of logins outlives the session, so that no code is issued twice.
    """

    TABLE: ClassVar[str] = "Session"

    RETAIN = FOREVER

    key: str = ""
    logins: int = 0
    resets: int = 0
    seals: int = 0


class PhoneCode(_OfLogin, Record, frozen=True):
    """A code of the phone-number button, which is not a login code."""

    TABLE: ClassVar[str] = "PhoneCode"

    RETAIN = 10 * MINUTE

    app: str
    person: str
    number: int = 0
    """The number of the login under which the button was tapped."""
    used: bool = False


CODE_RECORDS[LoginCode] = lambda code: (
    CredentialKind.ANONYMOUS_CODE if code.anonymous else CredentialKind.LOGIN_CODE
)
CODE_RECORDS[PhoneCode] = lambda code: CredentialKind.PHONE_CODE


def find_session(unit: Unit, app: App, person: str) -> Session | None:
    """Return the session of a person's last login in an app, valid or not."""
    session = unit.find(Session, session_place(app, person))
    if session is not None and session.logins:
        unit.link(Link("login", app.client_key, person, session.logins))
    return session


def session_place(app: App, person: str) -> str:
    """Return the store key of a person's session in an app."""
    return f"{app.client_key} {person}"


def log_in(world: WorldState, unit: Unit, app: App, person: str) -> tuple[str, str]:
    """Log a person in with a new session key; return the code and the anonymous code.

    The new key does not open what was sealed before, nor the old key what is sealed from now on.
    """
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    count = before.logins + 1
    purpose = (app.client_key, person, count)
    key = world.ids.session_key(*purpose)
    expires = unit.now + SESSION_LIFETIME
    unit.write(place, msgspec.structs.replace(before, key=key, logins=count, expires=expires))
    code = world.ids.login_code(*purpose)
    record = LoginCode(app=app.client_key, person=person, session_key=key, number=count)
    _store_code(world, unit, code, record)
    return code, _anonymous_code(world, unit, app, person, count)


def log_in_anonymously(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Return an anonymous code for a phone whose owner is not logged in; no session is made."""
    place = session_place(app, person)
    before = unit.find(Session, place) or Session(expires=unit.now)
    count = before.logins + 1
    unit.write(place, msgspec.structs.replace(before, logins=count))
    return _anonymous_code(world, unit, app, person, count)


def _anonymous_code(world: WorldState, unit: Unit, app: App, person: str, count: int) -> str:
    code = world.ids.login_code("anonymous", app.client_key, person, count)
    record = LoginCode(
        app=app.client_key, person=person, session_key="", number=count, anonymous=True
    )
    _store_code(world, unit, code, record)
    return code


def _store_code(world: WorldState, unit: Unit, code: str, record: LoginCode) -> None:
    until = unit.now + world.settings.login_code_lifetime
    unit.write(code, msgspec.structs.replace(record, expires=until))
    unit.link(record.link)


def spend_code(call: Call[Any], app: App, code: str, *, anonymous: bool = False) -> LoginCode:
    """Use up a login code: it works once, within its life, for the app that it was made for."""
    refusal = "bad_anonymous_code" if anonymous else "bad_code"
    wanted = CredentialKind.ANONYMOUS_CODE if anonymous else CredentialKind.LOGIN_CODE
    found = call.unit.find(LoginCode, code)
    if (found is None or found.expires < call.now) and is_admitted(call, code, wanted):
        found = _admit(call, app, code, anonymous)
    if found is None:
        raise DouyinError(refusal, why_no_code(call, code, wanted, GONE))
    call.person = found.person
    call.unit.link(found.link)
    if found.app != app.client_key:
        raise DouyinError(refusal, texts.CODE_OF_OTHER_APP(app=found.app))
    if found.anonymous != anonymous:
        sent, given = ("anonymous_code", "code") if anonymous else ("code", "anonymous_code")
        raise DouyinError(refusal, texts.CODE_SENT_AS_OTHER(given=given, sent=sent))
    if found.used:
        raise DouyinError(refusal, texts.CODE_USED())
    if found.expires <= call.now:
        life = call.world.settings.login_code_lifetime
        raise DouyinError(refusal, _why_expired(call, found.expires, life))
    call.unit.write(code, msgspec.structs.replace(found, used=True))
    return found


def _why_expired(call: Call[Any], expired: float, life: float) -> Text:
    ago = format_duration(int(call.now - expired))
    return texts.CODE_EXPIRED(ago=ago, life=format_duration(life))


def _admit(call: Call[Any], app: App, code: str, anonymous: bool) -> LoginCode:
    """Accept a code that was not issued here: its hash selects the person that it logs in."""
    world, unit = call.world, call.unit
    person = stranger(world, code)
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    key, number = before.key, before.logins
    if not anonymous:
        number += 1
        key = world.ids.session_key(app.client_key, person, "unknown", code)
        session = msgspec.structs.replace(
            before, key=key, logins=number, expires=unit.now + SESSION_LIFETIME
        )
        unit.write(place, session)
    return LoginCode(
        app=app.client_key,
        person=person,
        session_key=key,
        number=number,
        anonymous=anonymous,
        expires=unit.now + world.settings.login_code_lifetime,
    )


def reset_session(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Replace the key of a person's session; return the new key."""
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    resets = before.resets + 1
    key = world.ids.session_key(app.client_key, person, "reset", resets)
    unit.write(place, msgspec.structs.replace(before, key=key, resets=resets))
    return key


MAX_EARLIER_KEYS = 10
"""How many of a person's earlier session keys a wrong signature is tried with."""


def earlier_keys(world: WorldState, app: App, person: str, session: Session) -> Iterator[str]:
    """Yield a person's earlier session keys in an app, newest first."""
    who = (app.client_key, person)
    for count in range(session.resets, max(0, session.resets - MAX_EARLIER_KEYS), -1):
        yield world.ids.session_key(*who, "reset", count)
    for count in range(session.logins, max(0, session.logins - MAX_EARLIER_KEYS), -1):
        yield world.ids.session_key(*who, count)


def phone_code(world: WorldState, unit: Unit, app: App, person: str, session: Session) -> str:
    """Return a code of the phone-number button; it works once, within five minutes."""
    code = world.ids.login_code("phone", app.client_key, person, session.seals)
    record = PhoneCode(
        app=app.client_key,
        person=person,
        number=session.logins,
        expires=unit.now + PHONE_CODE_LIFETIME,
    )
    unit.write(code, record)
    return code


def spend_phone_code(call: Call[Any], app: App, code: str) -> str:
    """Use up a code of the phone-number button; return its person."""
    found = call.unit.find(PhoneCode, code)
    if found is None:
        why = why_unknown(call.world, call.unit, code, CredentialKind.PHONE_CODE, GONE)
        raise DouyinError("bad_code", why)
    call.person = found.person
    call.unit.link(found.link)
    if found.app != app.client_key:
        raise DouyinError("bad_code", texts.CODE_OF_OTHER_APP(app=found.app))
    if found.used:
        raise DouyinError("bad_code", texts.CODE_USED())
    if found.expires <= call.now:
        raise DouyinError("bad_code", _why_expired(call, found.expires, PHONE_CODE_LIFETIME))
    call.unit.write(code, msgspec.structs.replace(found, used=True))
    return found.person
