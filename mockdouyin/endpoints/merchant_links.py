"""Links to the pages on which a merchant is onboarded (进件页面), or looks at its account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.domain import merchants
from mockdouyin.domain.merchants import Acting, Standing
from mockdouyin.domain.providers import check_own_token
from mockdouyin.endpoints._merchant_calls import (
    acting,
    app_by_token,
    by_token,
    check_one_of,
    check_own,
    merchant,
    origin,
    provider_app,
)
from mockdouyin.endpoints._payment_calls import (
    Caller,
    SignedFields,
    check_length,
    check_sign,
    is_sandbox,
    limit_calls,
)
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.ecpay_merchants import PATH
from mockdouyin.endpoints.error_tables import merchants as tables

PAGE_PATH = "/ecpay/merchant/page/"
"""The page's path, which is mockdouyin's own."""

PATH_V3 = "/api/apps/ecpay/v3/saas/"
APPLICATION, ACCOUNT = 1, 2
"""What url_type asks for: the page of the application, or that of the account."""

_OLD = "mini-app/develop/server/payment/ecpay/page-links/apply/"
_NEW = "mini-app/develop/server/payment/trade-system/general/applyments/saas/"


class PageLink(msgspec.Struct):
    """A link that lives two hours; the merchant_id is empty until the merchant is onboarded."""

    merchant_id: str = ""
    url: str = ""


class ProviderLinkFields(Fields, kw_only=True):
    """A service provider that asks for itself. A sign is checked if there is one."""

    component_access_token: str = ""
    thirdparty_component_id: str = ""
    url_type: int = 0
    sign: str = ""

    @property
    def thirdparty_id(self) -> str:
        """The provider, as the SALT is found by it."""
        return self.thirdparty_component_id


class ProviderLinkByToken(TokenFields, kw_only=True):
    """A service provider that asks for itself, by a token."""

    thirdparty_component_id: str = ""
    url_type: int = 0
    prod_id: int = 0


class AppLinkFields(SignedFields, kw_only=True):
    """The app for which its service provider asks."""

    url_type: int = 0
    prod_id: int = 0


class SubLinkFields(AppLinkFields, kw_only=True):
    """A merchant of the caller's, by a number of the caller's own."""

    sub_merchant_id: str = ""
    role: int = 0


def _link(call: Call[Any], acts: Acting, number: str) -> PageLink:
    call.need("bad_params", "url_type")
    check_one_of("url_type", call.fields.url_type, (APPLICATION, ACCOUNT))
    check_length("sub_merchant_id", number, 64)
    found = merchants.begin(call.world, call.unit, acts, number)
    shows_balance = call.fields.url_type == ACCOUNT
    secret = merchants.make_link(call.world, call.unit, found, shows_balance=shows_balance)
    query = urlencode({"app_id": found.app, "link": secret})
    is_done = found.standing(call.now) in (Standing.OK, Standing.FROZEN)
    return PageLink(found.id if is_done else "", f"{origin(call)}{PAGE_PATH}?{query}")


def add_merchant(call: Call[ProviderLinkFields]) -> PageLink:
    """Return the page on which a service provider is onboarded itself."""
    fields = call.fields
    call.need("bad_params", "thirdparty_component_id", "component_access_token")
    app = provider_app(call, fields.thirdparty_component_id)
    acts = Acting(app, fields.thirdparty_component_id, is_own=True, sandbox=is_sandbox(call))
    check_own_token(call, fields.thirdparty_component_id, fields.component_access_token)
    if fields.sign:
        check_sign(call, Caller(app, acts.sandbox))
    limit_calls(call, acts.owner, call.world.settings.calls_per_second, sandbox=acts.sandbox)
    return _link(call, acts, "")


def add_merchant_by_token(call: Call[ProviderLinkByToken]) -> PageLink:
    """Return the page on which a service provider is onboarded itself."""
    app = app_by_token(call)
    call.need("bad_params", "thirdparty_component_id")
    provider = call.fields.thirdparty_component_id
    check_own(app, "thirdparty_component_id", provider, app.payment.thirdparty_id)
    return _link(call, Acting(app, provider, is_own=True, sandbox=is_sandbox(call)), "")


def get_app_merchant(call: Call[Any]) -> PageLink:
    """Return the page on which a provider has an app onboarded to be paid."""
    call.need("bad_params", "app_id", "thirdparty_id")
    return _link(call, acting(call), "")


def add_sub_merchant(call: Call[Any]) -> PageLink:
    """Return the page on which a provider has a partner (合作方) onboarded."""
    call.need("bad_params", "thirdparty_id")
    acts = acting(call)
    call.need("bad_params", "sub_merchant_id")
    return _link(call, acts, call.fields.sub_merchant_id)


def app_add_sub_merchant(call: Call[Any]) -> PageLink:
    """Return the page on which an app has a merchant or a partner onboarded."""
    acts = acting(call)
    call.need("bad_params", "sub_merchant_id")
    return _link(call, acts, call.fields.sub_merchant_id)


def _declare(handler: Any, fields: Any, page: str, errors: Any, twin: Any = None) -> None:
    name = handler.__name__
    about = (handler.__doc__ or "").partition("\n")[0]
    by_provider = fields is ProviderLinkFields
    ecpay.add(
        name,
        "POST",
        PATH + name,
        handler=handler,
        types=lambda: (fields, PageLink),
        about=about,
        doc=_OLD + page,
        basis="documented",
        errors=errors,
        empty=PageLink(),
    )
    merchant.add(
        name,
        "POST",
        f"{PATH_V3}{name}/",
        handler=twin or handler,
        types=lambda: (ProviderLinkByToken if by_provider else by_token(fields), PageLink),
        about=about,
        doc=_NEW + name.replace("_", "-"),
        basis="documented",
        scope="trade_basic.developer.merchant_saas",
    )


_declare(
    add_merchant, ProviderLinkFields, "merchant", tables.LINK_OF_PROVIDER, add_merchant_by_token
)
_declare(get_app_merchant, AppLinkFields, "app-merchant", tables.LINK_OF_APP)
_declare(add_sub_merchant, SubLinkFields, "sub-merchant", tables.LINK_OF_APP)
_declare(app_add_sub_merchant, SubLinkFields, "in", tables.LINK_OF_APP)
