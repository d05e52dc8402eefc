"""The single entry point for requests: `Sandbox.handle(Request) -> Reply`, from any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from msgspec.structs import replace

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.endpoint import BODY_LIMIT, FILE_LIMIT, Endpoint, EndpointTypes
from mockdouyin.core.errors import MockDouyinError, TooLargeError
from mockdouyin.core.http import Handler, Reply, Request, single_slashes
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.pages import complaint_about
from mockdouyin.core.parameters import fields_of
from mockdouyin.core.store import FOREVER
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.link_page import is_short, page_request
from mockdouyin.sandbox._call_parameters import read_headers, unserved_parameters
from mockdouyin.sandbox._exchange import answer, answer_unserved, record_unanswered
from mockdouyin.sandbox.deliveries import Deliverer, NullDeliverer
from mockdouyin.sandbox.error_texts import OTHER_WORLD, WORLD_AGAIN
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import outcome
from mockdouyin.sandbox.registry import Worlds
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import DEFAULT, Scenario

T = TypeVar("T")

_MAX_SEARCHED = 50
"""Parameters of a call without an endpoint by which its world is searched for."""


class Sandbox:
    """All worlds, and the way of a request to the one that answers it."""

    blocks = False
    """Whether `handle` may wait for a store, so that an event loop must call it in a thread."""

    def __init__(
        self,
        scenario: Scenario = DEFAULT,
        *,
        seed: int | None = None,
        clock: Callable[[], Clock] = Clock,
        settings: dict[str, Any] | None = None,
        catalogue: Catalogue = CATALOGUE,
        deliverer: Callable[[Sandbox], Deliverer] = lambda sandbox: NullDeliverer(),
        render: Callable[[Reply], Reply] = lambda reply: reply,
        nonce: Callable[[], str] | None = None,
    ) -> None:
        self.catalogue = catalogue
        """The endpoints that it emulates."""
        self.deliverer: Deliverer = deliverer(self)
        """Sends webhooks; what is due in the world `default` waits for its first `wake`."""
        self.render: Callable[[Reply], Reply] = render
        """Renders a reply that carries a page."""
        self._nonce = nonce
        """Returns an unguessable value. Without it, nonces are derived."""
        self.worlds: Worlds = self.make_registry(clock)
        self.language: Language = DEFAULT_LANGUAGE
        """The language of texts for whoever names none."""
        self._connect(self.worlds.begin(DEFAULT_WORLD, scenario, seed, settings))
        self.worlds.listeners.append(self._adopt)
        self.scenarios: dict[str, Path] = {}
        """Scenario files that a server was started with, by name: no others can be requested."""
        self.interception: dict[str, Any] | None = None
        """How clients reach this sandbox at Douyin's hosts; set while a door intercepts them."""
        self.client_settings: Callable[[str, str], dict[str, Any]] | None = None
        """Returns what clients of a world have to be set to, in a shell's syntax; set likewise."""

    @property
    def default(self) -> World:
        """The world `default`, which always exists."""
        return self.worlds.find(DEFAULT_WORLD)

    def _connect(self, world: World) -> None:
        """Connect a world to this sandbox."""
        world.answer = self.handle
        world.outbox.wake = lambda: self.deliverer.wake(world)
        if self._nonce is not None:
            world.nonce = self._nonce

    def _adopt(self, world: World) -> None:
        """Connect a new world, whose timeline begins to run."""
        self._connect(world)
        if world.timeline.next_due is not None:
            self.deliverer.wake(world)

    def make_registry(self, clock: Callable[[], Clock]) -> Worlds:
        """Create the registry of worlds."""
        return Worlds(clock, self.catalogue)

    def transact(self, work: Callable[[], T]) -> T:
        """Run work that may touch any world, atomically."""
        return work()

    def timed(self, work: Callable[[], T], *, long: bool = False) -> Callable[[], T]:
        """Return the work with a deadline counted from now, however late it starts.

        Long work only has to start before the deadline.
        """
        return work

    look_every = FOREVER
    """Seconds between checks for work left by other processes; never in a single process."""

    def worlds_with_due_work(self) -> Iterator[World]:
        """Iterate over the worlds in which something may fall due."""
        return iter(self.worlds)

    def renew_leases(self) -> None:
        """Renew the leases on claimed deliveries, before other processes take them over."""

    async def detach_loop(self) -> None:
        """Close what the running event loop has open."""

    began: Callable[[], float] = staticmethod(perf_counter)
    """Returns when the answer to the current request was begun, by `perf_counter`."""

    def close(self) -> None:
        """Close what is shared with other processes."""

    def handle(self, request: Request) -> Reply:
        """Answer a request to any of Douyin's addresses."""
        try:
            endpoint = self.catalogue.routes.get((request.method, request.path))
            if endpoint is None:
                return self._find_endpoint(request)
            return self._call(request, endpoint)
        except Exception as error:  # noqa: BLE001 - a bug of ours is reported as one
            return complaint_about(error, request, self.language)

    def _find_endpoint(self, request: Request) -> Reply:
        """Normalise the path and try again; else answer as a path that no endpoint serves."""
        began, path = self.began(), request.path
        if path.startswith("/@"):
            return self._in_world(request)
        if is_short(request):
            return self.handle(page_request(request))
        path = single_slashes(path)
        endpoint = self.catalogue.find(request.method, path)
        if endpoint is not None:
            return self._call(replace(request, path=path), endpoint)
        given = unserved_parameters(request)
        world = self._named_world(request) or self._search_world(request, given) or self.default
        declared = world.catalogue.find(request.method, path) if world.catalogue.added else None
        if declared is not None:
            return self._call(replace(request, path=path, world=world.name), declared)
        return world.transact(
            lambda: answer_unserved(world, request, path, given, began, self.language)
        )

    def _in_world(self, request: Request) -> Reply:
        """Answer a request whose path begins with the name of a world."""
        name, path = _world_and_path(request.path)
        if request.world not in (None, name):
            raise _world_conflict(request.world, name)
        if path.startswith("/@"):
            raise _world_conflict(name, path[2:].partition("/")[0])
        return self.handle(replace(request, world=name, path=path))

    def _named_world(self, request: Request) -> World | None:
        name = request.world or request.header(b"x-mockdouyin-world")
        return self.worlds.get(name) if name else None

    def _search_world(self, request: Request, given: dict[str, Any]) -> World | None:
        """Find the world of a call without an endpoint, by any app key or credential in it."""
        texts = list(islice((v for v in given.values() if isinstance(v, str)), _MAX_SEARCHED))
        found = [self.worlds.of_app(value) for value in texts]
        found += [self.worlds.of_credential(value) for value in (read_headers(request)[0], *texts)]
        return next((world for world in found if world is not None), None)

    def _call(self, request: Request, endpoint: Endpoint) -> Reply:
        """Parse the request, find its world, and answer it there."""
        began = self.began()
        token, case, named = read_headers(request)
        types = endpoint.types
        fields: Any
        problem = NOTHING
        if request.too_long or len(request.body) > BODY_LIMIT:
            request = _enforce_limit(request, endpoint.body_limit)
        try:
            if request.too_long and not types.takes_file:
                raise TooLargeError(_why_too_long(request.too_long, endpoint))
            fields = fields_of(request, types.fields)
        except Malformed as error:
            fields, problem = error.fields, error.why
        except TooLargeError as error:
            return self._too_large(request, endpoint, error, began)
        if types.takes_token and not token and fields is not None:
            token = fields.access_token or ""
        name = request.world or named
        world = self.worlds.get(name) if name else self._world_of(types, fields, token)
        if added := world.catalogue.added:
            other = added.get((request.method, request.path), endpoint)
            if other is not endpoint:  # the world's scenario declares another one in its place
                return self._call(replace(request, world=world.name), other)
        if world.settings.lenient_names:
            try:
                fields = fields_of(request, types.fields, lenient=True)
            except Malformed as error:
                fields, problem = error.fields, error.why
        given = fields if fields is not None else types.fields()

        def run() -> Reply:
            unit = world.store.unit(world.clock.now())
            call = Call(endpoint, world, unit, request, given, token, began, problem)
            return answer(call, case)

        return world.transact(run)

    def _world_of(self, types: EndpointTypes, fields: Fields | None, token: str) -> World:
        """Return the world of the app key, else of a credential, else of the service provider."""
        worlds = self.worlds
        if fields is not None:
            for name in types.app_keys:
                key = getattr(fields, name)
                if key and (world := worlds.of_app(key)) is not None:
                    return world
        if token and (world := worlds.of_credential(token)) is not None:
            return world
        if fields is not None:
            for name in types.credentials:
                credential = getattr(fields, name)
                if credential and (world := worlds.of_credential(credential)) is not None:
                    return world
            for name in types.provider_keys:
                provider = getattr(fields, name)
                if provider and (world := worlds.of_provider(provider)) is not None:
                    return world
        return self.default

    def _too_large(
        self, request: Request, endpoint: Endpoint, error: TooLargeError, began: float
    ) -> Reply:
        """Refuse a call whose body is too large to be parsed."""
        world = self._named_world(request) or self.default
        reply = complaint_about(error, request, self.language)

        def refuse() -> Reply:
            why = error.says
            record_unanswered(world, request, reply, endpoint=endpoint, why=why, began=began)
            return reply

        return world.transact(refuse)

    def phone(
        self, world: World, api: str, *, app: str | None, person: str | None, args: dict[str, Any]
    ) -> dict[str, Any]:
        """Call a tt API on a person's phone; return what it passes to `success`, or to `fail`.

        Where a rule has it ask the person, this waits until another thread answers: call it in no
        transaction.
        """
        return outcome(
            call_phone(world, api, app, person, args, self.language, deliverer=self.deliverer)
        )


