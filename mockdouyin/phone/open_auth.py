"""tt.showDouyinOpenAuth: how a mini-app asks a person for the scopes of a user token."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.scopes import SCOPES, why_not_held
from mockdouyin.core.texts import Parameter
from mockdouyin.domain import texts
from mockdouyin.domain.grants import authorize, granted
from mockdouyin.domain.tokens import is_trial_over, why_no_tester
from mockdouyin.phone import _questions as questions
from mockdouyin.phone._error_texts import CONSENT_DECISION, NO_OPTIONAL_SCOPES, TICK
from mockdouyin.phone._handset import Handset, PhoneRefusal, Question, Sheet
from mockdouyin.phone.apis import TtResult, tt

REQUIRED, TICKED, UNTICKED = 0, 1, 2
"""A scope in the older argument `scopes`: required, or optional and at first ticked or not."""

OpenAuthRequest = dict[str, int]
"""The requested scopes, each with one of these three."""


def _question(phone: Handset) -> Question:
    ticked = {REQUIRED: None, TICKED: True, UNTICKED: False}
    return questions.scopes({scope: ticked[how] for scope, how in _requested(phone).items()})


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
    sheet=Sheet(_question, takes=("tick",)),
)
def show_douyin_open_auth(phone: Handset) -> TtResult:
    """Ask the person for scopes; the ticket is the code of /oauth/access_token/.

    `scopeList` is a list of scopes; the older `scopes` says of each whether it is required (0),
    ticked (1) or not (2). `tick` names the optional ones that the person leaves ticked, and with
    `decision: deny` they refuse. The ticket is exchanged with the mini-app's own key and secret.

    请用户授权 scope；返回的 ticket 就是 /oauth/access_token/ 的 code。
    """
    if phone.app.kind == "web":
        raise PhoneRefusal("not_supported")
    if not phone.args.get("hostLogin", True):
        raise PhoneRefusal("login_fail", "host login fail")
    requested = _usable(phone, _requested(phone))
    if _decision(phone) == "deny":
        raise PhoneRefusal("auth_deny")
    scopes = _allowed(phone, requested)
    _check_app(phone, scopes)
    ticket = authorize(phone.world, phone.unit, phone.app, phone.person, scopes)
    return {
        "ticket": ticket,
        "grantPermissions": list(granted(scopes)),
        "errMsg": "showDouyinOpenAuth:ok",
    }


def _requested(phone: Handset) -> OpenAuthRequest:
    """Parse the arguments; scopeList wins if both are there."""
    wanted = phone.args.get("scopeList")
    if wanted is not None:
        return dict.fromkeys(_list(wanted), REQUIRED)
    older = phone.args.get("scopes")
    if older is None or older == {}:
        raise PhoneRefusal("no_scopes")
    if not isinstance(older, dict):
        raise PhoneRefusal("bad_scopes", _bad_type("scopes", "object", older))
    for scope, how in older.items():
        if isinstance(how, bool) or how not in (REQUIRED, TICKED, UNTICKED):
            raise PhoneRefusal("bad_scopes", _bad_type(f"scopes.{scope}", "0, 1 or 2", how))
    return older


def _list(wanted: Any) -> list[str]:
    if wanted == []:
        raise PhoneRefusal("no_scopes")
    if not isinstance(wanted, list):
        raise PhoneRefusal("bad_scopes", _bad_type("scopeList", "array", wanted))
    for number, scope in enumerate(wanted):
        if not isinstance(scope, str):
            raise PhoneRefusal("bad_scopes", _bad_type(f"scopeList[{number}]", "string", scope))
    return wanted


def _bad_type(name: str, kind: str, value: Any) -> str:
    return f".{name} should be {kind}, but got {value}"


def _usable(phone: Handset, requested: OpenAuthRequest) -> OpenAuthRequest:
    """Refuse scopes that Douyin does not have, then those that the app does not hold."""
    app = phone.app
    for scope in requested:
        if scope not in SCOPES:
            raise PhoneRefusal("scope_info_fail", why_not_held(app.name, app.scopes, scope))
    lacking = [scope for scope in requested if scope not in app.scopes]
    if len(lacking) == len(requested):
        raise PhoneRefusal("no_usable_scope")
    if lacking:
        why = why_not_held(app.name, app.scopes, lacking[0])
        raise PhoneRefusal("auth_code_fail", texts.SCOPE_INVALID_FOR_AUTH(why=why))
    return requested


def _decision(phone: Handset) -> str:
    decision = phone.args.get("decision", "allow")
    if decision not in ("allow", "deny"):
        raise MockDouyinError(CONSENT_DECISION(decision=decision))
    return str(decision)


def _allowed(phone: Handset, requested: OpenAuthRequest) -> tuple[str, ...]:
    """Return the scopes that the person allows: the required ones, and those left ticked."""
    ticked = phone.args.get("tick")
    if ticked is None:
        ticked = [scope for scope, how in requested.items() if how == TICKED]
    optional = [scope for scope, how in requested.items() if how != REQUIRED]
    if not isinstance(ticked, list) or not set(ticked) <= set(optional):
        known: Parameter = optional or NO_OPTIONAL_SCOPES()
        raise MockDouyinError(TICK(known=known, ticked=str(ticked)))
    return tuple(scope for scope, how in requested.items() if how == REQUIRED or scope in ticked)


def _check_app(phone: Handset, scopes: tuple[str, ...]) -> None:
    """Refuse if the app is banned, or on trial without this person among its testers."""
    app = phone.app
    if app.banned:
        raise PhoneRefusal("auth_code_fail", texts.APP_BANNED(app=app.name))
    if is_trial_over(app, phone.now):
        raise PhoneRefusal("auth_code_fail", texts.APP_TRIAL_OVER(app=app.name))
    why = why_no_tester(app, phone.person, scopes)
    if why:
        raise PhoneRefusal("auth_code_fail", why)
