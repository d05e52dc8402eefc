"""The one door inside: `Sandbox.handle(Request) -> Reply`, synchronous, from any thread."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from mockdouyin.core.clock import Clock
from mockdouyin.core.endpoint import BODY_LIMIT, Call, Endpoint, Fields
from mockdouyin.core.errors import (
    DouyinError,
    ErrorCase,
    MockDouyinError,
    TooLargeError,
    did_you_mean,
)
from mockdouyin.core.grants import app_of_any_token
from mockdouyin.core.journal import KEPT, PROVOKED, Exchange
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.message import JSON_TYPE, TEXT_TYPE, Page, Reply, Request, complaint
from mockdouyin.core.pages import Redirect, Refusal, language_of
from mockdouyin.core.parameters import fields_of, parameters
from mockdouyin.core.store import FOREVER
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.tables import in_generation
from mockdouyin.phone import APIS, Handset, PhoneRefusal
from mockdouyin.sandbox.deliveries import Deliverer, Still
from mockdouyin.sandbox.rules import Rule, bend, canned, choose
from mockdouyin.sandbox.scenario import DEFAULT, Scenario
from mockdouyin.sandbox.unanswered import why_unanswered
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World, Worlds

T = TypeVar("T")

MAGIC = "mock-error-"
"""A parameter with this and an error's number or name is refused with that error."""

_MAGIC = MAGIC.encode()

_LOOKED_AT = 50
"""Parameters of a call that no endpoint reads by which its world is looked for."""

_LONGEST_WHY = 2000
"""Characters of a reason in the journal: some quote what the client sent."""

_SHOWN = (Page, Redirect)
"""What an endpoint answers to a person's browser, in place of a payload."""


