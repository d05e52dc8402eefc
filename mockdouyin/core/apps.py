"""Apps: what a developer registered with the platform, with key, secret, scopes and templates."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.ids import Ids
from mockdouyin.core.scopes import SCOPES

AppKind = Literal["mini_program", "mini_game", "web"]
KINDS: tuple[AppKind, ...] = ("mini_program", "mini_game", "web")

MAX_APPS = 1000
"""Apps of one world."""

REDIRECT_URI = "https://app.example.test/douyin/callback"


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A subscription-message template of one app."""

    kind: Literal["one_time", "long_term"] = "one_time"
    fields: tuple[str, ...] = ()
    """The keywords that `data` of a message must have, all and no others."""
    title: str = ""
    quota: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Messages for each authorization: 1 for one_time, unbounded for long_term, unless set."""

    @property
    def messages(self) -> int | None:
        """How many messages one authorization gives; None is no bound."""
        return self.quota if self.quota is not None else (1 if self.kind == "one_time" else None)


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an app's events go, and which."""

    url: str = ""
    secret: str = ""
    """The key of X-Douyin-Signature; where none is set, it is the client_secret."""
    events: tuple[str, ...] | None = None
    """The subscribed events; all of them where this is left out."""
    verified: bool = True
    """Whether the receiver has answered the challenge; one that a scenario names counts so."""


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A registered application."""

    name: str
    kind: AppKind
    client_key: str
    client_secret: str
    scopes: tuple[str, ...] = SCOPES
    redirect_uris: tuple[str, ...] = (REDIRECT_URI,)
    public_key: str = ""
    """The app's RSA public key (应用公钥); phone numbers by code are sealed with it."""
    webhook: Webhook | None = None
    templates: dict[str, Template] = {}
    authorizer_token: str = ""
    """A service provider's token for this app (isvact.…); it does not expire here."""
    developer: str = "developer"
    """Apps of one developer see the same union_id of a person."""
    banned: bool = False
    """The platform has taken the app offline."""
    trial: bool = False
    """Not released yet: only its testers can consent and be asked about, for 120 days."""
    testers: tuple[str, ...] = ()
    """The people on the white list of a trial app."""
    trial_since: float = 0.0
    """The world's time at which the trial began."""
    any_secret: bool = False
    """Registered on first sight, so that its secret is not known."""


class AppSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app as a scenario or the control API writes it; what is left out is made up."""

    kind: AppKind | None = None
    client_key: str | None = None
    client_secret: str | None = None
    scopes: tuple[str, ...] | None = None
    redirect_uris: tuple[str, ...] | None = None
    public_key: str | None = None
    webhook: Webhook | None = None
    templates: dict[str, Template] | None = None
    developer: str | None = None
    banned: bool | None = None
    trial: bool | None = None
    """Not released yet: only its testers can consent and be asked about, for 120 days."""
    testers: tuple[str, ...] | None = None
    """The people on the white list of a trial app, by name."""


class DemoApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The credentials of an app of the world `default`, which never change."""

    kind: AppKind
    client_key: str
    client_secret: str
    template: str


def demo_apps() -> dict[AppKind, DemoApp]:
    """Give the demo credentials, by kind."""
    apps: tuple[DemoApp, ...] = resources.records("apps.json", DemoApp)  # type: ignore[assignment]
    return {app.kind: app for app in apps}


def kind_of(client_key: str) -> AppKind:
    """Guess the kind from a key's head: web apps' begin with `aw`, mini-apps' with `tt`."""
    return "web" if client_key.startswith("aw") else "mini_program"


def kind_of_spec(spec: AppSpec) -> AppKind:
    """Return the kind of the app that a spec describes."""
    return spec.kind or (kind_of(spec.client_key) if spec.client_key else "mini_program")


_MADE_UP = Template(fields=("快递派送",), title="快递通知")
"""The template of an app that names none."""


def make_app(
    name: str, spec: AppSpec, ids: Ids, *, demo: bool = False, any_secret: bool = False
) -> App:
    """Complete a spec: with the demo credentials in the world `default`, else with fresh ones."""
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
        authorizer_token="isvact." + ids.tag + ids.hex(32, "authorizer_token", key),
        templates={template: _MADE_UP} if spec.templates is None else {},
    )
    return amend_app(made, spec)


def amend_app(app: App, spec: AppSpec) -> App:
    """Lay a spec over an app: what it names replaces, and templates merge."""
    given = {
        field: value
        for field in spec.__struct_fields__
        if field not in ("templates", "client_key", "kind")
        and (value := getattr(spec, field)) is not None
    }
    if spec.templates:
        given["templates"] = {**app.templates, **spec.templates}
    return msgspec.structs.replace(app, **given) if given else app


def _fresh_key(kind: AppKind, name: str, ids: Ids) -> str:
    if kind == "web":
        return "aw" + ids.hex(14, "client_key", name)
    return "tt" + ids.hex(16, "client_key", name) + "01"


def _fresh_secret(kind: AppKind, name: str, ids: Ids) -> str:
    return ids.hex(32 if kind == "web" else 40, "client_secret", name)
