"""Operations on a world's apps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from mockdouyin.control._error_texts import (
    APP_FIELD,
    APP_KEEPS,
    APP_KEY_TAKEN,
    APP_NAME_TAKEN,
    PAYMENT_FIELD,
)
from mockdouyin.control._names import check_name, free_name
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.core import bounds
from mockdouyin.core.apps import (
    PAYMENT_URLS,
    App,
    AppKind,
    AppSpec,
    Webhook,
    amend_app,
    make_app,
)
from mockdouyin.core.crypto import load_public_key
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
)
from mockdouyin.core.outbox import Delivery
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.deliveries import check_echo, prepare_challenge


class WebhookShown(Shown):
    """An app's webhook.

    应用的 webhook。
    """

    url: str
    secret: str
    """The secret that signs its deliveries, if it is not the app's.

    投递用的签名密钥，如果不是应用的 secret。"""
    events: list[str] | None
    """The subscribed events; null for all of them.

    订阅的事件；null 是全部。"""
    verified: bool
    """Whether its receiver has answered the challenge.

    接收端是否通过了 challenge 校验。"""


class TemplateShown(Shown):
    """A template for subscription messages.

    一个订阅消息模板。
    """

    kind: Literal["one_time", "long_term"]
    fields: list[str]
    title: str
    quota: int | None
    """Messages per authorization.

    每次授权可以发几条。"""


class PaymentShown(Shown):
    """An app's settings of guaranteed payment (担保支付); empty for other kinds of apps.

    应用的担保支付设置，别的种类的应用都是空的。
    """

    salt: str
    """The SALT that signs requests at production.

    生产环境请求签名用的 SALT。"""
    sandbox_salt: str
    token: str
    """The Token that signs callbacks.

    回调签名用的 Token。"""
    merchant_uid: str
    notify_url: str
    """Where callbacks go if a request names no notify_url.

    请求没有传 notify_url 时，回调发到这里。"""
    create_order_callback: str
    """Where an order of tt.createOrder is asked for (预下单扩展点).

    tt.createOrder 下单时询问的地址，即预下单扩展点。"""
    thirdparty_id: str
    thirdparty_salt: str
    component_access_token: str
    """The token of that provider, if the app has one.

    服务商的 token，如果应用有。"""


class AppShown(Shown, kw_only=True):
    """An app with its credentials.

    一个应用和它的凭证。
    """

    name: str
    kind: AppKind
    client_key: str
    client_secret: str
    scopes: list[str]
    redirect_uris: list[str]
    public_key: str
    webhook: WebhookShown | None
    payment: PaymentShown
    templates: dict[str, TemplateShown]
    authorizer_token: str
    developer: str
    banned: bool
    trial: bool
    testers: list[str]


class AppsShown(Shown):
    """Apps of a world.

    世界里的应用。
    """

    apps: list[AppShown]


def show_app(app: App) -> AppShown:
    """Return an app as the API shows it."""
    return typed(app, AppShown)


class AppsQuery(OperationQuery):
    """Which apps to list.

    列出哪些应用。
    """

    app: str = ""
    """The client_key or name of the only one to list.

    只列出这个应用：client_key 或名称。"""


@operation("GET", "/apps", long=True)
def apps(call: OperationCall[AppsQuery]) -> Step[AppsShown]:
    """List the world's apps, or one of them.

    列出世界里的应用，或其中一个。
    """
    world, only = call.world, call.given.app
    found = [world.find_app(only)] if only else list(world.apps.values())
    return After(lambda: AppsShown(apps=[show_app(app) for app in found]))


class NewApp(AppSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `add_app` and `change_app`.

    add_app 和 change_app 的请求体。
    """

    name: str | None = None
    """The app's name in this world; by default its kind.

    应用在这个世界里的名称，默认是它的种类。"""
    verify: bool = True
    """Whether a webhook's receiver has to answer the challenge first.

    是否先让 webhook 的接收端通过 challenge 校验。"""


