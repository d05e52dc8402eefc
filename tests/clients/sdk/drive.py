"""Call every operation of the official SDK, in one process of Node; write what came of it.

Run by `mockdouyin run -- python -m tests.clients.sdk.drive`: the SDK's hosts lead to its server.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, get_type_hints

from mockdouyin.core.apps import DemoApp
from mockdouyin.core.endpoint import Endpoint, PersonFields
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.declared.family import DeclaredEndpoint
from mockdouyin.endpoints.declared.notation import Scalar, Shape
from tests.clients.front import call as control
from tests.clients.sdk import world
from tests.clients.sdk.parameters import made
from tests.clients.sdk.plan import BEFORE, SPECIAL, in_order
from tests.clients.sdk.worker import Worker
from tests.support.helpers import GAME, PROGRAM, WEB

ID_ENDINGS = ("id", "_no", "_key", "_url", "_uri")
"""How a name ends whose value is taken from an earlier answer."""

TOKENS = ("access_token", "access-token", "x_token", "x-token")

_TYPES = ((int, Scalar("int", is_text=False)), (bool, Scalar("bool", is_text=False)))


class Drive:
    """One run through all operations."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.results: dict[str, str] = {}
        """The error of each operation that was called; empty if there was none."""
        self.seen: dict[str, dict[str, Any]] = {}
        """The newest value of each name that an answer had, by family and by method; all as ''."""
        self.tokens: dict[tuple[str, str], str] = {}
        """Tokens by app and kind."""
        self.open_ids: dict[str, str] = {}
        """The open_id of 小明 in each app."""

    def run(self) -> dict[str, str]:
        """Call everything; return the error of each operation, empty if there was none."""
        self._prepare()
        for name in in_order(self.worker.methods):
            if name not in self.results:
                self.call(name)
        return {name: self.results[name] for name in self.worker.methods}

    def call(self, name: str) -> None:
        """Call a method with parameters made for it, and keep what its answer has."""
        for each in BEFORE.get(name, ()):
            if each not in self.results:
                self.call(each)
        endpoint = endpoint_of(self.worker.methods[name])
        if endpoint is None:
            self.results[name] = "there is no such endpoint"
            return
        came = self.worker.call(name, self._fields(name, endpoint))
        self.results[name] = came.get("error", "")
        for place in (endpoint.family.name, name, ""):
            collect(came.get("answer"), self.seen.setdefault(place, {}))

    def _prepare(self) -> None:
        """Have people consent and pay, let the days pass after which there is something to see."""
        world.give_provider()
        world.earn(100_00)
        user = self._exchange(world.consent_code(WEB.client_key))
        other = self._exchange(world.consent_code(WEB.client_key, world.OTHER))
        world.pass_days(world.DAYS_PASSED)
        self.open_ids = {WEB.client_key: user["open_id"], world.OTHER: other["open_id"]}
        for app in (PROGRAM, GAME, WEB):
            key = app.client_key
            self.tokens[key, "client"] = self._client_token(app)
            if app is not WEB:
                self.tokens[key, "app"] = self.worker.app_token(app)
                control("phone/requestSubscribeMessage", app=key)
                self._log_in(app)
        for kind in ("user", "business"):
            self.tokens[WEB.client_key, kind] = user["access_token"]

    def _exchange(self, code: str) -> Any:
        own = {"client_key": WEB.client_key, "client_secret": WEB.client_secret, "code": code}
        return self._answer("oauthAccessToken", **own, grant_type="authorization_code")["data"]

    def _client_token(self, app: DemoApp) -> str:
        own = {"client_key": app.client_key, "client_secret": app.client_secret}
        answer = self._answer("oauthClientToken", **own, grant_type="client_credential")
        token: str = answer["data"]["access_token"]
        return token

    def _log_in(self, app: DemoApp) -> None:
        name = "appsJscode2session" if app is GAME else "v2Jscode2session"
        own = {"appid": app.client_key, "secret": app.client_secret}
        session = self._answer(name, **own, code=self.login_code(app))
        self.open_ids[app.client_key] = session.get("data", session)["openid"]

    def _answer(self, name: str, **fields: Any) -> Any:
        came = self.worker.call(name, fields)
        assert "answer" in came, (name, came)
        return came["answer"]

    # What the plan asks for.

    def login_code(self, app: DemoApp) -> str:
        """Return the code of a login on the phone."""
        code: str = control("phone/login", app=app.client_key)["code"]
        return code

    def refresh_token(self) -> str:
        """Return the refresh token of a new consent."""
        token: str = self._exchange(world.consent_code(WEB.client_key))["refresh_token"]
        return token

    def open_id_of(self, person: str) -> str:
        """Return the open_id of another person."""
        return self.open_ids[person]

    def as_person(self) -> dict[str, str]:
        """Return the user token and the open_id of 小明."""
        key = WEB.client_key
        return {"access_token": self.tokens[key, "user"], "open_id": self.open_ids[key]}

    def work(self) -> str:
        """Return the oldest work that the person's list shows."""
        listed = self._answer("videoVideoList", **self.as_person(), cursor="0", count=20)
        item: str = listed["data"]["list"][-1]["item_id"]
        return item

    def comment(self) -> str:
        """Return a comment on it."""
        page = {"item_id": self.work(), "cursor": "0", "count": 3}
        listed = self._answer("commentList", **self.as_person(), **page)
        comment: str = listed["data"]["list"][0]["comment_id"]
        return comment

    def now(self) -> int:
        """Return the time of the world's clock."""
        return int(time.time()) + world.DAYS_PASSED * 86400

    # Parameters.

    def _fields(self, name: str, endpoint: Endpoint) -> dict[str, Any]:
        method = self.worker.methods[name]
        special = SPECIAL[name](self) if name in SPECIAL else {}
        shapes = shapes_of(endpoint)
        pick = self._picker(endpoint)
        fields = {
            each: made(kind, each, shapes.get(each), pick)
            for each, kind in method["fields"].items()
            if not (method["method"] == "GET" and is_object(kind))
        }
        return {each: value for each, value in {**fields, **special}.items() if value is not None}

    def _picker(self, endpoint: Endpoint) -> Any:
        """Return what finds credentials, and the ids that earlier answers had."""
        app = app_of(endpoint)
        key = app.client_key
        own = {
            **dict.fromkeys(("app_id", "appid", "client_key", "ma_app_id", "mini_app_id"), key),
            **dict.fromkeys(("secret", "client_secret"), app.client_secret),
            **dict.fromkeys(("open_id", "openid"), self.open_ids[key]),
            **dict.fromkeys(TOKENS, self.tokens.get((key, token_kind(endpoint)), "")),
        }

        def pick(name: str) -> Any:
            if name in own:
                return own[name]
            for each in (name, name.removesuffix("_list"), name.removesuffix("s")):
                for place in (endpoint.family.name, ""):
                    if each.endswith(ID_ENDINGS) and each in self.seen.get(place, {}):
                        return self.seen[place][each]
            return None

        return pick


