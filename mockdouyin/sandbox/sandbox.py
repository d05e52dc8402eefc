"""The one door inside: `Sandbox.handle(Request) -> Reply`, synchronous, from any thread."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from mockdouyin.core.clock import Clock
from mockdouyin.core.endpoint import BODY_LIMIT, Call, Endpoint, Fields
from mockdouyin.core.errors import (
    MockDouyinError,
    TooLargeError,
    did_you_mean,
)
from mockdouyin.core.http import Reply, Request, complaint
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.parameters import fields_of, parameters
from mockdouyin.core.store import FOREVER
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS, Handset, PhoneRefusal
from mockdouyin.sandbox._exchange import answer, answer_elsewhere, write_down
from mockdouyin.sandbox.deliveries import Deliverer, NullDeliverer
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World, Worlds
from mockdouyin.scenario.compiled import choose
from mockdouyin.scenario.scenario import DEFAULT, Scenario

T = TypeVar("T")

_LOOKED_AT = 50
"""Parameters of a call that no endpoint reads by which its world is looked for."""


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
        self.worlds = self.make_registry(clock)
        self.default = self.worlds.begin(DEFAULT_WORLD, scenario, seed, settings)
        self.deliverer: Deliverer = NullDeliverer()
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

    def make_registry(self, clock: Callable[[], Clock]) -> Worlds:
        """Give what worlds are registered in."""
        return Worlds(clock)

    def transact(self, work: Callable[[], T]) -> T:
        """Do work that may touch any world, and of which nobody sees the half."""
        return work()

    def timed(self, work: Callable[[], T], *, long: bool = False) -> Callable[[], T]:
        """Return work whose time is up so long after now, however late it begins.

        Long work has only to begin by then.
        """
        return work

    look_every = FOREVER
    """Seconds between two looks for what other processes left; never where all is here."""

    def worlds_with_due_work(self) -> Iterator[World]:
        """Give the worlds in which something may fall due."""
        return iter(self.worlds)

    def renew_leases(self) -> None:
        """Hold on to what was claimed to be sent, where others would take it over."""

    async def detach_loop(self) -> None:
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
            _, path = _world_and_path(path)
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
            return answer_elsewhere(world, request, tidy, given)

    def _in_world(self, request: Request) -> Reply:
        """Answer a request whose path begins with the name of a world."""
        name, path = _world_and_path(request.path)
        if request.world not in (None, name):
            raise _other_world(request.world, name)
        if path.startswith("/@"):
            raise _other_world(name, path[2:].partition("/")[0])
        return self.handle(replace(request, world=name, path=path))

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
            return answer(call, case, problem)

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
            write_down(world, request, reply, endpoint=endpoint, why=str(error))
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
                unit.roll_back()
                result = known.fail(refusal.reason, refusal.detail)
            unit.commit()
        return result


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


def _world_and_path(path: str) -> tuple[str, str]:
    """Take the name of a world from the head of a path.

    A base URL that names one may meet a path that names it too, and so it may stand twice.
    """
    name, _, rest = path[2:].partition("/")
    return name, "/" + rest.removeprefix(f"@{name}/")


def _other_world(one: str, other: str) -> MockDouyinError:
    """Refuse a path that names another world than its way leads to, or the same thrice."""
    if one == other:
        return MockDouyinError(f"the path names world {one!r} again and again; once will do")
    return MockDouyinError(f"this way leads to world {one!r}, not {other!r}")


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
