"""Whatever door it goes through, a request has the same answer, byte for byte, and fails alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.http import Request
from mockdouyin.endpoints import WRITTEN
from mockdouyin.sandbox.worlds import World
from mockdouyin.server.app import render_page
from tests.support.doors import DOORS, WORLD
from tests.support.sending import Call, Seen

LOGIN = "/api/apps/v2/jscode2session"
TOKEN = "/oauth/client_token/"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def start() -> tuple[Sandbox, World]:
    """Make the same world again, its clock at noon on New Year's Day 2026."""
    box = Sandbox(clock=ManualClock, render=render_page)
    return box, box.worlds.create(WORLD, seed=7)


def order(box: Sandbox, name: str, **parts: Any) -> Any:
    """Execute an operation on the world."""
    return execute(box, name, world=WORLD, **parts)


def keys(world: World, kind: str, names: tuple[str, str]) -> dict[str, str]:
    """Return an app's credentials."""
    app = world.find_app(None, kind)
    return dict(zip(names, (app.client_key, app.client_secret), strict=True))


def login(box: Sandbox, world: World, **changed: Any) -> Call:
    """Log somebody in with a fresh code."""
    code = order(box, "phone", path={"api": "login"}, body={})["code"]
    given = {**keys(world, "mini_program", ("appid", "secret")), "code": code, **changed}
    return Call("POST", LOGIN, body=json.dumps(given).encode(), headers=JSON)


def token(world: World, **changed: Any) -> Call:
    """Ask for a client token."""
    given = {**keys(world, "web", ("client_key", "client_secret")), **changed}
    body = {**given, "grant_type": "client_credential"}
    return Call("POST", TOKEN, body=json.dumps(body).encode(), headers=JSON)


# Stories: each gives calls, one after the other, and may look at what came of the last.

Story = Callable[[Sandbox, World], Iterator[Call]]
STORIES: dict[str, Story] = {}


def story(tell: Story) -> Story:
    """Enter a story into the table."""
    STORIES[tell.__name__] = tell
    return tell


@story
def a_login(box: Sandbox, world: World) -> Iterator[Call]:
    """A code logs in once."""
    call = login(box, world)
    yield call
    yield call


@story
def a_token_in_every_form(box: Sandbox, world: World) -> Iterator[Call]:
    """Parameters as JSON, form and query."""
    yield token(world)
    given = {**keys(world, "web", ("client_key", "client_secret"))}
    form = urlencode({**given, "grant_type": "client_credential"})
    yield Call("POST", TOKEN, body=form.encode(), headers=FORM)
    yield Call("POST", TOKEN, query=form)


@story
def an_error_of_every_family(box: Sandbox, world: World) -> Iterator[Call]:
    """Every dialect says no."""
    families = {endpoint.family.name: endpoint for endpoint in WRITTEN if endpoint.errors}
    for endpoint in families.values():
        case = {"Aweme-Negative-Test": endpoint.errors[0].name}
        yield Call(endpoint.methods[0], endpoint.paths[0], headers=case)


@story
def a_magic_value(box: Sandbox, world: World) -> Iterator[Call]:
    """A parameter that asks for an error."""
    yield login(box, world, code="mock-error-40018")


@story
def consent(box: Sandbox, world: World) -> Iterator[Call]:
    """A page for a browser, in two languages, and the redirect that follows its form."""
    app = world.find_app(None, "web")
    asked = {"client_key": app.client_key, "response_type": "code", "scope": "user_info"}
    query = urlencode({**asked, "redirect_uri": app.redirect_uris[0], "state": "一 s"})
    path = "/platform/oauth/connect/"
    page = world.handle(Request("GET", path, query.encode())).page
    assert page is not None
    form = urlencode({"decision": "allow", "form_token": page.content.form_token}).encode()
    yield Call("GET", path, query)
    yield Call("GET", path, query, headers={"accept-language": "en"})
    yield Call("POST", path, query, body=form, headers=FORM)
    yield Call("GET", path, "client_key=x")
    yield Call("GET", "/oauth/get_qrcode/", query)


@story
def lost_paths(box: Sandbox, world: World) -> Iterator[Call]:
    """What is not there, or asked in another way."""
    yield Call("GET", "/")
    yield Call("GET", "/oauth/client_tokens/")
    yield Call("DELETE", TOKEN)
    yield Call("GET", "/%E5%9B%9E%20%3F", "a=%E5%9B%9E&b=+")
    yield Call("HEAD", "/oauth/client_tokens/")
    yield login(box, world)._replace(path="//api/apps//v2/jscode2session/")


@story
def a_world_in_the_path(box: Sandbox, world: World) -> Iterator[Call]:
    """The door's own world may be named; another is refused."""
    yield login(box, world)._replace(path=f"/@{WORLD}{LOGIN}")
    yield login(box, world)._replace(path=f"/@default{LOGIN}")


