"""People: demo people, made-up people, and the ids by which apps know them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.ids import Ids
from mockdouyin.core.people import People, Person, PersonSpec, demo_people, generate
from mockdouyin.core.world import WorldState
from tests.support.helpers import GAME, PROGRAM, PROGRAM_LOGIN, WEB, phone, post, sandbox

WORLD: WorldState = sandbox().default
A_PROGRAM, A_GAME = WORLD.apps[PROGRAM.client_key], WORLD.apps[GAME.client_key]


def people(*names: str) -> People:
    """Make people of whom nothing but a name is given."""
    made = People(Ids(0, "w"))
    for name in names:
        made.add(name, PersonSpec())
    return made


def python(program: str, seed: str = "0") -> str:
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout


def test_a_world_has_the_demo_people() -> None:
    """Every world starts with the demo people, in their order."""
    assert list(WORLD.people) == [person.name for person in demo_people()]
    assert WORLD.people.first == "小明"
    assert WORLD.people.profile("小明").phone == "13800138000"
    assert WORLD.people.phones() == ["13800138000", "13900139000", "61234567"]


def test_a_made_up_person_is_complete() -> None:
    """What nobody gave is made up: a Chinese name, a mobile number, a place in China."""
    person = people("路人").profile("路人")

    assert re.fullmatch(r"13\d{9}", person.phone)
    assert person.gender in (1, 2)
    assert 8 < person.latitude < 54
    assert 92 < person.longitude < 124
    assert person.nickname
    assert person.province
    assert person.city.endswith("市")
    assert person.district.endswith("区")
    assert person.address
    assert person.avatar.startswith("https://p3.example.test/aweme/100x100/")


def test_what_is_given_stays() -> None:
    """What a spec gives goes before what is made up, and changes nothing else."""
    spec = PersonSpec(phone="13800138001", city="苏州市", gender=0)

    given = generate("路人", spec, Ids(0, "w"))
    free = generate("路人", PersonSpec(), Ids(0, "w"))

    assert (given.phone, given.city, given.gender) == ("13800138001", "苏州市", 0)
    assert (given.nickname, given.address) == (free.nickname, free.address)


def test_people_are_made_up_each_by_themselves() -> None:
    """A person is the same whoever was made up before, and another in another world."""
    alone, crowd = people("丙"), people("甲", "乙", "丙")
    for name in ("乙", "甲"):
        crowd.profile(name)

    assert crowd.profile("丙") == alone.profile("丙")
    assert crowd.profile("丙") == crowd.profile("丙")
    others = [crowd.profile("甲"), crowd.profile("乙"), generate("丙", PersonSpec(), Ids(0, "v"))]
    assert len({each.phone for each in (*others, alone.profile("丙"))}) == 4


def test_another_process_makes_up_the_same_people() -> None:
    """The same seed gives the same person and ids in any process."""
    program = """
import json, msgspec
from tests.core.test_people import A_PROGRAM, PersonSpec, people
made = people("甲", "乙")
print(json.dumps([msgspec.to_builtins(made.profile("乙")), made.open_id(A_PROGRAM, "乙"),
                  made.union_id(A_PROGRAM, "乙"), made.anonymous_id(A_PROGRAM, "乙")]))
"""
    first, second = (json.loads(python(program, seed)) for seed in ("1", "2"))

    assert first == second
    assert first[0]["nickname"] == people("乙").profile("乙").nickname


def test_faker_is_not_loaded_by_a_login() -> None:
    """A login, an exchange and a stranger's login do without Faker; a made-up profile loads it."""
    program = """
import sys
from tests.support.helpers import *
box = sandbox(settings={"unknown_codes": "accept", "unknown_people": 100})
code = phone(box, "login")["code"]
for each in (code, "a real phone's", "another's", "a third's"):
    assert post(box, "/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, "code": each})["err_no"] == 0
phone(box, "getUserProfile"), phone(box, "getPhoneNumber")
print("faker" in sys.modules)
strangers = [name for name in box.default.people if name.startswith("stranger-")]
box.default.people.profile(strangers[0])
print("faker" in sys.modules)
"""
    assert python(program).split() == ["False", "True"]


