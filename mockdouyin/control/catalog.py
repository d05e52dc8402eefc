"""Operations on the server as a whole: health, and what is emulated."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from mockdouyin.control._operations import OPERATIONS, OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import State
from mockdouyin.core.errors import Basis
from mockdouyin.core.texts import Language
from mockdouyin.domain.subjects import subjects_of
from mockdouyin.phone import APIS
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files


class Health(Shown):
    """That the server is up, and its version.

    服务正常，以及版本。
    """

    status: str
    version: str


@operation("GET", "/health", in_world=False, is_static=True)
def health(call: OperationCall[None]) -> Health:
    """Report that the server is up, and its version.

    查看服务是否正常，以及版本。
    """
    from mockdouyin.core.version import __version__

    return Health(status="ok", version=__version__)


class OpenApiQuery(OperationQuery):
    """What the document describes: `platform`, every emulated endpoint; `control`, this API.

    文档描述什么：`platform` 是所有模拟的接口，`control` 是控制接口。
    """

    part: Literal["all", "platform", "control"] = "all"
    """The part to describe.

    要描述的部分。"""


@operation("GET", "/openapi.json", in_world=False, long=True, is_static=True)
def openapi(call: OperationCall[OpenApiQuery]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the platform, of this API, or of both.

    返回 OpenAPI 3.1 文档：平台接口、控制接口，或两者。
    """
    from mockdouyin.control._openapi import document

    return document(OPERATIONS, call.sandbox.catalogue, call.given.part, call.language)


@operation("GET", "/openapi.json", is_short=False, long=True)
def world_openapi(call: OperationCall[OpenApiQuery]) -> Step[dict[str, Any]]:
    """Return that document with the endpoints that the world's scenario declares.

    返回一个世界的 OpenAPI 文档，包括场景自己声明的接口。
    """
    from mockdouyin.control._openapi import document

    catalogue, part, language = call.world.catalogue, call.given.part, call.language
    return After(lambda: document(OPERATIONS, catalogue, part, language))


class EndpointShown(Shown, kw_only=True):
    """An emulated endpoint.

    一个模拟的接口。
    """

    name: str
    methods: list[str]
    paths: list[str]
    hosts: list[str]
    about: str
    title: str
    """What Douyin's docs call it, in Chinese.

    抖音文档里的中文名。"""
    basis: Basis
    """How sure we are of its behaviour.

    对它的行为有多大把握。"""
    state: State
    """How much of it is emulated.

    模拟到什么程度。"""
    doc: str
    """Its page in Douyin's docs.

    抖音文档里的页面。"""
    scope: str
    parameters: list[str]
    subjects: list[str]
    """What else `when` of a rule can ask of its calls: `person`, `app`.

    规则的 `when` 还能按什么匹配它的调用：`person`、`app`。"""
    errors: int
    """How many errors it has; `errors` lists them.

    有多少种错误，`errors` 列出它们。"""
    declared: bool
    """Whether a world's scenario declares it.

    是不是由世界的场景声明的。"""
    note: str
    """Where its answer differs from what the docs show, in Chinese; mostly empty.

    响应与文档不一致的地方，多数接口没有。"""


class PhoneApiShown(Shown):
    """A tt API of the emulated phone.

    模拟手机的一个 tt API。
    """

    name: str
    about: str
    arguments: list[str]
    asks: bool
    """Whether it shows a sheet on which the person allows or denies.

    是否弹窗让用户允许或拒绝。"""


class Emulated(Shown):
    """What is emulated.

    模拟了什么。
    """

    endpoints: list[EndpointShown]
    families: dict[str, str]
    """What the endpoints of each family are for, in Chinese.

    每组接口是做什么的，中文。"""
    phone: list[PhoneApiShown]


class EmulatedQuery(OperationQuery):
    """What to list; all of it by default.

    列出哪些，默认全部。
    """

    name: str = ""
    """A full name, or that of a family; `phone` has the tt APIs.

    接口全名或组名；`phone` 是 tt API。"""


@operation("GET", "/endpoints", in_world=False, long=True, is_static=True)
def endpoints(call: OperationCall[EmulatedQuery]) -> Emulated:
    """List the emulated endpoints and tt APIs, each endpoint with its basis and state.

    列出模拟的接口和 tt API，以及每个接口的依据和模拟程度。
    """
    return _emulated(call.sandbox.catalogue, call.given.name, call.language)


@operation("GET", "/endpoints", is_short=False, long=True)
def world_endpoints(call: OperationCall[EmulatedQuery]) -> Step[Emulated]:
    """List what answers in a world: what is emulated, and what its scenario declares.

    列出一个世界里能响应的接口：模拟的，加上场景自己声明的。
    """
    catalogue, name, language = call.world.catalogue, call.given.name, call.language
    return After(lambda: _emulated(catalogue, name, language))


def _emulated(catalogue: Catalogue, name: str, language: Language) -> Emulated:
    declared = {endpoint.full_name for endpoint in catalogue.added.values()}
    members = catalogue.members(name) if name else list(catalogue)
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
            note=endpoint.note,
        )
        for endpoint in members
    ]
    phone = [
        PhoneApiShown(
            name=api.full_name,
            about=api.about(language),
            arguments=list(api.takes),
            asks=api.sheet is not None,
        )
        for api in APIS.values()
        if name in ("", "phone", api.full_name)
    ]
    families = {each.family.name: each.family.title for each in members}
    return Emulated(endpoints=listed, families=families, phone=phone)


class ScenarioShown(Shown, kw_only=True):
    """A scenario that a world can begin with.

    世界可以从它开始的一个场景。
    """

    name: str
    about: str
    """What happens in it, and how to see it; empty for a file that the server was started with.

    会发生什么，怎样看到；启动服务时给出的文件则是空的。"""
    text: str | None
    """Its YAML; null for such a file.

    它的 YAML；启动服务时给出的文件则是 null。"""


class ScenariosShown(Shown):
    """Scenarios that `POST /_mock/worlds` takes by name.

    `POST /_mock/worlds` 能按名称使用的场景。
    """

    scenarios: list[ScenarioShown]


@operation("GET", "/scenarios", in_world=False, long=True, is_static=True)
def scenarios(call: OperationCall[None]) -> ScenariosShown:
    """List the built-in scenarios, and the files that the server was started with.

    列出内置场景，以及启动服务时给出的文件。
    """
    known = built_in_scenarios(call.language)
    # What is in a file is for those who may read it: a caller over HTTP gets its name alone.
    given = [name for name in call.sandbox.scenarios if name not in {each.name for each in known}]
    named = [ScenarioShown(name=name, about="", text=None) for name in given]
    return ScenariosShown(scenarios=[*named, *known])


def built_in_scenarios(language: Language) -> tuple[ScenarioShown, ...]:
    """Return the built-in scenarios, told in a language."""
    return tuple(
        ScenarioShown(name=name, about=scenario.told(language), text=text)
        for name, scenario, text in _built_in()
    )


@cache
def _built_in() -> tuple[tuple[str, files.Scenario, str], ...]:
    """Return each built-in scenario with its name and its YAML; they are read once."""
    return tuple(
        (name, files.read(name), files.source_text(name)) for name in scenario_files.names()
    )
