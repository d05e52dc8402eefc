"""The fast path: answers without a task and without an ASGI scope."""

from __future__ import annotations

import httpx
import pytest

from mockdouyin.server.protocol import Protocol
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import PROGRAM_LOGIN, WEB_CLIENT, client_token


@pytest.mark.parametrize(
    ("path", "given", "code"),
    [
        ("/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, "code": "made-up"}, None),
        ("/oauth/client_token/", {**WEB_CLIENT, "grant_type": "client_credential"}, "0"),
        ("/oauth/client_token/", {**WEB_CLIENT, "client_secret": "wrong"}, "10002"),
        ("/js/getticket/", None, None),
    ],
)
def test_every_family_uses_it(
    path: str, given: dict[str, str] | None, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of every family are written at once, those with a number in a header too."""
    went = []
    monkeypatch.setattr(Protocol, "_start_asgi", lambda self, reply=None: went.append(self.url))
    with ThreadedServer() as server:
        url = server.url + path
        token = {"access-token": client_token(server.sandbox)}
        answer = httpx.post(url, json=given) if given else httpx.get(url, headers=token)

    assert went == []
    assert answer.status_code == 200
    assert answer.headers.get("bd-tt-error-code") == code
    assert answer.headers["content-length"] == str(len(answer.content))
