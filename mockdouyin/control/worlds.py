"""Operations on worlds: create, list, drop, reset, and their settings."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.control._error_texts import DEFAULT_STAYS, NAME_RULE, SEED_STAYS, WORLD_NAME
from mockdouyin.control._operations import OperationCall, OperationQuery, operation, woken
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step
from mockdouyin.control.apps import AppShown, show_app
from mockdouyin.control.journal import ExchangeShown
from mockdouyin.control.people import PersonShown, Roster
from mockdouyin.control.rules import UnusedRule
from mockdouyin.control.scenarios import find_scenario
from mockdouyin.core.errors import ConflictError, MockDouyinError
from mockdouyin.core.settings import Settings, encode
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.unmet import unmet
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import DEFAULT, settings_of


class NewWorld(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `create_world`.

    create_world 的请求体。
    """

    name: str | None = None
    """The world's name; by default one is made up.

    世界的名称，默认自动生成。"""
    scenario: str | dict[str, Any] | None = None
    """Its scenario: a name or content.

    场景：名称或内容。"""
    seed: int | None = None
    """The seed, in place of the scenario's.

    种子，代替场景里的。"""
    settings: dict[str, Any] = {}
    """Settings, in place of the scenario's.

    设置，代替场景里的。"""
    shared_keys: bool = False
    """Allow its app keys in other worlds too: it is found by its name and by what it issued.

    允许别的世界也有同样的 app key：这时只能按世界的名称，或它签发的凭证找到它。"""


class WorldShown(Shown):
    """A world with its apps and people.

    一个世界，以及它的应用和用户。
    """

    world: str
    scenario: str
    seed: int
    apps: list[AppShown]
    people: list[PersonShown]


@operation("POST", "/worlds", in_world=False, long=True)
def create_world(call: OperationCall[NewWorld]) -> Step[WorldShown]:
    """Create a world, with fresh credentials unless the scenario pins them.

    新建一个世界；场景没有固定凭证时，凭证都是新的。
    """
    given = call.given
    if given.name is not None:
        plain = given.name.translate(str.maketrans("", "", "._-"))
        if not plain.isalnum() or len(given.name) > 200:
            raise MockDouyinError(WORLD_NAME(rule=NAME_RULE(), given=given.name))
    scenario = find_scenario(call, given.scenario)
    world = call.sandbox.worlds.create(
        given.name,
        scenario,
        given.seed,
        given.settings,
        shared_keys=given.shared_keys,
    )
    return world.transact(lambda: _show_world(world))


def _show_world(world: World) -> Step[WorldShown]:
    roster, found = Roster(world), list(world.apps.values())
    name, scenario, seed = world.name, world.scenario.name, world.settings.seed

    def show() -> WorldShown:
        apps = [show_app(app) for app in found]
        return WorldShown(
            world=name, scenario=scenario, seed=seed, apps=apps, people=roster.show()
        )

    return After(show)


class WorldListed(Shown):
    """A world in the list of worlds.

    列表里的一个世界。
    """

    world: str
    scenario: str
    seed: int
    exchanges: int
    """Exchanges ever written.

    总共写过多少次请求。"""
    people: int


class WorldsShown(Shown):
    """The worlds there are.

    现有的世界。
    """

    worlds: list[WorldListed]
    count: int
    """All worlds, however many were asked for.

    全部世界的数量，不论列出了多少。"""


class WorldsQuery(OperationQuery):
    """How many worlds to list.

    列出多少个世界。
    """

    limit: int = 0
    """At most so many: `default`, and of the others those made last; 0 for all.

    最多这么多：`default`，以及最后建的那些；0 是全部。"""


@operation("GET", "/worlds", in_world=False, long=True)
def worlds(call: OperationCall[WorldsQuery]) -> WorldsShown:
    """List the worlds there are, and their number.

    列出现有的世界和总数。
    """
    known = call.sandbox.worlds
    rows = [WorldListed(**each._asdict()) for each in known.listed(call.given.limit)]
    return WorldsShown(worlds=rows, count=known.count())


class Leftovers(Shown):
    """What was left unmet since a world began or was reset.

    世界开始或重置以来未触发的规则和未响应的请求。
    """

    unused_rules: list[UnusedRule]
    unanswered: list[ExchangeShown]
    """The first 100 calls that no endpoint answered.

    没有接口响应的请求，前 100 次。"""


class WorldDropped(Shown):
    """A dropped world, with its leftovers.

    删除的世界，以及未触发的规则和未响应的请求。
    """

    dropped: str
    unused_rules: list[UnusedRule]
    unanswered: list[ExchangeShown]


@operation("DELETE", "", long=True)
def drop_world(call: OperationCall[None]) -> Step[WorldDropped]:
    """Drop a world and all that it issued; the answer has its leftovers once more.

    删除世界和它签发的一切；响应里再给一次未触发的规则和未响应的请求。
    """
    if call.world.name == DEFAULT_WORLD:
        raise ConflictError(DEFAULT_STAYS())
    left = unmet(call.world)

    def drop() -> WorldDropped:
        shown = left.show(call.language)
        call.sandbox.worlds.drop(call.world.name)
        return typed({"dropped": call.world.name, **shown}, WorldDropped)

    return After(drop)


@operation("GET", "/leftovers", long=True)
def list_leftovers(call: OperationCall[None]) -> Step[Leftovers]:
    """List the rules set from outside that never matched, and the calls no endpoint answered.

    列出外部设置、从未匹配的规则，以及没有接口响应的请求。
    """
    left = unmet(call.world)
    return After(lambda: typed(left.show(call.language), Leftovers))


@operation("POST", "/reset", long=True)
def reset(call: OperationCall[None]) -> Step[WorldShown]:
    """Reset a world: nothing issued, no rules from outside, no snapshots, its clock running.

    重置世界：清空签发的一切、外部规则和快照，时钟照常走。
    """
    call.world.reset()
    call.note("world.reset", act_texts.WORLD_RESET())
    return woken(call, _show_world(call.world))


class SettingsShown(Shown):
    """A world's settings; a duration is written as `5m`.

    世界的设置，时长写成 `5m`。
    """

    settings: Settings


@operation("GET", "/settings")
def settings(call: OperationCall[None]) -> SettingsShown:
    """Show the world's settings.

    查看世界的设置。
    """
    return SettingsShown(settings=call.world.settings)


@operation("PATCH", "/settings")
def change_settings(call: OperationCall[dict[str, Any]]) -> SettingsShown:
    """Change some of the world's settings; its seed stays.

    修改世界的部分设置，种子不变。
    """
    given = call.given
    if "seed" in given:
        raise MockDouyinError(SEED_STAYS())
    before = msgspec.to_builtins(call.world.settings, enc_hook=encode)
    call.world.use(settings_of(DEFAULT, **{**before, **given}))
    call.note("settings.change", act_texts.SETTINGS_CHANGED(names=list(given)))
    return SettingsShown(settings=call.world.settings)
