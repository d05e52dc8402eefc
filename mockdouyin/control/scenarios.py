"""Operations on a world's scenario: what it is, and another one while the world runs."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from mockdouyin.control._error_texts import SCENARIO_MISTAKES
from mockdouyin.control._operations import OperationCall, operation, woken
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.scenario_switch import Kept, Switched, switch_scenario
from mockdouyin.scenario.scenario import DEFAULT, Scenario, load_file, read, read_data
from mockdouyin.scenario.scenario_files import find_known, names


class ScenarioInForce(Shown):
    """The scenario of a world.

    世界的场景。
    """

    scenario: str
    """Its name.

    场景名。"""
    listed: str | None
    """What `GET /_mock/scenarios` lists it as; null if it is none of those.

    `GET /_mock/scenarios` 里的名称；不在其中则是 null。"""
    about: str
    began_with: str
    """The name of the scenario that the world began with: the same, unless it was switched.

    世界开始时的场景名：没有切换过就和现在一样。"""


@operation("GET", "/scenario", long=True)
def world_scenario(call: OperationCall[None]) -> Step[ScenarioInForce]:
    """Show which scenario the world has.

    查看世界现在的场景。
    """
    scenario, began_with = call.world.scenario, call.world.began_with.name
    about = scenario.told(call.language)
    return After(
        lambda: ScenarioInForce(
            scenario=scenario.name,
            listed=_listed_as(call.sandbox, scenario.name),
            about=about,
            began_with=began_with,
        )
    )


def _listed_as(sandbox: Sandbox, name: str) -> str | None:
    """Return the name under which a scenario is listed: a file is by what the user called it."""
    if name in names() or name in sandbox.scenarios:
        return name
    return next((each for each, path in sandbox.scenarios.items() if _names(path, name)), None)


def _names(path: Any, name: str) -> bool:
    try:
        return read(str(path)).name == name
    except MockDouyinError:  # broken at the moment, or gone
        return False


class WantedScenario(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `use_scenario`.

    use_scenario 的请求体。
    """

    scenario: str | dict[str, Any] | None
    """A name or content; null for none, which is the same as `default`.

    场景的名称或内容；null 是不用场景，等于 `default`。"""


class KeptShown(Shown):
    """Something that the scenario says and a running world does not do.

    场景写了、但运行中的世界不会照做的一项。
    """

    what: str
    """`seed`, `settings`, `app` or `person`.

    `seed`、`settings`、`app` 或 `person`。"""
    name: str
    """Of the app or person.

    应用或用户的名称。"""
    fields: list[str]
    says: str


class Added(Shown):
    """Names of what a scenario has and the world had not.

    场景里有、世界里原来没有的名称。
    """

    apps: list[str]
    people: list[str]


class ScenarioUsed(Shown):
    """What came of a switch to another scenario.

    切换场景的结果。
    """

    scenario: str
    rules: int
    """How many it has.

    它有多少条规则。"""
    settings: list[str]
    """Those that have another value now.

    值变了的设置。"""
    added: Added
    amended: list[str]
    """Apps that have other properties while the scenario is on.

    场景期间属性不同的应用。"""
    kept: list[KeptShown]
    """What stays as it was in this world, although the scenario says otherwise.

    场景另有说法，但世界里保持原样的部分。"""


@operation("PUT", "/scenario", long=True)
def use_scenario(call: OperationCall[WantedScenario]) -> Step[ScenarioUsed]:
    """Switch the world to another scenario while it runs, or refuse that whole.

    Its rules, settings and timeline become those of the scenario, and begin anew. Apps and people
    stay, what was issued, the journal, and whatever was set beside the scenario before.

    让运行中的世界切换到另一个场景；不能切换就整个拒绝。
    """
    given, world = call.given.scenario, call.world

    def load_and_use() -> Step[ScenarioUsed]:
        scenario = find_scenario(call, given)  # files are read without the world's lock

        def use() -> Switched:
            unit = world.store.unit(world.clock.now())
            found = switch_scenario(world, scenario, unit)
            unit.commit()
            call.note("scenario.use", act_texts.SCENARIO_USED(scenario=scenario.name))
            world.touch()
            return found

        found = world.transact(use)
        return woken(call, _show_switch(call, scenario.name, found))

    return After(load_and_use)


def _show_switch(call: OperationCall[Any], name: str, found: Switched) -> ScenarioUsed:
    def show(kept: Kept) -> KeptShown:
        says = kept.says.render(call.language)
        return KeptShown(what=kept.what, name=kept.name, fields=list(kept.fields), says=says)

    return ScenarioUsed(
        scenario=name,
        rules=found.rules,
        settings=list(found.settings),
        added=Added(apps=list(found.apps), people=list(found.people)),
        amended=list(found.amended),
        kept=[show(each) for each in found.kept],
    )


def find_scenario(call: OperationCall[Any], given: str | dict[str, Any] | None) -> Scenario:
    """Return the scenario with a name that this server knows, or parse one from its content."""
    if given is None:
        return DEFAULT
    find = partial(find_known, allowed=call.sandbox.scenarios)
    catalogue = call.sandbox.catalogue
    if not isinstance(given, str):
        return read_data({"name": "inline", **_with_ons(given)}, find, catalogue)
    try:
        return load_file(find(given), given, catalogue)
    except ScenarioError:  # its text quotes the file, which a caller over HTTP may not read
        raise ScenarioError(SCENARIO_MISTAKES(given=given)) from None


def _with_ons(given: dict[str, Any]) -> dict[str, Any]:
    """Undo what YAML 1.1 does to the keys `on` and `off` of rules of a scenario sent as JSON."""
    rules = given.get("rules")
    if isinstance(rules, list):
        return {**given, "rules": [_with_on(rule) for rule in rules]}
    return given


def _with_on(rule: Any) -> Any:
    # YAML 1.1 reads a bare `on` as true, and a caller's YAML library dumps that key as "true";
    # `off` likewise.
    if not isinstance(rule, dict):
        return rule
    meant = {dumped: key for dumped, key in _DUMPED.items() if key not in rule}
    return {meant.get(name, name): value for name, value in rule.items()}


_DUMPED = {"true": "on", "false": "off"}
