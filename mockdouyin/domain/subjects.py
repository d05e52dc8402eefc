"""What a call is about: whose credential it carries, and what else it names.

An endpoint finds that out as it goes. Where it refuses a call before, or a rule answers in its
place, it is found out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.core.calls import APP_KEYS, CREDENTIALS
from mockdouyin.core.credentials import CredentialKind, is_admitted, stranger
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Unit
from mockdouyin.domain import app_links, fan_groups, group_entries, merchants
from mockdouyin.domain.app_links import AppLink
from mockdouyin.domain.business_tokens import BusinessRefreshToken
from mockdouyin.domain.comments import Comment, link_of
from mockdouyin.domain.direct_messages import conversation_link
from mockdouyin.domain.grants import AuthCode, BusinessToken, RefreshToken, UserToken
from mockdouyin.domain.logins import LoginCode, PhoneCode, find_session
from mockdouyin.domain.merchants import Acting
from mockdouyin.domain.oauth_qr import QrCode, find_code
from mockdouyin.domain.owned_records import find
from mockdouyin.domain.payment_subjects import OF_ORDERS, link_order, payer_of
from mockdouyin.domain.providers import app_of_provider, provider_of
from mockdouyin.domain.subscriptions import subscription
from mockdouyin.domain.tokens import AppToken
from mockdouyin.domain.videos import Video
from mockdouyin.domain.withdrawals import Withdrawal

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.calls import Call
    from mockdouyin.core.endpoint import Endpoint

PersonalCredential = (
    LoginCode
    | PhoneCode
    | AuthCode
    | UserToken
    | RefreshToken
    | BusinessToken
    | BusinessRefreshToken
)

_KINDS: tuple[type[PersonalCredential], ...] = (
    LoginCode,
    PhoneCode,
    AuthCode,
    UserToken,
    RefreshToken,
    BusinessToken,
    BusinessRefreshToken,
)


def find_credential(unit: Unit, credential: str) -> PersonalCredential | None:
    """Return the record of a code or token that was issued for a person, valid or not."""
    for kind in _KINDS:
        record = unit.find(kind, credential)
        if record is not None:
            return record
    return None


def app_of_any_token(call: Call[Any]) -> App | None:
    """Return the app whose token a call carries: its own or a person's, valid or not."""
    record = (
        call.unit.find(AppToken, call.token)
        or call.unit.find(UserToken, call.token)
        or call.unit.find(BusinessToken, call.token)
    )
    if record is not None:
        return call.world.apps.get(record.app)
    apps = call.world.apps.values()
    return next((app for app in apps if call.token == app.authorizer_token), None)


def app_of_call(call: Call[Any]) -> App | None:
    """Return the app of a call that names none by its key: its token's, or its provider's."""
    found = app_of_any_token(call) if call.token else None
    return found or app_of_provider(call.world, provider_of(call.fields)) or _app_of_link(call)


def _app_of_link(call: Call[Any]) -> App | None:
    address = "" if call.endpoint.is_declared else getattr(call.fields, "link", "")
    link = call.unit.find(AppLink, app_links.key_of(address)) if address else None
    return call.world.apps.get(link.app) if link is not None else None


SUBJECTS = ("person", "app")
"""What a rule can ask of a call that is no parameter of it."""

_OF_PERSONS = (*CREDENTIALS, "token", *OF_ORDERS, "openid", "open_id")
"""The parameters by which a call tells whom it is about, before its endpoint runs."""

_OF_APPS = (*APP_KEYS, "access_token")


