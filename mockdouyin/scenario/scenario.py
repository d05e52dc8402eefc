"""Scenarios: a named world in YAML. Every mistake is told with its line, all at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core import files, resources
from mockdouyin.core.apps import AppSpec
from mockdouyin.core.bounds import is_storable
from mockdouyin.core.errors import MockDouyinError, NotFoundError, ScenarioError, did_you_mean
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.settings import Duration, Settings, decode, encode
from mockdouyin.core.typed import thread_safe
from mockdouyin.scenario import validation
from mockdouyin.scenario.rules import Rule

if TYPE_CHECKING:
    from mockdouyin.scenario.yaml_source import YamlSource


LARGEST = 1024 * 1024
"""Bytes of a scenario's file."""

Finder = Callable[[str], Path]
"""Leads from a name to a scenario's file; raises NotFoundError where it must not lead to one."""


class TimedEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happens by itself, so long after the world began."""

    after: Duration
    """How long after the world began, by its clock."""
    send: str
    """The event's name, such as create_video."""
    person: str | None = None
    """Whom it is about; the first person unless named."""
    app: str | None = None
    """Whose webhook it goes to; the web app's unless named."""
    content: dict[str, Any] | None = None
    """Fields of the event's content, over those that it has by itself."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A world to start from. What it leaves out is as in every new world."""

    name: str
    """What it is called by; of one that ships with the package, the file's name."""
    about: str = ""
    """What happens, and how to see it."""
    extends: str | None = None
    """The scenario to start from: its name, or a file beside this one. Rules of this one go
    first, its apps, people and settings replace those of the same name."""
    apps: dict[str, AppSpec] = {}
    """Apps by name; a kind that none of them has gets one by itself."""
    people: dict[str, PersonSpec] = {}
    """People by name, before those that every world has."""
    settings: dict[str, Any] = {}
    """The world's switches."""
    rules: tuple[Rule, ...] = ()
    """When a call fits, then this happens; the first rule that is due decides."""
    events: tuple[TimedEvent, ...] = ()
    """What happens by itself, and when."""

    @classmethod
    def load(cls, where: str | Path) -> Scenario:
        """Read a scenario by its name or its file, with what it extends."""
        return load(str(where))

    @classmethod
    def parse(cls, text: str, source: str = "scenario") -> Scenario:
        """Read a scenario from YAML, with what it extends."""
        return read_content(text, source, find)

    @classmethod
    def read(cls, given: dict[str, Any]) -> Scenario:
        """Read a scenario that is plain data, such as JSON, with what it extends."""
        return read_data(given, find)


class _Data:
    """A scenario as plain data: a mistake in it has no line, only the keys that lead to it."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.texts: dict[validation.Path, str] = {}
        self.duplicate_keys: list[validation.Mistake] = []

    def format_errors(self, mistakes: list[validation.Mistake]) -> str:
        """Write `scenario: where: what is wrong` for each."""
        lines = (("scenario", ".".join(map(str, m.path)), m.says) for m in mistakes)
        return "\n".join(": ".join(filter(None, line)) for line in dict.fromkeys(lines))


_KEYS = frozenset(Scenario.__struct_fields__)

DEFAULT = Scenario(name="default", about="One app of each kind, a few people, and no trouble.")
"""What scenarios/default.yaml says, for those who start without reading a file."""


def settings_of(scenario: Scenario, /, **over: Any) -> Settings:
    """Give the scenario's settings, with some laid over them."""
    given = {**scenario.settings, **over}
    if not is_storable(given) and (says := validation.described(given, Settings)):
        raise ScenarioError(f"settings: {says}")
    try:
        return msgspec.convert(given, thread_safe(Settings), dec_hook=decode)
    except msgspec.ValidationError as error:
        raise ScenarioError(
            f"settings: {validation.described(given, Settings) or error}"
        ) from None


def check(scenario: Scenario) -> None:
    """Refuse a scenario that cannot be kept: one that was made in Python was never measured."""
    if scenario is DEFAULT:
        return
    try:
        plain = msgspec.to_builtins(scenario, enc_hook=encode)
    except NotImplementedError as error:
        raise ScenarioError(f"the scenario holds what is not data: {error}") from None
    if not is_storable(plain) and (says := validation.described(plain, Scenario)):
        raise ScenarioError(says)


def names() -> list[str]:
    """Name the scenarios that ship with the package."""
    return sorted(_shipped())


@cache
def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in resources.folder("scenarios").glob("*.yaml")}


def load(where: str) -> Scenario:
    """Read a scenario by its name or its file, and lay it over what it extends."""
    return load_file(find(where), where)


def load_file(path: Path, where: str) -> Scenario:
    """Read the file of a scenario, and lay it over what it extends."""
    return _resolve(_read(path, where), _beside(path), (str(path),))


