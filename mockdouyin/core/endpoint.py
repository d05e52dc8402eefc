"""Endpoints and families: an endpoint is declared in one place, all else is derived from it.

    family = Family("tickets", host="open.douyin.com", envelope=Extra(), …)

    @family.endpoint("GET", "/js/getticket/", doc=…, basis="documented", errors=…)
    def js_ticket(call: Call[TokenFields]) -> Ticket: ...

An endpoint that is data is declared by `family.add`, with a handler that it may share with others.

The declaration is the only place where a path is written. The route, the list of hosts to
intercept, the error cases, the OpenAPI document and the tables in the docs are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from typing import (
    Any,
    Literal,
    Protocol,
    Required,
    TypedDict,
    Unpack,
    get_args,
    get_type_hints,
)

import msgspec

from mockdouyin.core._error_texts import NO_ERROR_CASE
from mockdouyin.core.calls import APP_KEYS, CREDENTIALS, PROVIDER_KEYS, Call, Fields
from mockdouyin.core.credentials import READ_HEADERS
from mockdouyin.core.envelopes import NOTHING, Envelope, Extra, Passport, PlainText
from mockdouyin.core.errors import (
    Basis,
    ErrorCase,
    MockDouyinError,
    suggestion,
)
from mockdouyin.core.multipart import File
from mockdouyin.core.pages import Download, Redirect
from mockdouyin.core.parameters import JSON_LIMIT
from mockdouyin.core.titles import titles

DOCS = "https://developer.open-douyin.com/docs/resource/zh-CN/"

TOKEN_HEADERS = ("access-token",)
"""The header in which the docs of open.douyin.com put a token."""
OLDER_TOKEN_HEADERS = tuple(name.decode() for name in READ_HEADERS)
"""The headers that docs and clients of the older hosts use; the body or query may have it too."""

State = Literal["full", "generic", "shape only"]
"""How much is emulated: all that the docs say, records that are made and changed, or a reply of
the right form with values that nothing changes."""

BODY_LIMIT = JSON_LIMIT
"""Maximum bytes of a body, unless the endpoint is declared to take files."""

FILE_LIMIT = 20 * 1024 * 1024
"""Maximum bytes of a body with a file, unless its endpoint says otherwise."""


EndpointHandler = Callable[[Call[Any]], Any]
"""Answers a call: returns the bare payload, or raises `DouyinError`."""


class EndpointTypes(msgspec.Struct, frozen=True):
    """The types of an endpoint's request and reply, and what follows from them."""

    fields: type[Fields]
    reply: type
    app_keys: tuple[str, ...]
    """The parameters that hold an app's client_key."""
    credentials: tuple[str, ...]
    """The parameters that hold a credential, whose tag names the world."""
    provider_keys: tuple[str, ...]
    """The parameters that name a service provider."""
    takes_token: bool
    takes_file: bool

    @classmethod
    def of(cls, fields: type[Fields], reply: type) -> EndpointTypes:
        """Derive everything from the two types."""
        hints = get_type_hints(fields)
        texts = {name for name, hint in hints.items() if hint in (str, str | None)}
        return cls(
            fields,
            reply,
            app_keys=tuple(name for name in APP_KEYS if name in texts),
            credentials=tuple(name for name in CREDENTIALS if name in texts),
            provider_keys=tuple(name for name in PROVIDER_KEYS if name in texts),
            takes_token="access_token" in texts,
            takes_file=(File | None) in hints.values(),
        )


class Described(Protocol):
    """What an OpenAPI document says of an endpoint whose types say too little."""

    @property
    def request(self) -> dict[str, Any]:
        """The JSON Schema of its parameters."""

    @property
    def reply(self) -> dict[str, Any] | None:
        """The JSON Schema of its payload; None if it has none."""

    @property
    def request_example(self) -> dict[str, Any]:
        """Parameters that might be sent."""

    @property
    def reply_example(self) -> Any:
        """A payload that might be given."""


class Declared(TypedDict, total=False):
    """What a declaration says of an endpoint beside its route; the family's is the default."""

    doc: Required[str]
    """Its page in Douyin's docs: an address, or the part of one below `DOCS`."""
    basis: Required[Basis]
    """How sure it is that Douyin behaves like this."""
    errors: Iterable[ErrorCase] | None
    envelope: Envelope | None
    malformed: int | None
    """The error number for a request that cannot be parsed."""
    empty: Any
    """The `data` of a failure."""
    scope: str
    """The scope that the app must have."""
    state: State
    """How much is emulated; of an endpoint that is a function, everything."""
    body_limit: int
    """Bytes of a body: a longer one is read to its end and dropped."""
    token_headers: tuple[str, ...]
    """The headers in which the docs, or a client of Douyin's own, put the token."""