def subjects_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Return which subjects the calls of an endpoint can tell before it runs.

    Where it has a parameter of that name, a rule means the parameter.
    """
    fields = endpoint.parameters
    told = {"person": _OF_PERSONS, "app": _OF_APPS}
    return tuple(
        name
        for name in SUBJECTS
        if name not in fields and any(field in fields for field in told[name])
    )


def find_subject(call: Call[Any], name: str) -> str:
    """Return the name of a call's `person` or `app` before its endpoint runs; it links nothing.

    Empty if nothing in the call tells. Credentials tell also if they are no longer valid.
    """
    app = _app_of(call)
    if name == "app":
        return app.name if app is not None else ""
    return _person_of(call, app)


def _app_of(call: Call[Any]) -> App | None:
    for name in call.endpoint.types.app_keys:
        app = call.world.apps.get(getattr(call.fields, name))
        if app is not None:
            return app
    return app_of_call(call)


def _person_of(call: Call[Any], app: App | None) -> str:
    fields = call.fields
    codes = [getattr(fields, name) for name in call.endpoint.types.credentials]
    for credential in filter(None, dict.fromkeys((call.token, *codes))):
        record = find_credential(call.unit, credential)
        if record is not None:
            return record.person
    if token := getattr(fields, "token", ""):
        code = call.unit.find(QrCode, token)
        return code.person if code is not None else ""
    payer = "" if app is None or call.endpoint.is_declared else payer_of(call.unit, app, fields)
    if payer:
        return payer
    open_id = getattr(fields, "openid", "") or getattr(fields, "open_id", "")
    if open_id and app is not None:
        return call.world.people.owner(app, open_id) or ""
    return _person_of_unknown_code(call)


def _person_of_unknown_code(call: Call[Any]) -> str:
    """Return whom a code that was not issued here will log in, if the world admits such codes."""
    if call.endpoint.is_declared:
        return ""
    fields, world = call.fields, call.world
    kinds = (CredentialKind.LOGIN_CODE, CredentialKind.AUTH_CODE)
    for name, wanted in (("code", kinds), ("anonymous_code", (CredentialKind.ANONYMOUS_CODE,))):
        code = getattr(fields, name, "")
        if code and any(is_admitted(call, code, kind) for kind in wanted):
            return stranger(world, code)
    return ""


def link_subject(call: Call[Any]) -> str:
    """Link what the credentials and ids in a call belong to; return the person, if known."""
    person = ""
    given = [call.token, *(getattr(call.fields, n) for n in call.endpoint.types.credentials)]
    for credential in filter(None, dict.fromkeys(given)):
        record = find_credential(call.unit, credential)
        if record is not None:
            person = record.person
            call.unit.link(record.link)
    return _link_named(call, person) or person


def _link_named(call: Call[Any], person: str) -> str:
    """Link what a call names by ids of the platform: a QR code, a comment, a subscription, …"""
    fields, unit = call.fields, call.unit
    if token := getattr(fields, "token", ""):
        find_code(unit, token)
    if call.app is None or call.endpoint.is_declared:
        return ""  # what a declared operation calls an order or a comment is one of its own
    if payer := link_order(unit, call.app, fields):
        return payer
    if number := getattr(fields, "out_order_id", ""):
        for acts in _acting(call, call.app):
            find(unit, Withdrawal, acts.owner, number, sandbox=acts.sandbox)
        return ""
    if number := getattr(fields, "merchant_id", ""):
        for acts in _acting(call, call.app):
            merchants.find(unit, acts, number)
    if secret := getattr(fields, "link", ""):
        merchants.find_link(unit, call.app.client_key, secret)
        app_links.find(unit, secret)
    for name in ("url_link", "schema"):
        if address := getattr(fields, name, ""):
            app_links.find(unit, address)
    if comment_id := getattr(fields, "comment_id", ""):
        _link_comment(unit, comment_id)
    _link_group(call, call.app, person)
    if receiver := getattr(fields, "to_user_id", "") or getattr(fields, "c_open_id", ""):
        _link_conversation(call, call.app, person, receiver)
    if open_id := getattr(fields, "openid", ""):
        return _link_login(call, call.app, open_id)
    template = getattr(fields, "tpl_id", "") or getattr(fields, "msg_id", "")
    if template and (open_id := getattr(fields, "open_id", "")):
        return _link_subscription(call, call.app, open_id, template)
    return ""


def _acting(call: Call[Any], app: App) -> list[Acting]:
    """Return who acts for a merchant, at production and at the sandbox."""
    provider = getattr(call.fields, "thirdparty_id", "")
    is_own = bool(provider) and not getattr(call.fields, "app_id", "")
    return [Acting(app, provider, is_own=is_own, sandbox=each) for each in (False, True)]


def _link_comment(unit: Unit, comment_id: str) -> None:
    comment = unit.read(Comment, restore_plus_signs(comment_id))
    video = unit.read(Video, comment.item_id) if comment is not None else None
    if comment is not None and video is not None:
        unit.link(link_of(unit, video, comment))


def _link_group(call: Call[Any], app: App, person: str) -> None:
    group_id = getattr(call.fields, "group_id", "")
    if apply_id := getattr(call.fields, "apply_id", ""):
        application = group_entries.find(call.unit, app, person, apply_id)
        group_id = "" if application is None else application.group_id
    if group_id:
        fan_groups.find(call.unit, app, person, group_id)


def _link_conversation(call: Call[Any], app: App, person: str, receiver: str) -> None:
    other = call.world.people.owner(app, receiver)
    if other is not None and person:
        call.unit.link(conversation_link(app.client_key, person, other))


def _link_login(call: Call[Any], app: App, open_id: str) -> str:
    person = call.world.people.owner(app, open_id)
    if person is None:
        return ""
    find_session(call.unit, app, person)
    return person


def _link_subscription(call: Call[Any], app: App, open_id: str, template: str) -> str:
    person = call.world.people.owner(app, open_id)
    if person is None:
        return ""
    subscription(call.unit, app, person, template)
    return person
