"""What much work leaves in a journal: logins, refusals, tokens, unknown paths, deliveries."""

from __future__ import annotations

import json
from functools import partial
from itertools import cycle

from msgspec.structs import replace

from benchmarks.contenders import stock
from mockdouyin import Sandbox
from mockdouyin.core.apps import Webhook
from mockdouyin.core.http import Request
from mockdouyin.core.webhooks import emit


def write_history(box: Sandbox, exchanges: int, hook: str) -> int:
    """Let so many exchanges happen, and all that belongs to them; return the entries' number."""
    world = box.default
    world.register(replace(world.find_app(None, "web"), webhook=Webhook(url=hook)))
    for person in cycle(world.people):
        _write_twenty(box, person)
        if world.journal.exchange_count >= exchanges:
            break
    return world.journal.total


def _write_twenty(box: Sandbox, person: str) -> None:
    """Write twenty exchanges, of which four are refused, with their acts and a delivery."""
    for n in range(6):
        code = box.phone(
            box.default, "login", app=stock.PROGRAM.client_key, person=person, args={}
        )
        for _ in range(2 if n < 3 else 1):  # a code works once
            _send(box, stock.LOGIN_PATH, stock.login_body(code["code"]))
    for _ in range(8):
        _send(box, "/oauth/client_token/", stock.client_token(box).body)
    given = stock.consent(box)
    fields = {name: given[name] for name in ("access_token", "open_id")}
    _send(box, "/oauth/userinfo/", json.dumps(fields))
    _send(box, "/open/get_ticket/", "{}")
    box.default.transact(partial(_emit, box, person))
    box.deliverer.advance(box.default, 0.0).result()


def _send(box: Sandbox, path: str, body: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"user-agent", b"backend/1.0")]
    box.handle(Request("POST", path, headers=headers, body=body.encode()))


def _emit(box: Sandbox, person: str) -> None:
    world = box.default
    unit = world.store.unit(world.clock.now())
    emit(world, unit, world.find_app(None, "web"), "create_video", person)
    unit.commit()
