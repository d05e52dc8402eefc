"""Scenarios: find, read and validate a named world in YAML, and merge it with its base."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.apps import AppSpec
from mockdouyin.core.bounds import KeyPath, format_path, is_storable
from mockdouyin.core.errors import (
    MockDouyinError,
    ScenarioError,
)
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.settings import Duration, Settings, decode, encode
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints.declared.operation import EndpointSource, ResourceSource
from mockdouyin.scenario import validation
from mockdouyin.scenario._error_texts import (
    EXTENDS_CIRCLE,
    NOT_PLAIN,
    SETTINGS,
)
from mockdouyin.scenario._mistake_texts import AT_PATH, IN_IT, LINES
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.scenario_files import Finder, beside, find, read_text

if TYPE_CHECKING:
    from mockdouyin.core.catalogue import Catalogue
    from mockdouyin.scenario.yaml_source import YamlSource


class TimedEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook event that is sent by itself, some time after the world began.

    世界开始一段时间后自动发出的 webhook 事件。
    """

    after: Duration
    """How long after the world began, by the world's clock.

    世界开始之后多久，按世界的时钟。"""
    send: str
    """The event's name, such as create_video.

    事件名，如 create_video。"""
    person: str | None = None
    """The person it is about; the first person by default.

    和哪个用户有关，默认是第一个。"""
    app: str | None = None
    """The app whose webhook it goes to; the web app by default.

    发到哪个应用的 webhook，默认是网站应用。"""
    content: dict[str, Any] | None = None
    """Fields of the event's content, which override the generated ones.

    事件 content 的字段，覆盖生成的值。"""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A world to start from. What it leaves out is the same as in any new world.

    一个世界的起点。没写的部分和任何新世界一样。
    """

    name: str
    """The scenario's name; for a built-in one, the name of its file.

    场景名；内置场景就是文件名。"""
    about: str = ""
    """What happens in it, and how to see it.

    会发生什么，怎样看到。"""
    about_zh: str = ""
    """The same in Chinese, for those who read that.

    about 的中文，给看中文的人。"""
    extends: str | None = None
    """The scenario to start from: its name, or a file beside this one. This one's rules come
    first; its apps, people and settings replace those of the same name.

    以哪个场景为基础：名称，或旁边的文件。自己的规则在前；应用、用户和设置按名字覆盖它的。"""
    apps: dict[str, AppSpec] = {}
    """Apps by name; an app of each missing kind is added.

    应用，键是名称；缺的种类会自动补一个。"""
    people: dict[str, PersonSpec] = {}
    """People by name, in addition to those that every world has.

    用户，键是名字，加在每个世界都有的用户之外。"""
    settings: dict[str, Any] = {}
    """The world's settings.

    世界的设置。"""
    rules: tuple[Rule, ...] = ()
    """What to change when a call matches; the first rule that is due is applied.

    匹配到调用时改变什么，第一条轮到的规则生效。"""
    events: tuple[TimedEvent, ...] = ()
    """Webhook events that are sent by themselves, and when.

    自动发出的 webhook 事件和时间。"""
    endpoints: dict[str, EndpointSource] = {}
    """Endpoints that answer in this world beside those that are emulated, each by its
    `family.name`, by which rules name it.

    这个世界在模拟的接口之外还能响应的接口，键是 `family.name`，规则用它指代。"""
    resources: dict[str, ResourceSource] = {}
    """What those endpoints create, change and list, by name.

    这些接口新建、修改、列出的东西，键是名称。"""

    def told(self, language: Language) -> str:
        """Return what happens in it, on one line; in Chinese if it says so in Chinese."""
        about = self.about_zh if language == "zh" and self.about_zh else self.about
        return " ".join(about.split())

    @classmethod
    def load(cls, where: str | Path, catalogue: Catalogue | None = None) -> Scenario:
        """Read a scenario by its name or file, merged with what it extends.

        Its rules may name the endpoints of the catalogue: by default, every emulated one.
        """
        return load(str(where), catalogue)

    @classmethod
    def parse(
        cls, text: str, source: str = "scenario", catalogue: Catalogue | None = None
    ) -> Scenario:
        """Parse a scenario from YAML, and merge it with what it extends."""
        return read_content(text, source, find, catalogue)

    @classmethod
    def read(cls, given: dict[str, Any], catalogue: Catalogue | None = None) -> Scenario:
        """Read a scenario from plain data, such as JSON, and merge it with what it extends."""
        return read_data(given, find, catalogue)


class _PlainData:
    """A scenario as plain data: a mistake in it has a path of keys, but no line."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.texts: dict[KeyPath, str] = {}
        self.duplicate_keys: list[validation.Mistake] = []

    def format_errors(self, mistakes: list[validation.Mistake]) -> Text:
        """Format mistakes as lines `scenario: path: what is wrong`."""
        lines = {(format_path(m.path), m.says.render("en")): m.says for m in mistakes}
        return LINES(
            each=[
                AT_PATH(path=path, says=says) if path else IN_IT(says=says)
                for (path, _), says in lines.items()
            ]
        )


_KEYS = frozenset(Scenario.__struct_fields__)

DEFAULT = Scenario(
    name="default",
    about="One app of each kind, a few people, and no trouble.",
    about_zh="各类应用一个，几个用户，一切正常。",
)
"""The same as scenarios/default.yaml, for a start without reading a file."""