def read_content(text: str, source: str, find: Finder) -> Scenario:
    """Read a scenario from YAML; what it extends is where the finder leads to."""
    return _resolve(parse(text, source, find), find, (source,))


def read_data(given: dict[str, Any], find: Finder) -> Scenario:
    """Read a scenario that is plain data; what it extends is where the finder leads to."""
    return _resolve(convert(_Data(given), find), find, ("scenario",))


def read(where: str) -> Scenario:
    """Read one scenario as it is written."""
    return _read(find(where), where)


def written(where: str) -> str:
    """Return the text of a scenario by its name or its file."""
    return _text(find(where), where)


def _read(path: Path, where: str) -> Scenario:
    return parse(_text(path, where), str(path), _beside(path))


def _text(path: Path, where: str) -> str:
    try:
        return files.read_text(path, LARGEST)
    except OSError as error:
        raise NotFoundError(
            f"the scenario {_cut(where)} cannot be read: {error.strerror or error}"
        ) from None


def find(where: str, folder: Path | None = None) -> Path:
    """Return the file of a scenario: one that ships with the package, or one in the folder."""
    shipped = _shipped().get(where)
    if shipped is not None:
        return shipped
    path = (folder or Path()) / where
    if where and _is_there(path):
        return path
    if Path(where).suffix in (".yaml", ".yml", ".json") or set(where) & {"/", "\\"}:
        near = did_you_mean(where, names(), ask=False)
        raise NotFoundError(f"there is no scenario file {_cut(where)!r}{near}")
    raise NotFoundError(f"no scenario {_cut(where)!r}{did_you_mean(where, names())}")


def find_known(where: str, told: Mapping[str, Path]) -> Path:
    """Return the file of a scenario that strangers may name: one that ships, or was told by name.

    A name is looked up and never taken for a path, so that nobody reads files through a server.
    """
    path = _shipped().get(where) or told.get(where)
    if path is None:
        raise NotFoundError(
            f"no scenario is called {_cut(where)!r} here (files are for `mockdouyin serve"
            " --scenario FILE` and Scenario.load; send the content instead)"
            f"{did_you_mean(where, [*told, *names()])}"
        )
    return path


def _beside(path: Path) -> Finder:
    return partial(find, folder=path.parent)


def _is_there(path: Path) -> bool:
    try:
        os.stat(path)
    except PermissionError:
        return True  # which is told when it is read
    except (OSError, ValueError):  # no file has such a name, or may have
        return False
    return True


def _cut(where: str) -> str:
    return where if len(where) <= 100 else where[:100] + "…"


def _resolve(scenario: Scenario, find: Finder, seen: tuple[str, ...]) -> Scenario:
    if scenario.extends is None:
        return scenario
    path = find(scenario.extends)
    if str(path) in seen:
        raise ScenarioError(
            f"{seen[0]}: extends goes in a circle: {' → '.join((*seen, str(path)))}"
        )
    below = _read(path, scenario.extends)
    base = _resolve(below, _beside(path), (*seen, str(path)))
    return lay_over(base, scenario)


def lay_over(base: Scenario, scenario: Scenario) -> Scenario:
    """Lay a scenario over another: its rules go first, what else has a name replaces by name."""
    return msgspec.structs.replace(
        scenario,
        extends=None,
        apps={**base.apps, **scenario.apps},
        people={**base.people, **scenario.people},
        settings={**base.settings, **scenario.settings},
        rules=(*scenario.rules, *base.rules),
        events=(*base.events, *scenario.events),
    )


def parse(text: str, name: str, find: Finder = find) -> Scenario:
    """Read a scenario from YAML as it is written; on any mistake, raise with all of them."""
    from mockdouyin.scenario import yaml_source  # and PyYAML

    return convert(yaml_source.read(text, name, _KEYS), find)


def convert(written: YamlSource | _Data, find: Finder) -> Scenario:
    """Make the scenario that was written; on any mistake, raise with all of them."""
    from mockdouyin.scenario import _lint

    wrong = [*_lint.mistakes_in(written, Scenario), *_extends(written.value, find)]
    if wrong:
        raise ScenarioError(written.format_errors(wrong))
    return msgspec.convert(written.value, thread_safe(Scenario), dec_hook=decode)


def read_yaml(text: str, name: str) -> tuple[dict[str, Any], YamlSource]:
    """Read YAML that is a mapping, with the place of everything in it."""
    from mockdouyin.scenario import yaml_source

    written = yaml_source.read(text, name, _KEYS)
    return written.value, written


def _extends(value: dict[str, Any], find: Finder) -> Iterator[validation.Mistake]:
    where = value.get("extends")
    if isinstance(where, str):
        try:
            find(where)
        except MockDouyinError as error:
            yield validation.Mistake(("extends",), str(error))


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a scenario file, by which editors complete it."""
    from mockdouyin.scenario._json_schema import scenario_schema  # nothing else needs it

    return scenario_schema()
