"""Endpoints and families: an endpoint is one declared function, all else is derived from it.

    family = Family("tickets", host="open.douyin.com", envelope=Extra(), …)

    @family.endpoint("GET", "/js/getticket/", doc=…, basis="documented", errors=…)
    def js_ticket(call: Call[Token]) -> Ticket: ...

The declaration is the only place where a path is written. The route, the list of hosts to
intercept, the error cases, the OpenAPI document and the tables in the docs are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import msgspec

from mockdouyin.core import _credential_texts as credential_texts
from mockdouyin.core import _texts as texts
from mockdouyin.core.apps import App
from mockdouyin.core.credentials import (
    READ_HEADERS,
    CredentialKind,
    identify_in_apps,
    why_other_kind,
)
from mockdouyin.core.envelopes import NOTHING, Envelope, Passport, PlainText
from mockdouyin.core.errors import (
    Basis,
    DouyinError,
    ErrorCase,
    MockDouyinError,
    did_you_mean,
    near_hint,
)
from mockdouyin.core.http import Request
from mockdouyin.core.multipart import File
from mockdouyin.core.pages import Redirect
from mockdouyin.core.parameters import JSON_LIMIT
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Text
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState

DOCS = "https://developer.open-douyin.com/docs/resource/zh-CN/"

APP_KEYS = ("client_key", "appid", "app_id", "ma_app_id")
"""The wire's parameter names for an app's client_key."""

CREDENTIALS = ("access_token", "refresh_token", "code", "anonymous_code")
"""The wire's parameter names for credentials that we issued: their tag names the world."""


TOKEN_HEADERS = ("access-token",)
"""The header in which the docs of open.douyin.com put a token."""
OLDER_TOKEN_HEADERS = tuple(name.decode() for name in READ_HEADERS)
"""The headers that docs and clients of the older hosts use; the body or query may have it too."""

BODY_LIMIT = JSON_LIMIT
"""Maximum bytes of a body, unless the endpoint is declared to take files."""


class Fields(msgspec.Struct, kw_only=True):
    """The parameters that an endpoint reads; omitted ones are empty."""


class TokenFields(Fields, kw_only=True):
    """Parameters of an endpoint that needs a token, which clients send in four places."""

    access_token: str = ""


class PersonFields(TokenFields, kw_only=True):
    """Parameters of an endpoint that acts on the token's person."""

    open_id: str = ""


F_co = TypeVar("F_co", bound=Fields, covariant=True)


class Call(Generic[F_co]):
    """One call of an endpoint: the request, its fields, and the world and unit it runs in."""

    __slots__ = (
        "app",
        "denied",
        "endpoint",
        "fields",
        "now",
        "person",
        "request",
        "token",
        "unit",
        "world",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        world: WorldState,
        unit: Unit,
        request: Request,
        fields: F_co,
        token: str,
    ) -> None:
        self.endpoint: Endpoint = endpoint
        self.world: WorldState = world
        self.unit: Unit = unit
        self.now: float = unit.now
        self.request: Request = request
        self.fields: F_co = fields
        self.token: str = token
        self.app: App | None = None
        """The calling app, once known; shown in the journal."""
        self.person: str = ""
        """The person whom the call is about, once known; shown in the journal."""
        self.denied: bool = False
        """Whether that person declined to consent; the journal shows the call as refused."""

    def emit(
        self,
        event: str,
        person: str,
        *,
        other: str | None = None,
        content: dict[str, Any] | None = None,
    ) -> None:
        """Send an event to the app's webhook when this call is committed."""
        if self.app is not None:
            details = content or {}
            emit(self.world, self.unit, self.app, event, person, other=other, content=details)

    def need(self, case: int | str, *names: str) -> None:
        """Refuse the call if one of these parameters is missing or empty."""
        for name in names:
            if not getattr(self.fields, name):
                why = texts.FIELD_EMPTY(name=name)
                raise DouyinError(case, why, detail=f"{name} must have a value")

    def known_app(self, client_key: str, case: int | str) -> App:
        """Return the app with this key, or refuse the call."""
        app = self.world.app_of(client_key)
        if app is None:
            raise DouyinError(case, self._why_no_app(client_key))
        self.app = app
        return app

    def authenticate(
        self, client_key: str, secret: str, bad_key: int | str, bad_secret: int | str
    ) -> App:
        """Return the app with this key and secret, or refuse the call."""
        app = self.known_app(client_key, bad_key)
        self.check_secret(app, secret, bad_secret)
        return app

    def check_secret(self, app: App, secret: str, case: int | str) -> None:
        """Refuse the call if the secret is not the app's; `why` says what was sent instead."""
        if secret == app.client_secret or app.any_secret:
            return
        raise DouyinError(case, self._why_wrong_secret(app, secret))

    def _why_wrong_secret(self, app: App, secret: str) -> Text:
        found = identify_in_apps(self.world, secret)
        if found is not None:
            other = found.says
        else:
            wanted = CredentialKind.CLIENT_SECRET
            other = why_other_kind(self.world, self.unit, secret, wanted)
        if other:
            return credential_texts.SECRET_WRONG_KNOWN(app=app.name, other=other)
        return credential_texts.SECRET_WRONG(app=app.name)

    def _why_no_app(self, client_key: str) -> Text:
        world = self.world
        if not client_key:
            name = next(iter(self.endpoint.app_keys), APP_KEYS[0])
            return texts.FIELD_EMPTY(name=name)
        other = why_other_kind(world, self.unit, client_key, CredentialKind.CLIENT_KEY)
        named = next((a for a in world.apps.values() if a.name == client_key), None)
        if named is not None:
            other = credential_texts.IS_NAME_OF_APP(key=named.client_key)
        if other:
            return credential_texts.APP_KEY_UNKNOWN_KNOWN(key=client_key, other=other)
        hint = near_hint(client_key, world.apps)
        return credential_texts.APP_KEY_UNKNOWN(key=client_key, hint=hint)