class Endpoint:
    """One call of the platform: its methods and paths, its types, its handler and its errors."""

    def __init__(
        self,
        family: Family,
        name: str,
        methods: tuple[str, ...],
        paths: tuple[str, ...],
        *,
        handler: EndpointHandler,
        types: Callable[[], tuple[type[Any], type]],
        about: str,
        doc: str,
        basis: Basis,
        errors: Iterable[ErrorCase] | None = None,
        envelope: Envelope | None = None,
        malformed: int | None = None,
        empty: Any = NOTHING,
        scope: str = "",
        state: State = "full",
        body_limit: int = BODY_LIMIT,
        token_headers: tuple[str, ...] = (),
        described: Described | None = None,
    ) -> None:
        self.family = family
        self.name = name
        self.full_name: str = f"{family.name}.{name}"
        self.methods = methods
        self.paths = paths
        self.handler = handler
        self._types = types
        self.about = about
        """One sentence on what it does."""
        self.doc: str = doc if doc.startswith("http") or not doc else DOCS + doc
        self.basis = basis
        self.errors: tuple[ErrorCase, ...] = family.errors if errors is None else tuple(errors)
        self.envelope: Envelope = envelope or family.envelope
        self.code_header: bool = isinstance(self.envelope, Passport)
        """Whether the error number is also sent in the header bd-tt-error-code (passport only)."""
        self.malformed: int = family.malformed if malformed is None else malformed
        self.empty = empty
        self.scope = scope
        self.state: State = state
        self.body_limit = body_limit
        self.token_headers: tuple[str, ...] = token_headers or family.token_headers
        self.described = described
        self._cases: dict[str, ErrorCase] = self._by_number_and_name()
        self.case(self.malformed)

    def _by_number_and_name(self) -> dict[str, ErrorCase]:
        cases: dict[str, ErrorCase] = {}
        for case in self.errors:
            cases.setdefault(str(case.code), case)
            if case.name in cases:
                raise MockDouyinError(f"{self.full_name} has two error cases {case.name!r}")
            cases[case.name] = case
        return cases

    @cached_property
    def types(self) -> EndpointTypes:
        """The types of its request and reply, resolved on first use.

        Most endpoints are never called in a run.
        """
        return EndpointTypes.of(*self._types())

    @property
    def title(self) -> str:
        """What Douyin's docs call it, in Chinese; where that is not known, what it does."""
        return titles().get(self.full_name) or self.about

    @property
    def note(self) -> str:
        """Where its answer differs from what the docs show, in Chinese; mostly empty."""
        return ""

    @property
    def is_declared(self) -> bool:
        """Whether it is data, so that the names of its parameters mean what they mean there."""
        return self.described is not None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return self.types.fields.__struct_fields__

    @property
    def takes_token(self) -> bool:
        """Whether it needs a token."""
        return self.types.takes_token

    @property
    def takes_file(self) -> bool:
        """Whether a file is sent to it, in a form of several parts."""
        return self.types.takes_file

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
        """Whether a success has a JSON payload: not nothing, a redirect, a file or a page."""
        return self.types.reply not in (type(None), Redirect, Download) and not self.is_page

    def find_case(self, case: int | str) -> ErrorCase | None:
        """Return the error case of this number or name, or None if the endpoint has none.

        A name may be in capitals, as the platform writes its own for Aweme-Negative-Test.
        """
        name = str(case)
        return self._cases.get(name) or self._cases.get(name.lower())

    def case(self, case: int | str) -> ErrorCase:
        """Return the error case of this number or name; raise if the endpoint has none."""
        found = self.find_case(case)
        if found is None:
            names = [c.name for c in self.errors] + [str(c.code) for c in self.errors]
            raise MockDouyinError(
                NO_ERROR_CASE(
                    endpoint=self.full_name, case=str(case), hint=suggestion(str(case), names)
                )
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
        self.envelope = envelope
        self.malformed = malformed
        self.errors: tuple[ErrorCase, ...] = tuple(errors)
        self.token_headers = token_headers
        self.forms = forms
        """Whether Douyin's own docs and clients send forms to these endpoints as well as JSON."""

    @property
    def title(self) -> str:
        """What it is for, in Chinese."""
        return titles().get(self.name, self.name)

    def endpoint(
        self, methods: str, *paths: str, **declared: Unpack[Declared]
    ) -> Callable[[EndpointHandler], EndpointHandler]:
        """Declare the endpoint that the decorated function answers.

        Its name, its types and what it is about are read off the function.
        """

        def declare(function: EndpointHandler) -> EndpointHandler:
            self.add(
                function.__name__,
                methods,
                *paths,
                handler=function,
                types=partial(_annotated_types, function),
                about=(function.__doc__ or "").partition("\n")[0],
                **declared,
            )
            return function

        return declare

    def add(
        self,
        name: str,
        methods: str,
        *paths: str,
        handler: EndpointHandler,
        types: Callable[[], tuple[type[Any], type]],
        about: str,
        **declared: Unpack[Declared],
    ) -> Endpoint:
        """Declare an endpoint from data.

        `methods` are separated by spaces. Many endpoints may have one handler, which finds out by
        `call.endpoint` which of them was called. `types` returns the types of the request and of
        the reply; it is called on first use. A type made by `msgspec.defstruct` needs a name that
        no other type of its module has.
        """
        made = Endpoint(
            self,
            name,
            tuple(methods.split()),
            paths,
            handler=handler,
            types=types,
            about=about,
            **declared,
        )
        self.endpoints.append(made)
        return made


@cache
def forgotten_endpoint(full_name: str) -> Endpoint:
    """Return an endpoint of which nothing but the name is known any more."""
    family, _, name = full_name.partition(".")
    malformed = ErrorCase(400, "bad_params", "", "assumed")
    of = Family(family, hosts=(), envelope=Extra(), malformed=400, errors=(malformed,))
    return Endpoint(
        *(of, name, (), ()),
        handler=lambda call: None,
        types=lambda: (Fields, type(None)),
        about="",
        doc="",
        basis="assumed",
    )


def _annotated_types(function: EndpointHandler) -> tuple[type[Fields], type]:
    """Read the types of the request and of the reply off a function's annotations."""
    hints = get_type_hints(function)
    return get_args(hints["call"])[0], hints["return"]
