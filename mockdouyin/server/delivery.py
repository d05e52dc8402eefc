"""Posting: what falls due in any world is sent, each receiver in turn, in real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import FOREVER
from mockdouyin.sandbox.deliveries import (
    Courier,
    Parcel,
    Posted,
    claim_due,
    next_due,
    parcel_of,
    record,
)
from mockdouyin.sandbox.worlds import World

PATIENCE = 30.0
"""Seconds of real time that moving a clock may take to run what falls due."""

COURIERS = 32
"""Receivers that are posted to at the same moment."""


class Dispatcher:
    """Does what falls due in every world of a sandbox."""

    def __init__(self, worlds: Callable[[], Iterator[World]], courier: Courier) -> None:
        self._worlds = worlds
        self._courier = courier
        self._pool: ThreadPoolExecutor | None = None
        self._changed = threading.Condition()
        self._busy: dict[str, int] = {}
        self._wakes = 0
        self._thread: threading.Thread | None = None
        self._stopping = False

    # By itself.

    def wake(self) -> None:
        """Look again: something was put into an outbox, or a clock was moved."""
        with self._changed:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)
                self._thread.start()
            self._wakes += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Post nothing more; what is under way ends by itself."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping:
            seen = self._wakes
            for world in self._worlds():
                self._start(world)
            # No lock is held here: a commit holds its world's while it wakes us.
            pause = min(map(_until_due, self._worlds()), default=FOREVER)
            with self._changed:
                self._changed.wait_for(
                    partial(self._is_called, seen), None if pause == FOREVER else pause
                )

    def _is_called(self, seen: int) -> bool:
        return self._stopping or self._wakes != seen

    # In turn, when somebody waits for it.

    def advance(self, world: World, seconds: float) -> bool:
        """Move a clock from due time to due time; tell whether all that fell due was done."""
        until = time.monotonic() + PATIENCE
        with world.lock:
            target, frozen = world.clock.now() + seconds, world.clock.frozen
            world.clock.freeze()
        quiet = self._run_due(world, until)
        while quiet and (due := next_due(world)) is not None and due <= target:
            with world.lock:
                world.clock.advance(max(0.0, due - world.clock.now()))
            quiet = self._run_due(world, until)
        with world.lock:
            world.clock.advance(max(0.0, target - world.clock.now()))
            if not frozen:
                world.clock.resume()
        self.wake()
        return quiet

    def _run_due(self, world: World, until: float) -> bool:
        """Do all that is due and wait for it; tell whether it became quiet in time."""
        while True:
            self._start(world)
            with self._changed:
                left = until - time.monotonic()
                if not self._changed.wait_for(lambda: not self._busy.get(world.name), left):
                    return False
            if _until_due(world) > 0:
                return True

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Post a delivery once, whatever its time, and record what came back."""
        return record(world, delivery, self.post(parcel_of(delivery)))

    def post(self, parcel: Parcel) -> Posted:
        """Post something that is no delivery."""
        return self._courier(parcel)

    # Handing over.

    def _start(self, world: World) -> None:
        """Hand what is due to couriers: each receiver in turn, or as the settings say."""
        for group in _groups(claim_due(world), world.settings.webhook_order):
            with self._changed:
                if self._stopping:
                    return
                self._busy[world.name] = self._busy.get(world.name, 0) + 1
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(COURIERS, "mockdouyin courier")
                self._pool.submit(self._carry, world, group)

    def _carry(self, world: World, deliveries: list[Delivery]) -> None:
        try:
            for delivery in deliveries:
                for _ in range(world.settings.webhook_copies - 1):
                    self.post(parcel_of(delivery))
                self.try_now(world, delivery)
        finally:
            with self._changed:
                self._busy[world.name] -= 1
                self._changed.notify_all()


def _until_due(world: World) -> float:
    """Give the real seconds until something is due, if time runs on by itself."""
    with world.lock:
        due = next_due(world)
        if due is None:
            return FOREVER
        wait = max(0.0, due - world.clock.now())
        return FOREVER if wait and world.clock.frozen else wait


def _groups(due: list[Delivery], order: str) -> list[list[Delivery]]:
    if order == "concurrent":
        return [[delivery] for delivery in due]
    by_url = sorted(due, key=lambda delivery: delivery.url)
    groups = [list(group) for _, group in groupby(by_url, key=lambda each: each.url)]
    return [group[::-1] for group in groups] if order == "reversed" else groups