def collect(answer: Any, into: dict[str, Any]) -> None:
    """Keep every plain value of an answer by its name."""
    if isinstance(answer, list):
        for each in answer:
            collect(each, into)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, dict | list):
                collect(value, into)
            elif value not in (None, ""):
                into[name] = value


def is_object(kind: Any) -> bool:
    """Whether a type is an object, which the SDK writes into a query as [object Object]."""
    return isinstance(kind, dict) and "array" not in kind


def endpoint_of(method: dict[str, Any]) -> Endpoint | None:
    """Return the endpoint that answers a method of the SDK."""
    return CATALOGUE.find(method["method"], method["path"])


def shapes_of(endpoint: Endpoint) -> dict[str, Shape]:
    """Return what the catalogue says of an endpoint's parameters."""
    if isinstance(endpoint, DeclaredEndpoint):
        return {name: field.shape for name, field in endpoint.operation.takes.fields.items()}
    hints = get_type_hints(endpoint.types.fields)
    return {name: shape for name, hint in hints.items() for kind, shape in _TYPES if hint is kind}


def app_of(endpoint: Endpoint) -> DemoApp:
    """Return the demo app that calls an endpoint."""
    if endpoint.paths[0].startswith("/mgplatform/"):
        return GAME
    is_web = endpoint.family.name == "oauth" or token_kind(endpoint) in ("user", "business")
    return WEB if is_web else PROGRAM


def token_kind(endpoint: Endpoint) -> str:
    """Return whose token an endpoint takes."""
    if isinstance(endpoint, DeclaredEndpoint):
        kind = endpoint.operation.token
        return "client" if kind in ("none", "authorizer") else kind
    if issubclass(endpoint.types.fields, PersonFields):
        return "user"
    return "client" if endpoint.family.hosts[0] == "open.douyin.com" else "app"


def main(program: str) -> None:
    """Write what came of each operation."""
    worker = Worker(program)
    errors = Drive(worker).run()
    worker.end()
    sys.stdout.write(json.dumps({"methods": worker.methods, "errors": errors}))


if __name__ == "__main__":
    main(*sys.argv[1:])
