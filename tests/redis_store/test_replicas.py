"""What one replica does is true on the other at once, and nothing is done twice."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import ConflictError, EndedError, NotFoundError
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.journal import MAX_KEPT_BODY, Entry, Exchange
from mockdouyin.domain.logins import Session
from mockdouyin.endpoints import WRITTEN
from mockdouyin.redis_store import _scripts, _world_registry
from tests.endpoints.calls import Scene, good
from tests.redis_store.conftest import Replica
from tests.redis_store.relay import Relay, at_once, runs
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, client_token, get, phone, post
from tests.support.threads import together
from tests.support.waiting import until

V2 = "/api/apps/v2/jscode2session"


def exchange(box: Sandbox, code: str) -> int:
    """Exchange a login code; return the error number."""
    answer = post(box, V2, {**PROGRAM_LOGIN, "code": code})
    number: int = answer["err_no"]
    return number


def test_a_code_of_one_is_exchanged_at_the_other(replica: Replica) -> None:
    """A code that one replica handed out works at another, once."""
    first, second = replica(), replica()
    code = phone(first, "login")["code"]

    assert exchange(second, code) == 0
    assert exchange(first, code) == 40018
    assert exchange(second, code) == 40018


def test_a_code_that_both_have_read_is_consumed_once(
    relay: Relay, relayed: Replica, refused: list[bytes]
) -> None:
    """Of two replicas that have both read a code before one commits, one logs in."""
    boxes = [relayed() for _ in range(2)]
    code = phone(boxes[0], "login")["code"]
    seen: list[int] = []

    at_once(
        relay,
        _scripts.COMMIT.sha,
        *(lambda box=box: seen.append(exchange(box, code)) for box in boxes),
    )

    assert sorted(seen) == [0, 40018]
    assert refused == [b"conflict"]


def test_a_code_asked_for_at_the_same_moment_is_consumed_once(
    replica: Replica, refused: list[bytes]
) -> None:
    """Of many who send the same code to both replicas at once, one logs in."""
    boxes = [replica() for _ in range(2)]
    codes = [phone(boxes[0], "login")["code"] for _ in range(20)]
    seen: list[tuple[str, int]] = []

    def use_all(box: Sandbox) -> None:
        seen.extend((code, exchange(box, code)) for code in codes)

    together(*(lambda box=box: use_all(box) for box in boxes * 4))

    assert len(seen) == 8 * 20
    assert b"conflict" in refused
    assert Counter(code for code, number in seen if number == 0) == Counter(codes)


def test_a_login_is_two_round_trips(replica: Replica) -> None:
    """Reads and commit take a round trip each, and a rule's count adds none."""
    box = replica()
    round_trips = []
    for number in range(3):
        if number == 1:
            execute(box, "add_rule", body={"on": "code_to_session", "after": 9, "error": 40018})
        code = phone(box, "login")["code"]
        before = box.redis.round_trips
        assert exchange(box, code) == 0
        round_trips.append(box.redis.round_trips - before)

    assert round_trips == [2, 2, 2]


def test_an_unknown_code_takes_no_third_round_trip(replica: Replica) -> None:
    """A code is assumed to be absent as the last one was, and the session is read with it."""
    box = replica(settings={"unknown_codes": "accept"})
    assert exchange(box, "first of elsewhere") == 0
    before = box.redis.round_trips

    assert exchange(box, "second of elsewhere") == 0
    assert box.redis.round_trips - before == 2
    assert exchange(box, "second of elsewhere") == 40018
    code = phone(box, "login")["code"]
    assert exchange(box, code) == 0
    assert exchange(box, code) == 40018


def test_rules_hold_everywhere(replica: Replica) -> None:
    """A rule set on one replica matches on the other, as often in all as it says."""
    first, second = replica(), replica()
    execute(first, "add_rule", body={"on": "code_to_session", "times": 2, "error": 40018})
    code = phone(first, "login")["code"]

    matched = [exchange(box, code) for box in (second, first, second)]

    assert matched == [40018, 40018, 0]
    [rule] = execute(second, "rules")["rules"]
    assert rule["hits"] == 2
    execute(second, "clear_rules")
    assert execute(first, "rules")["rules"] == []