def settings_of(scenario: Scenario, /, **over: Any) -> Settings:
    """Return the scenario's settings, some of them overridden."""
    given = {**scenario.settings, **over}
    if not is_storable(given) and (says := validation.described(given, Settings)):
        raise ScenarioError(SETTINGS(says=says))
    try:
        return msgspec.convert(given, thread_safe(Settings), dec_hook=decode)
    except msgspec.ValidationError as error:
        raise ScenarioError(
            SETTINGS(says=validation.described(given, Settings) or str(error))
        ) from None


def check(scenario: Scenario) -> None:
    """Refuse a scenario that could not be stored: one built in Python was never validated."""
    if scenario is DEFAULT:
        return
    try:
        plain = msgspec.to_builtins(scenario, enc_hook=encode)
    except NotImplementedError as error:
        raise ScenarioError(NOT_PLAIN(error=str(error))) from None
    if not is_storable(plain) and (says := validation.described(plain, Scenario)):
        raise ScenarioError(says)


def load(where: str, catalogue: Catalogue | None = None) -> Scenario:
    """Read a scenario by its name or file, and merge it with what it extends."""
    return load_file(find(where), where, catalogue)


def load_file(path: Path, where: str, catalogue: Catalogue | None = None) -> Scenario:
    """Read a scenario file, and merge it with what it extends."""
    return _whole(_source(path, where), beside(path), catalogue, (str(path),))


def read_content(
    text: str, source: str, find: Finder, catalogue: Catalogue | None = None
) -> Scenario:
    """Parse a scenario from YAML, and merge it with what it extends, found by the finder."""
    return _whole(_parse(text, source), find, catalogue, (source,))


def read_data(given: dict[str, Any], find: Finder, catalogue: Catalogue | None = None) -> Scenario:
    """Read a scenario from plain data, and merge it with what it extends, found by the finder."""
    return _whole(_PlainData(given), find, catalogue, ("scenario",))


def read(where: str) -> Scenario:
    """Read a scenario by its name or file, not merged with what it extends."""
    path = find(where)
    return convert(_source(path, where), beside(path), None, (str(path),))[0]


def source_text(where: str) -> str:
    """Return the text of a scenario by its name or file."""
    return read_text(find(where), where)


def _source(path: Path, where: str) -> YamlSource:
    return _parse(read_text(path, where), str(path))


def _whole(
    source: YamlSource | _PlainData,
    find: Finder,
    catalogue: Catalogue | None,
    seen: tuple[str, ...],
) -> Scenario:
    """Convert to a scenario, merged with what it extends."""
    scenario, base = convert(source, find, catalogue, seen)
    return scenario if base is None else lay_over(base, scenario)


def lay_over(base: Scenario, scenario: Scenario) -> Scenario:
    """Merge a scenario into its base: its rules come first, named parts replace by name."""
    return msgspec.structs.replace(
        scenario,
        extends=None,
        apps={**base.apps, **scenario.apps},
        people={**base.people, **scenario.people},
        settings={**base.settings, **scenario.settings},
        rules=(*scenario.rules, *base.rules),
        events=(*base.events, *scenario.events),
        endpoints={**base.endpoints, **scenario.endpoints},
        resources={**base.resources, **scenario.resources},
    )


def parse(
    text: str, name: str, find: Finder = find, catalogue: Catalogue | None = None
) -> Scenario:
    """Parse a scenario from YAML, not merged; raise ScenarioError with all of its mistakes."""
    return convert(_parse(text, name), find, catalogue, (name,))[0]


def _parse(text: str, name: str) -> YamlSource:
    from mockdouyin.scenario import yaml_source  # imports PyYAML

    return yaml_source.read(text, name, _KEYS)


def convert(
    source: YamlSource | _PlainData,
    find: Finder,
    catalogue: Catalogue | None,
    seen: tuple[str, ...],
) -> tuple[Scenario, Scenario | None]:
    """Convert to a scenario, and return also what it extends, whose endpoints its rules may name.

    Raise ScenarioError with all of its mistakes. `seen` are the files that led here.
    """
    from mockdouyin.scenario import _lint

    where, base = source.value.get("extends"), None
    wrong: list[validation.Mistake] = []
    if isinstance(where, str):
        try:
            path = find(where)
        except MockDouyinError as error:
            wrong.append(validation.Mistake(("extends",), error.says))
        else:
            base = _base(path, where, catalogue, seen)
    mistakes = [*_lint.mistakes_in(source, Scenario, catalogue, base), *wrong]
    if mistakes:
        raise ScenarioError(source.format_errors(mistakes))
    return msgspec.convert(source.value, thread_safe(Scenario), dec_hook=decode), base


def _base(path: Path, where: str, catalogue: Catalogue | None, seen: tuple[str, ...]) -> Scenario:
    """Read what a scenario extends, merged with what that extends in turn."""
    if str(path) in seen:
        raise ScenarioError(EXTENDS_CIRCLE(file=seen[0], circle=" → ".join((*seen, str(path)))))
    return _whole(_source(path, where), beside(path), catalogue, (*seen, str(path)))


def json_schema(
    catalogue: Catalogue | None = None, language: Language = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, with the names in the catalogue as examples."""
    from mockdouyin.scenario._json_schema import scenario_schema  # nothing else needs it

    return scenario_schema(catalogue, language)
