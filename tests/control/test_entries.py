"""One thing that happened, opened whole: by its number, its log id, or as a delivery."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import entries, execute
from mockdouyin.control.client import LocalControl
from mockdouyin.core.acts import MAX_KEPT_VALUE
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.server.serving import ThreadedServer
from tests.conftest import Servers
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, WEB, phone, post, sandbox, send
from tests.support.posting import set_hook, tell

LOGIN = "/api/apps/v2/jscode2session"


def log_in(box: Sandbox) -> Any:
    """Log 小明 in: a phone call, then the exchange whose log id is returned."""
    code = phone(box, "login")["code"]
    reply = send(box, "POST", LOGIN, body=json.dumps({**PROGRAM_LOGIN, "code": code}).encode())
    return dict(reply.headers)[b"x-tt-logid"].decode()


def show(box: Sandbox, wanted: str, world: str = "default", **query: str) -> Any:
    """Show what has an id."""
    return execute(box, "open_by_id", world=world, path={"id": wanted}, query=query)


def complaint(box: Sandbox, operation: str, wanted: str) -> str:
    """Return why something is not found."""
    with pytest.raises(MockDouyinError) as raised:
        execute(box, operation, path={"id": wanted, "act": wanted})
    assert raised.value.status == 404
    return str(raised.value)


def test_an_exchange_whole(box: Sandbox) -> None:
    """An exchange is opened with its bodies, how long it took and its links; masked, or not."""
    log_in(box)

    hidden, open_ = (
        execute(box, "open_exchange", path={"id": "2"}, query=query)
        for query in ({}, {"reveal": "true"})
    )
    assert hidden == {**show(box, "2")["exchange"]}
    assert hidden["links"] == [f"login:{PROGRAM.client_key}:小明:1"]
    assert hidden["took_ms"] > 0
    assert hidden["request"]["body"]["secret"] == hidden["reply"]["body"]["data"]["session_key"]
    assert PROGRAM.client_secret not in json.dumps(hidden)
    assert open_["request"]["body"]["secret"] == PROGRAM.client_secret
    [listed] = execute(box, "journal")["exchanges"]
    assert listed == hidden


def test_an_act_whole(box: Sandbox) -> None:
    """An act is opened with what was asked for and what came of it; secrets are masked."""
    execute(box, "add_person", body={"name": "小李", "phone": "13800001234"})
    execute(box, "phone", path={"api": "login"}, body={"fail": True})

    act, failed = (execute(box, "open_act", path={"act": number}) for number in ("1", "2"))
    assert act == show(box, "#1")["act"]
    assert (act["id"], act["kind"], act["verdict"]) == (1, "person.add", "ok")
    assert act["given"] == {"name": "小李", "phone": "***"}
    assert show(box, "1", reveal="true")["act"]["given"]["phone"] == "13800001234"
    assert failed["result"]["errMsg"].startswith("login:fail")
    assert (failed["verdict"], bool(failed["why"]), bool(failed["why_code"])) == (
        *("refused", True),
        True,
    )


def test_a_value_that_was_cut() -> None:
    """What an act kept a part of is shown as text that ends with how much it is."""
    box = sandbox()
    reply = {"json": "y" * 2 * MAX_KEPT_VALUE}
    execute(box, "add_rule", body={"on": "code_to_session", "reply": reply})

    assert show(box, "1")["act"]["given"].endswith(f"yyy… (the first {MAX_KEPT_VALUE} bytes)")


def test_a_log_id(box: Sandbox) -> None:
    """The log id of a reply leads to its exchange, also in small letters."""
    log_id = log_in(box)

    assert show(box, log_id)["exchange"]["id"] == show(box, log_id.lower())["exchange"]["id"] == 2
    assert show(box, log_id)["exchange"]["reply"]["headers"]["x-tt-logid"] == log_id
    assert show(box, log_id)["story"]["id"] == f"login:{PROGRAM.client_key}:小明:1"
    never = log_id[:-12] + f"{99:012X}"
    assert complaint(box, "open_by_id", never).startswith("there is no #99 in world 'default'")
    other = "20200101000000" + log_id[14:]
    assert "is from before the server was started anew: #2" in complaint(box, "open_by_id", other)


def test_the_log_id_of_another_world(box: Sandbox) -> None:
    """A log id tells its world: where it is not the one that is asked, the error names it."""
    execute(box, "create_world", body={"name": "other"})
    log_id = log_in(box)

    with pytest.raises(MockDouyinError, match="is of world 'default': --world default"):
        show(box, log_id, world="other")
    stranger = log_id[:14] + "DEADBEEF" + log_id[22:]
    assert complaint(box, "open_by_id", stranger).endswith("is of no world of this server")


def test_another_replica_finds_it(servers: Servers) -> None:
    """What one replica answered, and in which world, another one knows."""
    url = servers("redis").url
    one, two = (SharedSandbox(RedisConnection(url)) for _ in range(2))
    try:
        execute(one, "create_world", body={"name": "mine"})
        log_id = log_in(one)

        assert show(two, log_id) == show(one, log_id)
        assert execute(two, "rows") == execute(one, "rows")
        with pytest.raises(MockDouyinError, match="is of world 'default': --world default"):
            show(two, log_id, world="mine")
    finally:
        one.redis.close()
        two.redis.close()


def test_a_delivery(box: Sandbox) -> None:
    """A delivery is opened by its id or by the log id in its body, whichever app it is of."""
    set_hook(box.default, "http://127.0.0.1:9/hook", "mini_program")
    set_hook(box.default, "http://127.0.0.1:9/hook")
    sent = [tell(box.default, "create_video", kind) for kind in ("mini_program", "web")]

    for made in sent:
        assert made is not None
        opened = show(box, made.id)["delivery"]
        assert (opened["id"], opened["event"]) == (made.id, "create_video")
    [log_id] = re.findall(rb'"log_id":"(\w{34})"', sent[1].body)  # type: ignore[union-attr]
    assert show(box, log_id.decode())["delivery"]["id"].endswith("-1")
    none = log_id.decode()[:-1] + "9"
    assert "no delivery of world 'default' has the log id" in complaint(box, "open_by_id", none)


def test_what_was_dropped(box: Sandbox) -> None:
    """A number that the ring dropped is told from one that never was."""
    execute(box, "change_settings", body={"journal_exchanges": 10})
    for _ in range(150):  # Redis drops them by the hundred
        send(box, "GET", "/nowhere")

    for operation in ("open_exchange", "open_act", "open_by_id"):
        says = complaint(box, operation, "2")
        assert "#2 of world 'default' was dropped: the journal keeps the newest 10 exch" in says
        assert "(`journal_exchanges`)" in says
        says = complaint(box, operation, "999")
        assert says == "there is no #999 in world 'default': the latest is #151"
    assert execute(box, "open_exchange", path={"id": "151"})["path"] == "/nowhere"


@pytest.mark.parametrize("wanted", ["x", "0", "-1", "1.5", "９", "9" * 30, f"{WEB.client_key}-7"])
def test_what_is_no_id(box: Sandbox, wanted: str) -> None:
    """What is no id is refused, with what an id is."""
    assert re.search(r"such as 12", complaint(box, "open_by_id", wanted))


def test_each_in_its_place(box: Sandbox) -> None:
    """An act is no exchange and an exchange no act; the error says where it is found."""
    log_in(box)

    assert complaint(box, "open_exchange", "1") == "#1 is an act, phone.login: see acts/1"
    assert complaint(box, "open_act", "2") == "#2 is an exchange: see exchanges/2"


def test_over_http() -> None:
    """Each has a path of its own, in each world; a typed call returns what is there."""
    with ThreadedServer() as server:
        import httpx

        log_in(server.sandbox)
        base = f"{server.url}/_mock/worlds/default"
        whole = httpx.get(f"{base}/exchanges/2").json()
        assert httpx.get(f"{base}/show/2").json()["exchange"] == whole
        assert httpx.get(f"{base}/acts/1").json()["kind"] == "phone.login"
        assert httpx.get(f"{base}/exchanges/7").status_code == 404
        assert httpx.get(f"{base}/show/%231").json()["act"]["id"] == 1
        control = LocalControl(server.sandbox)
        opened = control.call(entries.open_by_id, path={"id": "2"})
        assert list(opened) == ["exchange", "story"]


def test_opened_off_the_lock(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an exchange is masked, which takes long, others are answered."""
    import threading

    from mockdouyin.core import exchange_view

    log_in(box)
    real, answered = exchange_view.show, list[bool]()

    def slowly(*given: Any) -> Any:
        other = threading.Thread(
            target=lambda: post(box, LOGIN, {**PROGRAM_LOGIN, "code": "another"})
        )
        other.start()
        other.join(10)
        answered.append(not other.is_alive())
        return real(*given)

    monkeypatch.setattr(exchange_view, "show", slowly)
    show(box, "2")

    assert answered == [True]
