"""QR codes for consent: a backend shows the code itself and polls until the person answers."""

from __future__ import annotations

import base64
import io
from urllib.parse import urlencode

import msgspec

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.pages import origin_of
from mockdouyin.domain.consent import ConsentRequest, automatic, check
from mockdouyin.domain.oauth_qr import QrCode, QrStep, confirm, find_code, issue, refuse, status
from mockdouyin.endpoints.error_tables import accounts as tables
from mockdouyin.endpoints.oauth import oauth

_DOC = "dop/develop/openapi/account-permission/douyin-get-permission-code"


class QrFields(Fields, kw_only=True):
    """The consent request behind a QR code; `next` is the redirect_uri."""

    client_key: str = ""
    scope: str = ""
    next: str = ""
    state: str = ""
    optional_scope_check: str = ""
    optional_scope_uncheck: str = ""
    jump_type: str = ""
    customize_params: str = ""


class QrCodeShown(msgspec.Struct):
    """A QR code as a PNG in base64, and the token to poll it with."""

    expire_time: int
    qrcode: str
    qrcode_index_url: str
    token: str


@oauth.endpoint("GET", "/oauth/get_qrcode/", doc=_DOC, basis="observed", errors=tables.QR_CODE)
def get_qrcode(call: Call[QrFields]) -> QrCodeShown:
    """Return a QR code; scanned with Douyin, it opens the consent page on the phone."""
    fields = call.fields
    call.need("bad_params", "client_key", "scope", "next")
    app = call.known_app(fields.client_key, "bad_client_key")
    options = [(scope, True) for scope in fields.optional_scope_check.split(",") if scope]
    options += [(scope, False) for scope in fields.optional_scope_uncheck.split(",") if scope]
    asked = ConsentRequest(app, fields.scope, fields.next, fields.state, tuple(options))
    check(call.world, asked, call.now)
    token, code = issue(call.world, call.unit, asked)
    query = urlencode({"client_key": app.client_key, "token": token})
    address = f"{origin_of(call.request, oauth.hosts)}/platform/oauth/connect/?{query}"
    return QrCodeShown(int(code.expires), png(address), address, token)


def png(text: str) -> str:
    """Return a QR code as a PNG in base64, as the reply carries it."""
    import segno  # most runs show no QR code: loaded on first use

    image = io.BytesIO()
    segno.make_qr(text, error="m").save(image, kind="png", scale=6, border=2)
    return base64.b64encode(image.getvalue()).decode()


class QrCheckFields(QrFields, kw_only=True):
    """The token of a QR code to poll."""

    token: str = ""
    timestamp: str = ""


class QrStatus(msgspec.Struct, kw_only=True):
    """The state of a QR code: new, scanned, confirmed, refused or expired."""

    code: str | msgspec.UnsetType = msgspec.UNSET
    redirect_url: str | msgspec.UnsetType = msgspec.UNSET
    state: str | msgspec.UnsetType = msgspec.UNSET
    status: QrStep


@oauth.endpoint("GET", "/oauth/check_qrcode/", doc=_DOC, basis="observed", errors=tables.QR_STATUS)
def check_qrcode(call: Call[QrCheckFields]) -> QrStatus:
    """Return the state of a QR code; once confirmed, also the consent's code and the redirect."""
    fields = call.fields
    call.need("bad_params", "client_key", "token")
    app = call.known_app(fields.client_key, "bad_client_key")
    code = find_code(call.unit, fields.token)
    if code is not None and code.app != app.client_key:
        code = None
    if code is not None and status(call.unit, code) in ("new", "scanned"):
        code = _answer_automatically(call, code)
    step = status(call.unit, code)
    if code is None or step != "confirmed":
        return QrStatus(status=step)
    call.person = code.person
    return QrStatus(
        code=code.code, redirect_url=code.location, state=code.state, status="confirmed"
    )


def _answer_automatically(call: Call[QrCheckFields], code: QrCode) -> QrCode:
    """Confirm or refuse the code if the world's settings answer every consent."""
    answer = automatic(call.world)
    if answer is None:
        return code
    person, decision = answer
    if decision == "deny":
        return refuse(call.unit, call.fields.token, person)
    ticked = tuple(scope for scope, on in code.optional if on)
    return confirm(call.world, call.unit, call.fields.token, person, ticked)
