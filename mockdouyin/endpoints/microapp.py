"""The newer mini-app calls on open.douyin.com: a service provider's login, and phone numbers."""

from __future__ import annotations

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.crypto import rsa_seal
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.logins import spend_code, spend_phone_code
from mockdouyin.domain.phone_number import phone_number_json
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import mini_app as tables

microapp: Family = Family(
    "microapp", hosts=("open.douyin.com",), envelope=Gateway(), malformed=28001007
)


class ProviderLoginFields(TokenFields, kw_only=True):
    """The codes of a tt.login; the token says which app's."""

    code: str = ""
    anonymous_code: str = ""
    app_id: str = ""


class ProviderSession(msgspec.Struct):
    """The ids of a login; at this call their names have underscores."""

    session_key: str
    open_id: str
    anonymous_open_id: str
    union_id: str


@microapp.endpoint(
    "POST",
    "/api/apps/v1/microapp/code2session/",
    doc="thirdparty/API/smallprogram/login/code2session",
    basis="observed",
    errors=tables.MICROAPP_LOGIN,
)
def code_to_session(call: Call[ProviderLoginFields]) -> ProviderSession:
    """Exchange the code of tt.login as a service provider, with the authorizer's access token."""
    fields, people = call.fields, call.world.people
    app = app_of_token(call, "client")
    call.need("bad_params", "code")
    if fields.app_id and fields.app_id != app.client_key:
        raise DouyinError("bad_params", texts.APP_ID_MISMATCH(app=app.client_key))
    login = spend_code(call, app, fields.code)
    anonymous_id = ""
    if fields.anonymous_code:
        anonymous = spend_code(call, app, fields.anonymous_code, anonymous=True)
        anonymous_id = people.anonymous_id(app, anonymous.person)
    return ProviderSession(
        login.session_key,
        people.open_id(app, login.person),
        anonymous_id,
        people.union_id(app, login.person),
    )


class PhoneFields(TokenFields, kw_only=True):
    """The code of the phone-number button, which is not tt.login's code."""

    code: str = ""


@microapp.endpoint(
    "POST",
    "/api/apps/v1/get_phonenumber_info/",
    doc="mini-app/develop/server/basic-abilities/log-in/get-phone-number",
    basis="observed",
    errors=tables.PHONE_NUMBER,
    envelope=Gateway(tips=True),
    empty="",
    scope="apps.phonenumber.info",
)
def phone_number(call: Call[PhoneFields]) -> str:
    """Return the phone number for a button's code, encrypted with the app's RSA public key."""
    app = app_of_token(call, "client")
    call.need("bad_params", "code")
    person = spend_phone_code(call, app, call.fields.code)
    plain = phone_number_json(call.world, app, person, call.now)
    return rsa_seal(
        app.public_key,
        plain,
        lambda length: call.world.ids.raw(length, "rsa", app.client_key, call.fields.code),
    )
