"""The constant answer of the simplest contenders, and the server they run on."""

from __future__ import annotations

from typing import Any

ANSWER = (
    b'{"err_no":0,"err_tips":"success","data":{"session_key":"AAAAAAAAAAAAAAAAAAAAAA==",'
    b'"openid":"_000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","anonymous_openid":"",'
    b'"unionid":"00000000-0000-4000-8000-000000000000","dopenid":"_000"}}'
)
"""About 220 bytes, shaped like the real answer."""


def serve(app: Any, port: int) -> None:
    """Serve with uvicorn at its fastest: uvloop, httptools, one worker, no access log."""
    import uvicorn

    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
