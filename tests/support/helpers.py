"""What tests begin with: a sandbox whose clock stands still, and the calls of a client."""

from __future__ import annotations

import base64
import itertools
import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.apps import demo_apps
from mockdouyin.core.http import Reply, Request
from mockdouyin.domain.grants import authorize
from mockdouyin.redis_store import RedisConnection, SharedSandbox

_DEMO = demo_apps()
PROGRAM, GAME, WEB = _DEMO["mini_program"], _DEMO["mini_game"], _DEMO["web"]

UNSERVED = "/api/tpapp/v2/template/add_tpl"
"""A path that Douyin has, by POST, and that is not emulated."""

PROGRAM_LOGIN = {"appid": PROGRAM.client_key, "secret": PROGRAM.client_secret}
GAME_LOGIN = {"appid": GAME.client_key, "secret": GAME.client_secret}
WEB_CLIENT = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}


def sandbox(**given: Any) -> Sandbox:
    """Make a sandbox whose clocks stand at noon on New Year's Day 2026, in Beijing.

    MOCKDOUYIN_TEST_STORE=redis://… keeps all of them there, each for itself.
    """
    store = os.environ.get("MOCKDOUYIN_TEST_STORE")
    if store:
        redis = RedisConnection(store, f"tests:{os.getpid()}:{next(_MADE)}:")
        return SharedSandbox(redis, clock=ManualClock, **given)
    return Sandbox(clock=ManualClock, **given)


_MADE = itertools.count()


def send(
    box: Sandbox,
    method: str,
    path: str,
    *,
    query: bytes = b"",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> Reply:
    """Send a request as it is, and return the reply."""
    lower = [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()]
    return box.handle(Request(method, path, query, lower, body))


def post(
    box: Sandbox, path: str, fields: object, headers: dict[str, str] | None = None, query: str = ""
) -> Any:
    """Post JSON, and return the JSON of the answer."""
    body = json.dumps(fields).encode()
    heads = {"content-type": "application/json", **(headers or {})}
    return _read(send(box, "POST", path, query=query.encode(), body=body, headers=heads))


def get(
    box: Sandbox, path: str, query: dict[str, str] | None = None, token: str | None = None
) -> Any:
    """Get with a query, and a token in the header; return the JSON of the answer."""
    heads = {} if token is None else {"access-token": token}
    return _read(send(box, "GET", path, query=urlencode(query or {}).encode(), headers=heads))


def _read(reply: Reply) -> Any:
    assert reply.status == 200, reply
    assert (b"content-type", b"application/json; charset=utf-8") in reply.headers
    return json.loads(reply.body)


def phone(
    box: Sandbox, api: str, *, app: str | None = None, person: str | None = None, **args: Any
) -> dict[str, Any]:
    """Call a tt API on a phone of the world `default`."""
    return box.phone(box.default, api, app=app, person=person, args=args)


def client_token(box: Sandbox, app: str = WEB.client_key, secret: str = WEB.client_secret) -> str:
    """Fetch a client token."""
    fields = {"client_key": app, "client_secret": secret, "grant_type": "client_credential"}
    token = post(box, "/oauth/client_token/", fields)["data"]["access_token"]
    assert isinstance(token, str)
    return token


def app_token(box: Sandbox, login: dict[str, str] = PROGRAM_LOGIN) -> str:
    """Fetch an app token."""
    fields = {**login, "grant_type": "client_credential"}
    token = post(box, "/api/apps/v2/token", fields)["data"]["access_token"]
    assert isinstance(token, str)
    return token


def consent(box: Sandbox, person: str = "小明", scopes: tuple[str, ...] = ("user_info",)) -> str:
    """Consent to the web app as a person; return the code that it is sent."""
    world = box.default
    unit = world.store.unit(world.clock.now())
    code = authorize(world, unit, world.apps[WEB.client_key], person, scopes)
    unit.commit()
    return code


def open_sealed(session_key: str, iv: str, data: str) -> bytes:
    """Open an encryptedData as a developer does, without our own crypto."""
    key, vector, sealed = map(base64.b64decode, (session_key, iv, data))
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    unpadder = PKCS7(128).unpadder()
    padded = decryptor.update(sealed) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def need(there: object, install: str) -> None:
    """Skip a test for want of a tool; where nothing may be skipped, fail instead."""
    if not there:
        if os.environ.get("MOCKDOUYIN_NO_SKIP"):
            pytest.fail(f"this must not be skipped here: {install}")
        pytest.skip(install)
