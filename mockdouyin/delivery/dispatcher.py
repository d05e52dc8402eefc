"""The dispatcher: posts what falls due in any world, in order for each receiver."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import AwayError, EndedError, NotFoundError
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.store import FOREVER
from mockdouyin.delivery._clock_advance import ClockAdvance, seconds_until_due
from mockdouyin.sandbox.deliveries import (
    Sender,
    claim_due,
    put_back,
    record,
    stands,
)
from mockdouyin.sandbox.worlds import World

ADVANCE_TIMEOUT = 30.0
"""Seconds of real time that `advance` may take to run what falls due."""

MAX_SENDERS = 32
"""Threads that post at the same time."""

STORE_RETRY_INTERVAL = 0.5
"""Seconds until the next try where the store did not answer."""

POLL_INTERVAL = 0.05
"""Seconds between two looks at the store while another process sends what it claimed."""

LANES_PER_RECEIVER = 8
"""Posts that one receiver gets at the same time, where the order is `concurrent`.

A slow receiver blocks at most this many threads, and leaves the rest for the others.
"""

ReceiverLane = tuple[World, str, int]
"""The key of a queue of deliveries: the world, the receiver's URL, and the lane's number."""


class Dispatcher:
    """Does what falls due in every world of a sandbox.

    One thread watches the clocks and claims deliveries; a pool of threads posts them. Lock order:
    a world's lock (or its store's transaction) first, then `_changed`; never the other way round,
    because a commit holds its world's lock while it calls `wake`.
    """

    def __init__(
        self,
        worlds: Callable[[], Iterator[World]],
        sender: Sender,
        advance_timeout: float = ADVANCE_TIMEOUT,
        look_every: float = FOREVER,
    ) -> None:
        self._worlds = worlds
        self._sender = sender
        self._advance_timeout = advance_timeout
        self._look_every = look_every
        """Seconds between two scans of all worlds, for what other processes may have left."""
        self._pool: ThreadPoolExecutor | None = None
        self._changed = threading.Condition()
        self._lanes: dict[ReceiverLane, deque[Delivery]] = {}
        """What waits for each receiver; a lane exists as long as a thread works on it."""
        self._busy: Counter[World] = Counter()
        """Claims and deliveries under way in each world; a world is quiet at zero."""
        self._woken: set[World] = set()
        """Worlds to look at next, so that a change in one does not cost a scan of all."""
        self._next_scan = 0.0
        """When to scan all worlds, by the monotonic clock."""
        self._due_at: dict[World, float] = {}
        """When something falls due in each world, by the monotonic clock."""
        self._interrupted: deque[ClockAdvance] = deque()
        """Advances that failed when the store went away: their clocks are still frozen."""
        self._reported = ""
        self._thread: threading.Thread | None = None
        self._stopping = False

    # The thread that watches the clocks.

    def wake(self, world: World | None = None) -> None:
        """Look at a world, or at all, because something became due or a clock was moved."""
        with self._changed:
            # On demand: a sandbox that sends nothing has no thread.
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)
                self._thread.start()
            if world is None:
                self._next_scan = 0.0
            else:
                self._woken.add(world)
            self._changed.notify_all()

    def stop(self) -> None:
        """Start no further post: what waits becomes due again, and posts under way run out."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def _run(self) -> None:
        while not self._stopping:
            self._resume_interrupted()
            # Without `_changed`, see the lock order above.
            for world in self._worlds_to_look_at():
                pause = self._dispatch_safely(world)
                if pause == FOREVER:
                    self._due_at.pop(world, None)
                else:
                    self._due_at[world] = time.monotonic() + pause
            with self._changed:
                pause = min((*self._due_at.values(), self._next_scan)) - time.monotonic()
                # At most a day: a lock cannot wait for more than some hundred years, and an event
                # may be due later than that.
                self._changed.wait_for(self._is_woken, min(pause, DAY))

    def _worlds_to_look_at(self) -> set[World]:
        """Return the worlds that were woken, and those in which something is due."""
        now = time.monotonic()
        with self._changed:
            worlds, self._woken = self._woken, set()
            scan = self._next_scan <= now
            if scan:
                self._next_scan = now + self._look_every
        try:
            worlds.update(self._worlds() if scan else ())
        except (AwayError, NotFoundError):
            self._next_scan = now + STORE_RETRY_INTERVAL
        except Exception as error:  # noqa: BLE001 - if this thread died, nothing would be sent
            self._report(error)
            self._next_scan = now + STORE_RETRY_INTERVAL
        worlds.update(world for world, due in self._due_at.items() if due <= now)
        return worlds

    def _report(self, error: Exception) -> None:
        """Print the traceback of a bug, but not again while the same one repeats."""
        if repr(error) != self._reported:
            self._reported = repr(error)
            traceback.print_exception(error, file=sys.stderr)

    @property
    def has_interrupted_advance(self) -> bool:
        """Whether a clock is still frozen because the store went away during `advance`."""
        return bool(self._interrupted)

    def _resume_interrupted(self) -> None:
        try:
            while self._interrupted:
                # Removed only afterwards: if the store is still away, it is tried again.
                self._interrupted[0].resume()
                self._interrupted.popleft()
        except AwayError:
            self._next_scan = min(self._next_scan, time.monotonic() + STORE_RETRY_INTERVAL)

    def _dispatch_safely(self, world: World) -> float:
        """Queue what is due in a world; return the real seconds until something else is."""
        try:
            self._dispatch(world)
            return seconds_until_due(world)
        except EndedError:
            return FOREVER
        except AwayError:
            return STORE_RETRY_INTERVAL
        except Exception:  # noqa: BLE001 - a bad event in one world must not stop all others
            traceback.print_exc(file=sys.stderr)
            return STORE_RETRY_INTERVAL

    def _is_woken(self) -> bool:
        return self._stopping or bool(self._woken) or self._next_scan <= 0

    # What a caller waits for.

    def advance(self, world: World, seconds: float) -> bool:
        """Move a clock from due time to due time; return whether all that fell due was done."""
        until = time.monotonic() + self._advance_timeout
        move = ClockAdvance(world, seconds)
        try:
            move.freeze()
            quiet = self._run_due(world, until)
            while quiet and move.step():
                quiet = self._run_due(world, until)
            move.finish()
        except AwayError:
            # Without the store the clock cannot be resumed now; the thread does it later.
            self._interrupted.append(move)
            raise
        except BaseException:
            move.finish()
            raise
        finally:
            self.wake(world)
        return quiet

    def _run_due(self, world: World, until: float) -> bool:
        """Send all that is due and wait for it; return whether the world became quiet in time."""
        while True:
            self._dispatch(world)
            with self._changed:
                remaining = until - time.monotonic()
                if not self._changed.wait_for(lambda: not self._busy[world], remaining):
                    return False
                if self._stopping:
                    return False
            # Otherwise more became due in the meantime.
            if seconds_until_due(world) > 0:
                # What another process has claimed is not counted in `_busy`.
                if not world.outbox.claimed_elsewhere:
                    return True
                if time.monotonic() >= until:
                    return False
                with self._changed:
                    self._changed.wait(POLL_INTERVAL)

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Post a delivery once, whether it is due or not, and record the result."""
        return record(world, delivery, self.post(delivery))

    def post(self, delivery: Delivery) -> Attempt:
        """Post a delivery once and record nothing."""
        return self._sender(delivery)

    # The queues.

    def _dispatch(self, world: World) -> None:
        """Claim the deliveries that are due and queue each for its receiver."""
        with self._changed:
            if self._stopping:
                return
            # Before anything is claimed: what is claimed and not yet queued is not quiet either.
            self._busy[world] += 1
        try:
            due = claim_due(world)
            if world.settings.webhook_order == "reversed":
                due.reverse()
            for delivery in due:
                if not self._enqueue(world, delivery):
                    put_back(world, delivery)
        finally:
            self._finish_one(world)

    def _enqueue(self, world: World, delivery: Delivery) -> bool:
        """Queue a delivery, with a thread for a new lane; return False if we are stopping."""
        with self._changed:
            if self._stopping:
                return False
            self._busy[world] += 1
            lane = self._shortest_lane(world, delivery)
            if lane in self._lanes:
                self._lanes[lane].append(delivery)
                return True
            self._lanes[lane] = deque([delivery])
            if self._pool is None:
                self._pool = ThreadPoolExecutor(MAX_SENDERS, "mockdouyin sender")
            self._pool.submit(self._drain, lane)
            return True

    def _shortest_lane(self, world: World, delivery: Delivery) -> ReceiverLane:
        """Return the receiver's shortest lane; only `concurrent` has more than one."""
        count = LANES_PER_RECEIVER if world.settings.webhook_order == "concurrent" else 1
        lanes = [(world, delivery.url, number) for number in range(count)]
        # A lane that exists has one delivery under way, which is not in its queue any more.
        return min(
            lanes, key=lambda lane: len(self._lanes[lane]) + 1 if lane in self._lanes else 0
        )

    def _drain(self, lane: ReceiverLane) -> None:
        """Send a lane's deliveries one after the other, until it is empty."""
        world = lane[0]
        while (delivery := self._next(lane)) is not None:
            try:
                self._deliver(world, delivery)
            except (AwayError, EndedError):
                world.outbox.release(delivery)  # it is due again once nobody claims it
            except Exception:  # noqa: BLE001 - a bug of ours must not block the lane
                traceback.print_exc(file=sys.stderr)
            finally:
                self._finish_one(world)

    def _next(self, lane: ReceiverLane) -> Delivery | None:
        """Return the lane's next delivery; remove the lane when it is empty."""
        # In one step, or `_enqueue` could append to a lane that its thread has just left.
        with self._changed:
            if self._lanes[lane]:
                return self._lanes[lane].popleft()
            del self._lanes[lane]
            return None

    def _deliver(self, world: World, delivery: Delivery) -> None:
        if self._stopping:
            put_back(world, delivery)
            return
        # It may have waited here for long: a reset, a restore or a manual try makes it void.
        if not stands(world, delivery):
            world.outbox.release(delivery)
            return
        for _ in range(world.settings.webhook_copies - 1):
            self.post(delivery)
        self.try_now(world, delivery)

    def _finish_one(self, world: World) -> None:
        with self._changed:
            self._busy[world] -= 1
            if not self._busy[world]:
                del self._busy[world]
                self._changed.notify_all()  # at zero only: nobody waits for a single delivery
