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
    """A template for subscription messages of one app."""

    kind: Literal["one_time", "long_term"] = "one_time"
    fields: tuple[str, ...] = ()
    """The keywords that a message's `data` must have: all of them and no others."""
    title: str = ""
    quota: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Messages per authorization; by default 1 for one_time and unlimited for long_term."""

    @property
    def messages(self) -> int | None:
        """Messages per authorization; None means unlimited."""
        return self.quota if self.quota is not None else (1 if self.kind == "one_time" else None)


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an app's events are sent, and which of them."""

    url: str = ""
    secret: str = ""
    """The key of X-Douyin-Signature; the client_secret if it is not set."""
    events: tuple[str, ...] | None = None
    """The subscribed events; all of them if omitted."""
    verified: bool = True
    """Whether the receiver has answered the challenge; assumed for a scenario's webhook."""


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
    """The payment settings of an app as a scenario or the control API gives them."""

    salt: str | None = None
    sandbox_salt: str | None = None
    token: str | None = None
    merchant_uid: str | None = None
    notify_url: str | None = None
    thirdparty_id: str | None = None
    thirdparty_salt: str | None = None
    component_access_token: str | None = None


class AppSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app as a scenario or the control API describes it; omitted fields are generated."""

    kind: AppKind | None = None
    client_key: str | None = None
    client_secret: str | None = None
    scopes: tuple[str, ...] | None = None
    redirect_uris: tuple[str, ...] | None = None
    public_key: str | None = None
    webhook: Webhook | None = None
    payment: PaymentSpec | None = None
    """Its SALT, Token and merchant of guaranteed payment; what is left out is generated."""
    templates: dict[str, Template] | None = None
    developer: str | None = None
    banned: bool | None = None
    trial: bool | None = None
    """Not released yet: for 120 days only its testers can consent and be queried."""
    testers: tuple[str, ...] | None = None
    """The names of the people on a trial app's white list."""


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