@story
def answers_of_rules(box: Sandbox, world: World) -> Iterator[Call]:
    """Statuses, headers and bodies that a rule gives."""
    own = {"status": 418, "json": {"a": "茶"}, "headers": {"X-Own": "1"}}
    for rule in ({"status": 502}, {"status": 204}, {"status": 503}, {"reply": own}):
        order(box, "add_rule", body={"on": "client_token", "times": 1, **rule})
        yield token(world)
    order(box, "add_rule", body={"on": "client_token", "patch": {"data.expires_in": 60}})
    yield token(world)


@story
def long_bodies(box: Sandbox, world: World) -> Iterator[Call]:
    """An upload, one with no form in it, and a body that is beyond the limit."""
    given = {**keys(world, "web", ("client_key", "client_secret"))}
    code = order(box, "authorize", body={"scope": "video.create"})["code"]
    grant = {**given, "code": code, "grant_type": "authorization_code"}
    box_reply = yield Call("POST", "/oauth/access_token/", body=json.dumps(grant).encode())
    data = json.loads(box_reply.body)["data"]  # type: ignore[attr-defined]
    query = urlencode({"open_id": data["open_id"], "access_token": data["access_token"]})
    head = b'--edge\r\nContent-Disposition: form-data; name="video"; filename="v.mp4"\r\n\r\n'
    kind = {"content-type": "multipart/form-data; boundary=edge"}
    for size in (1_000, 200_000):
        body = head + bytes(size) + b"\r\n--edge--\r\n"
        yield Call("POST", "/video/upload/", query, body, kind)
    yield Call("POST", "/video/upload/", query, bytes(100_000), kind)
    yield Call("POST", TOKEN, body=bytes(17_000_000), timeout=30)


@story
def faults(box: Sandbox, world: World) -> Iterator[Call]:
    """Every way in which the wire fails; the answer after it is whole."""
    for fault in ("reset", "close", "cut", "garbage", "hang"):
        order(box, "add_rule", body={"on": "code_to_session", "fault": fault, "times": 1})
        call = login(box, world)
        yield call._replace(timeout=0.15 if fault == "hang" else 5)
        yield call
        yield login(box, world)


@story
def delays(box: Sandbox, world: World) -> Iterator[Call]:
    """A delay that the client waits for, one before a fault, one that it does not wait for."""
    for more in ({"delay": "20ms"}, {"delay": "20ms", "fault": "reset"}, {"delay": "30s"}):
        order(box, "add_rule", body={"on": "code_to_session", "times": 1, **more})
        call = login(box, world)
        yield call._replace(timeout=0.15 if more["delay"] == "30s" else 5)
        yield call


def tell(name: str, door: str) -> list[Seen]:
    """Run a story through a door."""
    box, world = start()
    heard: list[Seen] = []
    with DOORS[door](box, world) as send:
        script: Any = STORIES[name](box, world)
        answer = None
        while True:
            try:
                call = script.send(answer)
            except StopIteration:
                return heard
            answer = send(call)
            heard.append(answer)


@cache
def expected(name: str) -> list[Seen]:
    """Run the story with nothing in between."""
    return tell(name, "plain_call")


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same(door: str, name: str) -> None:
    """An exchange, an error, a fault and a delay are the same through every door."""
    assert tell(name, door) == expected(name)


def test_the_stories_tell_what_they_say() -> None:
    """What the doors are compared with has the statuses and failures that the stories mean."""
    outcomes = {name: [s.failure or s.status for s in expected(name)] for name in STORIES}

    ok = 200
    assert set(outcomes["an_error_of_every_family"]) == {ok}
    assert outcomes["consent"] == [ok, ok, 302, ok, ok]
    assert outcomes["lost_paths"] == [404, 404, 404, 404, 404, ok]
    assert outcomes["a_world_in_the_path"] == [ok, 400]
    assert outcomes["answers_of_rules"] == [502, 204, 503, 418, ok]
    assert outcomes["long_bodies"] == [ok, ok, ok, ok, 413]
    wires = ("reset", "close", "cut", "garbage", "timeout")
    assert outcomes["faults"] == [each for wire in wires for each in (wire, ok, ok)]
    assert outcomes["delays"] == [ok, ok, "reset", ok, "timeout", ok]
    bodies = {name: [s.body for s in expected(name)] for name in STORIES}
    assert b'"err_no":0' in bodies["a_login"][0]
    assert b'"err_no":40018' in bodies["a_login"][1]
    assert b"<!doctype html>" in bodies["consent"][0].lower()
    assert b'"error_code":0' in bodies["long_bodies"][2]


@pytest.mark.parametrize("door", [name for name in DOORS if name != "plain_call"])
def test_a_timeout_comes_when_it_is_due(door: str) -> None:
    """No client gives up before the time that it was given."""
    box, world = start()
    order(box, "add_rule", body={"on": "client_token", "delay": "30s"})
    with DOORS[door](box, world) as send:
        began = time.monotonic()
        answer = send(token(world)._replace(timeout=0.2))
        took = time.monotonic() - began

    assert answer == Seen(failure="timeout")
    assert took >= 0.19
