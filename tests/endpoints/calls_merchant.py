"""Good calls of what a backend does for merchants: onboarding, balance, withdrawals and bills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from mockdouyin.core.apps import Payment
from mockdouyin.core.http import Request
from mockdouyin.domain.ledger import Place, Purse, move
from tests.endpoints.calls import Ask, Builder, Scene
from tests.endpoints.calls_payment import NOTIFY, SignedAsk, paid, signed
from tests.endpoints.calls_user import PICTURE, Upload, unit_of
from tests.support.ecpay import sign

BUILDERS: dict[str, Builder] = {}

PROVIDER = "ttprovider00000001"
PROVIDER_SALT = "provider-salt"
MERCHANTS = "/api/apps/ecpay/saas/"
V3 = "/api/apps/ecpay/v3/saas/"
DAY = "20260101"


@dataclass(frozen=True)
class SignedQuery(Ask):
    """A request whose query is signed by a SALT when it is sent; a sign that is given stays."""

    salt: str = ""

    def request(self) -> Request:
        """Return the request with its sign."""
        given = self.query.get("sign", sign(self.query, self.salt))
        return Ask("GET", self.path, {**self.query, "sign": given}, self.headers).request()


def own_merchant(scene: Scene) -> str:
    """Return the merchant_uid of the demo mini-program."""
    return scene.app("mini_program").payment.merchant_uid


def served(scene: Scene) -> str:
    """Give the demo mini-program a service provider; return the provider's id."""
    payment = scene.app("mini_program").payment
    if payment.thirdparty_id != PROVIDER:
        given: Payment = msgspec.structs.replace(
            payment, thirdparty_id=PROVIDER, thirdparty_salt=PROVIDER_SALT
        )
        scene.amend("mini_program", payment=given)
    return PROVIDER


def earned(scene: Scene, amount: int, merchant: str = "", *, sandbox: bool = False) -> None:
    """Give a merchant a balance: an order is paid, and its money is settled."""
    merchant = merchant or own_merchant(scene)
    paid(scene, total_amount=amount, store_uid=merchant)
    unit = unit_of(scene)
    transit, balance = (Purse(p, merchant, sandbox) for p in (Place.TRANSIT, Place.BALANCE))
    move(unit, amount, transit, balance)
    unit.commit()


def with_token(scene: Scene, path: str, **fields: Any) -> Ask:
    """Return a call of the demo mini-program at open.douyin.com."""
    token = {"access-token": scene.client_token("mini_program")}
    return Ask("POST", path, headers=token, fields=fields)


def by_provider(scene: Scene, path: str, **fields: Any) -> SignedAsk:
    """Return a call of the provider for itself."""
    every = {"thirdparty_id": served(scene), **fields}
    return SignedAsk("POST", path, fields=every, salt=PROVIDER_SALT)


def queried(scene: Scene, path: str, **query: str) -> SignedQuery:
    """Return a signed query of the demo mini-program."""
    app = scene.app("mini_program")
    return SignedQuery("GET", path, {"app_id": app.client_key, **query}, salt=app.payment.salt)


def opened(url: str) -> Ask:
    """Return the request that a browser makes for a link."""
    parts = urlsplit(url)
    return Ask("GET", parts.path, dict(parse_qsl(parts.query)))


def ask(scene: Scene, name: str, **fields: Any) -> Any:
    """Call an operation at developer.toutiao.com; return the answer."""
    return scene.ask(signed(scene, MERCHANTS + name, **fields))


def linked(scene: Scene, number: str = "SUB-1", url_type: int = 1) -> Any:
    """Ask for the link to a partner's page; return the answer."""
    return ask(scene, "app_add_sub_merchant", sub_merchant_id=number, url_type=url_type)


def account(scene: Scene, merchant: str = "", channel: str = "alipay") -> dict[str, Any]:
    """Return what names a merchant and a channel."""
    return {"merchant_uid": merchant or own_merchant(scene), "channel_type": channel}


def withdrawn(scene: Scene, number: str, amount: int = 100, **fields: Any) -> Any:
    """Ask for a withdrawal; return the answer."""
    every = {**account(scene), "withdraw_amount": amount, "out_order_id": number, **fields}
    return ask(scene, "merchant_withdraw", **every)


PICTURES = {channel: f"tos-cn-i-01omznotxb/{channel}" for channel in ("wx", "alipay", "hz")}


