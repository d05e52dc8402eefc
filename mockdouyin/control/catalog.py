"""Operations on the server as a whole: health, interception, what is emulated."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from mockdouyin.control._error_texts import (
    ENDPOINTS_LISTED,
    MEANT,
    NO_API,
    NO_ENDPOINT,
    NOT_EMULATED_YET,
    NOT_INTERCEPTING,
)
from mockdouyin.control._operations import OPERATIONS, OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import State
from mockdouyin.core.errors import (
    Basis,
    NotFoundError,
    suggestion,
)
from mockdouyin.core.texts import Language, Text
from mockdouyin.domain.subjects import subjects_of
from mockdouyin.endpoints.error_tables.causes import cause_text
from mockdouyin.endpoints.unserved_paths import find_known_path, find_meant_name, meant_path
from mockdouyin.phone import APIS
from mockdouyin.scenario import scenario as files


class Health(Shown):
    """That the server is up, and its version."""

    status: str
    version: str


@operation("GET", "/health", in_world=False, is_static=True)
def health(call: OperationCall[None]) -> Health:
    """Report that the server is up, and its version."""
    from mockdouyin.core.version import __version__

    return Health(status="ok", version=__version__)


class Interception(Shown):
    """How clients are led here instead of to Douyin's hosts."""

    proxy: str
    """The proxy's host and port."""
    folder: str
    """Where the files for clients are."""
    hosts: list[str]
    certificate: str
    """The certificate of the authority, as PEM."""
    key_hash: str


@operation("GET", "/interception", in_world=False, is_static=True)
def interception(call: OperationCall[None]) -> Interception:
    """Report how clients are led here instead of to Douyin's hosts: proxy, certificate, folder."""
    intercepted = call.sandbox.interception
    if intercepted is None:
        raise NotFoundError(NOT_INTERCEPTING())
    return typed(intercepted, Interception)


class OpenApiQuery(OperationQuery):
    """What the document describes: `platform`, every emulated endpoint; `control`, this API."""

    part: Literal["all", "platform", "control"] = "all"


