"""What a call is about: whose credential it carries, and what else it names.

An endpoint finds that out as it goes. Where it refuses a call before, or a rule answers in its
place, it is found out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Unit
from mockdouyin.domain.comments import Comment, link_of
from mockdouyin.domain.direct_messages import conversation_link
from mockdouyin.domain.grants import AuthCode, RefreshToken, UserToken
from mockdouyin.domain.logins import LoginCode, PhoneCode, find_session
from mockdouyin.domain.oauth_qr import find_code
from mockdouyin.domain.orders import find_anywhere
from mockdouyin.domain.subscriptions import subscription
from mockdouyin.domain.tokens import AppToken
from mockdouyin.domain.videos import Video

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.endpoint import Call

PersonalCredential = LoginCode | PhoneCode | AuthCode | UserToken | RefreshToken

_KINDS: tuple[type[PersonalCredential], ...] = (
    LoginCode,
    PhoneCode,
    AuthCode,
    UserToken,
    RefreshToken,
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
    record = call.unit.find(AppToken, call.token) or call.unit.find(UserToken, call.token)
    if record is not None:
        return call.world.apps.get(record.app)
    apps = call.world.apps.values()
    return next((app for app in apps if call.token == app.authorizer_token), None)


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
    if call.app is None:
        return ""
    if number := getattr(fields, "out_order_no", ""):
        order = find_anywhere(unit, call.app, number)
        return order.payer if order is not None else ""
    if comment_id := getattr(fields, "comment_id", ""):
        _link_comment(unit, comment_id)
    if receiver := getattr(fields, "to_user_id", "") or getattr(fields, "c_open_id", ""):
        _link_conversation(call, call.app, person, receiver)
    if open_id := getattr(fields, "openid", ""):
        return _link_login(call, call.app, open_id)
    template = getattr(fields, "tpl_id", "") or getattr(fields, "msg_id", "")
    if template and (open_id := getattr(fields, "open_id", "")):
        return _link_subscription(call, call.app, open_id, template)
    return ""


def _link_comment(unit: Unit, comment_id: str) -> None:
    comment = unit.read(Comment, restore_plus_signs(comment_id))
    video = unit.read(Video, comment.item_id) if comment is not None else None
    if comment is not None and video is not None:
        unit.link(link_of(unit, video, comment))


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