class Sandbox:
    """The whole: every world, and what meets a request on its way through one."""

    blocks = False
    """Whether an answer may have to wait for a store: a door with an event loop takes a thread."""

    def __init__(
        self,
        scenario: Scenario = DEFAULT,
        *,
        seed: int | None = None,
        clock: Callable[[], Clock] = Clock,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.worlds = self.found(clock)
        self.default = self.worlds.begin(DEFAULT_WORLD, scenario, seed, settings)
        self.deliverer: Deliverer = Still()
        """Sends webhooks; a server brings its own."""
        self._adopt(self.default)
        self.worlds.listeners.append(self._adopt)
        self.scenarios: dict[str, Path] = {}
        """Files of scenarios by the names that a server was told: only these can be asked for."""
        self.interception: dict[str, Any] | None = None
        """How clients are led here, where a door takes Douyin's hosts over."""
        self.render: Callable[[Reply], Reply] = lambda reply: reply
        """Makes a page of what is one; a server brings its own."""
        self.nonce: Callable[[], str] | None = None
        """Makes what nobody can guess; a server brings it, for below the doors all is derived."""
        self.waits: list[Callable[[], None]] = []
        """Ends each wait for the journal that is under way; a door that closes calls them."""

    def _adopt(self, world: World) -> None:
        world.answer = self.handle
        world.outbox.wake = lambda: self.deliverer.wake(world)
        derived = world.nonce
        world.nonce = lambda: self.nonce() if self.nonce is not None else derived()
        if world.timeline.next_due is not None:
            self.deliverer.wake(world)

    def found(self, clock: Callable[[], Clock]) -> Worlds:
        """Give what worlds are registered in."""
        return Worlds(clock)

    def whole(self, work: Callable[[], T]) -> T:
        """Do work that may touch any world, and of which nobody sees the half."""
        return work()

    def timed(self, work: Callable[[], T], *, long: bool = False) -> Callable[[], T]:
        """Return work whose time is up so long after now, however late it begins.

        Long work has only to begin by then.
        """
        return work

    look_every = FOREVER
    """Seconds between two looks for what other processes left; never where all is here."""

    def stirring(self) -> Iterator[World]:
        """Give the worlds in which something may fall due."""
        return iter(self.worlds)

    def keep_claims(self) -> None:
        """Hold on to what was claimed to be sent, where others would take it over."""

    async def leave(self) -> None:
        """Let go of whatever the present event loop had open."""

    def close(self) -> None:
        """Let go of whatever is shared with other processes."""

    def handle(self, request: Request) -> Reply:
        """Answer a request to any of Douyin's addresses."""
        try:
            endpoint = CATALOGUE.routes.get((request.method, request.path))
            if endpoint is None:
                return self._search(request)
            return self._meet(request, endpoint)
        except MockDouyinError as error:
            return complaint(error.status, str(error))
        except Exception as error:  # noqa: BLE001 - a bug of ours is told as one, at every door
            traceback.print_exc(file=sys.stderr)
            return complaint(500, f"a bug of mockdouyin's: {type(error).__name__}: {error}")

    @staticmethod
    def body_limit(method: str, path: str) -> int:
        """Give how many bytes of a body the address takes."""
        if path.startswith("/@"):
            path = "/" + path[2:].partition("/")[2]
        endpoint = CATALOGUE.routes.get((method, path))
        return endpoint.body_limit if endpoint is not None else BODY_LIMIT

    # Where a request goes.

    def _search(self, request: Request) -> Reply:
        """Find the endpoint of an untidy path, or say what is nearest."""
        path = request.path
        if path.startswith("/@"):
            return self._in_world(request)
        tidy = path.replace("//", "/")
        while "//" in tidy:
            tidy = tidy.replace("//", "/")
        endpoint = CATALOGUE.routes.get((request.method, tidy))
        if endpoint is not None:
            return self._meet(replace(request, path=tidy), endpoint)
        given = _given(request)
        world = self._told(request) or self._of_anything(request, given) or self.default
        with world.lock:
            return _unanswered(world, request, tidy, given)

    def _in_world(self, request: Request) -> Reply:
        """Answer a request whose path begins with the name of a world."""
        name, _, rest = request.path[2:].partition("/")
        if request.world not in (None, name):
            raise MockDouyinError(f"this way leads to world {request.world!r}, not {name!r}")
        if rest.startswith("@"):
            raise MockDouyinError("the path names a world twice; /@NAME stands once, at its head")
        return self.handle(replace(request, world=name, path="/" + rest))

    def _told(self, request: Request) -> World | None:
        name = request.world or request.header(b"x-mockdouyin-world")
        return self.worlds.get(name) if name else None

    def _of_anything(self, request: Request, given: dict[str, Any]) -> World | None:
        """Give the world of a call that no endpoint reads, by any key or token that it carries."""
        texts = list(islice((v for v in given.values() if isinstance(v, str)), _LOOKED_AT))
        found = [self.worlds.of_app(value) for value in texts]
        found += [self.worlds.of_credential(value) for value in (_heads(request)[0], *texts)]
        return next((world for world in found if world is not None), None)

    def _meet(self, request: Request, endpoint: Endpoint) -> Reply:
        token, case, told = _heads(request)
        fields: Fields | None
        problem = ""
        if request.too_long or len(request.body) > BODY_LIMIT:
            request = _measured(request, endpoint.body_limit)
        try:
            if request.too_long and not endpoint.takes_file:
                raise TooLargeError(_why_too_long(request.too_long, endpoint))
            fields = fields_of(request, endpoint.fields)
        except Malformed as error:
            fields, problem = None, str(error)
        except TooLargeError as error:
            return self._too_large(request, endpoint, error)
        if endpoint.takes_token and not token and fields is not None:
            token = fields.access_token  # type: ignore[attr-defined]
        name = request.world or told
        world = self.worlds.get(name) if name else self._world_of(endpoint, fields, token)
        if world.settings.lenient_names:
            try:
                fields = fields_of(request, endpoint.fields, lenient=True)
            except Malformed as error:
                fields, problem = None, str(error)
        with world.lock:
            unit = world.store.unit(world.clock.now())
            given = fields if fields is not None else endpoint.fields()
            call = Call(endpoint, world, unit, request, given, token)
            return _Exchange(call, case, problem).run()

    def _world_of(self, endpoint: Endpoint, fields: Fields | None, token: str) -> World:
        worlds = self.worlds
        if fields is not None:
            for name in endpoint.app_keys:
                key = getattr(fields, name)
                if key and (world := worlds.of_app(key)) is not None:
                    return world
        if token and (world := worlds.of_credential(token)) is not None:
            return world
        if fields is not None:
            for name in endpoint.credentials:
                credential = getattr(fields, name)
                if credential and (world := worlds.of_credential(credential)) is not None:
                    return world
        return self.default

    def _too_large(self, request: Request, endpoint: Endpoint, error: TooLargeError) -> Reply:
        """Refuse a call that was not read."""
        world = self._told(request) or self.default
        reply = complaint(error.status, str(error))
        with world.lock:
            _write(world, request, reply, endpoint=endpoint, why=str(error))
        return reply

    # What a person's phone does.

    def phone(
        self, world: World, api: str, *, app: str | None, person: str | None, args: dict[str, Any]
    ) -> dict[str, Any]:
        """Call a tt API on a person's phone: give what it hands to `success`, or to `fail`."""
        known = APIS.get(api)
        if known is None:
            raise MockDouyinError(f"no phone API {api!r}{did_you_mean(api, APIS)}")
        args = dict(args)
        fail = args.pop("fail", None)
        for name in args:
            if name not in known.takes:
                raise MockDouyinError(
                    f"{known.full_name} takes no {name!r}"
                    f"{did_you_mean(name, ('app', 'person', 'fail', *known.takes))}"
                )
        with world.lock:
            unit = world.store.unit(world.clock.now())
            who = world.people.find(person) if person else world.people.first
            handset = Handset(
                world, unit, world.find_app(app, "mini_program", "mini_game"), who, args
            )
            armed = world.rules.of(known.full_name)
            if armed and fail is None:
                parameters = {**args, "app": handset.app.name, "person": who}
                struck = choose(armed, parameters, unit, world.ids)
                fail = struck.rule.error if struck else None
            try:
                if fail is not None and fail is not False:
                    result = known.fail(fail)
                else:
                    result = known.function(handset)
            except PhoneRefusal as refusal:
                unit.revert()
                result = known.fail(refusal.reason, refusal.detail)
            unit.commit()
        return result


class _Exchange:
    """One call on its way through its world: refuse, bend, call, record."""

    __slots__ = ("call", "case", "error", "problem", "rule", "why", "world")

    def __init__(self, call: Call[Any], case: str, problem: str) -> None:
        self.call = call
        self.world: World = call.world  # type: ignore[assignment]
        self.case = case
        self.problem = problem
        self.error: ErrorCase | None = None
        self.why = ""
        self.rule = ""

    def run(self) -> Reply:
        """Answer the call, commit what it did, and write it down."""
        call, world = self.call, self.world
        armed = world.rules.of(call.endpoint.full_name)
        rule = self._rule() if armed else None
        reply = self._decided(rule)
        if reply is None:
            reply = self._ask()
            if rule is not None:
                reply = bend(reply, rule)
        elif rule is not None:
            reply = replace(reply, fault=rule.fault, delay=rule.wait)
        call.unit.commit()
        request = call.request
        length = len(request.body)
        if request.streamed is not None or length > KEPT:
            request, length = _shortened(request)
        journal = world.journal
        journal.write(
            Exchange(
                number=journal.total + 1,
                time=call.now,
                world=world.name,
                length=length,
                request=request,
                reply=reply,
                endpoint=call.endpoint,
                app=call.app.client_key if call.app else "",
                person=call.person,
                error=self.error,
                why=self.why or (f"{call.person} declined to consent" if call.denied else ""),
                rule=self.rule,
                denied=call.denied,
            )
        )
        return reply

    def _rule(self) -> Rule | None:
        call, world = self.call, self.world
        armed = world.rules.of(call.endpoint.full_name) or []
        parameters = msgspec.structs.asdict(call.fields)
        if call.endpoint.takes_token:
            parameters["access_token"] = call.token
        request = call.request
        fitting = [each for each in armed if each.is_on(call.endpoint, request.method)]
        struck = choose(fitting, parameters, call.unit, world.ids)
        if struck is None:
            return None
        self.rule = struck.id
        return struck.rule

    def _decided(self, rule: Rule | None) -> Reply | None:
        """Give the answer that a trigger decides before Douyin is asked."""
        endpoint = self.call.endpoint
        if self.case:
            self._know_app()
            return self._refuse(endpoint.case(self.case), f"{PROVOKED} Aweme-Negative-Test")
        if rule is not None and (rule.status is not None or rule.reply is not None):
            self._know_app()
            self.why = f"answered by rule {self.rule}"
            return canned(rule)
        if rule is not None and rule.error is not None:
            case = endpoint.find_case(rule.error)
            if case is not None:
                self._know_app()
                return self._refuse(case, f"{PROVOKED} rule {self.rule}")
        return self._magic()

    def _magic(self) -> Reply | None:
        call = self.call
        sent = call.request
        if _MAGIC not in sent.body and _MAGIC not in sent.query and MAGIC not in call.token:
            return None
        values = [*msgspec.structs.asdict(call.fields).values(), call.token]
        for value in values:
            if isinstance(value, str) and value.startswith(MAGIC):
                case = call.endpoint.find_case(value[len(MAGIC) :])
                if case is not None:
                    self._know_app()
                    return self._refuse(case, f"{PROVOKED} the value {value}")
        return None

    def _know_app(self) -> None:
        """Find out which app calls, for the journal, where no endpoint will."""
        for name in self.call.endpoint.app_keys:
            app = self.world.apps.get(getattr(self.call.fields, name))
            if app is not None:
                self.call.app = app
        if self.call.app is None and self.call.token:
            self.call.app = app_of_any_token(self.call)

    def _ask(self) -> Reply:
        """Let Douyin answer."""
        call = self.call
        endpoint = call.endpoint
        try:
            if self.problem:
                raise DouyinError(endpoint.malformed, self.problem, detail="")
            payload = endpoint.function(call)
        except DouyinError as refusal:
            call.unit.revert()
            return self._refuse(endpoint.case(refusal.case), refusal.why, refusal.detail)
        log_id = self._log_id()
        if isinstance(payload, _SHOWN):
            return _shown(payload, log_id)
        if payload is None:
            payload = msgspec.UNSET
        return _reply(endpoint, 0, endpoint.envelope.success(payload, log_id, call.now), log_id)

    def _refuse(self, case: ErrorCase, why: str, detail: str = "") -> Reply:
        call = self.call
        generation = self.world.settings.error_generation
        if generation != "documented":
            case = in_generation(case, generation)
        self.error, self.why = case, why[:_LONGEST_WHY]
        log_id = self._log_id()
        envelope, empty = call.endpoint.envelope, call.endpoint.empty
        body = envelope.failure(case, detail, empty, log_id, call.now)
        if call.endpoint.is_page:
            refusal = Refusal(case.code, case.text, why)
            return _shown(Page("refused", language_of(call.request), refusal), log_id, body)
        return _reply(call.endpoint, case.code, body, log_id)

    def _log_id(self) -> str:
        world = self.world
        return world.ids.log_id(world.clock.stamp(self.call.now), world.journal.total + 1)


def _reply(endpoint: Endpoint, code: int, body: bytes, log_id: str) -> Reply:
    log = (b"x-tt-logid", log_id.encode())
    if endpoint.code_header:
        return Reply(200, body, (JSON_TYPE, log, (b"bd-tt-error-code", b"%d" % code)))
    return Reply(200, body, (JSON_TYPE, log))


def _shown(answer: Page | Redirect, log_id: str, text: bytes = b"") -> Reply:
    """Answer a browser; a door that renders no pages sends the text."""
    log = (b"x-tt-logid", log_id.encode())
    if isinstance(answer, Redirect):
        location = (b"location", answer.location.encode("latin-1"))
        return Reply(302, b"", (location, (b"cache-control", b"no-store"), log))
    text = text or f"{answer.name}: this is a page for a browser\n".encode()
    return Reply(200, text, (TEXT_TYPE, log), page=answer)


def _shortened(request: Request) -> tuple[Request, int]:
    """Give the request as the journal keeps it, and the length of its whole body."""
    length = request.streamed.length if request.streamed else len(request.body)
    return replace(request, body=request.body[:KEPT], streamed=None), length


def _measured(request: Request, limit: int) -> Request:
    """Drop a body that is over the limit, where a door has not done it."""
    length = len(request.body)
    return replace(request, body=b"", too_long=length) if length > limit else request


def _why_too_long(length: int, endpoint: Endpoint) -> str:
    return (
        f"the body of {length} bytes is over the limit; {endpoint.full_name} takes"
        f" {endpoint.body_limit} at most"
    )


def _given(request: Request) -> dict[str, Any]:
    """Return the parameters of a call that no endpoint reads; none where they cannot be read."""
    try:
        return {} if request.too_long else parameters(request)
    except (Malformed, TooLargeError):
        return {}


def _unanswered(world: World, request: Request, path: str, given: dict[str, Any]) -> Reply:
    """Answer where there is no endpoint: by a rule that names the path, else by a 404."""
    rule = _rule_elsewhere(world, request, path, given)
    if rule is not None and (rule.status is not None or rule.reply is not None):
        reply, why = canned(rule), f"answered by rule {rule.id}"
    else:
        why = why_unanswered(request.method, path)
        reply = complaint(404, why)
    if rule is not None:
        reply = replace(reply, fault=rule.fault, delay=rule.wait)
    _write(world, request, reply, why=why, rule=rule.id if rule else "")
    return reply


def _rule_elsewhere(
    world: World, request: Request, path: str, given: dict[str, Any]
) -> Rule | None:
    """Return the rule that strikes a path which no endpoint has, and count the call."""
    rules = world.rules.elsewhere(request.method, path)
    if not rules:
        return None
    unit = world.store.unit(world.clock.now())
    struck = choose(rules, given, unit, world.ids)
    unit.commit()
    return struck.rule if struck else None


def _write(
    world: World,
    request: Request,
    reply: Reply,
    *,
    endpoint: Endpoint | None = None,
    why: str,
    rule: str = "",
) -> None:
    """Write down what no endpoint answered."""
    request, length = _shortened(request)
    world.journal.write(
        Exchange(
            number=world.journal.total + 1,
            time=world.clock.now(),
            world=world.name,
            length=length,
            request=request,
            reply=reply,
            endpoint=endpoint,
            why=why[:_LONGEST_WHY],
            rule=rule,
        )
    )


def _heads(request: Request) -> tuple[str, str, str]:
    """Give what the headers say: a token, Douyin's own negative-test case, and a world."""
    token = other = case = world = ""
    for name, value in request.headers:
        if name == b"access-token":
            token = value.decode("latin-1")
        elif name in (b"access_token", b"x-token"):
            other = value.decode("latin-1")
        elif name == b"aweme-negative-test":
            case = value.decode("latin-1").strip()
        elif name == b"x-mockdouyin-world":
            world = value.decode("latin-1")
    return token or other, case, world
