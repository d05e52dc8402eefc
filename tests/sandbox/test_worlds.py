"""Worlds side by side: which one a request meets where several pin the same app key."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox, World
from mockdouyin.control import execute
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.http import Request
from mockdouyin.sandbox.sandbox import body_limit
from tests.support.ecpay import sign
from tests.support.helpers import client_token, post

KEY, SECRET = "tt0123456789abcdef01", "0123456789abcdef0123456789abcdef01234567"
PINNED = {"apps": {"shop": {"client_key": KEY, "client_secret": SECRET}}}
LOGIN = "/api/apps/v2/jscode2session"


def make(box: Sandbox, name: str, **given: Any) -> World:
    """Make a world in which the app key is pinned."""
    execute(box, "create_world", body={"name": name, "scenario": PINNED, **given})
    return box.worlds.get(name)


def login_code(box: Sandbox, world: str) -> str:
    """Return a login code of a world."""
    code = execute(box, "phone", world=world, path={"api": "login"})["code"]
    assert isinstance(code, str)
    return code


def exchange(box: Sandbox, code: str, prefix: str = "", **headers: str) -> Any:
    """Exchange a login code as the one app that all worlds share."""
    fields = {"appid": KEY, "secret": SECRET, "code": code}
    return post(box, prefix + LOGIN, fields, headers)["err_no"]


def test_a_pinned_key_lives_once_unless_it_is_shared(box: Sandbox) -> None:
    """A second world that pins a key is refused, and told how to live beside the first."""
    make(box, "one")

    with pytest.raises(ConflictError, match=r"lives in world 'one' already;.* shared_keys: true"):
        make(box, "two")
    make(box, "three", shared_keys=True)
    assert box.worlds.of_app(KEY) is box.worlds.get("one")


def test_order_does_not_matter(box: Sandbox) -> None:
    """A world that shares its keys holds none: one that comes later may have the key alone."""
    make(box, "one", shared_keys=True)
    make(box, "two", shared_keys=True)
    three = make(box, "three")

    assert box.worlds.of_app(KEY) is three
    execute(box, "drop_world", world="one")
    assert box.worlds.of_app(KEY) is three


@pytest.mark.parametrize("way", ["prefix", "header"])
def test_worlds_that_share_a_key_are_told_apart_by_name(box: Sandbox, way: str) -> None:
    """By prefix or header the same app key meets either world, and a code only its own."""
    for name in ("one", "two"):
        make(box, name, shared_keys=True)
    for name, other in (("one", "two"), ("two", "one")):
        code = login_code(box, name)

        if way == "prefix":
            answers = [exchange(box, code, f"/@{each}") for each in (other, name)]
        else:
            answers = [exchange(box, code, **{"X-Mockdouyin-World": e}) for e in (other, name)]

        assert answers == [40018, 0]
    assert [len(box.worlds.get(name).journal) for name in ("one", "two")] == [2, 2]
    assert len(box.default.journal) == 0


def test_without_a_name_what_was_issued_tells(box: Sandbox) -> None:
    """A code finds its world, as long as no other world has the app key for itself."""
    for name in ("one", "two"):
        make(box, name, shared_keys=True)
    assert exchange(box, login_code(box, "two")) == 0

    make(box, "alone")

    assert exchange(box, login_code(box, "two")) == 40018
    assert box.worlds.get("alone").journal.total == 1


def test_apps_added_to_a_world_that_shares_keys_are_not_found_by_key(box: Sandbox) -> None:
    """No key of it leads there, one added later included; its snapshots change nothing of that."""
    make(box, "one")
    make(box, "two", shared_keys=True)
    saved = execute(box, "take_snapshot", world="two")["snapshot"]

    execute(box, "add_app", world="two", body={"name": "x", "client_key": "aw00x"})
    execute(box, "restore_snapshot", world="two", path={"id": saved})

    assert box.worlds.of_app("aw00x") is None
    assert box.worlds.of_app(KEY) is box.worlds.get("one")


def test_what_a_dropped_world_issued_leads_nowhere(box: Sandbox) -> None:
    """Keys, codes and tokens of a world that has ended meet the default world, as unknown ones."""
    ended = make(box, "ended")
    code, token = login_code(box, "ended"), client_token(box, *_web(ended))
    assert exchange(box, login_code(box, "ended")) == 0
    before = ended.journal.total

    execute(box, "drop_world", world="ended")

    assert exchange(box, code) == 40015
    assert post(box, "/oauth/userinfo/", {"access_token": token})["data"]["error_code"] != 0
    assert ended.journal.total == before
    assert execute(box, "journal")["total"] == 2
    found = [box.worlds.of_app(KEY), *map(box.worlds.of_credential, (code, token))]
    assert found == [None] * 3


def _web(world: World) -> tuple[str, str]:
    app = world.find_app(None, "web")
    return app.client_key, app.client_secret


@pytest.mark.parametrize("before", ["", "/@a", "/@a/@a"])
def test_an_upload_is_as_long_wherever_its_world_is_named(before: str) -> None:
    """The name of a world at the head of a path, once or twice, changes no limit of a body."""
    request = Request("POST", before + "/video/upload/")

    assert body_limit(Sandbox(), request) > BODY_LIMIT


PROVIDER = "ttprovider00000001"
BALANCE = "/api/apps/ecpay/saas/query_merchant_balance"
SERVED = {"thirdparty_id": PROVIDER, "thirdparty_salt": "provider-salt", "merchant_uid": "7001"}


def ask_as_provider(box: Sandbox) -> Any:
    """Ask for a balance as a provider that names no app, and signs; return the answer."""
    fields = {"thirdparty_id": PROVIDER, "merchant_uid": "7001", "channel_type": "wx"}
    return post(box, BALANCE, {**fields, "sign": sign(fields, SERVED["thirdparty_salt"])})


def test_a_provider_that_names_no_app_meets_its_world(box: Sandbox) -> None:
    """By thirdparty_id the world is found in which the provider serves apps: the first of them."""
    assert ask_as_provider(box)["err_no"] == 2047

    for name in ("one", "two"):
        scenario = {"apps": {"shop": {"payment": SERVED}}}
        execute(box, "create_world", body={"name": name, "scenario": scenario})

    assert ask_as_provider(box)["err_no"] == 0
    assert [len(box.worlds.get(name).journal) for name in ("default", "one", "two")] == [1, 1, 0]
    execute(box, "drop_world", world="one")
    assert ask_as_provider(box)["err_no"] == 2047


def test_an_app_that_gets_a_provider_is_found_by_it(box: Sandbox) -> None:
    """Also where an operation gives it to an app of a living world."""
    make(box, "one")

    execute(box, "change_app", world="one", path={"key": "shop"}, body={"payment": SERVED})

    assert ask_as_provider(box)["err_no"] == 0