@operation("GET", "/openapi.json", in_world=False, long=True, is_static=True)
def openapi(call: OperationCall[OpenApiQuery]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the platform, of this API, or of both."""
    from mockdouyin.control._openapi import document

    return document(OPERATIONS, call.sandbox.catalogue, call.given.part)


class EndpointShown(Shown, kw_only=True):
    """An emulated endpoint."""

    name: str
    methods: list[str]
    paths: list[str]
    hosts: list[str]
    about: str
    title: str
    """What Douyin's docs call it, in Chinese."""
    basis: Basis
    """How sure we are of its behaviour."""
    state: State
    """How much of it is emulated."""
    doc: str
    """Its page in Douyin's docs."""
    scope: str
    parameters: list[str]
    subjects: list[str]
    """What else `when` of a rule can ask of its calls: `person`, `app`."""
    errors: int
    """How many errors it has; `errors` lists them."""
    declared: bool
    """Whether a world's scenario declares it."""


class PhoneApiShown(Shown):
    """A tt API of the emulated phone."""

    name: str
    about: str
    arguments: list[str]
    asks: bool
    """Whether it shows a sheet on which the person allows or denies."""


class Emulated(Shown):
    """What is emulated."""

    endpoints: list[EndpointShown]
    families: dict[str, str]
    """What the endpoints of each family are for, in Chinese."""
    phone: list[PhoneApiShown]


@operation("GET", "/endpoints", in_world=False, long=True, is_static=True)
def endpoints(call: OperationCall[None]) -> Emulated:
    """List the emulated endpoints and tt APIs, each endpoint with its basis and state."""
    return _emulated(call.sandbox.catalogue)


@operation("GET", "/endpoints", is_short=False, long=True)
def world_endpoints(call: OperationCall[None]) -> Step[Emulated]:
    """List what answers in a world: what is emulated, and what its scenario declares."""
    catalogue = call.world.catalogue
    return After(lambda: _emulated(catalogue))


def _emulated(catalogue: Catalogue) -> Emulated:
    declared = {endpoint.full_name for endpoint in catalogue.added.values()}
    listed = [
        EndpointShown(
            name=endpoint.full_name,
            methods=list(endpoint.methods),
            paths=list(endpoint.paths),
            hosts=list(endpoint.family.hosts),
            about=endpoint.about,
            title=endpoint.title,
            basis=endpoint.basis,
            state=endpoint.state,
            doc=endpoint.doc,
            scope=endpoint.scope,
            parameters=list(endpoint.parameters),
            subjects=list(subjects_of(endpoint)),
            errors=len(endpoint.errors),
            declared=endpoint.full_name in declared,
        )
        for endpoint in catalogue
    ]
    phone = [
        PhoneApiShown(
            name=api.full_name,
            about=api.about,
            arguments=list(api.takes),
            asks=api.sheet is not None,
        )
        for api in APIS.values()
    ]
    families = {each.family.name: each.family.title for each in catalogue}
    return Emulated(endpoints=listed, families=families, phone=phone)


class ErrorQuery(OperationQuery):
    """Whose errors to list: an endpoint's name or path, or a tt API's full name; by default those
    of all endpoints."""

    endpoint: str = ""


class ErrorShown(Shown, kw_only=True):
    """An error that can be provoked."""

    endpoint: str
    code: int
    name: str
    text: str
    basis: Basis
    cause: str
    """What leads to it in a running world; `system` if only a trigger can provoke it."""
    doc: str


class ErrorsShown(Shown):
    """Errors that can be provoked."""

    errors: list[ErrorShown]


@operation("GET", "/errors", in_world=False, long=True, is_static=True)
def errors(call: OperationCall[ErrorQuery]) -> ErrorsShown:
    """List every error that can be provoked, of all endpoints or of one, or of one tt API."""
    wanted, catalogue = call.given.endpoint, call.sandbox.catalogue
    if wanted.startswith("phone."):
        return ErrorsShown(errors=_phone_errors(wanted, call.language))
    rows = [
        ErrorShown(
            endpoint=endpoint.full_name,
            code=case.code,
            name=case.name,
            text=case.text,
            basis=case.basis,
            cause=cause_text(case.cause).render(call.language),
            doc=endpoint.doc,
        )
        for endpoint in catalogue
        if wanted in ("", endpoint.full_name, endpoint.name, *endpoint.paths)
        for case in endpoint.errors
    ]
    if not rows:
        raise NotFoundError(NO_ENDPOINT(wanted=wanted, instead=_instead_of(wanted, catalogue)))
    return ErrorsShown(errors=rows)


def _instead_of(wanted: str, catalogue: Catalogue) -> Text:
    """Say what may be asked for in place of a name or a path that no endpoint has."""
    if wanted.startswith("/"):
        known = find_known_path(wanted, catalogue)
        if known is not None and not known.is_emulated:
            return NOT_EMULATED_YET()
        near = meant_path(wanted, catalogue)
    else:
        names = [*(e.full_name for e in catalogue), *(e.name for e in catalogue)]
        near = find_meant_name(wanted, names)
    return MEANT(near=near) if near else ENDPOINTS_LISTED()


def _phone_errors(wanted: str, language: Language) -> list[ErrorShown]:
    """Return what a tt API can pass to `fail`; a number of 0 is left out of what it passes."""
    apis = {api.full_name: api for api in APIS.values()}
    if wanted not in apis:
        raise NotFoundError(NO_API(wanted=wanted, hint=suggestion(wanted, apis)))
    return [
        ErrorShown(
            endpoint=wanted,
            code=case.code,
            name=case.name,
            text=case.text,
            basis=case.basis,
            cause=cause_text(case.cause).render(language),
            doc="",
        )
        for case in apis[wanted].fails
    ]


class ScenarioShown(Shown, kw_only=True):
    """A scenario that a world can begin with."""

    name: str
    about: str
    """What happens in it, and how to see it; empty for a file that the server was started with."""
    text: str | None
    """Its YAML; null for such a file."""


class ScenariosShown(Shown):
    """Scenarios that `POST /_mock/worlds` takes by name."""

    scenarios: list[ScenarioShown]


@operation("GET", "/scenarios", in_world=False, long=True, is_static=True)
def scenarios(call: OperationCall[None]) -> ScenariosShown:
    """List the built-in scenarios, and the files that the server was started with."""
    known = built_in_scenarios()
    # What is in a file is for those who may read it: a caller over HTTP gets its name alone.
    given = [name for name in call.sandbox.scenarios if name not in {each.name for each in known}]
    named = [ScenarioShown(name=name, about="", text=None) for name in given]
    return ScenariosShown(scenarios=[*named, *known])


@cache
def built_in_scenarios() -> tuple[ScenarioShown, ...]:
    """Return the built-in scenarios; they are read once."""
    return tuple(
        ScenarioShown(
            name=name,
            about=" ".join(files.read(name).about.split()),
            text=files.source_text(name),
        )
        for name in files.names()
    )


class ClientSettings(Shown):
    """Settings that lead clients to this world at Douyin's own hosts, ready to be pasted."""

    shell: str
    runtimes: dict[str, str]
    """By the runtime of the client; empty unless the server intercepts Douyin's hosts."""
    browser: str
    """The command that starts a throw-away Chromium; empty as well."""


class ClientSettingsQuery(OperationQuery):
    """The syntax of the settings: sh, fish, powershell, dotenv or json."""

    shell: str = "sh"


@operation("GET", "/environment")
def environment(call: OperationCall[ClientSettingsQuery]) -> ClientSettings:
    """Show what `mockdouyin env` prints for each runtime, without the token of the server."""
    shell, made = call.given.shell, call.sandbox.client_settings
    if made is None:
        return ClientSettings(shell=shell, runtimes={}, browser="")
    return typed({"shell": shell, **made(call.world.name, shell)}, ClientSettings)
