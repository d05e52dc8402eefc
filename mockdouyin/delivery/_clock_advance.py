"""Moving a world's clock from due time to due time, with time standing still in between."""

from __future__ import annotations

import contextlib

from mockdouyin.core.errors import EndedError
from mockdouyin.core.store import FOREVER
from mockdouyin.sandbox.deliveries import next_due
from mockdouyin.sandbox.worlds import World


class ClockAdvance:
    """One move of a clock: `freeze`, `step` while something falls due, then `finish`.

    The clock is frozen between the steps, or time would run on while due deliveries are posted
    and a later one could fall due before its turn.
    """

    def __init__(self, world: World, seconds: float) -> None:
        self._world = world
        self._seconds = seconds
        self._target = 0.0
        self._was_running = False
        """Whether time ran before, and is to run again afterwards."""
        self._positions: set[object] = set()
        """Where this move may have stopped the clock.

        If the store goes away during a commit, it is unknown whether the commit took effect.
        """

    def freeze(self) -> None:
        """Stop the clock."""

        def freeze() -> None:
            clock = self._world.clock
            self._target, self._was_running = clock.now() + self._seconds, not clock.frozen
            clock.freeze()
            self._positions.add(clock.position)

        self._world.transact(freeze)

    def step(self) -> bool:
        """Advance to the next due time; return False if there is none up to the target."""

        def step() -> bool:
            due, clock = next_due(self._world), self._world.clock
            if due is None or due > self._target:
                return False
            clock.advance(max(0.0, due - clock.now()))
            self._positions.add(clock.position)
            return True

        return self._world.transact(step)

    def finish(self) -> None:
        """Advance to the target, and let time run again if it did before."""

        def finish() -> None:
            clock = self._world.clock
            if self._was_running:
                clock.resume()
            clock.advance(max(0.0, self._target - clock.now()))

        self._world.transact(finish)

    def resume(self) -> None:
        """Let time run again from where it stands, unless somebody else has moved it since."""

        def resume() -> None:
            if self._was_running and self._world.clock.position in self._positions:
                self._world.clock.resume()

        with contextlib.suppress(EndedError):
            self._world.transact(resume)


def seconds_until_due(world: World) -> float:
    """Return the real seconds until something is due, if time runs by itself."""

    def until() -> float:
        due = next_due(world)
        if due is None:
            return FOREVER
        wait = max(0.0, due - world.clock.now())
        return FOREVER if wait and world.clock.frozen else wait

    return world.transact(until)
