"""The dashboard's files over HTTP: its page at /_mock/, and what the page loads at /_mock/ui/.

The files hold no data of any world: the page asks the control API for all that it shows.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "dashboard"

PAGE = "/_mock/"
"""The path of the page."""

_NAME = re.compile(r"(?:[a-z0-9_]+/)?[a-z0-9_]+\.(?P<ending>html|js|css|json|svg)")

_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",  # may be kept, if it is asked for again with its ETag
}


class _File(NamedTuple):
    content: bytes
    etag: str


def redirect_to_page(request: Request) -> Response:
    """Lead a browser to the page."""
    query = request.url.query
    location = PAGE + (f"?{query}" if query else "")
    return Response(status_code=307, headers={"location": location, "cache-control": "no-store"})


def dashboard_file(request: Request) -> Response:
    """Answer with a file of the dashboard; without a name, with its page."""
    name = request.path_params.get("name", "index.html")
    known = _NAME.fullmatch(name)
    try:
        if known is None:
            return _missing(name)
        file = _page() if name == "index.html" else _read(FOLDER / name)
    except OSError:
        return _missing(name)
    headers = {**_HEADERS, "etag": file.etag}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers={**headers, "content-type": _TYPES[known["ending"]]})


def _page() -> _File:
    """Return the page, which names all modules: else a browser finds them one import at a time."""
    names = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js"))
    links = "".join(f'<link rel="modulepreload" href="ui/{name}">\n' for name in names)
    page = _read(FOLDER / "index.html").content
    return _file(page.replace(b"<script", links.encode() + b"<script", 1))


def _read(path: Path) -> _File:
    return _read_version(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read_version(path: Path, _changed: int) -> _File:
    return _file(path.read_bytes())


def _file(content: bytes) -> _File:
    return _File(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _missing(name: str) -> Response:
    if (FOLDER / "index.html").is_file():
        text = f"mockdouyin: the dashboard has no file {name[:200]!r}\n"
    else:
        text = (
            "mockdouyin: this installation has no dashboard (mockdouyin/server/dashboard);"
            " the control API and all commands work without it: see /_mock/openapi.json\n"
        )
    return Response(text, 404, {"x-content-type-options": "nosniff"}, media_type="text/plain")