def test_two_rules_of_one_moment(relay: Relay, relayed: Replica, refused: list[bytes]) -> None:
    """Of two replicas that both change a definition, the slower applies its change on top."""
    boxes = [relayed() for _ in range(2)]
    rule = {"on": "code_to_session", "times": 1, "error": 40018}

    at_once(
        relay,
        _scripts.COMMIT.sha,
        *(lambda box=box: execute(box, "add_rule", body=rule) for box in boxes),
    )

    assert refused == [b"changed"]
    for box in boxes:
        names = [each["id"] for each in execute(box, "rules")["rules"]]
        assert sorted(names) == ["rule-1", "rule-2"]


def test_no_rule_is_lost(replica: Replica, refused: list[bytes]) -> None:
    """Rules that both replicas set at the same moment are all there, each with its own id."""
    boxes = [replica() for _ in range(2)]
    rule = {"on": "code_to_session", "times": 1, "error": 40018}

    together(*(lambda box=box: execute(box, "add_rule", body=rule) for box in boxes * 5))

    assert b"changed" in refused
    names = [each["id"] for each in execute(boxes[0], "rules")["rules"]]
    assert sorted(names) == sorted(f"rule-{number}" for number in range(1, 11))
    assert execute(boxes[1], "rules") == execute(boxes[0], "rules")


def test_the_clock_is_one(replica: Replica) -> None:
    """The clock that one replica moves shows the same on the other, and codes die by it."""
    first, second = replica(), replica()
    code = phone(first, "login")["code"]

    execute(second, "advance_clock", body={"by": "6m"})

    clock = execute(first, "clock")
    assert (clock["now"], clock["frozen"]) == ("2026-01-01T12:06:00+08:00", True)
    assert exchange(first, code) == 40018
    execute(first, "resume_clock")
    assert execute(second, "clock")["frozen"] is False


def test_apps_people_and_settings_hold_everywhere(replica: Replica) -> None:
    """Whatever a world is made of is the same on every replica."""
    first, second = replica(), replica()
    made = execute(first, "add_app", body={"name": "shop", "kind": "mini_program"})
    execute(first, "add_person", body={"name": "阿强", "phone": "13900139000"})
    execute(second, "change_settings", body={"unknown_codes": "accept"})

    assert made in execute(second, "apps")["apps"]
    assert execute(second, "people") == execute(first, "people")
    login = {"appid": made["client_key"], "secret": made["client_secret"], "code": "of a phone"}
    assert post(first, V2, login)["err_no"] == 0
    assert phone(second, "login", app="shop", person="阿强")["errMsg"] == "login:ok"


def test_an_app_admitted_on_sight_is_known_everywhere(replica: Replica) -> None:
    """Where unknown apps are accepted, both replicas meet the same one."""
    settings = {"unknown_apps": "accept", "unknown_codes": "accept", "unknown_people": 5}
    boxes = [replica(settings=settings) for _ in range(2)]
    login = {"appid": "ttnew", "secret": "any"}

    answers = [post(box, V2, {**login, "code": "same code"}) for box in boxes]

    assert [answer["err_no"] for answer in answers] == [0, 40018]
    assert execute(boxes[0], "apps") == execute(boxes[1], "apps")
    assert "ttnew" in [app["client_key"] for app in execute(boxes[1], "apps")["apps"]]


def test_strangers_are_the_same_everywhere(replica: Replica) -> None:
    """Whom an unknown code logs in on one replica, the other knows by name and open_id."""
    settings = {"unknown_codes": "accept", "unknown_people": 50}
    first, second = replica(settings=settings), replica(settings=settings)
    answer = post(first, V2, {**PROGRAM_LOGIN, "code": "of a phone"})
    [exchanged] = execute(first, "journal")["exchanges"]

    who = exchanged["person"]
    assert who.startswith("stranger-")
    assert second.default.people.find(answer["data"]["openid"]) == who
    assert second.default.people.profile(who) == first.default.people.profile(who)