def application(number: str = "SUB-1") -> dict[str, Any]:
    """Return a merchant's application."""
    return {
        "sub_merchant_id": number,
        "type": 1,
        "channels": ["wx", "alipay", "hz"],
        "merchant_type": 2,
        "merchant_name": "测试商家",
        "merchant_short_name": "测试",
        "province_code": "110000",
        "city_code": "110100",
        "district_code": "110107",
        "registered_addr": "北京市海淀区北三环西路43号",
        "business_license": {
            "business_license_type": 3,
            "business_license_code": "110101199001010010",
            "business_license_picurl": PICTURES,
            "begin_date": "20211231",
            "end_date": "99991231",
        },
        "legal_person": {"id_type": 1, "id_no": "13213429731104601X", "name": "张三"},
        "merchant_card_info": {"account_no": "110932121411301", "bank_full_name": "招商银行"},
        "merchant_operation_info": {"manage_name": "张三", "manage_mobile": "13800138000"},
        "industry_code": ["1520"],
        "out_order_id": "APPLY-1",
        "create_name": "李四",
    }


def _builds(*names: str) -> Callable[[Builder], Builder]:
    def keep(builder: Builder) -> Builder:
        BUILDERS.update((name, builder) for name in names)
        return builder

    return keep


@_builds("ecpay.query_merchant_balance")
def _balance(scene: Scene, path: str, kind: str) -> Ask:
    return signed(scene, path, **account(scene))


@_builds("merchant.query_merchant_balance")
def _balance_by_token(scene: Scene, path: str, kind: str) -> Ask:
    return with_token(scene, path, app_id=scene.app(kind).client_key, **account(scene))


def _withdrawal(scene: Scene) -> dict[str, Any]:
    return {
        **account(scene),
        "withdraw_amount": 100,
        "out_order_id": f"WITHDRAW-{scene.world.journal.total}",
        "callback": NOTIFY,
        "cp_extra": "{}",
    }


@_builds("ecpay.merchant_withdraw")
def _withdraw(scene: Scene, path: str, kind: str) -> Ask:
    return signed(scene, path, **_withdrawal(scene))


@_builds("merchant.merchant_withdraw")
def _withdraw_by_token(scene: Scene, path: str, kind: str) -> Ask:
    return with_token(scene, path, app_id=scene.app(kind).client_key, **_withdrawal(scene))


@_builds("ecpay.query_withdraw_order")
def _withdrawal_query(scene: Scene, path: str, kind: str) -> Ask:
    number = f"WITHDRAW-{scene.world.journal.total}"
    assert withdrawn(scene, number)["err_no"] == 0
    return signed(scene, path, **account(scene), out_order_id=number)


@_builds("merchant.query_withdraw_order")
def _withdrawal_query_by_token(scene: Scene, path: str, kind: str) -> Ask:
    number = f"WITHDRAW-{scene.world.journal.total}"
    assert withdrawn(scene, number)["err_no"] == 0
    key = scene.app(kind).client_key
    return with_token(scene, path, app_id=key, **account(scene), out_order_id=number)


@_builds("ecpay.add_merchant")
def _add_merchant(scene: Scene, path: str, kind: str) -> Ask:
    fields = {
        "thirdparty_component_id": served(scene),
        "component_access_token": scene.app(kind).payment.component_access_token,
        "url_type": 1,
    }
    return SignedAsk("POST", path, fields=fields, salt=PROVIDER_SALT)


@_builds("merchant.add_merchant")
def _add_merchant_by_token(scene: Scene, path: str, kind: str) -> Ask:
    return with_token(scene, path, thirdparty_component_id=served(scene), url_type=1)


@_builds("ecpay.get_app_merchant")
def _get_app_merchant(scene: Scene, path: str, kind: str) -> Ask:
    return by_provider(scene, path, app_id=scene.app(kind).client_key, url_type=1)


@_builds("merchant.get_app_merchant")
def _get_app_merchant_by_token(scene: Scene, path: str, kind: str) -> Ask:
    key = scene.app(kind).client_key
    return with_token(scene, path, app_id=key, thirdparty_id=served(scene), url_type=1)


@_builds("ecpay.add_sub_merchant")
def _add_sub_merchant(scene: Scene, path: str, kind: str) -> Ask:
    return by_provider(scene, path, sub_merchant_id="SUB-1", url_type=1)


@_builds("merchant.add_sub_merchant")
def _add_sub_merchant_by_token(scene: Scene, path: str, kind: str) -> Ask:
    fields = {"thirdparty_id": served(scene), "sub_merchant_id": "SUB-1", "url_type": 1}
    return with_token(scene, path, **fields)


