"""Faults and delays, as the client's user sees them over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer

TOKEN = "/oauth/client_token/"


def ask(http: httpx.Client, **options: Any) -> httpx.Response:
    """Request a client token with the demo app's credentials."""
    apps = http.get("/_mock/apps").json()["apps"]
    [app] = [app for app in apps if app["kind"] == "web"]
    keys = {name: app[name] for name in ("client_key", "client_secret")}
    return http.post(TOKEN, json={**keys, "grant_type": "client_credential"}, **options)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", httpx.ReadError),
        ("close", httpx.RemoteProtocolError),
        ("cut", httpx.RemoteProtocolError),
        ("garbage", httpx.RemoteProtocolError),
    ],
)
def test_the_wire_fails(http: httpx.Client, fault: str, error: type[Exception]) -> None:
    """A fault breaks one answer on the wire, and the next is whole."""
    http.post("/_mock/rules", json={"on": "client_token", "fault": fault, "times": 1})

    with pytest.raises(error):
        ask(http)
    assert ask(http).json()["message"] == "success"


def test_nothing_ever_comes(http: httpx.Client) -> None:
    """With fault hang only the client's own timeout ends the call."""
    http.post("/_mock/rules", json={"on": "client_token", "fault": "hang", "times": 1})

    with pytest.raises(httpx.ReadTimeout):
        ask(http, timeout=0.2)
    assert ask(http).json()["message"] == "success"


def test_a_slow_answer(http: httpx.Client) -> None:
    """A delay beyond the client's timeout is that client's timeout."""
    http.post("/_mock/rules", json={"on": "client_token", "delay": "30s", "times": 1})

    with pytest.raises(httpx.ReadTimeout):
        ask(http, timeout=0.2)
    assert ask(http).json()["message"] == "success"


def test_a_lost_answer_is_truly_lost(http: httpx.Client) -> None:
    """What was done for a lost answer stays done: the code in it is used up."""
    http.post("/_mock/rules", json={"on": "code_to_session", "fault": "reset", "times": 1})
    apps = http.get("/_mock/apps").json()["apps"]
    [app] = [app for app in apps if app["kind"] == "mini_program"]
    code = http.post("/_mock/phone/login", json={}).json()["code"]
    body = {"appid": app["client_key"], "secret": app["client_secret"], "code": code}

    with pytest.raises(httpx.ReadError):
        http.post("/api/apps/v2/jscode2session", json=body)
    assert http.post("/api/apps/v2/jscode2session", json=body).json()["err_no"] == 40018


def test_a_stop_does_not_wait_for_what_hangs() -> None:
    """A server that is stopped ends calls that would hang for ever."""
    server = ThreadedServer().start()
    with httpx.Client(base_url=server.url) as http:
        http.post("/_mock/rules", json={"on": "client_token", "fault": "hang"})
        seen = []

        def call() -> None:
            with httpx.Client(base_url=server.url, timeout=60) as other:
                try:
                    seen.append(ask(other))
                except httpx.HTTPError as error:
                    seen.append(error)  # type: ignore[arg-type]

        caller = threading.Thread(target=call)
        caller.start()
        http.get("/_mock/journal/wait", params={"endpoint": "client_token"})
        server.stop()
        caller.join(10)

    assert isinstance(seen[0], httpx.HTTPError)


def test_answers_under_way_are_finished_at_a_stop() -> None:
    """A server that is stopped during an operation sends its answer first."""
    server = ThreadedServer().start()
    answers: list[httpx.Response] = []

    def wait() -> None:
        query = {"endpoint": "client_token", "timeout": "10"}
        answers.append(httpx.get(f"{server.url}/_mock/journal/wait", params=query, timeout=20))

    waiting = threading.Thread(target=wait)
    waiting.start()
    journal = server.sandbox.default.journal
    while not journal.listeners:
        waiting.join(0.01)
    with httpx.Client(base_url=server.url) as http:
        ask(http)
    server.stop()
    waiting.join(10)

    assert answers[0].status_code == 200


def test_a_delayed_answer_is_given_before_a_stop() -> None:
    """A server that is stopped gives the answers that are on their way, delays included."""
    server = ThreadedServer().start()
    answers: list[httpx.Response] = []

    def call() -> None:
        with httpx.Client(base_url=server.url, timeout=20) as other:
            answers.append(ask(other))

    with httpx.Client(base_url=server.url) as http:
        http.post("/_mock/rules", json={"on": "client_token", "delay": "300ms"})
        caller = threading.Thread(target=call)
        caller.start()
        http.get("/_mock/journal/wait", params={"endpoint": "client_token"})
        server.stop()
        caller.join(10)

    assert answers[0].json()["message"] == "success"