def test_worlds_are_found_everywhere(replica: Replica) -> None:
    """A world made on one replica is found by its name, keys and codes on the other at once."""
    first, second = replica(), replica()
    made = execute(first, "create_world", body={"name": "mine"})
    app = made["apps"][0]

    assert [each["world"] for each in execute(second, "worlds")["worlds"]] == ["default", "mine"]
    code = execute(second, "phone", world="mine", path={"api": "login"})["code"]
    login = {"appid": app["client_key"], "secret": app["client_secret"], "code": code}
    assert post(second, V2, login)["err_no"] == 0
    journal = execute(first, "journal", world="mine")
    assert (len(journal["exchanges"]), journal["total"]) == (1, 2)
    assert execute(first, "journal")["total"] == 0


def test_a_dropped_world_is_gone_everywhere(replica: Replica) -> None:
    """What a world had issued is no longer known on any replica once one has ended it."""
    first, second = replica(), replica()
    made = execute(first, "create_world", body={"name": "mine"})
    app = made["apps"][0]
    login = {"appid": app["client_key"], "secret": app["client_secret"], "code": "x"}
    assert post(second, V2, login)["err_no"] == 40018

    execute(second, "drop_world", world="mine")

    assert post(first, V2, login)["err_no"] == 40015
    with pytest.raises(NotFoundError, match="no world 'mine'"):
        execute(first, "apps", world="mine")
    again = execute(first, "create_world", body={"name": "mine", "seed": 5})
    assert execute(second, "apps", world="mine")["apps"] == again["apps"]
    assert again["apps"] != made["apps"]


def test_what_a_dropped_world_issued_leads_nowhere(replica: Replica) -> None:
    """Keys, codes and tokens of a world that another replica ended are unknown ones here."""
    first, second = replica(), replica()
    made = execute(first, "create_world", body={"name": "mine"})
    web = next(app for app in made["apps"] if app["kind"] == "web")
    program = next(app for app in made["apps"] if app["kind"] == "mini_program")
    code = execute(second, "phone", world="mine", path={"api": "login"})["code"]
    token = client_token(second, web["client_key"], web["client_secret"])
    ended = second.worlds.get("mine")

    execute(first, "drop_world", world="mine")

    for box in (second, first):
        login = {"appid": program["client_key"], "secret": program["client_secret"]}
        assert post(box, V2, {**login, "code": code})["err_no"] == 40015
        answer = get(box, "/oauth/userinfo/", {"open_id": "x"}, token)
        assert answer["data"]["error_code"] != 0
        found = [box.worlds.of_app(program["client_key"]), box.worlds.of_app(web["client_key"])]
        assert [*found, *map(box.worlds.of_credential, (code, token))] == [None] * 4
    assert execute(first, "journal")["total"] == 4
    with pytest.raises(EndedError):
        ended.store.unit(0).find(Session, "any")


def test_a_world_that_has_ended_takes_no_transaction(replica: Replica) -> None:
    """A transaction on a world that was dropped here, or elsewhere, is refused as ended."""
    first, second = replica(), replica()
    execute(first, "create_world", body={"name": "mine"})
    worlds = [box.worlds.get("mine") for box in (first, second)]
    execute(first, "drop_world", world="mine")

    for world in worlds:
        with pytest.raises(EndedError, match="'mine' has ended"):
            world.transact(world.clock.now)


def test_a_world_that_two_make_at_once_is_made_by_one(relay: Relay, relayed: Replica) -> None:
    """Of two replicas that have both seen that there is no such world, one makes it."""
    boxes = [relayed() for _ in range(2)]
    made: list[str] = []

    def make(box: Sandbox) -> None:
        try:
            made.append(execute(box, "create_world", body={"name": "mine"})["world"])
        except ConflictError as error:
            made.append(str(error))

    at_once(relay, _scripts.CREATE_WORLD.sha, *(lambda box=box: make(box) for box in boxes))

    assert sorted(made) == ["mine", "there is a world 'mine' already"]
    apps = [execute(box, "apps", world="mine")["apps"] for box in boxes]
    assert apps[0] == apps[1]


