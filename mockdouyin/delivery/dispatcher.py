"""Posting: what falls due in any world is sent, each receiver in turn, in real time."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import AwayError, EndedError, NotFoundError
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import FOREVER
from mockdouyin.sandbox.deliveries import (
    OutgoingRequest,
    Sender,
    SendResult,
    claim_due,
    next_due,
    outgoing_request,
    put_back,
    record,
    stands,
)
from mockdouyin.sandbox.worlds import World

PATIENCE = 30.0
"""Seconds of real time that moving a clock may take to run what falls due."""

COURIERS = 32
"""Posts that are under way at the same moment."""

AGAIN = 0.5
"""Seconds until the next look where the store did not answer."""

OTHERS = 0.05
"""Seconds between two looks while another process sends what it claimed."""

LANES = 8
"""Posts that one receiver gets at the same moment, where the order is `concurrent`.

A receiver that is slow holds up so many couriers at most, and never those of all others.
"""

ReceiverLane = tuple[World, str, int]
"""Where deliveries wait for their turn: one receiver of one world, and the lane to it."""


class Dispatcher:
    """Does what falls due in every world of a sandbox."""

    def __init__(
        self,
        worlds: Callable[[], Iterator[World]],
        courier: Sender,
        patience: float = PATIENCE,
        look_every: float = FOREVER,
    ) -> None:
        self._worlds = worlds
        self._courier = courier
        self._patience = patience
        self._look_every = look_every
        """Seconds between two looks at what other processes may have left."""
        self._pool: ThreadPoolExecutor | None = None
        self._changed = threading.Condition()
        self._lines: dict[ReceiverLane, deque[Delivery]] = {}
        self._busy: Counter[World] = Counter()
        self._called: set[World] = set()
        """Worlds that are to be looked at: nobody looks at all of them for one."""
        self._next_look = 0.0
        """When all are looked at, by the real clock."""
        self._due: dict[World, float] = {}
        """When something is due in a world in which something waits, by the real clock."""
        self._broken_off: deque[Move] = deque()
        """Moves of a clock in whose middle the store went away: time is to run on after them."""
        self._reported = ""
        self._thread: threading.Thread | None = None
        self._stopping = False

    # By itself.

    def wake(self, world: World | None = None) -> None:
        """Look again at a world, or at all: something is to be sent, or a clock was moved."""
        with self._changed:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)
                self._thread.start()
            if world is None:
                self._next_look = 0.0
            else:
                self._called.add(world)
            self._changed.notify_all()

    def stop(self) -> None:
        """Post nothing more: what waits is due again, and what is under way ends by itself."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def _run(self) -> None:
        while not self._stopping:
            self._let_clocks_run()
            # No lock is held here: a commit holds its world's while it wakes us.
            for world in self._to_look_at():
                pause = self._start_safely(world)
                if pause == FOREVER:
                    self._due.pop(world, None)
                else:
                    self._due[world] = time.monotonic() + pause
            with self._changed:
                pause = min((*self._due.values(), self._next_look)) - time.monotonic()
                # A system waits for some hundred years at most, and something may be due later.
                self._changed.wait_for(self._is_called, min(pause, DAY))

    def _to_look_at(self) -> set[World]:
        """Return the worlds that were called for, and those in which something is due."""
        now = time.monotonic()
        with self._changed:
            worlds, self._called = self._called, set()
            everywhere = self._next_look <= now
            if everywhere:
                self._next_look = now + self._look_every
        try:
            worlds.update(self._worlds() if everywhere else ())
        except (AwayError, NotFoundError):
            self._next_look = now + AGAIN
        except Exception as error:  # noqa: BLE001 - nobody would send anything any more
            self._report(error)
            self._next_look = now + AGAIN
        worlds.update(world for world, due in self._due.items() if due <= now)
        return worlds

    def _report(self, error: Exception) -> None:
        """Tell of a mistake of ours once, however often it happens."""
        if repr(error) != self._reported:
            self._reported = repr(error)
            traceback.print_exception(error, file=sys.stderr)

    @property
    def has_broken_off(self) -> bool:
        """Whether a clock is to run on whose move the store's absence broke off."""
        return bool(self._broken_off)

    def _let_clocks_run(self) -> None:
        try:
            while self._broken_off:
                self._broken_off[0].let_run()
                self._broken_off.popleft()
        except AwayError:
            self._next_look = min(self._next_look, time.monotonic() + AGAIN)

    def _start_safely(self, world: World) -> float:
        """Do what is due in a world; return the real seconds until something else is."""
        try:
            self._start(world)
            return _until_due(world)
        except EndedError:
            return FOREVER
        except AwayError:
            return AGAIN
        except Exception:  # noqa: BLE001 - one bad event must not end all the others
            traceback.print_exc(file=sys.stderr)
            return AGAIN

    def _is_called(self) -> bool:
        return self._stopping or bool(self._called) or self._next_look <= 0

    # In turn, when somebody waits for it.

    def advance(self, world: World, seconds: float) -> bool:
        """Move a clock from due time to due time; tell whether all that fell due was done."""
        until = time.monotonic() + self._patience
        move = Move(world, seconds)
        try:
            move.stop()
            quiet = self._run_due(world, until)
            while quiet and move.step():
                quiet = self._run_due(world, until)
            move.run_on()
        except AwayError:
            self._broken_off.append(move)
            raise
        except BaseException:
            move.run_on()
            raise
        finally:
            self.wake(world)
        return quiet

    def _run_due(self, world: World, until: float) -> bool:
        """Do all that is due and wait for it; tell whether it became quiet in time."""
        while True:
            self._start(world)
            with self._changed:
                left = until - time.monotonic()
                if not self._changed.wait_for(lambda: not self._busy[world], left):
                    return False
                if self._stopping:
                    return False
            if _until_due(world) > 0:
                if not world.outbox.claimed_elsewhere:
                    return True
                if time.monotonic() >= until:
                    return False
                with self._changed:
                    self._changed.wait(OTHERS)

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Post a delivery once, whatever its time, and record what came back."""
        return record(world, delivery, self.post(outgoing_request(delivery)))

    def post(self, parcel: OutgoingRequest) -> SendResult:
        """Post something that is no delivery."""
        return self._courier(parcel)

    # Handing over.

    def _start(self, world: World) -> None:
        """Let each delivery that is due stand in line for its receiver."""
        with self._changed:
            if self._stopping:
                return
            self._busy[world] += 1  # before anything is claimed: it is quiet only afterwards
        try:
            due = claim_due(world)
            if world.settings.webhook_order == "reversed":
                due.reverse()
            for delivery in due:
                if not self._stand_in_line(world, delivery):
                    put_back(world, delivery)
        finally:
            self._done(world)

    def _stand_in_line(self, world: World, delivery: Delivery) -> bool:
        """Queue a delivery, and send a courier where none is; tell whether there still are any."""
        with self._changed:
            if self._stopping:
                return False
            self._busy[world] += 1
            line = self._line(world, delivery)
            if line in self._lines:
                self._lines[line].append(delivery)
                return True
            self._lines[line] = deque([delivery])
            if self._pool is None:
                self._pool = ThreadPoolExecutor(COURIERS, "mockdouyin courier")
            self._pool.submit(self._carry, line)
            return True

    def _line(self, world: World, delivery: Delivery) -> ReceiverLane:
        """Give the shortest line to a receiver; there is but one unless all may go at once."""
        lanes = LANES if world.settings.webhook_order == "concurrent" else 1
        lines = [(world, delivery.url, lane) for lane in range(lanes)]
        return min(
            lines, key=lambda line: len(self._lines[line]) + 1 if line in self._lines else 0
        )

    def _carry(self, line: ReceiverLane) -> None:
        world = line[0]
        while (delivery := self._next(line)) is not None:
            try:
                self._deliver(world, delivery)
            except (AwayError, EndedError):
                world.outbox.release(delivery)  # it is due again once nobody claims it
            except Exception:  # noqa: BLE001 - a bug of ours must not hold up the line
                traceback.print_exc(file=sys.stderr)
            finally:
                self._done(world)

    def _next(self, line: ReceiverLane) -> Delivery | None:
        with self._changed:
            if self._lines[line]:
                return self._lines[line].popleft()
            del self._lines[line]
            return None

    def _deliver(self, world: World, delivery: Delivery) -> None:
        if self._stopping:
            put_back(world, delivery)
            return
        if not stands(world, delivery):
            world.outbox.release(delivery)
            return
        for _ in range(world.settings.webhook_copies - 1):
            self.post(outgoing_request(delivery))
        self.try_now(world, delivery)

    def _done(self, world: World) -> None:
        with self._changed:
            self._busy[world] -= 1
            if not self._busy[world]:
                del self._busy[world]
                self._changed.notify_all()  # only now: nobody waits for one of many


class Move:
    """A clock on its way ahead: it stands still between the steps."""

    def __init__(self, world: World, seconds: float) -> None:
        self._world = world
        self._seconds = seconds
        self._target = 0.0
        self._runs = False
        """Whether time ran before, and is to run on."""
        self._stood: set[object] = set()
        """Where it stood on the way, by what may have been committed."""

    def stop(self) -> None:
        """Let time stand still."""

        def stop() -> None:
            clock = self._world.clock
            self._target, self._runs = clock.now() + self._seconds, not clock.frozen
            clock.freeze()
            self._stood.add(clock.position)

        self._world.transact(stop)

    def step(self) -> bool:
        """Go to the next due time, if it is not beyond the target."""

        def step() -> bool:
            due, clock = next_due(self._world), self._world.clock
            if due is None or due > self._target:
                return False
            clock.advance(max(0.0, due - clock.now()))
            self._stood.add(clock.position)
            return True

        return self._world.transact(step)

    def run_on(self) -> None:
        """Go to the target, and on from there."""

        def run_on() -> None:
            clock = self._world.clock
            if self._runs:
                clock.resume()
            clock.advance(max(0.0, self._target - clock.now()))

        self._world.transact(run_on)

    def let_run(self) -> None:
        """Let time run on from where it stands, unless somebody else has moved it since."""

        def let_run() -> None:
            if self._runs and self._world.clock.position in self._stood:
                self._world.clock.resume()

        with contextlib.suppress(EndedError):
            self._world.transact(let_run)


def _until_due(world: World) -> float:
    """Give the real seconds until something is due, if time runs on by itself."""

    def until() -> float:
        due = next_due(world)
        if due is None:
            return FOREVER
        wait = max(0.0, due - world.clock.now())
        return FOREVER if wait and world.clock.frozen else wait

    return world.transact(until)
