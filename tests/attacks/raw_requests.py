"""Raw requests: exactly the given headers are sent, and no others."""

from __future__ import annotations

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockdouyin.control import OPERATIONS, Operation

Headers = tuple[tuple[str, str], ...]

OPEN = ("/_mock/health", "/_mock/proxy.pac", "/_mock/ca.pem")
"""Paths that anybody may GET."""

JSON = ("Content-Type", "application/json")


class Answer(NamedTuple):
    """A response."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def is_refused(self) -> bool:
        """Whether the access policy refused it, with an error text and nothing else."""
        if self.status not in (401, 403):
            return False
        told = self.json
        return list(told) == ["error"] and told["error"].startswith("mockdouyin: ")


def send(
    url: str,
    method: str,
    target: str,
    headers: Headers = (),
    body: bytes = b"",
    *,
    version: str = "HTTP/1.1",
) -> Answer:
    """Send one request on a connection of its own. No Host is added."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    connection._http_vsn_str = version  # type: ignore[attr-defined]
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def own_host(url: str) -> tuple[str, str]:
    """Return the Host header that a client of the server sends."""
    return "Host", urlsplit(url).netloc


class ControlCall(NamedTuple):
    """One request to the control API."""

    method: str
    target: str
    body: bytes


def every_operation(receiver: str) -> list[ControlCall]:
    """Return a valid request for every operation, at both of its addresses."""
    bodies: dict[str, Any] = {
        "send_event": {"event": "create_video", "to": receiver, "secret": "s"},
        "send_push": {"to": receiver, "token": "t"},
        "create_world": {"name": "strange"},
        "advance_clock": {"by": "2h"},
        "add_rule": {"on": "client_token", "error": 10003},
        "handle": {"method": "GET", "path": "/js/getticket/"},
    }
    query = {"journal": "?reveal=true", "wait_for_journal": "?count=0&timeout=0&reveal=true"}
    asked = []
    for order in OPERATIONS.values():
        body = json.dumps(bodies.get(order.name, {})).encode() if order.method != "GET" else b""
        for path in _paths(order):
            asked.append(ControlCall(order.method, path + query.get(order.name, ""), body))
    return asked


def _paths(order: Operation) -> list[str]:
    filled = {"{api}": "login", "{act}": "follow", "{key}": "web", "{name}": "小明", "{id}": "1"}
    path = order.path
    for template, value in filled.items():
        path = path.replace(template, value)
    path = path.replace("小明", "%E5%B0%8F%E6%98%8E")
    if not order.in_world:
        return ["/_mock" + path]
    return ["/_mock" + path] * bool(path) + ["/_mock/worlds/default" + path]
