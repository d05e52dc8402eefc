"""Silent authorization: addresses opened inside the Douyin app, which redirect without asking."""

from __future__ import annotations

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Passport
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.pages import Redirect
from mockdouyin.domain.consent import ConsentRequest, allow, check, visitor
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import accounts as tables

silent: Family = Family(
    "silent",
    hosts=("aweme.snssdk.com", "open.douyin.com"),
    envelope=Passport(),
    malformed=10002,
)


class SilentFields(Fields, kw_only=True):
    """What the app asks for; `person` is mockdouyin's own."""

    client_key: str = ""
    response_type: str = ""
    scope: str = ""
    redirect_uri: str = ""
    state: str = ""
    person: str = ""
    """The person whose phone opens the address; Douyin knows, a test says."""


@silent.endpoint(
    "GET",
    "/passport/open/silent_auth/",
    "/oauth/authorize/v2/",
    "/platform/oauth/authorize/v2/",
    doc="dop/ability/opensdk/user-authorization/get-login-openid",
    basis="documented",
    errors=tables.SILENT,
)
def authorize(call: Call[SilentFields]) -> Redirect:
    """Redirect at once with a code for the phone's owner; login_id is the only scope there is."""
    fields = call.fields
    call.need("bad_params", "client_key", "response_type", "scope", "redirect_uri")
    if fields.response_type != "code":
        raise DouyinError("bad_params", texts.RESPONSE_TYPE(got=fields.response_type))
    app = call.known_app(fields.client_key, "bad_client_key")
    asked = ConsentRequest(app, fields.scope, fields.redirect_uri, fields.state, silent=True)
    check(call.world, asked, call.now)
    call.person = visitor(call.world, fields.person)
    location, _ = allow(call.world, call.unit, asked, call.person)
    return Redirect(location)