def test_an_open_id_is_a_persons_in_one_app() -> None:
    """A person has one open_id in each app and one union_id at a developer."""
    known = WORLD.people
    ids = {known.open_id(app, "小明") for app in (A_PROGRAM, A_GAME)}

    assert len(ids) == 2
    assert known.union_id(A_PROGRAM, "小明") == known.union_id(A_GAME, "小明")
    assert known.union_id(A_PROGRAM, "小明") != known.union_id(A_PROGRAM, "小红")
    assert known.anonymous_id(A_PROGRAM, "小明") not in ids


def test_the_owner_of_an_open_id_is_found() -> None:
    """An open_id leads to its person in its own app, though nobody asked for it before."""
    known = people("甲", "乙")
    open_id = people("乙").open_id(A_PROGRAM, "乙")

    assert known.owner(A_PROGRAM, open_id) == "乙"
    assert known.owner(A_PROGRAM, known.open_id(A_GAME, "乙")) is None
    assert known.owner(A_PROGRAM, "_000nobody") is None


def test_people_are_found_by_name_or_open_id() -> None:
    """A person is named or told by an open_id; another name is answered with the nearest."""
    known = people("Anna", "Bert")
    open_id = known.open_id(A_PROGRAM, "Bert")

    assert known.find("Anna") == "Anna"
    assert known.find(open_id) == "Bert"
    with pytest.raises(MockDouyinError, match=r"no person 'Ana'.*did you mean Anna\?"):
        known.find("Ana")


def test_a_person_is_replaced_by_name() -> None:
    """Who is added under a name that is there replaces the one who had it, ids and all."""
    known = people("甲")
    open_id = known.open_id(A_PROGRAM, "甲")

    known.add("甲", Person(name="甲", nickname="新"))

    assert known.profile("甲").nickname == "新"
    assert known.open_id(A_PROGRAM, "甲") == open_id
    assert "甲" in known
    assert "丁" not in known


def test_strangers_are_added_when_they_come() -> None:
    """The first stranger is the world's first person, others join once and stay."""
    known = people("甲")

    assert [known.stranger(0), known.stranger(2), known.stranger(2)] == [
        "甲",
        "stranger-2",
        "stranger-2",
    ]
    assert list(known) == ["甲", "stranger-2"]


def test_strangers_codes_are_spread_over_people() -> None:
    """Unknown codes log in different people, one code always the same one."""
    box = sandbox(settings={"unknown_codes": "accept", "unknown_people": 3})
    path = "/api/apps/v2/jscode2session"

    first = [
        post(box, path, {**PROGRAM_LOGIN, "code": f"real-{n}"})["data"]["openid"]
        for n in range(20)
    ]
    box.default.clock.advance(400)
    again = [
        post(box, path, {**PROGRAM_LOGIN, "code": f"real-{n}"})["data"]["openid"]
        for n in range(20)
    ]

    assert len(set(first)) == 3
    assert again == first


def test_a_phone_is_held_by_the_first_person_unless_told() -> None:
    """A phone is the first person's; a name or an open_id chooses another's."""
    box = sandbox()
    open_id = box.default.people.open_id(A_PROGRAM, "小红")

    assert phone(box, "chooseAddress")["userName"] == "小明"
    assert phone(box, "chooseAddress", person="小红")["userName"] == "小红"
    assert phone(box, "chooseAddress", person=open_id)["userName"] == "小红"


def test_web_apps_know_people_by_ids_of_their_own() -> None:
    """A web app's open_id of a person is not the mini-program's."""
    web = WORLD.apps[WEB.client_key]

    assert WORLD.people.open_id(web, "小明") != WORLD.people.open_id(A_PROGRAM, "小明")


def test_people_are_replaced_by_those_of_before() -> None:
    """Who was added is gone, who was replaced is back, and their open_ids are known or not."""
    some = people("甲", "乙")
    some.open_id(A_PROGRAM, "甲")
    saved = some.specs
    some.add("丙", PersonSpec())
    some.add("乙", PersonSpec(nickname="changed"))
    stranger = some.open_id(A_PROGRAM, "丙")

    some.replace(saved)

    assert list(some) == ["甲", "乙"]
    assert some.profile("乙").nickname != "changed"
    assert some.find(some.open_id(A_PROGRAM, "甲")) == "甲"
    with pytest.raises(MockDouyinError, match="no person"):
        some.find(stranger)