def body_limit(handler: Handler, request: Request) -> int:
    """Return the maximum bytes of the request's body, which its endpoint may declare."""
    path = request.path
    if path.startswith("/@"):
        _, path = _world_and_path(path)
    # A handler in another process has no catalogue here.
    catalogue: Catalogue = getattr(handler, "catalogue", CATALOGUE)
    endpoint = catalogue.find(request.method, path)
    if endpoint is not None:
        return endpoint.body_limit
    # A scenario may declare an endpoint that takes a file there; of its form little is kept.
    is_form = request.header(b"content-type").lower().startswith("multipart/form-data")
    return FILE_LIMIT if is_form else BODY_LIMIT


def _enforce_limit(request: Request, limit: int) -> Request:
    """Drop a body that is over the limit, in case the door has not done so."""
    length = len(request.body)
    return replace(request, body=b"", too_long=length) if length > limit else request


def _why_too_long(length: int, endpoint: Endpoint) -> str:
    return (
        f"the body of {length} bytes is over the limit; {endpoint.full_name} takes"
        f" {endpoint.body_limit} at most"
    )


def _world_and_path(path: str) -> tuple[str, str]:
    """Split a path into the name of its world and the rest.

    The name may come twice: from a base URL that names the world, and from the path behind it.
    """
    name, _, rest = path[2:].partition("/")
    return name, "/" + rest.removeprefix(f"@{name}/")


def _world_conflict(one: str, other: str) -> MockDouyinError:
    """Return the error for a path that names a second world, or the same one three times."""
    if one == other:
        return MockDouyinError(WORLD_AGAIN(one=one))
    return MockDouyinError(OTHER_WORLD(one=one, other=other))
