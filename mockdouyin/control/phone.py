"""Operations that act as a person: tt APIs, social acts, consent, sharing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import DouyinError, MockDouyinError
from mockdouyin.core.texts import Language, Text, text
from mockdouyin.domain.share_signatures import JsCall
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import consent, sharing, social
from mockdouyin.scenario.validation import kind_word


@operation("POST", "/phone/{api}")
def phone(call: OperationCall) -> Answer:
    """Call a tt API on a person's phone; the answer is what it passes to `success` or `fail`."""
    args: dict[str, Any] = dict(call.read(dict))
    app, person = args.pop("app", None), args.pop("person", None)
    for name, who in (("app", app), ("person", person)):
        if not isinstance(who, str | None):
            raise MockDouyinError(f"{name} should be text, not {kind_word(who)}")
    return call.sandbox.phone(call.world, call.path["api"], app=app, person=person, args=args)


@operation("POST", "/acts/{act}")
def act(call: OperationCall) -> Answer:
    """Follow, digg, comment or send a message as a person in the Douyin app."""
    return social.act(call.world, call.path["act"], call.read(social.Act))


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


@operation("POST", "/oauth/authorize")
def authorize(call: OperationCall) -> Answer:
    """Consent as a person; the answer is the redirect's URL and the code in it."""
    with _consent_errors(call.language):
        return consent.authorize(call.world, call.read(consent.Consent))


@operation("POST", "/oauth/scan")
def scan(call: OperationCall) -> Answer:
    """Scan a QR code of /oauth/get_qrcode/ with a person's phone; `decision` also answers it."""
    with _consent_errors(call.language):
        return consent.scan(call.world, call.read(consent.QrScan))


@operation("POST", "/oauth/revoke")
def revoke(call: OperationCall) -> Answer:
    """Take back a person's consent to an app: its tokens are invalid at once."""
    return consent.revoke(call.world, call.read(consent.Revocation))


@operation("POST", "/share/build")
def build_share(call: OperationCall) -> Answer:
    """Build a share link as a correct backend does."""
    return sharing.build(call.world, call.read(sharing.NewLink))


@operation("POST", "/share/verify")
def verify_share(call: OperationCall) -> Answer:
    """Check a share link: which part the Douyin app would not accept, and why."""
    return sharing.verify(call.world, call.read(sharing.OpenedLink), call.language)


@operation("POST", "/share/publish")
def publish_share(call: OperationCall) -> Answer:
    """Open a share link as a person and publish: the video is listed, create_video is sent."""
    return sharing.publish(call.world, call.read(sharing.OpenedLink), call.language)


@operation("POST", "/js/verify")
def verify_js(call: OperationCall) -> Answer:
    """Check a signature of the JS SDK."""
    return sharing.verify_js(call.world, call.read(JsCall), call.language)
