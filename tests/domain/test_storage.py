"""A game's storage for its users, with the platform's bounds, and the ids of shares."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.domain.share_ids import Share
from tests.support.helpers import (
    GAME_LOGIN,
    WEB,
    app_token,
    client_token,
    get,
    phone,
    post,
    sandbox,
    send,
)


class Player:
    """A game's server with one user's login."""

    def __init__(self) -> None:
        self.box: Sandbox = sandbox()
        code = phone(self.box, "login", app="mini_game")["code"]
        self.login = post(self.box, "/api/apps/v2/jscode2session", {**GAME_LOGIN, "code": code})
        self.token = app_token(self.box, GAME_LOGIN)

    def ask(self, path: str, fields: Any) -> Any:
        """Post signed JSON."""
        body = json.dumps(fields, ensure_ascii=False).encode()
        login = self.login["data"]
        signature = hmac.new(login["session_key"].encode(), body, hashlib.sha256).hexdigest()
        query = f"openid={login['openid']}&sig_method=hmac_sha256&signature={signature}"
        query += f"&access_token={self.token}"
        path = "/mgplatform/api/apps/" + path
        return json.loads(send(self.box, "POST", path, query=query.encode(), body=body).body)

    def set(self, **pairs: str) -> Any:
        """Store pairs."""
        pairs_list = [{"key": key, "value": value} for key, value in pairs.items()]
        return self.ask("set_user_storage", {"kv_list": pairs_list})

    def held(self) -> dict[str, str]:
        """Return what the phone sees of it."""
        result = phone(self.box, "getUserCloudStorage", app="mini_game")
        return {pair["key"]: pair["value"] for pair in result["KVDataList"]}


def test_pairs_are_stored_and_removed() -> None:
    """Pairs are added and replaced, and removed by their keys."""
    player = Player()

    assert player.set(a="1", b="2") == {"error": 0}
    assert player.set(b="3", c="4") == {"error": 0}
    assert player.held() == {"a": "1", "b": "3", "c": "4"}
    assert player.ask("remove_user_storage", {"key": ["a", "none"]}) == {"error": 0}
    assert player.held() == {"b": "3", "c": "4"}


def test_bounds_are_in_bytes() -> None:
    """A key has 128 bytes at most, key and value 1024, in UTF-8."""
    player = Player()

    assert player.set(**{"键" * 42: "x"}) == {"error": 0}
    assert player.set(**{"键" * 43: "x"})["errcode"] == 40009
    assert player.ask("remove_user_storage", {"key": ["键" * 43]})["errcode"] == 40009
    assert player.set(a="x" * 1023) == {"error": 0}
    assert player.set(a="x" * 1024)["errcode"] == 40010


def test_a_user_has_128_pairs() -> None:
    """A user has 128 pairs at most; a call that would exceed them stores none."""
    player = Player()
    player.set(**{str(n): "x" for n in range(127)})

    assert player.set(a="x", b="x")["errcode"] == 60001
    assert len(player.held()) == 127
    assert player.set(a="x") == {"error": 0}
    assert player.set(a="y") == {"error": 0}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('{"ttgame":{"score":1}}', 0),
        ('{"ttgame":{"score":1,"update_time":1}}', 0),
        ("ttgame", 0),
        ('{"ttgame":{"score":"1"}}', 40011),
        ('{"ttgame":{"score":true}}', 40011),
        ('{"ttgame":{}}', 40011),
        ('{"ttgame":[]}', 40011),
        ('["ttgame"]', 40011),
        ('{"ttgame":', 40011),
    ],
)
def test_a_value_for_the_ranking(value: str, code: int) -> None:
    """A value that names ttgame has a whole-number score, or is refused."""
    reply = Player().set(score=value)

    assert reply.get("errcode", 0) == code


def test_share_ids() -> None:
    """A share id is 16 digits as text, another each time, and remembers what it was asked for."""
    box = sandbox()
    token = client_token(box)
    query = {"need_callback": "true", "default_hashtag": "话题"}

    data = [get(box, "/share-id/", query, token)["data"] for _ in range(3)]

    ids = [each["share_id"] for each in data]
    assert len(set(ids)) == 3
    assert all(isinstance(each, str) and each.isdigit() and len(each) == 16 for each in ids)
    unit = box.default.store.unit(box.default.clock.now())
    share = unit.read(Share, ids[0])
    assert share is not None
    assert (share.app, share.need_callback, share.default_hashtag) == (
        WEB.client_key,
        True,
        "话题",
    )
