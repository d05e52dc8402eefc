"""Call every operation of the official SDK, in one process of Node; write what came of it.

Run by `mockdouyin run -- python -m tests.clients.sdk.drive`: the SDK's hosts lead to its server.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import count
from typing import Any

from mockdouyin.core.apps import DemoApp
from mockdouyin.core.endpoint import Endpoint
from tests.clients.front import call as control
from tests.clients.sdk import world
from tests.clients.sdk.endpoints import (
    MAKING,
    OF_PEOPLE,
    ONE_RECORD,
    app_of,
    does_of,
    endpoint_of,
    is_object,
    key_of,
    named_record,
    own_numbers,
    places_of,
    resource_of,
    shapes_of,
    token_kind,
    told_of_record,
)
from tests.clients.sdk.parameters import made
from tests.clients.sdk.plan import BEFORE, SPECIAL, USUAL, rank
from tests.clients.sdk.worker import Worker
from tests.clients.sdk.world import BUSINESS_SCOPES
from tests.support.answers import ID_ENDINGS, collect, singular
from tests.support.helpers import GAME, PROGRAM, WEB

TOKENS = ("access_token", "access-token", "x_token", "x-token")


class Drive:
    """One run through all operations."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.results: dict[str, str] = {}
        """The error of each operation that was called; empty once it answered well."""
        self.seen: dict[str, dict[str, Any]] = {}
        """The newest value of each name in answers, by resource, family and method; all as ''."""
        self.tokens: dict[tuple[str, str], str] = {}
        """Tokens by app and kind."""
        self.open_ids: dict[str, str] = {}
        """The open_id of 小明 in each app."""
        self.work: dict[str, str] = {}
        """A work of theirs, its title, and a comment on it."""
        self.minutes = 0
        """Minutes that passed meanwhile."""
        self.numbers = count(1)
        """Numbers that a caller gives to what it makes."""

    def run(self) -> dict[str, str]:
        """Call everything; return the error of each operation, empty if there was none."""
        self._prepare()
        for number in range(3):
            self._call_all([name for name in self.worker.methods if self._rank(name) == number])
        return {name: self.results[name] for name in self.worker.methods}

    def _rank(self, name: str) -> int:
        endpoint = endpoint_of(self.worker.methods[name])
        does = None if endpoint is None else does_of(endpoint)
        return rank(name, does.verb if does else "")

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
        does = does_of(endpoint)
        if self._attempt(name, endpoint) or does is None or does.verb not in ONE_RECORD:
            return
        is_made = self._make_anew(name, resource_of(endpoint))
        if not self._attempt(name, endpoint) and is_made:
            self._let_changes_come()
            self._attempt(name, endpoint)

    def _attempt(self, name: str, endpoint: Endpoint) -> bool:
        """Call a method once; return whether it answered well."""
        sent = self._fields(name, endpoint)
        came = self.worker.call(name, sent)
        if self.results.get(name) != "":
            self.results[name] = came.get("error", "")
        if "answer" not in came:
            return False
        does = does_of(endpoint)
        if does is not None and does.verb in (*MAKING, "update"):
            self.seen.setdefault(resource_of(endpoint), {}).update(told_of_record(endpoint, sent))
        for place in (*places_of(endpoint), name):
            collect(came["answer"], self.seen.setdefault(place, {}))
        return True

    def _let_changes_come(self) -> None:
        """Let the minutes pass after which audits and payments are over; tokens age meanwhile."""
        world.pass_minutes(world.CHANGES_TAKE)
        self.minutes += world.CHANGES_TAKE
        self._take_tokens()

    def _make_anew(self, wanting: str, resource: str) -> bool:
        """Have another record of a resource made, if something makes them; return whether.

        Those there are may be in a later state than is asked for.
        """
        is_made = False
        for name, method in self.worker.methods.items():
            endpoint = endpoint_of(method)
            does = None if endpoint is None else does_of(endpoint)
            makes = does is not None and does.verb in MAKING and name != wanting
            if endpoint is not None and makes and resource_of(endpoint) == resource:
                self.seen.pop(resource, None)
                is_made = self._attempt(name, endpoint) or is_made
        return is_made

    def _prepare(self) -> None:
        """Have people consent and pay, let the days pass after which there is something to see."""
        world.give_provider()
        world.earn(100_00)
        user = self._exchange(world.consent_code(WEB.client_key))
        other = self._exchange(world.consent_code(WEB.client_key, world.OTHER))
        world.pass_days(world.DAYS_PASSED)
        world.consent_code(WEB.client_key)
        self.open_ids = {WEB.client_key: user["open_id"], world.OTHER: other["open_id"]}
        self._take_tokens()
        for app in (PROGRAM, GAME):
            control("phone/requestSubscribeMessage", app=app.client_key)
            self._log_in(app)
        self.tokens[WEB.client_key, "user"] = user["access_token"]
        self.tokens[WEB.client_key, "business"] = self._business_token()
        self.tokens[PROGRAM.client_key, "authorizer"] = world.authorizer_token()
        self.work = self._work()

    def _take_tokens(self) -> None:
        for app in (PROGRAM, GAME, WEB):
            self.tokens[app.client_key, "client"] = self._client_token(app)
            if app is not WEB:
                self.tokens[app.client_key, "app"] = self.worker.app_token(app)

    def _business_token(self) -> str:
        own = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
        own |= {"open_id": self.open_ids[WEB.client_key], "scope": ",".join(BUSINESS_SCOPES)}
        token: str = self._answer("oauthBusinessToken", **own)["data"]["biz_token"]
        return token

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

    def token_of(self, app: DemoApp) -> str:
        """Return the app's client token."""
        return self.tokens[app.client_key, "client"]

    def app_token_of(self, app: DemoApp) -> str:
        """Return the app's token of the older kind."""
        return self.tokens[app.client_key, "app"]

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
        return int(time.time()) + world.DAYS_PASSED * 86400 + self.minutes * 60

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
        for each in self._unknown_ids(endpoint):
            fields.pop(each, None)
        return {each: value for each, value in {**fields, **special}.items() if value is not None}

    def _unknown_ids(self, endpoint: Endpoint) -> list[str]:
        """Return which ids to leave out since none is known: of what is listed, or saved."""
        does = does_of(endpoint)
        if does is None or not (does.list or does.save):
            return []
        known = self.seen.get(resource_of(endpoint), {})
        ids = list(does.agrees.values()) if does.list else [key_of(endpoint)]
        takes = endpoint.operation.takes.fields  # type: ignore[attr-defined]
        return [
            name
            for name in ids
            if singular(name).endswith(ID_ENDINGS)
            and not {name, singular(name)} & known.keys()
            and not (name in takes and takes[name].is_required)
        ]

    def _picker(self, name: str, endpoint: Endpoint) -> Any:
        """Return what finds credentials, and the ids that earlier answers had."""
        kind = token_kind(name, endpoint)
        app = app_of(name, endpoint)
        key = app.client_key
        own = {
            **named_record(endpoint, self.seen),
            **dict.fromkeys(("app_id", "appid", "client_key", "ma_app_id", "mini_app_id"), key),
            **dict.fromkeys(("secret", "client_secret"), app.client_secret),
            **dict.fromkeys(("open_id", "openid"), self.open_ids[key]),
            **dict.fromkeys(TOKENS, self.tokens.get((key, kind), "")),
            **USUAL,
            **(self.work if kind in OF_PEOPLE else {}),
            **dict.fromkeys(own_numbers(endpoint), f"NO-{next(self.numbers)}"),
        }

        def pick(name: str) -> Any:
            if name in own:
                return own[name]
            for each in (name, singular(name)):
                for place in places_of(endpoint):
                    if each.endswith(ID_ENDINGS) and each in self.seen.get(place, {}):
                        return self.seen[place][each]
            return None

        return pick


def main(program: str) -> None:
    """Write what came of each operation."""
    worker = Worker(program)
    errors = Drive(worker).run()
    worker.end()
    sys.stdout.write(json.dumps({"methods": worker.methods, "errors": errors}))


if __name__ == "__main__":
    main(*sys.argv[1:])
