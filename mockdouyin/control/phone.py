"""Orders that play a person: the phone, consent, sharing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import DouyinError, MockDouyinError
from mockdouyin.domain.share_signatures import JsCall
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import consent, sharing, social
from mockdouyin.scenario.validation import kind_word


@operation("POST", "/phone/{api}")
def phone(ask: OperationCall) -> Answer:
    """Call a tt API on a person's phone: exactly what it hands to `success`, or to `fail`."""
    args: dict[str, Any] = dict(ask.read(dict))
    app, person = args.pop("app", None), args.pop("person", None)
    for name, who in (("app", app), ("person", person)):
        if not isinstance(who, str | None):
            raise MockDouyinError(f"{name} should be text, not {kind_word(who)}")
    return ask.sandbox.phone(ask.world, ask.path["api"], app=app, person=person, args=args)


@operation("POST", "/acts/{act}")
def act(ask: OperationCall) -> Answer:
    """Let a person follow, digg, comment on, or write to another in the Douyin app."""
    return social.act(ask.world, ask.path["act"], ask.read(social.Act))


class ConsentError(MockDouyinError):
    """The consent page would show this instead of asking; nobody is redirected."""

    def __init__(self, code: int, text: str, why: str) -> None:
        super().__init__(f"Douyin would refuse with {code} {text}: {why}")
        self.code = code
        self.text = text


@contextmanager
def _as_the_page_says() -> Iterator[None]:
    """Tell a refusal with the page's own number and text."""
    try:
        yield
    except DouyinError as refusal:
        case = CATALOGUE.endpoints["oauth.connect"].case(refusal.case)
        raise ConsentError(case.code, case.text, refusal.why.render("en")) from None


@operation("POST", "/oauth/authorize")
def authorize(ask: OperationCall) -> Answer:
    """Let a person consent: the address that they are sent back to, and the code in it."""
    with _as_the_page_says():
        return consent.authorize(ask.world, ask.read(consent.Consent))


@operation("POST", "/oauth/scan")
def scan(ask: OperationCall) -> Answer:
    """Let a phone scan a QR code of /oauth/get_qrcode/, and answer it where it is said how."""
    with _as_the_page_says():
        return consent.scan(ask.world, ask.read(consent.QrScan))


@operation("POST", "/oauth/revoke")
def revoke(ask: OperationCall) -> Answer:
    """Let a person take back what they granted an app: its tokens are dead at once."""
    return consent.revoke(ask.world, ask.read(consent.Revocation))


@operation("POST", "/share/build")
def build_share(ask: OperationCall) -> Answer:
    """Build a share link as a right backend does."""
    return sharing.build(ask.world, ask.read(sharing.NewLink))


@operation("POST", "/share/verify")
def verify_share(ask: OperationCall) -> Answer:
    """Examine a share link: which part the Douyin app would not take, and why."""
    return sharing.verify(ask.world, ask.read(sharing.OpenedLink))


@operation("POST", "/share/publish")
def publish_share(ask: OperationCall) -> Answer:
    """Let a person open a share link and publish: the video is listed, create_video goes out."""
    return sharing.publish(ask.world, ask.read(sharing.OpenedLink))


@operation("POST", "/js/verify")
def verify_js(ask: OperationCall) -> Answer:
    """Examine a signature of the JS SDK."""
    return sharing.verify_js(ask.world, ask.read(JsCall))
