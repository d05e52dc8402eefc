"""The dispatcher's event loop: it watches the clocks, claims what is due, and posts it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import AwayError, EndedError, NotFoundError
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.store import FOREVER
from mockdouyin.delivery._clock_advance import ClockAdvance, seconds_until_due
from mockdouyin.delivery.event_loop import new_loop
from mockdouyin.sandbox.deliveries import claim_due, put_back, record, stands

if TYPE_CHECKING:
    from mockdouyin.delivery.sender import Sender
    from mockdouyin.sandbox.sandbox import Sandbox
    from mockdouyin.sandbox.worlds import World

T = TypeVar("T")

STORE_THREADS = 8
"""Threads that wait for a store at the same time."""

STORE_RETRY_INTERVAL = 0.5
"""Seconds until the next try where the store did not answer."""

POLL_INTERVAL = 0.05
"""Seconds between two looks at the store while another process sends what it claimed."""

LANES_PER_RECEIVER = 8
"""Posts that one receiver gets at the same time, where the order is `concurrent`."""

_log = logging.getLogger("mockdouyin")


class DispatchLoop:
    """Does what falls due in every world of a sandbox, in a thread of its own.

    `wake`, `submit` and `stop` may be called from any thread; all else runs on the event loop, so
    it needs no lock. What touches a world is a transaction: in the loop's own thread where worlds
    are in memory, in another one where the store blocks.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        make_sender: Callable[[], Sender],
        advance_timeout: float,
        interrupted: deque[ClockAdvance],
    ) -> None:
        self._sandbox = sandbox
        self._make_sender = make_sender
        self._sender: Sender | None = None
        self._advance_timeout = advance_timeout
        self._interrupted = interrupted
        self._store_threads: ThreadPoolExecutor | None = None
        self._lanes: dict[tuple[World, str, int], deque[Delivery]] = {}
        """What waits for each receiver; a lane exists as long as a task works on it."""
        self._busy: Counter[World] = Counter()
        """Claims and deliveries under way in each world; a world is quiet at zero."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._guard = threading.Lock()
        self._woken: set[World] = set()
        """Worlds to look at next, so that a change in one does not cost a scan of all."""
        self._next_scan = 0.0
        """When to scan all worlds, by the event loop's clock."""
        self._is_signalled = False
        """Whether the event loop was told already, but has not looked yet."""
        self._signal = asyncio.Event()
        self._lull = asyncio.Event()
        """Set, and replaced, when a world becomes quiet."""
        self._due_at: dict[World, float] = {}
        """When something falls due in each world, by the event loop's clock."""
        self._reported: dict[World | None, str] = {}
        """The last failure of each world, which is not reported again while it repeats."""
        self._stopping = False
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)
        self._thread.start()

    # From any thread.

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs: not in a process that was forked from this one."""
        return self._thread.is_alive()

    def wake(self, world: World | None = None) -> None:
        """Look at a world, or at all."""
        with self._guard:
            if world is None:
                self._next_scan = 0.0
            else:
                self._woken.add(world)
            if self._is_signalled:
                return
            self._is_signalled = True
        self._loop.call_soon_threadsafe(self._signal.set)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine; it goes on, and is recorded, even if nobody waits for it any more."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # from now on it cannot be cancelled
        self._loop.call_soon_threadsafe(lambda: self._spawn(_settle(future, work)))
        return future

    def stop(self) -> None:
        """Break off what is under way, and return once the thread has ended."""
        if not self.is_alive:
            return
        self._loop.call_soon_threadsafe(self._begin_stop)
        self._thread.join()

    # The event loop.

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._watch())

    def _begin_stop(self) -> None:
        self._stopping = True
        if self._sender is not None:
            self._sender.close()
        self._signal.set()

    async def _watch(self) -> None:
        """Watch the clocks until a stop, then wait for everything that it has broken off."""
        while not self._stopping:
            await self._resume_interrupted()
            await self._look()
            pause = min((*self._due_at.values(), self._next_scan)) - self._loop.time()
            # At most a day: an event may be due in more years than a timer can count.
            await _wait(self._signal, min(pause, DAY))
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._sender is not None:
            await self._sender.aclose()
        if self._store_threads is not None:
            self._store_threads.shutdown(wait=False)

    async def _look(self) -> None:
        """Queue what is due, and note when something else will be."""
        # In a method of its own: no variable of the watch keeps a dropped world in memory.
        for world in await self._worlds_to_look_at():
            pause = await self._dispatch_safely(world)
            if pause == FOREVER:
                self._due_at.pop(world, None)
            else:
                self._due_at[world] = self._loop.time() + pause

    async def _worlds_to_look_at(self) -> set[World]:
        """Return the worlds that were woken, and those in which something is due."""
        now = self._loop.time()
        with self._guard:
            self._signal.clear()
            self._is_signalled = False
            worlds, self._woken = self._woken, set()
            scan = self._next_scan <= now
            if scan:
                self._next_scan = now + self._sandbox.look_every
        try:
            if scan:
                worlds.update(await self._in_store(self._all_worlds))
            self._reported.pop(None, None)
        except (AwayError, NotFoundError):
            self._next_scan = now + STORE_RETRY_INTERVAL
        except Exception as error:  # noqa: BLE001 - if this task ended, nothing would be sent
            self._report(None, error)
            self._next_scan = now + STORE_RETRY_INTERVAL
        worlds.update(world for world, due in self._due_at.items() if due <= now)
        return worlds

    def _all_worlds(self) -> list[World]:
        return list(self._sandbox.worlds_with_due_work())

    async def _resume_interrupted(self) -> None:
        try:
            while self._interrupted:
                # Removed only afterwards: if the store is still away, it is tried again.
                await self._in_store(self._interrupted[0].resume)
                self._interrupted.popleft()
        except AwayError:
            self._next_scan = min(self._next_scan, self._loop.time() + STORE_RETRY_INTERVAL)
        except Exception:  # noqa: BLE001 - as below
            _log.exception("a clock that was moved cannot run on")
            self._interrupted.popleft()

    async def _dispatch_safely(self, world: World) -> float:
        """Queue what is due in a world; return the real seconds until something else is."""
        try:
            await self._dispatch(world)
            pause = await self._in_store(partial(seconds_until_due, world))
        except EndedError:
            pause = FOREVER
        except AwayError:
            return STORE_RETRY_INTERVAL
        except Exception as error:  # noqa: BLE001 - a bad event in one world must not stop others
            self._report(world, error)
            return STORE_RETRY_INTERVAL
        self._reported.pop(world, None)
        return pause

    def _report(self, world: World | None, error: Exception) -> None:
        """Log a failure, but not again while the same one repeats."""
        if self._reported.get(world) != repr(error):
            self._reported[world] = repr(error)
            where = "any world" if world is None else f"world {world.name!r}"
            _log.exception("what falls due in %s cannot be sent", where)

    async def _in_store(self, work: Callable[[], T]) -> T:
        """Run a transaction, in another thread where it may have to wait for the store."""
        if not self._sandbox.blocks:
            return work()
        if self._store_threads is None:
            self._store_threads = ThreadPoolExecutor(STORE_THREADS, "mockdouyin store")
        return await self._loop.run_in_executor(self._store_threads, work)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What a caller waits for.

    async def advance(self, world: World, seconds: float) -> bool:
        """Move a clock from due time to due time; return whether all that fell due was done."""
        until = self._loop.time() + self._advance_timeout
        move = ClockAdvance(world, seconds)
        try:
            await self._in_store(move.freeze)
            quiet = await self._run_due(world, until)
            while quiet and await self._in_store(move.step):
                quiet = await self._run_due(world, until)
            await self._in_store(move.finish)
        except AwayError:
            # Without the store the clock cannot be resumed now; that is done later.
            self._interrupted.append(move)
            raise
        except BaseException:
            await self._in_store(move.finish)
            raise
        finally:
            self.wake(world)
        return quiet

    async def _run_due(self, world: World, until: float) -> bool:
        """Send all that is due and wait for it; return whether the world became quiet in time."""
        while True:
            await self._dispatch(world)
            while self._busy[world]:
                if not await _wait(self._lull, until - self._loop.time()):
                    return False
            if self._stopping:
                return False
            # Otherwise more became due in the meantime.
            if await self._in_store(partial(seconds_until_due, world)) > 0:
                # What another process has claimed is not counted in `_busy`.
                if not await self._in_store(lambda: world.outbox.claimed_elsewhere):
                    return True
                if self._loop.time() >= until:
                    return False
                await asyncio.sleep(POLL_INTERVAL)

    async def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Post a delivery once, whether it is due or not, and record the result."""
        attempt = await self.post(delivery)
        return await self._in_store(partial(record, world, delivery, attempt))

    async def post(self, delivery: Delivery) -> Attempt:
        """Post something that is not kept."""
        if self._sender is None:
            self._sender = self._make_sender()
            if self._stopping:
                self._sender.close()
        return await self._sender.send(delivery)

    # The queues.

    async def _dispatch(self, world: World) -> None:
        """Claim the deliveries that are due and queue each for its receiver."""
        if self._stopping:
            return
        # Before anything is claimed: what is claimed and not yet queued is not quiet either.
        self._busy[world] += 1
        try:
            due = await self._in_store(partial(claim_due, world))
            if world.settings.webhook_order == "reversed":
                due.reverse()
            for delivery in due:
                self._enqueue(world, delivery)
        finally:
            self._finish_one(world)

    def _enqueue(self, world: World, delivery: Delivery) -> None:
        """Queue a delivery; a new lane gets a task."""
        self._busy[world] += 1
        lane = self._shortest_lane(world, delivery)
        if lane in self._lanes:
            self._lanes[lane].append(delivery)
        else:
            self._lanes[lane] = deque([delivery])
            self._spawn(self._drain(lane))

    def _shortest_lane(self, world: World, delivery: Delivery) -> tuple[World, str, int]:
        """Return the receiver's shortest lane; only `concurrent` has more than one."""
        count = LANES_PER_RECEIVER if world.settings.webhook_order == "concurrent" else 1
        lanes = [(world, delivery.url, number) for number in range(count)]
        # A lane that exists has one delivery under way, which is not in its queue any more.
        return min(
            lanes, key=lambda lane: len(self._lanes[lane]) + 1 if lane in self._lanes else 0
        )

    async def _drain(self, lane: tuple[World, str, int]) -> None:
        """Send a lane's deliveries one after the other, until it is empty."""
        world, queue = lane[0], self._lanes[lane]
        while queue:
            delivery = queue.popleft()
            try:
                await self._deliver(world, delivery)
            except (AwayError, EndedError):
                world.outbox.release(delivery)  # it is due again once nobody claims it
            except Exception:  # noqa: BLE001 - a bug of ours must not block the lane
                _log.exception("a bug of mockdouyin's: %s was not delivered", delivery.id)
            finally:
                self._finish_one(world)
        del self._lanes[lane]

    async def _deliver(self, world: World, delivery: Delivery) -> None:
        if self._stopping:
            await self._in_store(partial(put_back, world, delivery))
            return
        # It may have waited here for long: a reset, a restore or a manual try makes it void.
        if not await self._in_store(partial(stands, world, delivery)):
            world.outbox.release(delivery)
            return
        for _ in range(world.settings.webhook_copies - 1):
            await self.post(delivery)
        await self.try_now(world, delivery)

    def _finish_one(self, world: World) -> None:
        self._busy[world] -= 1
        if not self._busy[world]:
            del self._busy[world]
            self._lull.set()  # at zero only: nobody waits for a single delivery
            self._lull = asyncio.Event()


async def _settle(future: Future[T], work: Coroutine[Any, Any, T]) -> None:
    """Run work to its end, and pass on what it returns or raises."""
    try:
        result = await work
    except BaseException as error:  # noqa: BLE001 - it is raised by whoever waits
        future.set_exception(error)
    else:
        future.set_result(result)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event; return whether it came in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
            return True
    return False
