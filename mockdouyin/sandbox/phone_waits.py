"""What a call of a tt API waits for: the app's backend, or the person at a sheet."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, wait
from typing import Any, NamedTuple, Protocol, TypeAlias

from mockdouyin.core.acts import Act
from mockdouyin.core.journal import Entry
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Language, Text
from mockdouyin.domain import act_texts as texts
from mockdouyin.domain import sheets
from mockdouyin.domain.sheets import ANSWERED, CLOSED, WaitingSheet
from mockdouyin.sandbox.worlds import World

_CLEARED = ("world.reset", "snapshot.restore")
"""The acts with which every sheet is gone."""

PhoneAnswer: TypeAlias = "dict[str, Any] | PhoneWait"
"""What a tt API passes to `success` or `fail`, or what its call waits for."""


class Patience(NamedTuple):
    """How long a call waits for the person, and in which language it tells what went wrong."""

    timeout: float
    language: Language


class PhoneWait(Protocol):
    """What a call waits for: `finish` is called with what the future of `start` is done with."""

    timeout: float | None
    """Seconds after which it is finished with None; None if it takes as long as it takes."""

    def start(self) -> Future[Any]:
        """Begin to wait, in no transaction."""

    def finish(self, heard: Any) -> PhoneAnswer:
        """Return what comes of it."""

    def abandon(self) -> None:
        """Give up: nobody waits for the result any more."""


class BackendWait:
    """A call that waits until the app's backend was asked, and has answered or not."""

    timeout: float | None = None

    def __init__(
        self, ask: Callable[[], Future[Delivery]], hear: Callable[[Delivery], PhoneAnswer]
    ) -> None:
        self.start = ask
        self.finish = hear

    def abandon(self) -> None:
        """Do nothing: there is no order yet, and without an answer there will be none."""


def outcome(answer: PhoneAnswer) -> dict[str, Any]:
    """Wait in this thread, as long as there is something to wait for; return the result."""
    while not isinstance(answer, dict):
        answer = _waited(answer)
    return answer


def _waited(call: PhoneWait) -> PhoneAnswer:
    heard = call.start()
    try:
        wait([heard], call.timeout)
    except BaseException:  # Ctrl-C
        heard.cancel()
        call.abandon()
        raise
    result = heard.result() if heard.done() else None
    heard.cancel()
    return call.finish(result)


class SheetWait:
    """A call that waits for the person to answer its sheet, in real time."""

    def __init__(self, world: World, sheet: WaitingSheet, patience: Patience) -> None:
        self.world = world
        self.sheet = sheet
        self.timeout: float | None = patience.timeout
        """Seconds until the sheet closes without an answer."""
        self._language: Language = patience.language

    def start(self) -> Future[None]:
        """Return a future that is done once there is something to `finish` with."""
        number = self.sheet.number
        link = sheets.sheet_link(self.sheet.app, self.sheet.person, number)

        def ends_it(act: Act) -> bool:
            is_end = act.kind in (ANSWERED, CLOSED) and link in act.links
            return is_end or (act.kind in _CLEARED and act.number > number)

        return wanted_act(self.world, number, ends_it)

    def finish(self, heard: Any = None) -> dict[str, Any]:
        """Return the result of the call; without an answer, close the sheet and raise."""
        return self.world.transact(self._finish)

    def _finish(self) -> dict[str, Any]:
        unit = self.world.store.unit(self.world.clock.now())
        found, api, number = self._take(unit), self.sheet.api, self.sheet.number
        if found is None:
            says = sheets.SHEET_GONE(api=api, id=number)
            raise sheets.SheetGoneError(says.render(self._language))
        if found.result is not None:
            return found.result
        seconds, person = f"{self.timeout:g}", found.person
        why = sheets.SHEET_TIMED_OUT(seconds=seconds, person=person, api=api, id=number)
        self._note_close(unit, why)
        raise sheets.SheetTimeoutError(why.render(self._language))

    def abandon(self) -> None:
        """Close the sheet: nobody waits for the result any more."""
        self.world.transact(self._abandon)

    def _abandon(self) -> None:
        unit = self.world.store.unit(self.world.clock.now())
        found = self._take(unit)
        if found is not None and found.result is None:
            self._note_close(unit, sheets.SHEET_LEFT())

    def _take(self, unit: Unit) -> WaitingSheet | None:
        found = unit.take(WaitingSheet, self.sheet.key)
        unit.commit()
        return found

    def _note_close(self, unit: Unit, why: Text) -> None:
        for link in self.sheet.links:
            unit.link(link)
        app = self.world.apps.get(self.sheet.app)
        name = app.name if app is not None else self.sheet.app
        says = texts.SHEET_CLOSED(person=self.sheet.person, app=name)
        note(self.world, unit, self.sheet, CLOSED, says, why=why)


def note(
    world: World, unit: Unit, sheet: WaitingSheet, kind: str, says: Text, **more: Any
) -> None:
    """Note an act of a sheet."""
    world.note(unit, kind, says, app=sheet.app, person=sheet.person, **more)


def wanted_act(world: World, since: int, is_wanted: Callable[[Act], bool]) -> Future[None]:
    """Return a future that is done once an act happens that is wanted.

    It hears of all acts numbered above `since`, and over Redis of some before: a lower number may
    be written later. It fails if the journal cannot be followed. Whoever cancels it waits no more.
    """
    heard = Future[None]()

    def hear(entry: Entry) -> None:
        if isinstance(entry, Act) and is_wanted(entry):
            with contextlib.suppress(InvalidStateError):  # heard before, or given up
                heard.set_result(None)

    def fail(error: Exception) -> None:
        with contextlib.suppress(InvalidStateError):
            heard.set_exception(error)

    stop = world.journal.follow(hear, since, fail)
    heard.add_done_callback(lambda _: stop())
    return heard
