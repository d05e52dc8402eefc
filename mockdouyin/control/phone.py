"""Operations that act as a person: tt APIs, social acts, consent, sharing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import UNSET, UnsetType

from mockdouyin.control._error_texts import NOT_TEXT
from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import Step, Waiting
from mockdouyin.core.errors import DouyinError, MockDouyinError
from mockdouyin.core.texts import Language, Text, text
from mockdouyin.domain.share_signatures import JsCall
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import consent, sharing, social
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import PhoneAnswer
from mockdouyin.scenario.validation import kind_word


@operation("POST", "/phone/{api}")
def phone(call: OperationCall[dict[str, Any]]) -> Step[dict[str, Any]]:
    """Call a tt API on a person's phone; the answer is what it passes to `success` or `fail`.

    Where a rule has it ask the person, it waits for their answer: `timeout` seconds, 30 by
    default and 60 at most. Then it is a 408, and the sheet closes.

    在用户的手机上调用一个 tt API，返回传给 `success` 或 `fail` 的内容。
    """
    args = dict(call.given)
    app, person = args.pop("app", None), args.pop("person", None)
    for name, who in (("app", app), ("person", person)):
        if not isinstance(who, str | None):
            raise MockDouyinError(NOT_TEXT(name=name, kind=kind_word(who)))
    api, deliverer = call.path["api"], call.sandbox.deliverer
    return _answered(
        call_phone(call.world, api, app, person, args, call.language, deliverer=deliverer)
    )


def _answered(answer: PhoneAnswer) -> Step[dict[str, Any]]:
    if isinstance(answer, dict):
        return answer
    return Waiting(
        answer.start, lambda heard: _answered(answer.finish(heard)), answer.timeout, answer.abandon
    )


class MessageRead(Shown):
    """A message in a group, as a member reads it.

    群里的一条消息，按成员看到的样子。
    """

    msg_id: str
    person: str
    """Who wrote it.

    谁写的。"""
    kind: str
    content: dict[str, Any]


class ActDone(Shown, kw_only=True):
    """Who did something to whom, and what came of it; an act has the fields that it needs.

    谁对谁做了什么，结果如何；有哪些字段取决于操作。
    """

    person: str
    other: str
    item_id: str | UnsetType = UNSET
    """The work that was liked or commented on.

    点赞或评论的作品。"""
    comment_id: str | UnsetType = UNSET
    group_id: str | UnsetType = UNSET
    apply_id: str | UnsetType = UNSET
    """The application, if the group's owner decides who joins.

    入群申请，如果由群主决定。"""
    messages: list[MessageRead] | UnsetType = UNSET
    """What the person can read in the group, oldest first.

    用户在群里能看到的消息，最早的在前。"""
    notice: list[dict[str, Any]] | UnsetType = UNSET
    msg_id: str | UnsetType = UNSET
    conversation_id: str | UnsetType = UNSET
    delivery: str | None
    """The id of the webhook's delivery; null if the app does not listen.

    webhook 投递的 id；应用没有订阅则是 null。"""


@operation("POST", "/acts/{act}")
def act(call: OperationCall[social.SocialAct]) -> ActDone:
    """Follow, comment, send a message, join a group, … as a person in the Douyin app.

    以用户的身份在抖音里关注、评论、发私信、加群等。
    """
    return typed(social.act(call.world, call.path["act"], call.given), ActDone)


CONSENT_REFUSED = text(
    "consent_refused",
    zh="抖音会拒绝：{code} {text}，{why}",
    en="Douyin would refuse with {code} {text}: {why}",
)


class ConsentError(MockDouyinError):
    """The consent page would show this error instead of asking; there is no redirect."""

    def __init__(self, code: int, text: str, why: Text, language: Language) -> None:
        super().__init__(CONSENT_REFUSED(code=code, text=text, why=why).render(language))
        self.code = code
        self.text = text


@contextmanager
def _consent_errors(language: Language) -> Iterator[None]:
    """Raise a refusal as a ConsentError with the number and text that the page would show."""
    try:
        yield
    except DouyinError as refusal:
        case = CATALOGUE.endpoints["oauth.connect"].case(refusal.case)
        raise ConsentError(case.code, case.text, refusal.why, language) from None


class ConsentGiven(Shown):
    """Where a person is redirected to after the consent, and the code in that address.

    授权后用户被带到哪里，以及地址里的 code。
    """

    location: str | None
    """Null if they declined, and stay on the page.

    拒绝而留在页面上则是 null。"""
    code: str | None


@operation("POST", "/oauth/authorize")
def authorize(call: OperationCall[consent.Consent]) -> ConsentGiven:
    """Consent as a person; the answer is the redirect's URL and the code in it.

    以用户的身份回答授权，返回跳转地址和其中的 code。
    """
    with _consent_errors(call.language):
        return typed(consent.authorize(call.world, call.given), ConsentGiven)


class Scanned(Shown):
    """What became of a QR code.

    二维码的结果。
    """

    status: str
    person: str
    code: str | None
    """The code for the app, if the person consented.

    用户同意后给应用的 code。"""
    location: str | None


@operation("POST", "/oauth/scan")
def scan(call: OperationCall[consent.QrScan]) -> Scanned:
    """Scan a QR code of /oauth/get_qrcode/ with a person's phone; `decision` also answers it.

    用户用手机扫 /oauth/get_qrcode/ 的二维码；给出 `decision` 就同时回答。
    """
    with _consent_errors(call.language):
        return typed(consent.scan(call.world, call.given), Scanned)


class Revoked(Shown):
    """What a person took back.

    用户取消了什么授权。
    """

    revoked: bool
    person: str
    scopes: list[str]


@operation("POST", "/oauth/revoke")
def revoke(call: OperationCall[consent.Revocation]) -> Revoked:
    """Take back a person's consent to an app: its tokens are invalid at once.

    取消用户对应用的授权，token 立即失效。
    """
    return typed(consent.revoke(call.world, call.given), Revoked)


class ShareLink(Shown):
    """A share link, and its parameters as they were before they were encoded.

    分享链接，以及编码之前的参数。
    """

    schema: str
    fields: dict[str, str]


@operation("POST", "/share/build")
def build_share(call: OperationCall[sharing.NewLink]) -> ShareLink:
    """Build a share link as a correct backend does.

    像正确的后端那样生成分享链接。
    """
    return typed(sharing.build(call.world, call.given), ShareLink)


class ProblemShown(Shown):
    """One thing that is wrong with a link or a signature.

    链接或签名的一处问题。
    """

    part: str
    seen: str
    expected: str
    why: str
    why_code: str


class Verdict(Shown):
    """What the Douyin app makes of a link or a signature.

    抖音怎样看待一个链接或签名。
    """

    ok: bool
    problems: list[ProblemShown]
    warnings: list[ProblemShown]
    """What another version of the Douyin app would refuse.

    别的版本的抖音会拒绝的地方。"""
    fields: dict[str, Any]


@operation("POST", "/share/verify")
def verify_share(call: OperationCall[sharing.OpenedLink]) -> Verdict:
    """Check a share link: which part the Douyin app would not accept, and why.

    检查分享链接：抖音不会接受的是哪一部分，为什么。
    """
    return typed(sharing.verify(call.world, call.given, call.language), Verdict)


class SharePublished(Shown):
    """A work that a person published from a share link.

    用户从分享链接发布的作品。
    """

    person: str
    item_id: str
    video_id: str
    share_id: str
    delivery: str | None
    """The id of the delivery of create_video, if the app wanted one.

    create_video 投递的 id，如果应用订阅了。"""


@operation("POST", "/share/publish")
def publish_share(call: OperationCall[sharing.OpenedLink]) -> SharePublished:
    """Open a share link as a person and publish: the video is listed, create_video is sent.

    以用户的身份打开分享链接并发布：视频列表里有它，并发出 create_video。
    """
    return typed(sharing.publish(call.world, call.given, call.language), SharePublished)


@operation("POST", "/js/verify")
def verify_js(call: OperationCall[JsCall]) -> Verdict:
    """Check a signature of the JS SDK.

    检查 JS SDK 的签名。
    """
    return typed(sharing.verify_js(call.world, call.given, call.language), Verdict)
