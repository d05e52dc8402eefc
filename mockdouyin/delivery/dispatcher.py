"""The dispatcher: posts what falls due in any world, in order for each receiver."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.delivery._clock_advance import ClockAdvance
from mockdouyin.delivery._limits import ADVANCE_TIMEOUT, STOPPED, TIMEOUT
from mockdouyin.sandbox.deliveries import NullDeliverer, done, next_due, record

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mockdouyin.delivery._dispatch_loop import DispatchLoop
    from mockdouyin.delivery.sender import Sender
    from mockdouyin.sandbox.sandbox import Sandbox
    from mockdouyin.sandbox.worlds import World

T = TypeVar("T")


class Dispatcher:
    """The deliverer that posts: `Sandbox(deliverer=Dispatcher)`.

    It has an event loop in a thread of its own, which starts when there is something to post.
    Every method may be called from any thread, and none of them waits for a receiver.

    `stop`, and whoever waits for a future, must not be in a transaction: what they wait for may
    need the same world.

    Lock order: a world's lock (or its store's transaction) first, then `_lock`; never the other
    way round, because a commit holds its world's lock while it calls `wake`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        allowed_hosts: Iterable[str] = (),
        *,
        timeout: float = TIMEOUT,
        advance_timeout: float = ADVANCE_TIMEOUT,
    ) -> None:
        self._sandbox = sandbox
        self._allowed_hosts = tuple(allowed_hosts)
        self._timeout = timeout
        self._advance_timeout = advance_timeout
        self._lock = threading.Lock()
        self._running: DispatchLoop | None = None
        self._stopped = False
        self._interrupted: deque[ClockAdvance] = deque()
        """Advances that failed when the store went away: their clocks are still frozen."""

    def make_sender(self) -> Sender:
        """Make the sender, on the event loop, when something is to be posted."""
        # httpx2 and h11 are imported here: they take long, and most runs post nothing.
        from mockdouyin.delivery.sender import Sender

        return Sender(self._allowed_hosts, timeout=self._timeout)

    @property
    def has_interrupted_advance(self) -> bool:
        """Whether a clock is still frozen because the store went away during `advance`."""
        return bool(self._interrupted)

    def wake(self, world: World | None = None) -> None:
        """Look at a world, or at all, because something became due or a clock was moved.

        After a stop only a look at all starts anew: what a stop puts back wakes its world, too.
        """
        is_needed = self._running is not None or self._has_work(world)
        with self._lock:
            if world is None:
                self._stopped = False
            if is_needed and not self._stopped:
                self._started().wake(world)

    def stop(self) -> None:
        """End the posts under way, and return once all is recorded or due again."""
        with self._lock:
            self._stopped = True
            running, self._running = self._running, None
        if running is not None:
            running.stop()

    def advance(self, world: World, seconds: float) -> Future[bool]:
        """Move a clock from due time to due time; return whether all that fell due was done."""
        if self._running is None and not self._has_work(world):
            return NullDeliverer().advance(world, seconds)
        return self._submit(
            lambda loop: loop.advance(world, seconds),
            lambda: NullDeliverer().advance(world, seconds).result(),
        )

    def try_now(self, world: World, delivery: Delivery) -> Future[Delivery]:
        """Post a delivery once, whether it is due or not, and record the result."""
        return self._submit(
            lambda loop: loop.try_now(world, delivery),
            lambda: record(world, delivery, Attempt(error=STOPPED)),
        )

    def post(self, delivery: Delivery) -> Future[Attempt]:
        """Post something that is not kept."""
        return self._submit(lambda loop: loop.post(delivery), lambda: Attempt(error=STOPPED))

    def _has_work(self, world: World | None) -> bool:
        """Whether something may fall due, in one world or in any."""
        if self._sandbox.blocks:
            return True  # another process may have left something, and asking takes long
        worlds = self._sandbox.worlds if world is None else (world,)
        return any(each.transact(partial(next_due, each)) is not None for each in worlds)

    def _submit(
        self,
        start: Callable[[DispatchLoop], Coroutine[Any, Any, T]],
        if_stopped: Callable[[], T],
    ) -> Future[T]:
        with self._lock:
            if not self._stopped:
                loop = self._started()
                return loop.submit(start(loop))
        return done(if_stopped)

    def _started(self) -> DispatchLoop:
        """Return the event loop that runs; start one if none does."""
        if self._running is None or not self._running.is_alive:
            from mockdouyin.delivery._dispatch_loop import DispatchLoop  # with asyncio: 40 ms

            self._running = DispatchLoop(
                self._sandbox, self.make_sender, self._advance_timeout, self._interrupted
            )
        return self._running
