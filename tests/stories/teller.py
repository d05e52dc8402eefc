"""What people, a backend and its receiver do together, in a world of a running server."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from mockdouyin import Douyin
from mockdouyin.control.apps import AppShown
from mockdouyin.control.http_client import HttpControl
from tests.support.receivers import Receiver
from tests.support.waiting import until

NOON = "2026-01-01T12:00:00+08:00"
SEED = 7


class Teller:
    """One world, in which stories happen; each call goes to any of the server's workers."""

    def __init__(self, url: str, name: str | None) -> None:
        self.url = url
        self._control = HttpControl(url)
        body = {"seed": SEED, **({"name": name} if name else {})}
        self.world = str(self._control.operation("create_world", body=body)["world"])
        self.douyin = Douyin(self._control, self.world)
        self.douyin.clock.freeze(NOON)
        self.web: AppShown = self.douyin.app("web")
        self.program: AppShown = self.douyin.app("mini_program")
        self.receiver = Receiver()
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> Teller:
        self.receiver.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._control.operation("drop_world", world=self.world)
        self._control.close()
        self.receiver.__exit__()

    # The backend.

    def post(self, path: str, fields: Any, token: str = "", **query: str) -> Any:
        """Post JSON as a backend does; return the JSON of the answer."""
        heads = {"access-token": token} if token else {}
        url = f"{self.douyin.url}{path}"
        return httpx.post(url, json=fields, headers=heads, params=query, timeout=20).json()

    def get(self, path: str, query: dict[str, str], token: str = "") -> Any:
        """Get as a backend does; return the JSON of the answer."""
        heads = {"access-token": token} if token else {}
        return httpx.get(
            f"{self.douyin.url}{path}", headers=heads, params=query, timeout=20
        ).json()

    def client_token(self, app: AppShown) -> str:
        """Return the app's client token."""
        if app.client_key not in self._tokens:
            fields = {
                "client_key": app.client_key,
                "client_secret": app.client_secret,
                "grant_type": "client_credential",
            }
            answer = self.post("/oauth/client_token/", fields)["data"]
            self._tokens[app.client_key] = answer["access_token"]
        return self._tokens[app.client_key]

    def exchange_code(self, code: str, **changed: str) -> Any:
        """Exchange the code of tt.login."""
        program = self.program
        fields = {"appid": program.client_key, "secret": program.client_secret, "code": code}
        return self.post("/api/apps/v2/jscode2session", {**fields, **changed})

    def user_token(self, code: str) -> Any:
        """Exchange the code of a consent."""
        fields = {
            "client_key": self.web.client_key,
            "client_secret": self.web.client_secret,
            "grant_type": "authorization_code",
            "code": code,
        }
        return self.post("/oauth/access_token/", fields)["data"]

    def token_of(self, person: str, *scopes: str) -> Any:
        """Return the user token of a person, who consents for it."""
        code = self.douyin.authorize(*scopes, person=person).code
        assert code is not None
        self.settle()
        return self.user_token(code)

    # The receiver.

    def listen(self, app: str = "web") -> None:
        """Register the receiver as an app's webhook, after its handshake."""
        self.douyin.webhook(self.receiver.url, app=app)

    def settle(self) -> None:
        """Wait until each delivery that is due was tried, so that what follows has its number."""

        def is_quiet() -> bool:
            return not any(
                each.state == "waiting" and not each.attempts for each in self.douyin.deliveries
            )

        until(is_quiet, "the first attempts of all deliveries")

    # What is read.

    def over_http(self, id: str = "", **query: str) -> Any:
        """Read the stories over HTTP, or one of them."""
        one = "/" + quote(id, safe="") if id else ""
        path = f"/_mock/worlds/{self.world}/stories{one}"
        reply = httpx.get(f"{self.url}{path}", params=query, timeout=20)
        assert reply.status_code == 200, reply.text
        return reply.json() if id else reply.json()["stories"]