EndpointFunction = Callable[[Call[Any]], Any]


_OF_TYPES = ("fields", "reply", "app_keys", "credentials", "takes_token", "takes_file")


class Endpoint:
    """One call of the platform: its methods and paths, its fields, its reply and its errors."""

    def __init__(
        self,
        family: Family,
        function: EndpointFunction,
        methods: tuple[str, ...],
        paths: tuple[str, ...],
        *,
        doc: str,
        basis: Basis,
        errors: Iterable[ErrorCase],
        envelope: Envelope,
        malformed: int,
        empty: Any,
        scope: str,
        body_limit: int,
        token_headers: tuple[str, ...],
    ) -> None:
        self.family = family
        self.function = function
        self.name: str = function.__name__
        self.full_name: str = f"{family.name}.{self.name}"
        self.methods = methods
        self.paths = paths
        self.doc: str = doc if doc.startswith("http") or not doc else DOCS + doc
        self.basis = basis
        self.errors: tuple[ErrorCase, ...] = tuple(errors)
        self.envelope = envelope
        self.code_header: bool = isinstance(envelope, Passport)
        """Whether the error number is also sent in the header bd-tt-error-code (passport only)."""
        self.malformed = malformed
        self.empty = empty
        self.scope = scope
        self.body_limit = body_limit
        self.token_headers = token_headers
        """The headers in which the docs, or a client of Douyin's own, put the token."""
        self._cases: dict[str, ErrorCase] = {}
        for case in self.errors:
            self._cases.setdefault(str(case.code), case)
            if case.name in self._cases:
                raise MockDouyinError(f"{self.full_name} has two error cases {case.name!r}")
            self._cases[case.name] = case
        self.case(malformed)

    def __getattr__(self, name: str) -> Any:
        """Resolve the function's types on first use: most endpoints are never called in a run."""
        if name not in _OF_TYPES:
            raise AttributeError(name)
        hints = get_type_hints(self.function)
        self.fields: type[Fields] = get_args(hints["call"])[0]
        self.reply: type = hints["return"]
        names = self.fields.__struct_fields__
        self.app_keys: tuple[str, ...] = tuple(n for n in APP_KEYS if n in names)
        self.credentials: tuple[str, ...] = tuple(n for n in CREDENTIALS if n in names)
        self.takes_token: bool = "access_token" in names
        self.takes_file: bool = (File | None) in get_type_hints(self.fields).values()
        return getattr(self, name)

    @property
    def is_page(self) -> bool:
        """Whether it answers with a page for a person's browser, not with JSON for a program."""
        return isinstance(self.envelope, PlainText)

    @property
    def wants_json(self) -> bool:
        """Whether its docs ask for a JSON body, and not for a form or a multipart file."""
        return "POST" in self.methods and not self.family.forms and not self.takes_file

    @property
    def answers_json(self) -> bool:
        """Whether a success has a JSON payload: not an empty answer, a redirect or a page."""
        return self.reply not in (type(None), Redirect) and not self.is_page

    @property
    def about(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").partition("\n")[0]

    def find_case(self, case: int | str) -> ErrorCase | None:
        """Return the error case of this number or name, or None if the endpoint has none."""
        return self._cases.get(str(case))

    def case(self, case: int | str) -> ErrorCase:
        """Return the error case of this number or name; raise if the endpoint has none."""
        found = self._cases.get(str(case))
        if found is None:
            names = [c.name for c in self.errors] + [str(c.code) for c in self.errors]
            raise MockDouyinError(
                f"{self.full_name} has no error {str(case)!r}{did_you_mean(str(case), names)}"
            )
        return found


class Family:
    """Endpoints that Douyin documents together: they share hosts, envelope and errors."""

    def __init__(
        self,
        name: str,
        *,
        hosts: tuple[str, ...],
        envelope: Envelope,
        malformed: int,
        errors: Iterable[ErrorCase] = (),
        token_headers: tuple[str, ...] = TOKEN_HEADERS,
        forms: bool = False,
    ) -> None:
        self.name = name
        self.hosts = hosts
        self.endpoints: list[Endpoint] = []
        self._envelope = envelope
        self._malformed = malformed
        self._errors = tuple(errors)
        self._token_headers = token_headers
        self.forms = forms
        """Whether Douyin's own docs and clients send forms to these endpoints as well as JSON."""

    def endpoint(
        self,
        methods: str,
        *paths: str,
        doc: str,
        basis: Basis,
        errors: Iterable[ErrorCase] | None = None,
        envelope: Envelope | None = None,
        malformed: int | None = None,
        empty: Any = NOTHING,
        scope: str = "",
        body_limit: int = BODY_LIMIT,
        token_headers: tuple[str, ...] = (),
    ) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare the endpoint that the decorated function answers.

        `malformed` is the error number for a request that cannot be parsed, `empty` the `data` of
        a failure, `scope` the scope that the app must have. A body longer than `body_limit` is
        read to its end and dropped. `token_headers` are the headers in which the docs put the
        token.
        """

        def declare(function: EndpointFunction) -> EndpointFunction:
            made = Endpoint(
                self,
                function,
                tuple(methods.split()),
                paths,
                doc=doc,
                basis=basis,
                errors=self._errors if errors is None else errors,
                envelope=envelope or self._envelope,
                malformed=self._malformed if malformed is None else malformed,
                empty=empty,
                scope=scope,
                body_limit=body_limit,
                token_headers=token_headers or self._token_headers,
            )
            self.endpoints.append(made)
            return function

        return declare


class Catalogue:
    """All endpoints of some families, by route and by full name."""

    def __init__(self, *families: Family) -> None:
        self.families = families
        self.endpoints: dict[str, Endpoint] = {}
        self.routes: dict[tuple[str, str], Endpoint] = {}
        for family in families:
            for endpoint in family.endpoints:
                self._add(endpoint)

    def _add(self, endpoint: Endpoint) -> None:
        self.endpoints[endpoint.full_name] = endpoint
        for path in endpoint.paths:
            for method in endpoint.methods:
                for form in (path.rstrip("/"), path.rstrip("/") + "/"):
                    if self.routes.setdefault((method, form), endpoint) is not endpoint:
                        raise MockDouyinError(f"{method} {path} is declared twice")

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints.values())

    @property
    def hosts(self) -> list[str]:
        """Every host of Douyin's that serves one of the endpoints, sorted."""
        return sorted({host for family in self.families for host in family.hosts})

    def paths(self) -> dict[str, list[str]]:
        """Return every path with its methods."""
        known: dict[str, list[str]] = {}
        for endpoint in self:
            for path in endpoint.paths:
                known.setdefault(path, []).extend(endpoint.methods)
        return known
