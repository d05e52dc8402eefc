"""tt.showDouyinOpenAuth: how a mini-app asks a person for what a user token is for."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.scopes import SCOPES, why_not_held
from mockdouyin.domain.grants import authorize, granted
from mockdouyin.domain.tokens import is_trial_over, why_no_tester
from mockdouyin.phone._handset import Handset, PhoneRefusal
from mockdouyin.phone.apis import TtResult, tt

REQUIRED, TICKED, UNTICKED = 0, 1, 2
"""What the older argument `scopes` says of each: required; optional and ticked; or unticked."""

OpenAuthRequest = dict[str, int]
"""The scopes that are asked for, each with one of the three."""


@tt(
    "showDouyinOpenAuth",
    E(21101, "ticket_fail", "request auth ticket fail"),
    E(10301, "not_supported", "feature is not supported in app"),
    E(21100, "login_fail", "login fail"),
    E(21102, "scope_info_fail", "request auth scope info fail"),
    E(21103, "auth_code_fail", "request auth code fail"),
    E(20000, "no_scopes", "scopes is empty"),
    E(20000, "bad_scopes", "params", "observed"),
    E(21104, "no_usable_scope", "no usage scope"),
    E(10502, "auth_deny", "auth deny", "assumed"),
    takes="scopeList scopes decision tick hostLogin",
)
def show_douyin_open_auth(phone: Handset) -> TtResult:
    """Ask the person for scopes; the ticket is the code of /oauth/access_token/.

    `scopeList` is a list of scopes; the older `scopes` says of each whether it is required (0),
    ticked (1) or not (2). `tick` names the optional ones that the person leaves ticked, and
    `decision: deny` lets them refuse. The ticket goes with the mini-app's own key and secret.
    """
    if phone.app.kind == "web":
        raise PhoneRefusal("not_supported")
    if not phone.args.get("hostLogin", True):
        raise PhoneRefusal("login_fail", "host login fail")
    asked = _usable(phone, _asked(phone))
    if _decision(phone) == "deny":
        raise PhoneRefusal("auth_deny")
    scopes = _allowed(phone, asked)
    _check_app(phone, scopes)
    ticket = authorize(phone.world, phone.unit, phone.app, phone.person, scopes)
    return {
        "ticket": ticket,
        "grantPermissions": list(granted(scopes)),
        "errMsg": "showDouyinOpenAuth:ok",
    }


def _asked(phone: Handset) -> OpenAuthRequest:
    """Read the arguments; where both are there, scopeList is the one that counts."""
    wanted = phone.args.get("scopeList")
    if wanted is not None:
        return dict.fromkeys(_list(wanted), REQUIRED)
    older = phone.args.get("scopes")
    if older is None or older == {}:
        raise PhoneRefusal("no_scopes")
    if not isinstance(older, dict):
        raise PhoneRefusal("bad_scopes", _other("scopes", "object", older))
    for scope, how in older.items():
        if isinstance(how, bool) or how not in (REQUIRED, TICKED, UNTICKED):
            raise PhoneRefusal("bad_scopes", _other(f"scopes.{scope}", "0, 1 or 2", how))
    return older


def _list(wanted: Any) -> list[str]:
    if wanted == []:
        raise PhoneRefusal("no_scopes")
    if not isinstance(wanted, list):
        raise PhoneRefusal("bad_scopes", _other("scopeList", "array", wanted))
    for number, scope in enumerate(wanted):
        if not isinstance(scope, str):
            raise PhoneRefusal("bad_scopes", _other(f"scopeList[{number}]", "string", scope))
    return wanted


def _other(name: str, kind: str, value: Any) -> str:
    return f".{name} should be {kind}, but got {value}"


def _usable(phone: Handset, asked: OpenAuthRequest) -> OpenAuthRequest:
    """Refuse scopes that Douyin does not have, then those that the app was not given."""
    app = phone.app
    for scope in asked:
        if scope not in SCOPES:
            raise PhoneRefusal("scope_info_fail", why_not_held(app.name, app.scopes, scope))
    lacking = [scope for scope in asked if scope not in app.scopes]
    if len(lacking) == len(asked):
        raise PhoneRefusal("no_usable_scope")
    if lacking:
        why = f"fail to auth, invalid scope: {why_not_held(app.name, app.scopes, lacking[0])}"
        raise PhoneRefusal("auth_code_fail", why)
    return asked


def _decision(phone: Handset) -> str:
    decision = phone.args.get("decision", "allow")
    if decision not in ("allow", "deny"):
        raise MockDouyinError(f"decision is allow or deny, not {decision!r}")
    return str(decision)


def _allowed(phone: Handset, asked: OpenAuthRequest) -> tuple[str, ...]:
    """Give what the person allows: all that is required, and what they leave ticked."""
    ticked = phone.args.get("tick")
    if ticked is None:
        ticked = [scope for scope, how in asked.items() if how == TICKED]
    optional = [scope for scope, how in asked.items() if how != REQUIRED]
    if not isinstance(ticked, list) or not set(ticked) <= set(optional):
        known = ", ".join(optional) or "there are none"
        raise MockDouyinError(f"tick: names optional scopes ({known}), not {ticked!r}")
    return tuple(scope for scope, how in asked.items() if how == REQUIRED or scope in ticked)


def _check_app(phone: Handset, scopes: tuple[str, ...]) -> None:
    """Refuse for an app that is offline, or on trial without this person among its testers."""
    app = phone.app
    if app.banned:
        raise PhoneRefusal("auth_code_fail", f"app {app.name!r} is set to banned")
    if is_trial_over(app, phone.now):
        raise PhoneRefusal("auth_code_fail", f"app {app.name!r} was not released within 120 days")
    stranger = why_no_tester(app, phone.person, scopes)
    if stranger:
        raise PhoneRefusal("auth_code_fail", stranger)