def test_a_name_and_a_key_belong_to_one_world(replica: Replica) -> None:
    """Of two replicas that make the same world, or claim the same key, one is refused."""
    first, second = replica(), replica()
    pinned = {"apps": {"a": {"client_key": "ttpinned", "client_secret": "s"}}}
    execute(first, "create_world", body={"name": "one", "scenario": pinned})

    with pytest.raises(ConflictError, match="there is a world 'one' already"):
        execute(second, "create_world", body={"name": "one"})
    with pytest.raises(ConflictError, match="'ttpinned' lives in world 'one' already"):
        execute(second, "create_world", body={"name": "two", "scenario": pinned})
    assert [each["world"] for each in execute(first, "worlds")["worlds"]] == ["default", "one"]


def test_names_are_made_up_once(replica: Replica) -> None:
    """Worlds without a name get different ones, whoever makes them."""
    boxes = [replica() for _ in range(2)]
    names: list[str] = []

    def make(box: Sandbox) -> None:
        names.append(execute(box, "create_world", body={})["world"])

    together(*(lambda box=box: make(box) for box in boxes * 3))

    assert len(set(names)) == 6


def test_the_journal_is_one(replica: Replica) -> None:
    """Each replica lists what all have answered, in order and with numbers of one sequence."""
    boxes = [replica() for _ in range(2)]
    for number in range(6):
        get(boxes[number % 2], "/oauth/userinfo/", {"access_token": "x"})
    boxes[0].handle(Request("GET", "/nowhere"))

    shown = execute(boxes[1], "journal")

    assert [each["id"] for each in shown["exchanges"]] == [1, 2, 3, 4, 5, 6, 7]
    assert shown == execute(boxes[0], "journal")
    [missed] = execute(boxes[1], "list_leftovers")["unanswered"]
    assert missed["path"] == "/nowhere"


