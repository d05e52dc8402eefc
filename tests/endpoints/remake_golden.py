"""Golden exchanges: `python -m tests.endpoints.remake_golden` writes them; read the diff.

Each is made in a sandbox of its own, with the seed of `calls` and a clock that stands at noon on
New Year's Day 2026, so that one endpoint's change shows in that endpoint's exchanges alone.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from mockdouyin.core import resources
from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.provoke import provoke

FOLDER = resources.folder("fixtures") / "golden"

FAILURES = (
    "bad_code",
    "bad_refresh_token",
    "bad_secret",
    "bad_client_secret",
    "bad_signature",
    "not_subscribed",
    "token_mismatch",
    "expired_token",
    "bad_params",
)
"""The failure that is shown for an endpoint: the first of these that it has."""


def exchanges(family: Family) -> list[dict[str, Any]]:
    """Make a success and a failure of every endpoint of a family."""
    return [made for endpoint in family.endpoints for made in _both(endpoint)]


def _both(endpoint: Endpoint) -> list[dict[str, Any]]:
    scene = Scene()
    success = _exchange(endpoint, "success", scene, good(scene, endpoint.full_name))
    name = next(name for name in FAILURES if endpoint.find_case(name))
    provoked = provoke(endpoint, endpoint.case(name))
    return [success, _exchange(endpoint, name, provoked.scene, provoked.ask)]


def _exchange(endpoint: Endpoint, outcome: str, scene: Scene, ask: Ask) -> dict[str, Any]:
    request, reply = ask.request(), scene.send(ask)
    return {
        "endpoint": endpoint.full_name,
        "outcome": outcome,
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query.decode(),
            "headers": {name.decode(): value.decode() for name, value in request.headers},
            "body": request.body.decode(),
        },
        "reply": {
            "status": reply.status,
            "headers": {name.decode(): value.decode() for name, value in reply.headers},
            **_body(reply.body),
        },
    }


def _body(body: bytes) -> dict[str, str]:
    """Return a body as text, or in base64 if it is none."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def text(family: Family) -> str:
    """Return the file of a family."""
    return json.dumps(exchanges(family), ensure_ascii=False, indent=2) + "\n"


def place(family: Family) -> Path:
    """Return where the file of a family is."""
    return FOLDER / f"{family.name}.json"


def main() -> None:
    """Write every family's file."""
    FOLDER.mkdir(exist_ok=True)
    for family in WRITTEN.families:
        place(family).write_text(text(family), encoding="utf-8")


if __name__ == "__main__":
    main()
