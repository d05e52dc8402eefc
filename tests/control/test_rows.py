"""Lists of rows: what happened in a world, without bodies, filtered, and page by page."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

import httpx
import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute, rows
from mockdouyin.control.client import LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.outbox import Attempt
from mockdouyin.sandbox import deliveries
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import (
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    client_token,
    phone,
    post,
    sandbox,
    send,
)
from tests.support.posting import set_hook

LOGIN = "/api/apps/v2/jscode2session"


def listed(box: Sandbox, **query: str) -> list[int]:
    """List the numbers of rows."""
    return [row["id"] for row in execute(box, "rows", query=query)["rows"]]


def used(box: Sandbox) -> Sandbox:
    """Make a phone call (1), a login (2), a refused one (3), a token (4), a stray call (5), …

    … follow somebody (6), which a webhook is not told (7), move the clock (8), by which a code
    expires (9), call again (10).
    """
    code = phone(box, "login")["code"]
    for _ in range(2):
        post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    client_token(box)
    send(box, "GET", "/nowhere")
    world = box.default
    set_hook(world, "http://127.0.0.1:9/hook")
    execute(box, "act", path={"act": "follow"}, body={"person": "小红"})
    [sent] = world.transact(lambda: deliveries.listed(world))
    deliveries.record(world, sent, Attempt(status=500))
    execute(box, "advance_clock", body={"by": "10m"})
    send(box, "GET", "/nowhere")
    return box


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ({"since": "5"}, [6, 7, 8, 9, 10]),
        ({"since": "2", "before": "6"}, [3, 4, 5]),
        ({"limit": "2"}, [9, 10]),
        ({"limit": "0", "before": "3"}, [1, 2]),
        ({"person": "小红"}, [6, 7]),
        ({"person": "小明"}, [1, 2, 3]),
        ({"app": "web"}, [4, 6, 7]),
        ({"app": PROGRAM.client_key}, [1, 2, 3]),
        ({"error": "true"}, [3, 5, 7, 10]),
        ({"error": "true", "app": WEB.client_key}, [7]),
        ({"text": "client_credential"}, [4]),
        ({"text": "bad code"}, [3]),
        ({"text": "bad code", "person": "小红"}, []),
        ({"text": "login:ok"}, [1]),
        ({"endpoint": "code_to_session"}, [2, 3]),
        ({"endpoint": "/nowhere"}, [5, 10]),
        ({"kind": "phone"}, [1]),
        ({"kind": "social.follow", "person": "小红"}, [6]),
        ({"kind": "pho"}, []),
        ({"kind": "clock"}, [8, 9]),
        ({"kind": "delivery"}, [7]),
        ({"from": "5m"}, [9, 10]),
        ({"from": "1h"}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ({"from": "2030-01-01T00:00:00+08:00"}, []),
    ],
    ids=str,
)
def test_filters(box: Sandbox, query: dict[str, str], numbers: list[int]) -> None:
    """Rows of exchanges, acts and attempts are filtered by everything that tells them apart."""
    assert listed(used(box), **query) == numbers


def test_what_a_row_holds(box: Sandbox) -> None:
    """A row says what happened in a dozen plain fields, and has no body."""
    used(box)

    shown = execute(box, "rows", query={"limit": "0"})
    call, login, refused, token, stray, _, attempt, moved, ran, _ = shown["rows"]
    assert (shown["total"], shown["more"], shown["dropped"]) == (10, False, 0)
    assert [row["type"] for row in shown["rows"]].count("exchange") == 5
    assert (call["type"], call["kind"], call["says"]) == (
        *("act", "phone.login"),
        "小明 calls tt.login in mini_program",
    )
    assert (login["endpoint"], login["verdict"]) == ("mini_program.code_to_session", "ok")
    assert call["links"] == login["links"] == [f"login:{PROGRAM.client_key}:小明:1"]
    assert (refused["code"], refused["error"]) == (40018, "bad_code")
    assert refused["why"] == "the code was already used; it works once"
    assert (token["method"], token["path"]) == ("POST", "/oauth/client_token/")
    assert token["took_ms"] > 0
    assert (stray["verdict"], stray["status"]) == ("unknown", 404)
    assert (attempt["type"], attempt["verdict"]) == ("delivery", "refused")
    assert attempt["delivery"] == f"{WEB.client_key}-1"
    assert (moved["kind"], moved["says"]) == ("clock.advance", "the clock moves ahead 10m")
    assert (ran["kind"], ran["says"]) == ("clock.ran", "on the way: 1 code expired")
    assert PROGRAM.client_secret not in json.dumps(shown)


@pytest.mark.parametrize("spelt", ["小明 & 1", "\\u5c0f\\u660e & 1"])
def test_text_is_found_however_it_is_spelt(spelt: str) -> None:
    """A text is found in JSON, escaped there, and encoded in forms and queries."""
    box = sandbox()
    send(box, "POST", LOGIN, body=f'{{"code": "{spelt}"}}'.encode())
    send(box, "POST", "/nowhere", body=b"a=%E5%B0%8F%E6%98%8E+%26+1")
    send(box, "GET", "/nowhere", query=b"a=%E5%B0%8F%E6%98%8E%20%26%201")
    client_token(box)

    assert listed(box, text="小明 & 1") == [1, 2, 3]


def test_filters_look_beyond_a_page(box: Sandbox) -> None:
    """A filter finds what is rare among thousands, and `more` tells whether there is more."""
    code = phone(box, "login")["code"]
    for _ in range(2):
        post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    for _ in range(2100):
        send(box, "GET", "/nowhere")

    assert listed(box, person="小明") == [1, 2, 3]
    assert listed(box, person="小明", limit="1") == [3]
    assert execute(box, "rows", query={"person": "小明", "limit": "1"})["more"]
    page = execute(box, "rows", query={"limit": "0"})
    assert (len(page["rows"]), page["rows"][0]["id"], page["more"]) == (1000, 1104, True)
    first, last = page["rows"][0]["id"], listed(box, since="2", limit="5000", before="1104")
    assert (len(last), last[-1]) == (1000, first - 1)


def test_what_the_ring_dropped(box: Sandbox) -> None:
    """A list says up to which number the entries are gone, and begins after it."""
    execute(box, "change_settings", body={"journal_exchanges": 10})
    for _ in range(150):  # Redis drops them by the hundred
        send(box, "GET", "/nowhere")

    page = execute(box, "rows")
    assert page["dropped"] == page["rows"][0]["id"] - 1
    assert page["dropped"] >= 30
    assert page["dropped"] == execute(box, "journal")["dropped"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"app": "wev"}, "did you mean web?"),
        ({"person": "小名"}, "no person '小名'"),
        ({"from": "yesterday"}, "how long ago, such as 5m, not 'yesterday'"),
        ({"since": "x"}, "since should be a whole number"),
    ],
    ids=str,
)
def test_mistakes_are_told(box: Sandbox, query: dict[str, str], says: str) -> None:
    """A name that nothing has and a time that is none are refused, rather than find nothing."""
    with pytest.raises(MockDouyinError, match=says.replace("?", r"\?")):
        execute(box, "rows", query=query)


def test_a_view_of_the_journal() -> None:
    """`journal?view=rows` is the list of rows; another view is not known; typed calls do both."""
    with ThreadedServer() as server, httpx.Client(base_url=server.url) as http:
        used(server.sandbox)

        def ask(path: str, **query: Any) -> Any:
            return http.get(f"/_mock/{path}", params=query).json()

        assert ask("journal", view="rows") == ask("rows")
        [row] = ask("worlds/default/journal", view="rows", error=True, limit=1)["rows"]
        assert (row["verdict"], row["path"]) == ("unknown", "/nowhere")
        assert "exchanges" in ask("journal")
        assert "did you mean rows?" in ask("journal", view="row")["error"]
        # A + that nobody escaped.
        moment = http.get("/_mock/rows?from=2030-01-01T00:00:00+08:00")
        assert moment.json()["rows"] == []
        remote = HttpControl(server.url)
        for control in (remote, LocalControl(server.sandbox)):
            page = control.call(rows.rows, rows.RowsQuery(from_="5m", error=True))
            assert [(row.path, row["type"]) for row in page.rows] == [("/nowhere", "exchange")]
        remote.close()


def test_secrets_are_masked_in_rows(box: Sandbox) -> None:
    """What a client put into a path, or a reason quotes of it, shows no secret."""
    send(box, "GET", f"/x/{PROGRAM.client_secret}")
    post(box, LOGIN, {**PROGRAM_LOGIN, "appid": PROGRAM.client_secret, "code": "x"})

    shown = json.dumps(execute(box, "rows"))
    assert "/x/***" in shown
    assert PROGRAM.client_secret not in shown


def test_reading_lets_others_run() -> None:
    """While thousands of rows are read, a request is answered before the reader is done."""
    box = sandbox()
    for _ in range(5000):
        send(box, "GET", "/nowhere")
    begun, answered, done = (threading.Event() for _ in range(3))
    order: list[bool] = []

    def ask() -> None:
        assert begun.wait(20)
        send(box, "GET", "/nowhere")
        order.append(done.is_set())
        answered.set()

    before = sys.getswitchinterval()
    sys.setswitchinterval(60)  # Python takes the interpreter from nobody: it has to be left
    try:
        other = threading.Thread(target=ask)
        other.start()
        begun.set()
        assert len(listed(box, error="true", limit="1000")) == 1000
        done.set()
        assert answered.wait(20)
        other.join()
    finally:
        sys.setswitchinterval(before)
    assert order == [False]
