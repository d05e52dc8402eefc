"""Apps that a developer has registered: their keys, secrets, scopes, webhooks and templates."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.ids import Ids
from mockdouyin.core.scopes import SCOPES

AppKind = Literal["mini_program", "mini_game", "web"]
KINDS: tuple[AppKind, ...] = ("mini_program", "mini_game", "web")

MAX_APPS = 1000
"""Maximum number of apps in one world."""

REDIRECT_URI = "https://app.example.test/douyin/callback"


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template for subscription messages of one app.

    应用的一个订阅消息模板。
    """

    kind: Literal["one_time", "long_term"] = "one_time"
    """One authorization allows one message, or any number.

    一次性订阅，还是长期订阅。"""
    fields: tuple[str, ...] = ()
    """The keywords that a message's `data` must have: all of them and no others.

    消息的 data 必须有的关键词，不能多也不能少。"""
    title: str = ""
    """What the phone's sheet calls it.

    手机弹窗里显示的标题。"""
    quota: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Messages per authorization; by default 1 for one_time and unlimited for long_term.

    每次授权可以发几条；默认一次性订阅 1 条，长期订阅不限。"""

    @property
    def messages(self) -> int | None:
        """Messages per authorization; None means unlimited."""
        return self.quota if self.quota is not None else (1 if self.kind == "one_time" else None)


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an app's events are sent, and which of them.

    应用的事件发到哪里，发哪些。
    """

    url: str = ""
    """The receiver's address.

    接收端地址。"""
    secret: str = ""
    """The key of X-Douyin-Signature; the client_secret if it is not set.

    X-Douyin-Signature 的密钥，没设就是 client_secret。"""
    events: tuple[str, ...] | None = None
    """The subscribed events; all of them if omitted.

    订阅的事件，没写就是全部。"""
    verified: bool = True
    """Whether the receiver has answered the challenge; assumed for a scenario's webhook.

    接收端是否通过了 challenge 校验；写在场景里的视为通过。"""


class Payment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an app has in its payment settings (支付设置) for guaranteed payment (担保支付)."""

    salt: str = ""
    """The SALT that signs requests at production."""
    sandbox_salt: str = ""
    """The SALT that signs them at the sandbox, which is another one."""
    token: str = ""
    """The Token that signs callbacks."""
    merchant_uid: str = ""
    """The merchant (商户号) that sells, and to whom what is left after sharing goes."""
    notify_url: str = ""
    """Where callbacks go if a request names no notify_url."""
    create_order_callback: str = ""
    """Where an order of tt.createOrder is asked for (预下单扩展点)."""
    thirdparty_id: str = ""
    """The service provider (服务商) that may act for the app."""
    thirdparty_salt: str = ""
    """The SALT of that provider, which signs where a request has a thirdparty_id."""
    component_access_token: str = ""
    """That provider's own token, in the calls of onboarding; it does not expire here."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody else may know of them."""
        keys = (self.salt, self.sandbox_salt, self.token, self.thirdparty_salt)
        return tuple(filter(None, (*keys, self.component_access_token)))


PAYMENT_URLS = ("notify_url", "create_order_callback")
"""The payment settings that are addresses of the app's own server."""


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A registered application."""

    name: str
    kind: AppKind
    client_key: str
    client_secret: str
    scopes: tuple[str, ...] = SCOPES
    redirect_uris: tuple[str, ...] = (REDIRECT_URI,)
    public_key: str = ""
    """The app's RSA public key (应用公钥), which encrypts phone numbers fetched by code."""
    webhook: Webhook | None = None
    payment: Payment = Payment()
    templates: dict[str, Template] = {}
    authorizer_token: str = ""
    """A service provider's token for this app (isvact.…); it does not expire here."""
    developer: str = "developer"
    """Apps of one developer get the same union_id for a person."""
    banned: bool = False
    """Whether the platform has taken the app offline."""
    trial: bool = False
    """Not released yet: for 120 days only its testers can consent and be queried."""
    testers: tuple[str, ...] = ()
    """The names of the people on a trial app's white list."""
    trial_since: float = 0.0
    """The world's time at which the trial began."""
    any_secret: bool = False
    """Whether any secret is accepted: the app was registered on first sight of its key."""


class PaymentSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payment settings of an app as a scenario or the control API gives them.

    场景或控制接口给出的支付设置。
    """

    salt: str | None = None
    """The SALT that signs requests at production.

    生产环境的 SALT，请求用它签名。"""
    sandbox_salt: str | None = None
    """The SALT of the sandbox.

    沙盒环境的 SALT。"""
    token: str | None = None
    """The Token that signs callbacks.

    回调签名用的 Token。"""
    merchant_uid: str | None = None
    """The merchant that sells.

    收款的商户号。"""
    notify_url: str | None = None
    """Where callbacks go if a request names no notify_url.

    请求没有传 notify_url 时，回调发到这里。"""
    create_order_callback: str | None = None
    """Where an order of tt.createOrder is asked for (预下单扩展点).

    tt.createOrder 下单时询问的地址，即预下单扩展点。"""
    thirdparty_id: str | None = None
    """The service provider that may act for the app.

    可以代应用调用的服务商。"""
    thirdparty_salt: str | None = None
    """The SALT of that provider.

    这个服务商的 SALT。"""
    component_access_token: str | None = None
    """That provider's own token, in the calls of onboarding.

    这个服务商自己的 token，进件接口用。"""


class AppSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app as a scenario or the control API describes it; omitted fields are generated.

    场景或控制接口描述的一个应用，没写的自动生成。
    """

    kind: AppKind | None = None
    """What it is: a mini-program, a mini-game or a web app.

    种类：小程序、小游戏或网站应用。"""
    client_key: str | None = None
    """Its key, also called appid.

    应用的 key，也就是 appid。"""
    client_secret: str | None = None
    """Its secret.

    应用的 secret。"""
    scopes: tuple[str, ...] | None = None
    """The scopes that the platform has given it; by default all.

    平台批给它的 scope，默认全有。"""
    redirect_uris: tuple[str, ...] | None = None
    """The addresses (授权回调域) to which a consent may lead back.

    授权后可以跳回的地址（授权回调域）。"""
    public_key: str | None = None
    """Its RSA public key, which encrypts phone numbers fetched by code.

    应用公钥（RSA），用 code 取手机号时用它加密。"""
    webhook: Webhook | None = None
    """Where its events are sent.

    事件发到哪里。"""
    payment: PaymentSpec | None = None
    """Its SALT, Token and merchant of guaranteed payment; what is left out is generated.

    担保支付的 SALT、Token 和商户号，没写的自动生成。"""
    templates: dict[str, Template] | None = None
    """Its templates for subscription messages, by id.

    订阅消息模板，键是模板 id。"""
    developer: str | None = None
    """Whose it is: apps of one developer get the same union_id for a person.

    属于哪个开发者：同一开发者的应用得到的 union_id 相同。"""
    banned: bool | None = None
    """Whether the platform has taken it offline.

    是否被平台封禁或下线。"""
    trial: bool | None = None
    """Not released yet: for 120 days only its testers can consent and be queried.

    测试应用，还没有上线：120 天内只有白名单里的用户能授权、能被查询。"""
    testers: tuple[str, ...] | None = None
    """The names of the people on a trial app's white list.

    测试应用白名单里的用户名。"""


class DemoApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fixed credentials of an app of the world `default`."""

    kind: AppKind
    client_key: str
    client_secret: str
    template: str
    payment: Payment = Payment()


def demo_apps() -> dict[AppKind, DemoApp]:
    """Return the demo credentials by kind of app."""
    apps: tuple[DemoApp, ...] = resources.records("apps.json", DemoApp)  # type: ignore[assignment]
    return {app.kind: app for app in apps}


def guess_kind(client_key: str) -> AppKind:
    """Guess the kind of an app by its key: web apps' begin with `aw`, mini-apps' with `tt`."""
    return "web" if client_key.startswith("aw") else "mini_program"


def kind_of_spec(spec: AppSpec) -> AppKind:
    """Return the kind of the app that a spec describes."""
    return spec.kind or (guess_kind(spec.client_key) if spec.client_key else "mini_program")


_DEFAULT_TEMPLATE = Template(fields=("快递派送",), title="快递通知")
"""The template of an app whose spec has none."""


def make_app(
    name: str, spec: AppSpec, ids: Ids, *, demo: bool = False, any_secret: bool = False
) -> App:
    """Make an app from a spec; what it omits is a demo credential, or derived by `ids`."""
    kind = kind_of_spec(spec)
    sample = demo_apps()[kind] if demo else None
    key = spec.client_key or (sample.client_key if sample else _fresh_key(kind, name, ids))
    template = sample.template if sample else "MSG" + ids.digits(19, "template", name)
    made = App(
        name=name,
        kind=kind,
        client_key=key,
        client_secret=sample.client_secret if sample else _fresh_secret(kind, name, ids),
        public_key=resources.text("demo_public_key.pem"),
        any_secret=any_secret,
        payment=_fresh_payment(kind, ids, key, sample.payment if sample else None),
        authorizer_token="isvact." + ids.tag + ids.hex(32, "authorizer_token", key),
        templates={template: _DEFAULT_TEMPLATE} if spec.templates is None else {},
    )
    return amend_app(made, spec)


def amend_app(app: App, spec: AppSpec) -> App:
    """Return the app with the spec's fields replaced, and its templates merged."""
    given = {
        field: value
        for field in spec.__struct_fields__
        if field not in ("templates", "payment", "client_key", "kind")
        and (value := getattr(spec, field)) is not None
    }
    if spec.payment is not None:
        given["payment"] = _amend_payment(app.payment, spec.payment)
    if spec.templates:
        given["templates"] = {**app.templates, **spec.templates}
    return msgspec.structs.replace(app, **given) if given else app


def _amend_payment(payment: Payment, spec: PaymentSpec) -> Payment:
    fields = {f: getattr(spec, f) for f in spec.__struct_fields__}
    given = {field: value for field, value in fields.items() if value is not None}
    return msgspec.structs.replace(payment, **given)


def _fresh_payment(kind: AppKind, ids: Ids, key: str, sample: Payment | None) -> Payment:
    """Return payment settings, generated or a demo app's; only mini-programs have any."""
    if kind != "mini_program":
        return Payment()
    made = sample or Payment(
        salt=ids.base62(40, "payment.salt", key),
        sandbox_salt=ids.base62(40, "payment.sandbox_salt", key),
        token=ids.base62(32, "payment.token", key),
        merchant_uid="7" + ids.digits(19, "payment.merchant", key),
    )
    token = ids.tag + ids.hex(152, "payment.component_access_token", key)
    return msgspec.structs.replace(made, component_access_token=token)


def _fresh_key(kind: AppKind, name: str, ids: Ids) -> str:
    if kind == "web":
        return "aw" + ids.hex(14, "client_key", name)
    return "tt" + ids.hex(16, "client_key", name) + "01"


def _fresh_secret(kind: AppKind, name: str, ids: Ids) -> str:
    return ids.hex(32 if kind == "web" else 40, "client_secret", name)