@_builds("ecpay.app_add_sub_merchant")
def _app_add_sub_merchant(scene: Scene, path: str, kind: str) -> Ask:
    return signed(scene, path, sub_merchant_id="SUB-1", url_type=1)


@_builds("merchant.app_add_sub_merchant")
def _app_add_sub_merchant_by_token(scene: Scene, path: str, kind: str) -> Ask:
    key = scene.app(kind).client_key
    return with_token(scene, path, app_id=key, sub_merchant_id="SUB-1", url_type=1)


@_builds("ecpay.create_merchant")
def _create_merchant(scene: Scene, path: str, kind: str) -> Ask:
    return signed(scene, path, access_token=scene.app_token(), **application())


@_builds("merchant.create_merchant")
def _create_merchant_by_token(scene: Scene, path: str, kind: str) -> Ask:
    form = application()
    pictures = [{"channel": channel, "url": url} for channel, url in PICTURES.items()]
    form["business_license"] = {
        **form["business_license"],
        "business_license_picurl": pictures,
    }
    return with_token(scene, path, app_id=scene.app(kind).client_key, **form)


@_builds("ecpay.image_upload")
def _image(scene: Scene, path: str, kind: str) -> Ask:
    query = {
        "app_id": scene.app(kind).client_key,
        "access_token": scene.app_token(),
        "image_type": "png",
    }
    return Upload("POST", path, query, {}, None, "image_content", PICTURE)


@_builds("merchant.image_upload")
def _image_by_token(scene: Scene, path: str, kind: str) -> Ask:
    token = {"access-token": scene.client_token("mini_program")}
    return Upload("POST", path, {"image_type": "png"}, token, None, "image_content", PICTURE)


@_builds("ecpay.query_merchant_status")
def _status(scene: Scene, path: str, kind: str) -> Ask:
    made = scene.ask(_create_merchant(scene, MERCHANTS + "create_merchant", kind))
    return signed(scene, path, merchant_id=made["merchant_id"], sub_merchant_id="SUB-1")


@_builds("merchant.query_merchant_status")
def _status_by_token(scene: Scene, path: str, kind: str) -> Ask:
    fields = _status(scene, path, kind).fields or {}
    return with_token(scene, path, **fields)


@_builds("ecpay.merchant_page")
def _page(scene: Scene, path: str, kind: str) -> Ask:
    return replace(opened(linked(scene)["url"]), headers={"user-agent": "Mozilla/5.0"})


@_builds("ecpay.bill")
def _bill(scene: Scene, path: str, kind: str) -> Ask:
    paid(scene)
    dates = {"start_date": DAY, "end_date": DAY}
    return queried(scene, path, **dates, seller=own_merchant(scene), bill_type="payment")


@_builds("ecpay.bills")
def _bills(scene: Scene, path: str, kind: str) -> Ask:
    paid(scene)
    merchant = own_merchant(scene)
    return queried(scene, path, merchant_id=merchant, bill_date=DAY, bill_type="payment")


EVERYTHING = {"account_type": "ALL", "payment_type": "ALL", "trade_type": "ALL"}


@_builds("ecpay.fund_bills")
def _fund_bills(scene: Scene, path: str, kind: str) -> Ask:
    earned(scene, 1990)
    merchant = own_merchant(scene)
    return queried(scene, path, merchant_id=merchant, bill_date=DAY, **EVERYTHING)


@_builds("merchant.bills")
def _bills_by_token(scene: Scene, path: str, kind: str) -> Ask:
    paid(scene)
    fields = {"merchant_id": own_merchant(scene), "bill_date": DAY, "bill_type": "payment"}
    return with_token(scene, path, app_id=scene.app(kind).client_key, **fields)


@_builds("merchant.fund_bills")
def _fund_bills_by_token(scene: Scene, path: str, kind: str) -> Ask:
    earned(scene, 1990)
    fields = {"merchant_id": own_merchant(scene), "bill_date": DAY, **EVERYTHING}
    return with_token(scene, path, app_id=scene.app(kind).client_key, **fields)


@_builds("ecpay.bill_file")
def _bill_file(scene: Scene, path: str, kind: str) -> Ask:
    made = scene.ask(_bills_by_token(scene, "/api/apps/v3/bills/", kind))
    return opened(made["data"]["bill_list"][0])
