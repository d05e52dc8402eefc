"""A world as plain data is the whole world: built again, it answers the same bytes."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario, World
from mockdouyin.control import execute
from mockdouyin.core import codec
from mockdouyin.core.exchange_view import show
from mockdouyin.core.http import Request
from mockdouyin.core.settings import decode
from mockdouyin.endpoints import WRITTEN
from mockdouyin.persistence.encoding import pack, unpack
from mockdouyin.sandbox.definition import Definition, apply, define
from mockdouyin.sandbox.registry import Worlds
from tests.endpoints.calls import Scene, good
from tests.support.helpers import sandbox

STORY = """
name: story
apps:
  shop: {kind: mini_program, client_key: tt0123456789abcdef01, client_secret: s,
         webhook: {url: "http://127.0.0.1:9/hook", events: [authorize]},
         templates: {MSG1: {kind: one_time, fields: [快递派送]}}}
  new: {kind: web, trial: true, testers: [小明]}
people: {小明: {phone: "13800138000", city: 北京}, 无名: {gender: 2}}
settings: {login_code_lifetime: 0.0001, unknown_codes: accept, unknown_people: 3, seed: 5}
rules:
  - {on: code_to_session, times: 1, error: 40018}
  - {on: client_token, patch: {data.expires_in: 60}, delay: 200ms}
  - {on: notify, reply: {json: {big: 123456789012345678901234567890}}, when: {tpl_id: 1}}
events:
  - {after: 5s, send: create_video, person: 小明}
  - {after: 5s, send: authorize}
  - {after: 1m, send: create_video, content: {title: x}}
"""

NOTIFY = "/api/apps/subscribe_notification/developer/v1/notify"

Change = tuple[str, str, dict[str, Any]]

CHANGES: list[Change] = [
    ("add_app", "", {"name": "late", "kind": "web"}),
    ("add_app", "", {"name": "pinned", "client_key": "ttpinned", "client_secret": "x"}),
    ("change_app", "shop", {"banned": True, "templates": {"MSG2": {"fields": ["a"]}}}),
    ("change_app", "shop", {"webhook": {"events": None, "secret": "w"}, "verify": False}),
    ("add_person", "", {"name": "丁", "latitude": 1.5}),
    ("add_person", "", {}),
    ("change_person", "无名", {"nickname": "n"}),
    ("change_settings", "", {"limits": "enforce", "ticket_lifetime": "1h"}),
    ("add_rule", "", {"on": "notify", "error": 1000, "id": "mine"}),
    ("add_rule", "", {"on": "*", "chance": 0.5, "status": 502}),
    ("remove_rule", "mine", {}),
    ("clear_rules", "", {}),
    ("freeze_clock", "", {"at": "2026-05-05T05:05:05.5+08:00"}),
    ("resume_clock", "", {}),
    ("advance_clock", "", {"by": "6s"}),
    ("phone", "login", {}),
    ("phone", "login", {"person": "无名"}),
    ("take_snapshot", "", {}),
    ("restore_snapshot", "snapshot-1", {}),
    ("reset", "", {}),
]


def story() -> Sandbox:
    """Make a sandbox whose world `w` has a bit of everything."""
    box = sandbox()
    box.worlds.create("w", Scenario.parse(STORY))
    return box


def change(box: Sandbox, name: str, named: str = "", body: dict[str, Any] | None = None) -> None:
    """Execute an operation in the world `w`."""
    path = {"id": named, "key": named, "name": named, "api": named}
    execute(box, name, world="w", path=path, body=body or {})


def encoded(world: World) -> Definition:
    """Return a world's definition, encoded and decoded again."""
    return unpack(pack(define(world)))


def again(world: World) -> World:
    """Build a world from its definition as bytes."""
    return Worlds(ManualClock).add(encoded(world))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(CHANGES), max_size=12))
def test_nothing_that_operations_change_is_lost(changes: list[Change]) -> None:
    """Whatever was done to a world, a world built from its definition has the same one."""
    box = story()
    for name, named, body in changes:
        with contextlib.suppress(MockDouyinError):  # not everything can be done in every order
            change(box, name, named, body)
    world = box.worlds.get("w")
    defined = define(world)

    assert define(again(world)) == defined
    assert pack(unpack(pack(defined))) == pack(defined)
    text = msgspec.json.encode(defined, enc_hook=codec.to_plain)
    assert msgspec.json.decode(text, type=Definition, dec_hook=decode) == defined


def shown(box: Sandbox) -> dict[str, Any]:
    """Return everything that the control API shows of the world `w`."""
    lists = ("apps", "people", "settings", "rules", "clock", "list_deliveries", "list_leftovers")
    return {name: execute(box, name, world="w") for name in lists}


def test_a_world_shows_itself_as_before() -> None:
    """Each change that an operation makes is seen in the world that was built again."""
    box = story()
    for name, named, body in CHANGES[:-1]:
        change(box, name, named, body)
    change(box, "freeze_clock")
    world, before = box.worlds.get("w"), shown(box)
    other = sandbox()
    rebuilt = other.worlds.add(encoded(world))
    rebuilt.store.restore(world.store.snapshot())

    assert shown(other) == before
    assert other.worlds.of_app("tt0123456789abcdef01") is rebuilt


