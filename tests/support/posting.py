"""A sandbox that posts its webhooks, with no server before it and a clock that stands still."""

from __future__ import annotations

from functools import partial
from types import TracebackType
from typing import Any, Self

import msgspec

from mockdouyin import Scenario
from mockdouyin.control import execute
from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.webhooks import emit
from mockdouyin.delivery import Dispatcher
from mockdouyin.delivery._limits import ADVANCE_TIMEOUT, TIMEOUT
from mockdouyin.sandbox.deliveries import find, listed
from mockdouyin.sandbox.worlds import World
from tests.support.helpers import sandbox

SHORT = 0.5
"""Seconds that a receiver has, where a test waits until they are over."""


def tell(world: World, event: str, kind: str = "web", **given: Any) -> Delivery | None:
    """Emit an event to an app; return the delivery, if there is one."""
    person = given.pop("person", "小明")

    def happen() -> Delivery | None:
        unit = world.store.unit(world.clock.now())
        app = world.find_app(None, kind)
        made = emit(world, unit, app, event, person, **given)
        unit.commit()
        return made

    return world.transact(happen)


def set_hook(world: World, url: str, kind: str = "web", **given: Any) -> App:
    """Set the webhook of the app of a kind, as a scenario does; return the app."""

    def register() -> App:
        app = world.find_app(None, kind)
        world.register(msgspec.structs.replace(app, webhook=Webhook(**{"url": url, **given})))
        return world.apps[app.client_key]

    return world.transact(register)


class Posting:
    """A sandbox with a dispatcher: what a server has behind its HTTP."""

    def __init__(
        self,
        scenario: str = "",
        *,
        timeout: float = TIMEOUT,
        advance_timeout: float = ADVANCE_TIMEOUT,
        **settings: Any,
    ) -> None:
        given: dict[str, Any] = {"scenario": Scenario.parse(scenario)} if scenario else {}
        deliverer = partial(Dispatcher, timeout=timeout, advance_timeout=advance_timeout)
        self.box = sandbox(seed=7, settings=settings, deliverer=deliverer, **given)
        self.world = self.box.default

    def hook(self, url: str, kind: str = "web", **given: Any) -> App:
        """Set the webhook of the app of a kind; it counts as verified."""
        return set_hook(self.world, url, kind, **given)

    def tell(self, event: str = "create_video", kind: str = "web", **given: Any) -> str:
        """Emit an event to an app; return the delivery's id."""
        made = tell(self.world, event, kind, **given)
        assert made is not None
        return made.id

    def order(self, order: str, path: str = "", **body: Any) -> Any:
        """Execute an operation of the control API; `path` is the key or id in its path."""
        parts = {"key": path, "id": path, "api": path}
        return execute(self.box, order, world=self.world.name, path=parts, body=body)

    def advance(self, by: str) -> bool:
        """Advance the clock; return whether all that fell due was done."""
        return self.box.deliverer.advance(self.world, parse_duration(by)).result()

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery, the oldest first."""
        return self.world.transact(lambda: listed(self.world))

    def delivery(self, delivery_id: str) -> Delivery:
        """Return a delivery as it is now."""
        return self.world.transact(lambda: find(self.world, delivery_id))

    def stop(self) -> None:
        """Post nothing more."""
        self.box.deliverer.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
