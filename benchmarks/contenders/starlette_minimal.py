"""The baseline (1.00): a Starlette route that parses the JSON body and answers."""

from __future__ import annotations

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.contenders.canned import ANSWER, serve


async def session(request: Request) -> Response:
    """Parse the body, and answer 220 bytes."""
    await request.json()
    return Response(ANSWER, media_type="application/json")


app = Starlette(routes=[Route("/api/apps/v2/jscode2session", session, methods=["POST"])])

if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