def test_what_a_snapshot_undid_is_still_told() -> None:
    """The rules that matched before a restore, and the unused ones it removed, are known."""
    box = story()
    change(box, "add_rule", "", {"on": "notify", "error": 1000, "id": "used"})
    change(box, "take_snapshot")
    box.handle(Request("POST", NOTIFY, world="w"))
    change(box, "add_rule", "", {"on": "notify", "error": 1000, "id": "idle"})
    change(box, "restore_snapshot", "snapshot-1")
    world = box.worlds.get("w")
    other = sandbox()
    other.worlds.add(encoded(world))

    unused = execute(other, "list_leftovers", world="w")["unused_rules"]

    assert [rule["id"] for rule in unused] == ["idle"]
    assert define(other.worlds.get("w")) == define(world)


def script(*, rebuild: bool) -> list[str]:
    """Call every endpoint in turn; return the exchanges. The world may be rebuilt each time."""
    scene = Scene()
    scene.world = scene.box.worlds.create("twin", seed=7)
    seen = []
    for endpoint in WRITTEN:
        scene.send(good(scene, endpoint.full_name))
        seen += [json.dumps(show(replace(each, took=0.0), str)) for each in scene.world.journal]
        scene.advance(60)
        if rebuild:
            scene.world = moved(scene.box, scene.world)
        else:
            scene.world.journal.clear()
    return seen


def moved(box: Sandbox, world: World) -> World:
    """Put the same world, built from bytes, in a world's place."""
    defined = encoded(world)
    records = world.store.snapshot()
    for kind, table in records.items():
        named = codec.kinds()[kind.TABLE]
        records[kind] = {key: codec.decode(named, codec.encode(r)) for key, r in table.items()}
    assert records == world.store.snapshot()
    total = world.journal.total
    box.worlds.drop(world.name)
    rebuilt = box.worlds.add(defined)
    rebuilt.store.restore(records)
    rebuilt.journal.total = total
    return rebuilt


def test_the_same_requests_get_the_same_bytes() -> None:
    """Every endpoint answers alike in a world that was built again before each call."""
    assert script(rebuild=True) == script(rebuild=False)


def test_an_open_id_is_known_before_it_is_shown() -> None:
    """A person is found by an open_id that another process gave out."""
    world = story().worlds.get("w")
    open_id = world.people.open_id(world.find_app("shop"), "无名")

    assert again(world).people.find(open_id) == "无名"


def test_a_living_world_becomes_what_was_defined() -> None:
    """Applied to a living world, a definition undoes what was changed since, and frees keys."""
    box = story()
    world = box.worlds.get("w")
    defined = define(world)
    for name, named, body in CHANGES[:-3]:
        change(box, name, named, body)
    assert box.worlds.of_app("ttpinned") is world

    apply(world, defined)

    assert define(world) == defined
    assert box.worlds.of_app("ttpinned") is None


def test_worlds_that_share_keys_stay_unfound_by_them() -> None:
    """A world that shares its keys is built as one, and never found by an app key."""
    box = sandbox()
    world = box.worlds.create("s", Scenario.parse(STORY), shared_keys=True)
    other = sandbox()
    other.worlds.add(encoded(world))

    assert other.worlds.get("s").shared_keys
    assert other.worlds.of_app("tt0123456789abcdef01") is None


def test_another_worlds_definition_is_refused() -> None:
    """A living world takes no definition of another name or seed."""
    box = story()
    with pytest.raises(MockDouyinError, match="keeps its name, seed"):
        apply(box.default, define(box.worlds.get("w")))


def test_a_rule_that_means_nothing_here_changes_nothing() -> None:
    """A definition with a rule that cannot be compiled is refused as a whole."""
    world = story().worlds.get("w")
    defined = define(world)
    rule = msgspec.structs.replace(defined.rules.scenario[0], error=999)
    rules = msgspec.structs.replace(defined.rules, outside=(rule,), made=9)

    with pytest.raises(MockDouyinError, match="no error '999'"):
        apply(world, msgspec.structs.replace(defined, rules=rules))
    assert define(world) == defined


def test_another_format_is_refused() -> None:
    """Bytes of a later format, or of something else, are refused with what they are."""
    defined = define(story().default)

    later = codec.encode(msgspec.structs.replace(defined, format=2))
    with pytest.raises(MockDouyinError, match="format 2 cannot be read here, only 1"):
        unpack(later)
    for other in (b"", b"{}", msgspec.msgpack.encode([1])):
        with pytest.raises(MockDouyinError, match="not a world that mockdouyin wrote"):
            unpack(other)
    cut = msgspec.msgpack.encode({"format": 1})
    with pytest.raises(MockDouyinError, match="cannot decode these bytes as Definition"):
        unpack(cut)


def test_the_scopes_of_an_app_that_has_all() -> None:
    """Every scope is written as one word and read as all; a few are kept as they are."""
    box = sandbox()
    execute(box, "change_app", path={"key": "web"}, body={"scopes": ["user_info"]})

    data = pack(define(box.default))
    again = Worlds().add(unpack(data))

    assert b"renew_refresh_token" not in data
    assert [app.scopes for app in again.apps.values()] == [
        app.scopes for app in box.default.apps.values()
    ]