def _check_app(given: NewApp) -> None:
    """Raise if a name, key or secret has characters that calls cannot carry, or a bad RSA key."""
    check_name(given.name)
    for field in ("client_key", "client_secret"):
        text = getattr(given, field)
        if text and (says := bounds.key_problem(text)):
            raise MockDouyinError(APP_FIELD(field=field, says=says))
    for field, text in _payment_texts(given):
        if text and (says := bounds.key_problem(text)):
            raise MockDouyinError(PAYMENT_FIELD(field=field, says=says))
    if given.public_key:
        load_public_key(given.public_key)


def _payment_texts(given: NewApp) -> Iterator[tuple[str, str | None]]:
    """Yield the keys and numbers of the payment settings that are given."""
    for field in () if given.payment is None else given.payment.__struct_fields__:
        if field not in PAYMENT_URLS:
            yield field, getattr(given.payment, field)


def _spec(given: NewApp) -> AppSpec:
    return AppSpec(**{f: getattr(given, f) for f in AppSpec.__struct_fields__})


@operation("POST", "/apps")
def add_app(call: OperationCall[NewApp]) -> Step[AppShown]:
    """Register an app; what is left out is made up.

    登记一个应用，没写的自动生成。
    """
    given, world = call.given, call.world
    _check_app(given)
    names = {app.name for app in world.apps.values()}
    name = given.name or free_name("app", names, len(world.apps))
    if name in names:
        raise ConflictError(APP_NAME_TAKEN(name=name))
    world.check_room()
    app = make_app(name, msgspec.structs.replace(_spec(given), webhook=None), world.ids)
    if app.client_key in world.apps:
        raise ConflictError(APP_KEY_TAKEN(client_key=app.client_key))
    world.register(app)
    call.note("app.add", act_texts.APP_ADDED(app=name), app=app.client_key)
    return _set_webhook(call, app.client_key, given)


@operation("PATCH", "/apps/{key}")
def change_app(call: OperationCall[NewApp]) -> Step[AppShown]:
    """Change an app: a field that is given replaces the old value, templates are merged.

    修改应用：给出的字段替换旧值，模板则合并。
    """
    given, world = call.given, call.world
    _check_app(given)
    app = world.find_app(call.path["key"])
    if given.client_key not in (None, app.client_key) or given.kind not in (None, app.kind):
        raise MockDouyinError(APP_KEEPS())
    world.register(amend_app(app, msgspec.structs.replace(_spec(given), webhook=None)))
    call.note("app.change", act_texts.APP_CHANGED(app=app.name), app=app.client_key)
    return _set_webhook(call, app.client_key, given)


def _set_webhook(call: OperationCall[NewApp], key: str, given: NewApp) -> Step[AppShown]:
    """Merge a webhook into an app's, and show the app.

    A new URL has to answer Douyin's challenge first, which may take its receiver seconds.
    """
    world = call.world
    if given.webhook is None:
        return show_app(world.apps[key])

    def register() -> AppShown:
        # Merge again: the app may have changed while the receiver was asked.
        app = world.find_app(key)
        world.register(msgspec.structs.replace(app, webhook=_merged(call, app, given)))
        return show_app(world.apps[key])

    webhook = _merged(call, world.apps[key], given)
    if not (given.verify and "url" in call.body["webhook"] and webhook.url):
        return register()
    challenge = prepare_challenge(world, world.apps[key], webhook)

    def check(sent: Delivery) -> AppShown:
        check_echo(webhook, sent)
        return register()

    deliverer = call.sandbox.deliverer
    return Waiting(lambda: deliverer.try_now(world, challenge), check)


def _merged(call: OperationCall[NewApp], app: App, given: NewApp) -> Webhook:
    """Return the app's webhook with the fields that were given."""
    named = call.body["webhook"]
    before = app.webhook or Webhook(verified=False)
    changed = {name: getattr(given.webhook, name) for name in named if name != "verified"}
    verified = before.verified or "url" in named or not given.verify
    return msgspec.structs.replace(before, **changed, verified=verified)