def test_a_wait_hears_of_what_others_answer(replica: Replica) -> None:
    """Whoever waits at one replica for a call gets it when another has answered."""
    first, second = replica(), replica()
    found: list[Any] = []

    def wait() -> None:
        query = {"endpoint": "code_to_session", "timeout": "20"}
        found.extend(execute(first, "wait_for_journal", query=query)["exchanges"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: first.default.journal.listeners, "somebody who waits")
    assert found == []
    exchange(second, "unknown")
    waiting.join()

    assert [each["verdict"] for each in found] == ["refused"]


def test_a_reset_is_one_for_all(replica: Replica) -> None:
    """After a reset on one replica, what was issued before is unknown on the other."""
    first, second = replica(), replica()
    code = phone(first, "login")["code"]
    exchange(second, "unknown")

    execute(second, "reset")

    assert exchange(first, code) == 40018
    journal = execute(first, "journal")
    assert [each["id"] for each in journal["exchanges"]] == [journal["total"]] == [4]


def test_a_stable_world_is_joined(replica: Replica) -> None:
    """A replica that starts later takes over what is there, whatever it would begin with."""
    first = replica(seed=3, settings={"unknown_codes": "accept"})

    second = replica(seed=4)

    assert second.default.settings == first.default.settings
    assert second.default.ids.tag == first.default.ids.tag


def test_the_same_bytes_as_in_memory(replica: Replica) -> None:
    """A good call of every endpoint is answered as it is from memory, to the last byte."""
    scenes = [Scene(Sandbox(clock=ManualClock, seed=7)), Scene(replica(seed=7))]

    for name in WRITTEN.endpoints:
        asked = [good(scene, name) for scene in scenes]
        assert asked[0] == asked[1], name
        assert scenes[0].send(asked[0]) == scenes[1].send(asked[1]), name
        for scene in scenes:
            scene.advance(60)


def test_snapshots_are_refused(replica: Replica) -> None:
    """A world that several processes share says that it has no snapshots."""
    with pytest.raises(ConflictError, match="has no snapshots"):
        execute(replica(), "take_snapshot")


def test_the_demo_key_is_found(replica: Replica) -> None:
    """The world that always is there has its demo apps on every replica."""
    for box in (replica(), replica()):
        assert PROGRAM.client_key in [app["client_key"] for app in execute(box, "apps")["apps"]]


def test_near_misses_are_of_every_replica(replica: Replica) -> None:
    """A rule is compared with the phones that another replica heard of."""
    box = replica()
    when = {"person": "小红", "app": "mini_program"}
    execute(box, "add_rule", body={"on": "phone.login", "error": "host_login_fail", "when": when})
    phone(replica(), "login")
    [act] = [
        each for each in box.default.journal.newest() if isinstance(each, Act) and each.person
    ]

    [left] = execute(box, "list_leftovers")["unused_rules"]

    differences = [{"field": "when.person", "expected": "小红", "seen": "小明"}]
    assert left["near"]["differences"] == differences
    assert (left["near"]["candidate"], left["near"]["id"]) == ("phone.login", act.number)


def test_the_journal_is_bounded(replica: Replica) -> None:
    """The journal keeps the latest exchanges and the acts between, and says what it lacks."""
    box = replica(settings={"journal_exchanges": 200})
    journal = box.default.journal

    for _ in range(250):
        phone(box, "login")
        exchange(box, "unknown")

    assert (journal.total, journal.exchange_count) == (500, 250)
    assert 200 <= len(journal) <= 201 + 100
    kept = [entry.number for entry in journal.newest()]
    assert kept == list(range(journal.dropped + 1, 501))
    for key in ("journal", "places"):
        command = "XLEN" if key == "journal" else "ZCARD"
        assert box.redis.call(command, f"mockdouyin:{{default}}:{key}") == len(kept)


def test_the_journal_is_read_in_pages(replica: Replica) -> None:
    """Each replica reads the newest entries, those before and after a number, and any one."""
    boxes = [replica(), replica()]
    for count in range(6):
        phone(boxes[count % 2], "login")
        exchange(boxes[(count + 1) % 2], "unknown")

    def numbers(entries: list[Entry]) -> list[int]:
        return [entry.number for entry in entries]

    for box in boxes:
        journal = box.default.journal
        assert numbers(journal.newest(3)) == [10, 11, 12]
        assert numbers(journal.newest(3, before=10)) == [7, 8, 9]
        assert numbers(journal.newest(since=9)) == [10, 11, 12]
        assert numbers(journal.after(4, 3)) == [5, 6, 7]
        assert [type(each) for each in journal.newest(2)] == [Act, Exchange]
        found = journal.find(5)
        assert isinstance(found, Act)
        assert (found.kind, found.links[0].number) == ("phone.login", 3)
        assert journal.find(13) is None


def test_a_list_reads_no_more_than_it_shows(relay: Relay, relayed: Replica) -> None:
    """A short list of the newest calls does not read the whole journal, which takes long."""
    box = relayed()
    for _ in range(60):
        exchange(box, "unknown")
    relay.seen.clear()

    found = execute(box, "journal", query={"limit": "3"})

    assert [each["id"] for each in found["exchanges"]] == [58, 59, 60]
    limits = [int(command[7]) for command in relay.seen if runs(command, _scripts.PAGE.sha)]
    assert limits
    assert all(0 < limit < 20 for limit in limits)
    assert execute(box, "journal", query={"limit": "50"})["more"]
    rare = execute(box, "journal", query={"endpoint": "client_token", "limit": "1"})
    assert (rare["exchanges"], rare["total"]) == ([], 60)


@pytest.mark.parametrize("name", ["findings", "wait_for_journal", "journal", "rows", "stories"])
def test_the_whole_journal_is_read_page_by_page(relay: Relay, relayed: Replica, name: str) -> None:
    """What looks through the whole journal asks for a page at a time, and finds everything."""
    box = relayed()
    for _ in range(40):
        exchange(box, "unknown")
    relay.seen.clear()

    query = {"count": "40", "timeout": "0"} if name == "wait_for_journal" else {"limit": "40"}
    found = execute(box, name, query=query)

    limits = [int(command[7]) for command in relay.seen if runs(command, _scripts.PAGE.sha)]
    assert limits
    assert all(0 < limit <= 1002 for limit in limits)
    if "exchanges" in found:
        seen = found["exchanges"]
        assert (seen if isinstance(seen, int) else len(seen)) == 40


def test_a_number_that_is_still_to_be_written_is_waited_for(replica: Replica) -> None:
    """Who reads on stops before a number that another process may yet write."""
    box = replica()
    journal, key = box.default.journal, "mockdouyin:{default}:about"
    exchange(box, "unknown")
    slow = int(box.redis.call("HINCRBY", key, "total", 1))
    exchange(box, "unknown")

    assert [entry.number for entry in journal.after(0, 10)] == [1]
    assert journal.after(1, 10) == []
    assert [entry.number for entry in journal.after(slow, 10)] == [slow + 1]

    # Once its transaction cannot commit any more, nobody waits for it.
    box.redis.timeout = 0.3
    until(lambda: journal.after(1, 10), "the end of that transaction's time")
    assert [entry.number for entry in journal.after(1, 10)] == [slow + 1]


def test_large_exchanges_make_room(replica: Replica) -> None:
    """The journal holds so many bytes and no more, whatever the number of its exchanges."""
    box = replica(settings={"journal_bytes": 4 * 1024 * 1024})
    world = box.default

    def write(number: int) -> None:
        made = Exchange(
            number=number,
            time=0,
            world="default",
            request=Request("POST", "/", body=bytes(MAX_KEPT_BODY)),
            reply=Reply(200, bytes(300_000)),
        )
        world.transact(lambda: world.journal.write(made))

    for number in range(1, 26):
        write(number)

    assert [each.number for each in world.journal] == list(range(15, 26))
    assert world.journal.dropped == 14


def test_all_who_want_the_same_get_it(replica: Replica, refused: list[bytes]) -> None:
    """Requests that all write one record take turns: each is answered, none is lost."""
    boxes = [replica(settings={"unknown_codes": "accept"}) for _ in range(2)]
    numbers: list[int] = []

    def log_in(number: int) -> None:
        for count in range(10):
            numbers.append(exchange(boxes[number % 2], f"code {number} {count}"))

    together(*(lambda n=n: log_in(n) for n in range(8)))

    assert numbers == [0] * 80
    assert b"conflict" in refused
    session = boxes[0].default.store.unit(0).find(Session, f"{PROGRAM.client_key} 小明")
    assert session is not None
    assert session.logins == 80


def test_a_world_left_half_made_is_made_again(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world whose maker died before it was indexed can be made again after a while."""
    box = replica()
    box.redis.call(*_scripts.CREATE_WORLD(["mockdouyin:{half}:about"], b"whatever"))
    with pytest.raises(ConflictError, match="there is a world 'half' already"):
        execute(box, "create_world", body={"name": "half"})

    monkeypatch.setattr(_world_registry, "CREATION_TIMEOUT", 0.0)

    assert execute(box, "create_world", body={"name": "half"})["world"] == "half"


def test_a_person_who_was_a_stranger_is_kept(replica: Replica) -> None:
    """A stranger whose profile was changed on one replica has that profile on the other."""
    boxes = [replica(settings={"unknown_people": 3}) for _ in range(2)]

    execute(boxes[0], "change_person", path={"name": "stranger-2"}, body={"city": "杭州市"})

    assert boxes[1].default.people.profile("stranger-1").city != "杭州市"
    [changed] = [p for p in execute(boxes[1], "people")["people"] if p["name"] == "stranger-2"]
    assert changed["city"] == "杭州市"
