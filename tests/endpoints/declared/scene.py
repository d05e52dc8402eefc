"""Calls of declared operations by name: parameters in, the bare payload out."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.http import Request
from mockdouyin.endpoints import CATALOGUE
from tests.endpoints import calls
from tests.endpoints.calls import PERSON

_BESIDE = {
    *("err_no", "err_msg", "err_tips", "log_id", "logid", "errno", "errcode", "errmsg", "message"),
    *("error", "error_code", "description", "err", "extra", "BaseResp"),
}
"""Keys of envelopes, which are no part of a payload."""


_BOUNDARY = b"boundary"

_LIFETIME = 7200
"""Seconds for which a token is good."""


class RefusedError(Exception):
    """The platform refused a call; the text is our name of the error."""


class Scene(calls.Scene):
    """A sandbox whose declared operations are called by name, with the token that each needs."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._tokens: dict[tuple[str, str], str] = {}

    def advance(self, seconds: float) -> None:
        """Move the world's clock; tokens that have expired by then are fetched anew."""
        super().advance(seconds)
        if seconds >= _LIFETIME:
            self._tokens.clear()

    def call(
        self, name: str, params: dict[str, Any] | None = None, *, person: str = PERSON
    ) -> Any:
        """Call an operation by its full name; return the payload, or raise `RefusedError`."""
        return _payload(self.answer(name, params, person=person))

    def answer(
        self, name: str, params: dict[str, Any] | None = None, *, person: str = PERSON
    ) -> Any:
        """Call an operation by its full name; return the whole JSON, or raise `RefusedError`."""
        endpoint = CATALOGUE.endpoints[name]
        reply = self.box.handle(self._request(endpoint, params or {}, person))
        last = list(self.world.journal)[-1]
        if last.error is not None:
            raise RefusedError(last.error.name)
        assert last.verdict == "ok", last.why.render("en")
        return json.loads(reply.body)

    def use_token(self, kind: str, token: str) -> None:
        """Have calls that need this kind of token carry this one."""
        self._tokens[kind, ""] = token

    def refusal(self, name: str, params: dict[str, Any], *, person: str = PERSON) -> str:
        """Return our name of the error that an operation refuses a call with; else nothing."""
        try:
            self.call(name, params, person=person)
        except RefusedError as refused:
            return str(refused)
        return ""

    def _request(self, endpoint: Endpoint, params: dict[str, Any], person: str) -> Request:
        heads = [(b"access-token", self._token(endpoint, person).encode())]
        method, path = endpoint.methods[0], endpoint.paths[0]
        if method == "GET":
            return Request(method, path, urlencode(_as_texts(params)).encode(), heads, b"")
        if endpoint.takes_file:
            heads.append((b"content-type", b"multipart/form-data; boundary=" + _BOUNDARY))
            return Request(method, path, b"", heads, _form(params))
        heads.append((b"content-type", b"application/json"))
        return Request(method, path, b"", heads, json.dumps(params).encode())

    def _token(self, endpoint: Endpoint, person: str) -> str:
        kind = endpoint.operation.token  # type: ignore[attr-defined]
        if kind in ("user", "business"):
            return self._user_token(person, endpoint.scope)
        if kind == "none":
            return ""
        if (kind, "") not in self._tokens:
            made = self.app_token() if kind == "app" else self.client_token()
            self._tokens[kind, ""] = made
        return self._tokens[kind, ""]

    def _user_token(self, person: str, scope: str) -> str:
        if (person, scope) not in self._tokens:
            scopes = ("user_info", scope) if scope else ("user_info",)
            self._tokens[person, scope] = str(self.tokens(person, scopes)["access_token"])
        return self._tokens[person, scope]


def _form(params: dict[str, Any]) -> bytes:
    """Write a form of several parts; bytes are a file."""
    parts = []
    for name, value in params.items():
        is_file = isinstance(value, bytes)
        head = f'content-disposition: form-data; name="{name}"' + is_file * '; filename="a.png"'
        body = value if isinstance(value, bytes) else str(value).encode()
        parts.append(b"--" + _BOUNDARY + f"\r\n{head}\r\n\r\n".encode() + body + b"\r\n")
    return b"".join(parts) + b"--" + _BOUNDARY + b"--\r\n"


def _as_texts(params: dict[str, Any]) -> dict[str, str]:
    """Return parameters as a query has them."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }


def _payload(answer: dict[str, Any]) -> Any:
    """Return what an envelope holds."""
    data = answer.get("data")
    beside = {key: value for key, value in answer.items() if key not in {*_BESIDE, "data"}}
    if not isinstance(data, dict):
        return beside if data is None else data
    if data.keys() == {"data", "extra"}:
        return data["data"]
    own = {key: value for key, value in data.items() if key not in ("error_code", "description")}
    return {**own, **beside}
