"""Scenarios: a named world in YAML. Every mistake is told with its line, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mockdouyin.core import resources
from mockdouyin.core.apps import AppSpec
from mockdouyin.core.errors import MockDouyinError, NotFoundError, ScenarioError, did_you_mean
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.settings import Duration, Settings, decode
from mockdouyin.sandbox.rules import ArmedRule, Rule


class TimedEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happens by itself, so long after the world began."""

    after: Duration
    send: str
    """The event's name, such as create_video."""
    person: str | None = None
    app: str | None = None
    content: dict[str, Any] | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A world to start from. What it leaves out is as in every new world."""

    name: str
    about: str = ""
    extends: str | None = None
    """The scenario to start from; this one's rules go first, its apps and people replace."""
    apps: dict[str, AppSpec] = {}
    people: dict[str, PersonSpec] = {}
    settings: dict[str, Any] = {}
    rules: tuple[Rule, ...] = ()
    events: tuple[TimedEvent, ...] = ()

    @classmethod
    def load(cls, where: str | Path) -> Scenario:
        """Read a scenario by its name or its file, with what it extends."""
        return load(str(where))

    @classmethod
    def parse(cls, text: str, source: str = "scenario") -> Scenario:
        """Read a scenario from YAML."""
        return parse(text, source)


DEFAULT = Scenario(name="default", about="One app of each kind, a few people, and no trouble.")


def settings_of(scenario: Scenario, **over: Any) -> Settings:
    """Give the scenario's settings, with some laid over them."""
    try:
        return msgspec.convert({**scenario.settings, **over}, Settings, dec_hook=decode)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"settings: {_plain(error, Settings)}") from None


def names() -> list[str]:
    """Name the scenarios that ship with the package."""
    return sorted(path.stem for path in resources.folder("scenarios").glob("*.yaml"))


def load(where: str) -> Scenario:
    """Read a scenario by its name or its file, and lay it over what it extends."""
    return _resolve(read(where), (where,))


def read(where: str) -> Scenario:
    """Read one scenario as it is written."""
    path = find(where)
    if path is None:
        return DEFAULT
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFoundError(f"the scenario {where} cannot be read: {error}") from None
    return parse(text, str(where))


def find(where: str) -> Path | None:
    """Give the file of a scenario; None for `default`, which needs none."""
    if where == "default":
        return None
    shipped = resources.folder("scenarios") / f"{where}.yaml"
    if "/" not in where and "\\" not in where and shipped.is_file():
        return shipped
    if Path(where).is_file():
        return Path(where)
    raise NotFoundError(f"no scenario {where!r}{did_you_mean(where, ['default', *names()])}")


def _resolve(scenario: Scenario, seen: tuple[str, ...]) -> Scenario:
    if scenario.extends is None:
        return scenario
    if scenario.extends in seen:
        raise ScenarioError(f"extends goes in a circle: {' → '.join((*seen, scenario.extends))}")
    base = _resolve(read(scenario.extends), (*seen, scenario.extends))
    return msgspec.structs.replace(
        scenario,
        extends=None,
        apps={**base.apps, **scenario.apps},
        people={**base.people, **scenario.people},
        settings={**base.settings, **scenario.settings},
        rules=(*scenario.rules, *base.rules),
        events=(*base.events, *scenario.events),
    )


def parse(text: str, source: str) -> Scenario:
    """Read a scenario from YAML; on any mistake, raise with all of them."""
    value, places = _yaml(text, source)
    problems = []
    try:
        scenario = msgspec.convert(value, Scenario, dec_hook=decode)
        problems = list(_meaning(scenario))
    except msgspec.ValidationError:
        problems = list(_shape(value))
    if problems:
        problems.sort(key=lambda problem: places.of(problem[0]))
        lines = (f"{source}:{places.text(path)}: {says}" for path, says in problems)
        raise ScenarioError("\n".join(lines))
    return scenario


Path_ = tuple[str | int, ...]
Problem = tuple[Path_, str]


def _meaning(scenario: Scenario) -> Iterator[Problem]:
    """Find what is well-formed but makes no sense."""
    try:
        settings_of(scenario)
    except ScenarioError as error:
        yield ("settings",), str(error)
    for number, rule in enumerate(scenario.rules):
        try:
            ArmedRule(rule, "lint")
        except ScenarioError as error:
            part = str(error).partition(":")[0]
            place: Path_ = ("rules", number, part) if part in _RULE_PARTS else ("rules", number)
            yield place, str(error)
    if scenario.extends is not None:
        try:
            find(scenario.extends)
        except MockDouyinError as error:
            yield ("extends",), str(error)


_RULE_PARTS = ("on", "when", "error", "patch")


def _plain(error: Exception, kind: type[msgspec.Struct]) -> str:
    """Say a msgspec complaint in our words."""
    text = str(error)
    if "unknown field" in text:
        name = text.split("`")[1]
        return f"unknown key {name}{did_you_mean(name, kind.__struct_fields__)}"
    return text


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a scenario file, by which editors complete it."""
    from mockdouyin.sandbox.schema import scenario_schema

    return scenario_schema()


def _shape(value: Any) -> Iterator[Problem]:
    from mockdouyin.sandbox.schema import problems

    return problems(value)


class Places:
    """Where in the text each value stands."""

    def __init__(self) -> None:
        self.marks: dict[Path_, tuple[int, int]] = {(): (1, 1)}

    def of(self, path: Path_) -> tuple[int, int]:
        """Give line and column of the value, or of the nearest around it."""
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path]

    def text(self, path: Path_) -> str:
        """Give `line:column`."""
        line, column = self.of(path)
        return f"{line}:{column}"


class _Loader(yaml.SafeLoader):
    """YAML as people expect it: `off`, `no` and dates are text, 1:20 is no number in sixties."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith(("bool", "timestamp"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def _yaml(text: str, source: str) -> tuple[Any, Places]:
    """Read YAML, with the place of every value."""
    places = Places()
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            value = _value(loader, node, (), places) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise ScenarioError(f"{source}:{where}: no YAML: {error.problem or error}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ScenarioError(f"{source}:1:1: no YAML: {error}") from None
    if not isinstance(value, dict):
        raise ScenarioError(f"{source}:1:1: a scenario is a mapping with a name, not {value!r}")
    return value, places


def _value(loader: _Loader, node: yaml.Node, path: Path_, places: Places) -> Any:
    mark = node.start_mark
    places.marks.setdefault(path, (mark.line + 1, mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            start = key_node.start_mark
            if key in made:
                raise yaml.MarkedYAMLError(problem=f"{key} is there twice", problem_mark=start)
            places.marks[(*path, key)] = (start.line + 1, start.column + 1)
            made[key] = _value(loader, value_node, (*path, key), places)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, each, (*path, i), places) for i, each in enumerate(node.value)]
    return loader.construct_object(node, deep=True)
