"""Silent authorization: addresses that are opened inside the Douyin app and ask nobody."""

from __future__ import annotations

from mockdouyin.core.endpoint import Call, Family, Fields
from mockdouyin.core.envelopes import Passport
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.pages import Redirect
from mockdouyin.domain.consent import ConsentRequest, allow, check, visitor
from mockdouyin.endpoints import error_tables

silent = Family(
    "silent",
    hosts=("aweme.snssdk.com", "open.douyin.com"),
    envelope=Passport(),
    malformed=10002,
)


class SilentFields(Fields, kw_only=True):
    """What an app asks for without asking."""

    client_key: str = ""
    response_type: str = ""
    scope: str = ""
    redirect_uri: str = ""
    state: str = ""
    person: str = ""
    """Whose phone opens it: ours, for tests."""


@silent.endpoint(
    "GET",
    "/passport/open/silent_auth/",
    "/oauth/authorize/v2/",
    "/platform/oauth/authorize/v2/",
    doc="dop/ability/opensdk/user-authorization/get-login-openid",
    basis="documented",
    errors=error_tables.SILENT,
)
def authorize(call: Call[SilentFields]) -> Redirect:
    """Send the one whose phone it is back at once with a code; the scope is login_id alone."""
    fields = call.fields
    call.need("bad_params", "client_key", "response_type", "scope", "redirect_uri")
    if fields.response_type != "code":
        why = f'response_type must be "code", was "{fields.response_type}"'
        raise DouyinError("bad_params", why)
    app = call.known_app(fields.client_key, "bad_client_key")
    asked = ConsentRequest(app, fields.scope, fields.redirect_uri, fields.state, silent=True)
    check(call.world, asked, call.now)
    call.person = visitor(call.world, fields.person)
    location, _ = allow(call.world, call.unit, asked, call.person)
    return Redirect(location)
