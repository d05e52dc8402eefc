"""The ceiling: an ASGI application that reads the body and answers, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.contenders.canned import ANSWER, serve

_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(ANSWER)).encode()),
    ],
}
_BODY = {"type": "http.response.body", "body": ANSWER}


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Give every request the same answer."""
    while (await receive()).get("more_body"):
        pass
    await send(_START)
    await send(_BODY)


if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
