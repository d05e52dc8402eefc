"""What tt.login makes: single-use codes, and the session whose key seals the person's data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

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
from mockdouyin.core.store import FOREVER, Record, Unit

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Call
    from mockdouyin.core.world import WorldState

SESSION_LIFETIME = 30 * DAY
PHONE_CODE_LIFETIME = 5 * MINUTE


class LoginCode(Record, frozen=True):
    """A code or anonymous code of tt.login."""

    TABLE = "LoginCode"

    RETAIN = 10 * MINUTE

    app: str
    person: str
    session_key: str
    anonymous: bool = False
    used: bool = False


class Session(Record, frozen=True):
    """A person's login in one app; its key seals what their phone hands out.

    The count of logins outlives the session, so that no code comes twice.
    """

    TABLE = "Session"

    RETAIN = FOREVER

    key: str = ""
    logins: int = 0
    resets: int = 0
    seals: int = 0


class PhoneCode(Record, frozen=True):
    """A code of the phone-number button; it is no login code."""

    TABLE = "PhoneCode"

    RETAIN = 10 * MINUTE

    app: str
    person: str
    used: bool = False


CODE_RECORDS[LoginCode] = lambda held: (
    CredentialKind.ANONYMOUS_CODE if held.anonymous else CredentialKind.LOGIN_CODE
)
CODE_RECORDS[PhoneCode] = lambda held: CredentialKind.PHONE_CODE


def session_place(app: App, person: str) -> str:
    """Give the key under which a person's session in an app is kept."""
    return f"{app.client_key} {person}"


def log_in(world: WorldState, unit: Unit, app: App, person: str) -> tuple[str, str]:
    """Log a person in: give code and anonymous code, and make a new session key.

    What was sealed before can no longer be opened with the new key, nor the reverse.
    """
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    count = before.logins + 1
    line = (app.client_key, person, count)
    key = world.ids.session_key(*line)
    expires = unit.now + SESSION_LIFETIME
    unit.write(place, msgspec.structs.replace(before, key=key, logins=count, expires=expires))
    code = world.ids.login_code(*line)
    _remember(world, unit, code, LoginCode(app=app.client_key, person=person, session_key=key))
    return code, _anonymous_code(world, unit, app, person, count)


def log_in_anonymously(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Give an anonymous code to a phone whose owner is not logged in; there is no session."""
    place = session_place(app, person)
    before = unit.find(Session, place) or Session(expires=unit.now)
    count = before.logins + 1
    unit.write(place, msgspec.structs.replace(before, logins=count))
    return _anonymous_code(world, unit, app, person, count)


def _anonymous_code(world: WorldState, unit: Unit, app: App, person: str, count: int) -> str:
    code = world.ids.login_code("anonymous", app.client_key, person, count)
    made = LoginCode(app=app.client_key, person=person, session_key="", anonymous=True)
    _remember(world, unit, code, made)
    return code


def _remember(world: WorldState, unit: Unit, code: str, made: LoginCode) -> None:
    until = unit.now + world.settings.login_code_lifetime
    unit.write(code, msgspec.structs.replace(made, expires=until))


def spend_code(call: Call[Any], app: App, code: str, *, anonymous: bool = False) -> LoginCode:
    """Take a login code: it works once, within its life, for the app it was made for."""
    refusal = "bad_anonymous_code" if anonymous else "bad_code"
    wanted = CredentialKind.ANONYMOUS_CODE if anonymous else CredentialKind.LOGIN_CODE
    found = call.unit.find(LoginCode, code)
    if (found is None or found.expires < call.now) and is_admitted(call, code, wanted):
        found = _welcome(call, app, code, anonymous)
    if found is None:
        raise DouyinError(refusal, why_no_code(call, code, wanted, GONE))
    call.person = found.person
    if found.app != app.client_key:
        raise DouyinError(refusal, f"the code was made for app {found.app!r}")
    if found.anonymous != anonymous:
        field, other = ("anonymous_code", "code") if anonymous else ("code", "anonymous_code")
        raise DouyinError(refusal, f"tt.login gave it as {other}, it was sent as {field}")
    if found.used:
        raise DouyinError(refusal, "the code was already used; it works once")
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        life = format_duration(call.world.settings.login_code_lifetime)
        raise DouyinError(refusal, f"the code expired {ago} ago; it lives {life}")
    call.unit.write(code, msgspec.structs.replace(found, used=True))
    return found


def _welcome(call: Call[Any], app: App, code: str, anonymous: bool) -> LoginCode:
    """Let in a code that we never issued: it logs in one of the world's people, by its hash."""
    world, unit = call.world, call.unit
    person = stranger(world, code)
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    key = before.key
    if not anonymous:
        key = world.ids.session_key(app.client_key, person, "unknown", code)
        session = msgspec.structs.replace(
            before, key=key, logins=before.logins + 1, expires=unit.now + SESSION_LIFETIME
        )
        unit.write(place, session)
    return LoginCode(
        app=app.client_key,
        person=person,
        session_key=key,
        anonymous=anonymous,
        expires=unit.now + world.settings.login_code_lifetime,
    )


def reset_session(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Give the person's session a new key."""
    place = session_place(app, person)
    before = unit.find(Session, place) or Session()
    resets = before.resets + 1
    key = world.ids.session_key(app.client_key, person, "reset", resets)
    unit.write(place, msgspec.structs.replace(before, key=key, resets=resets))
    return key


EARLIER = 10
"""How many of a person's earlier session keys a wrong signature is compared with."""


def earlier_keys(world: WorldState, app: App, person: str, session: Session) -> Iterator[str]:
    """Yield the session keys that a person had in an app before the present one, newest first."""
    who = (app.client_key, person)
    for count in range(session.resets, max(0, session.resets - EARLIER), -1):
        yield world.ids.session_key(*who, "reset", count)
    for count in range(session.logins, max(0, session.logins - EARLIER), -1):
        yield world.ids.session_key(*who, count)


def phone_code(world: WorldState, unit: Unit, app: App, person: str, count: int) -> str:
    """Give a code of the phone-number button, good for five minutes and one use."""
    code = world.ids.login_code("phone", app.client_key, person, count)
    made = PhoneCode(app=app.client_key, person=person, expires=unit.now + PHONE_CODE_LIFETIME)
    unit.write(code, made)
    return code


def spend_phone_code(call: Call[Any], app: App, code: str) -> str:
    """Take a code of the phone-number button and give its person."""
    found = call.unit.find(PhoneCode, code)
    if found is None:
        why = why_unknown(call.world, call.unit, code, CredentialKind.PHONE_CODE, GONE)
        raise DouyinError("bad_code", why)
    call.person = found.person
    if found.app != app.client_key:
        raise DouyinError("bad_code", f"the code was made for app {found.app!r}")
    if found.used or found.expires <= call.now:
        raise DouyinError(
            "bad_code", "the code was already used" if found.used else "the code expired"
        )
    call.unit.write(code, msgspec.structs.replace(found, used=True))
    return found.person
