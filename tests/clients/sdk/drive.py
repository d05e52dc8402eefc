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
from tests.clients.sdk.plan import BEFORE, SPECIAL, USUAL, rank
from tests.clients.sdk.worker import Worker
from tests.clients.sdk.world import BUSINESS_SCOPES
from tests.support.helpers import GAME, PROGRAM, WEB

ID_ENDINGS = ("id", "_no", "_key", "_url", "_uri", "code", "_token", "_sign")
"""How a name ends whose value is taken from an earlier answer."""

OF_PEOPLE = ("user", "business")

BUSINESS = ("oauthBusinessScopes",)
"""Methods that take a business token, though their family does not."""

TOKENS = ("access_token", "access-token", "x_token", "x-token")

_TYPES = ((int, Scalar("int", is_text=False)), (bool, Scalar("bool", is_text=False)))


class Drive:
    """One run through all operations."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.results: dict[str, str] = {}
        """The error of each operation that was called; empty if there was none."""
        self.seen: dict[str, dict[str, Any]] = {}
        """The newest value of each name in answers, by resource, family and method; all as ''."""
        self.tokens: dict[tuple[str, str], str] = {}
        """Tokens by app and kind."""
        self.open_ids: dict[str, str] = {}
        """The open_id of 小明 in each app."""
        self.work: dict[str, str] = {}
        """A work of theirs, its title, and a comment on it."""

    def run(self) -> dict[str, str]:
        """Call everything; return the error of each operation, empty if there was none."""
        self._prepare()
        for number in range(3):
            self._call_all([name for name in self.worker.methods if rank(name) == number])
        return {name: self.results[name] for name in self.worker.methods}

    def _call_all(self, names: list[str]) -> None:
        """Call methods; what needs an id that a later answer has is called again after it."""
        left = [name for name in names if name not in self.results]
        before = len(left) + 1
        while len(left) < before:
            before = len(left)
            for name in left:
                self.call(name)
            left = [name for name in left if self.results[name]]

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
        for place in (*places_of(endpoint), name):
            collect(came.get("answer"), self.seen.setdefault(place, {}))

    def _prepare(self) -> None:
        """Have people consent and pay, let the days pass after which there is something to see."""
        world.give_provider()
        world.earn(100_00)
        user = self._exchange(world.consent_code(WEB.client_key))
        other = self._exchange(world.consent_code(WEB.client_key, world.OTHER))
        world.pass_days(world.DAYS_PASSED)
        world.consent_code(WEB.client_key)
        self.open_ids = {WEB.client_key: user["open_id"], world.OTHER: other["open_id"]}
        for app in (PROGRAM, GAME, WEB):
            key = app.client_key
            self.tokens[key, "client"] = self._client_token(app)
            if app is not WEB:
                self.tokens[key, "app"] = self.worker.app_token(app)
                control("phone/requestSubscribeMessage", app=key)
                self._log_in(app)
        self.tokens[WEB.client_key, "user"] = user["access_token"]
        self.tokens[WEB.client_key, "business"] = self._business_token(user["access_token"])
        self.tokens[PROGRAM.client_key, "authorizer"] = world.authorizer_token()
        self.work = self._work()

    def _business_token(self, otherwise: str) -> str:
        own = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
        own |= {"open_id": self.open_ids[WEB.client_key], "scope": ",".join(BUSINESS_SCOPES)}
        token: str = self._answer("oauthBusinessToken", **own)["data"]["biz_token"]
        return token if token.startswith("bus_act.") else otherwise

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

    def _work(self) -> dict[str, str]:
        """Return the oldest work that the person's list shows, its title, and a comment on it."""
        listed = self._answer("videoVideoList", **self.as_person(), cursor="0", count=20)
        item = listed["data"]["list"][-1]["item_id"]
        page = {"item_id": item, "cursor": "0", "count": 3}
        comments = self._answer("commentList", **self.as_person(), **page)["data"]["list"]
        title = listed["data"]["list"][-1]["title"]
        return {"item_id": item, "comment_id": comments[0]["comment_id"], "keyword": title}

    # What the plan asks for.

    def login_code(self, app: DemoApp) -> str:
        """Return the code of a login on the phone."""
        code: str = control("phone/login", app=app.client_key)["code"]
        return code

    def refresh_token(self) -> str:
        """Return the refresh token of a new consent."""
        token: str = self._exchange(world.consent_code(WEB.client_key))["refresh_token"]
        return token

    def open_id_of(self, whose: str) -> str:
        """Return the open_id of 小明 in an app, or of another person."""
        return self.open_ids[whose]

    def told(self, place: str, name: str) -> str:
        """Return what an answer had by this name; empty if it has not come."""
        return str(self.seen.get(place, {}).get(name, ""))

    def as_person(self) -> dict[str, str]:
        """Return the user token and the open_id of 小明."""
        key = WEB.client_key
        return {"access_token": self.tokens[key, "user"], "open_id": self.open_ids[key]}

    def now(self) -> int:
        """Return the time of the world's clock."""
        return int(time.time()) + world.DAYS_PASSED * 86400

    # Parameters.

    def _fields(self, name: str, endpoint: Endpoint) -> dict[str, Any]:
        method = self.worker.methods[name]
        special = SPECIAL[name](self) if name in SPECIAL else {}
        shapes = shapes_of(endpoint)
        pick = self._picker(name, endpoint)
        fields = {
            each: made(kind, each, shapes.get(each), pick)
            for each, kind in method["fields"].items()
            if not (method["method"] == "GET" and is_object(kind))
        }
        return {each: value for each, value in {**fields, **special}.items() if value is not None}

    def _picker(self, name: str, endpoint: Endpoint) -> Any:
        """Return what finds credentials, and the ids that earlier answers had."""
        kind = token_kind(name, endpoint)
        app = app_of(name, endpoint)
        key = app.client_key
        own = {
            **dict.fromkeys(("app_id", "appid", "client_key", "ma_app_id", "mini_app_id"), key),
            **dict.fromkeys(("secret", "client_secret"), app.client_secret),
            **dict.fromkeys(("open_id", "openid"), self.open_ids[key]),
            **dict.fromkeys(TOKENS, self.tokens.get((key, kind), "")),
            **USUAL,
            **(self.work if kind in OF_PEOPLE else {}),
        }

        def pick(name: str) -> Any:
            if name in own:
                return own[name]
            for each in (name, name.removesuffix("_list"), name.removesuffix("s")):
                for place in places_of(endpoint):
                    if each.endswith(ID_ENDINGS) and each in self.seen.get(place, {}):
                        return self.seen[place][each]
            return None

        return pick


def places_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Return where an endpoint's ids are kept and looked for, the nearest first."""
    family = endpoint.family.name
    does = endpoint.operation.does if isinstance(endpoint, DeclaredEndpoint) else None
    return (*([f"{family}.{does.resource}"] if does else []), family, "")


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


def app_of(name: str, endpoint: Endpoint) -> DemoApp:
    """Return the demo app that calls an endpoint."""
    if endpoint.paths[0].startswith("/mgplatform/"):
        return GAME
    is_web = endpoint.family.name == "oauth" or token_kind(name, endpoint) in OF_PEOPLE
    return WEB if is_web else PROGRAM


def token_kind(name: str, endpoint: Endpoint) -> str:
    """Return whose token an endpoint takes."""
    if isinstance(endpoint, DeclaredEndpoint):
        kind = endpoint.operation.token
        return "client" if kind == "none" else kind
    if name in BUSINESS or endpoint.family.name.endswith("_bc"):
        return "business"
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
