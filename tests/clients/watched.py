"""The command line, which records in the file WAYS how each request came in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from mockdouyin.cli import main
from mockdouyin.core.http import Reply, Request
from mockdouyin.intercept._intercepted_app import InterceptedProtocol
from mockdouyin.sandbox import Sandbox

PROXY, ABSOLUTE, HOOK, HOSTS = "proxy", "proxy, absolute form", "Node hook", "hosts file"
BASE_URL = "base URL"

_take = InterceptedProtocol.on_headers_complete
_handle = Sandbox.handle


def way_in(protocol: InterceptedProtocol) -> str:
    """Return the way that a request came in."""
    if protocol.transport.get_extra_info("sockname")[1] in (80, 443):
        return HOSTS
    if protocol.url[:1] != b"/":
        return ABSOLUTE
    # TLS straight away, on the proxy's port: nothing but the hook does that.
    return PROXY if protocol._door.host else HOOK


def watch(notes: Path) -> None:
    """Record every request before it is answered."""

    def note(way: str, method: str, path: str) -> None:
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps([way, method, path]) + "\n")

    def on_headers_complete(protocol: InterceptedProtocol) -> None:
        method = protocol.parser.get_method().decode()
        note(way_in(protocol), method, urlsplit(protocol.url.decode()).path)
        _take(protocol)

    def handle(sandbox: Sandbox, request: Request) -> Reply:
        if not request.host:  # it was not intercepted
            note(BASE_URL, request.method, request.path)
        return _handle(sandbox, request)

    setattr(InterceptedProtocol, _take.__name__, on_headers_complete)
    setattr(Sandbox, _handle.__name__, handle)


if __name__ == "__main__":
    watch(Path(os.environ.pop("WAYS")))
    main()
