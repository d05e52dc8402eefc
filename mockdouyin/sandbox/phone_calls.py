"""Calls of tt APIs: answered at once, or when a person has answered the sheet that they show."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError, wait
from typing import Any, NamedTuple, Protocol, TypeAlias

from msgspec.structs import replace

from mockdouyin.core import bounds
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.journal import Entry
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text
from mockdouyin.domain import act_texts as texts
from mockdouyin.domain import sheets
from mockdouyin.domain.sheets import ANSWERED, CLOSED, OPENED, WaitingSheet
from mockdouyin.phone import PhoneRefusal, Question, Sheet
from mockdouyin.sandbox._phone_call import PhoneCall, check_names, find_api
from mockdouyin.sandbox.deliveries import Deliverer, NullDeliverer, prepare
from mockdouyin.sandbox.error_texts import SHEET_ANSWER, SHEET_ARGUMENTS, TIMEOUT_SECONDS
from mockdouyin.sandbox.left_sheets import leave_open
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.rule import Rule, SheetDecision

TIMEOUT = 30.0
"""Seconds of real time that a sheet waits for an answer, unless the call says how long."""
MAX_TIMEOUT = 60.0
"""Seconds that it waits at most."""

_LOOKED_AT = 500
"""Entries of the journal among which a sheet may be that is heard of once more."""

_CLEARED = ("world.reset", "snapshot.restore")
"""The acts with which every sheet is gone."""

PhoneAnswer: TypeAlias = "dict[str, Any] | PhoneWait"
"""What a tt API passes to `success` or `fail`, or what its call waits for."""


def call_phone(
    world: World,
    name: str,
    app: str | None,
    person: str | None,
    args: Mapping[str, Any],
    language: Language = DEFAULT_LANGUAGE,
    *,
    deliverer: Deliverer | None = None,
) -> PhoneAnswer:
    """Call a tt API; return what it passes to `success` or `fail`, or what it waits for.

    `deliverer` asks the app's backend, where the API does; without one it cannot.
    """
    api = find_api(name)
    given = dict(args)
    fail, timeout = given.pop("fail", None), _timeout(given.pop("timeout", TIMEOUT))
    check_names(api, given)

    def call() -> PhoneAnswer:
        who = world.people.find(person) if person else world.people.first
        of_app = world.find_app(app, "mini_program", "mini_game")
        begun = PhoneCall(world, api, of_app, who, given)
        asks = deliverer or NullDeliverer()
        return _begin(begun, fail, Patience(timeout, language), asks)

    return world.transact(call)


def _timeout(given: Any) -> float:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not given >= 0:
        raise MockDouyinError(TIMEOUT_SECONDS(given=str(given)[:60]))
    return float(min(given, MAX_TIMEOUT))


class Patience(NamedTuple):
    """How long a call waits for the person, and in which language it tells what went wrong."""

    timeout: float
    language: Language


def _begin(call: PhoneCall, fail: Any, patience: Patience, deliverer: Deliverer) -> PhoneAnswer:
    """Apply the rule that is due; ask the app's backend, if the API does, or go on."""
    rule = call.choose_rule() if fail is None else None
    error = fail if rule is None else rule.error
    if call.api.backend is None or error not in (None, False):
        return _go_on(call, rule, fail, patience)
    try:
        asked = call.api.backend.ask(call.handset)
    except PhoneRefusal as refusal:
        return call.end(call.refuse(refusal))
    call.args = {**call.args, **asked.pins}
    call.unit.commit()
    says = texts.BACKEND_ASKED(app=call.app.name, person=call.person, api=call.api.name)
    question = prepare(
        call.world,
        call.app,
        call.api.backend.event,
        call.person,
        act="order.ask",
        says=says,
        once=True,
        url=asked.url,
        links=(asked.link,),
        content=asked.content,
    )

    def hear(sent: Delivery) -> PhoneAnswer:
        return call.world.transact(lambda: _hear(call.renewed(), rule, sent, patience))

    return BackendWait(lambda: deliverer.try_now(call.world, question), hear)


def _hear(call: PhoneCall, rule: Rule | None, sent: Delivery, patience: Patience) -> PhoneAnswer:
    """Go on with what the app's backend has answered."""
    for link in sent.links:
        call.unit.link(link)
    if call.api.backend is not None:
        try:
            call.api.backend.hear(call.handset, sent)
        except PhoneRefusal as refusal:
            return call.end(call.refuse(refusal))
    call.unit.commit()
    return _go_on(call.renewed(), rule, None, patience)


def _go_on(
    call: PhoneCall, rule: Rule | None, fail: Any, patience: Patience
) -> dict[str, Any] | SheetWait:
    """Run the API or open its sheet, as the rule says."""
    if rule is None:
        return _run(call, fail)
    sheet = call.api.sheet
    if rule.sheet is None or rule.sheet is SheetDecision.ALLOW or sheet is None:
        return _run(call, rule.error)
    succeeds, links = call.probe()
    if not succeeds:
        return call.run()
    if rule.sheet is SheetDecision.ASK:
        question = sheet.question(call.handset)
        if question is None:
            return call.run()
        for link in links:
            call.unit.link(link)
        return _open(call, question, patience)
    fail, call.args = _denied(sheet, call.args)
    return _run(call, fail)


def _run(call: PhoneCall, fail: Any) -> dict[str, Any]:
    result = call.run(fail)
    leave_open(call)
    return result


def _denied(sheet: Sheet, args: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Return the failure of a call that the person denies, or none and the arguments it has."""
    if isinstance(sheet.deny, str):
        return sheet.deny, args
    return None, {**args, **sheet.deny}


def _open(call: PhoneCall, question: Question, patience: Patience) -> SheetWait:
    """Open the sheet of a call and note it."""
    call.args = {**call.args, **question.pins}
    if not bounds.is_storable(call.args):
        raise MockDouyinError(SHEET_ARGUMENTS(api=call.api.full_name))
    world, unit, app = call.world, call.unit, call.app
    number, now = world.journal.next_number, world.clock.real_time()
    unit.link(sheets.sheet_link(app.client_key, call.person, number))
    waiting = WaitingSheet(
        number=number,
        api=call.api.name,
        app=app.client_key,
        person=call.person,
        args=call.args,
        says=question.says,
        details=dict(question.details),
        rule=call.rule,
        links=unit.links,
        opened=unit.now,
        until=now + patience.timeout + sheets.GRACE,
    )
    sheets.open_sheet(unit, waiting, world.name, now)
    unit.commit()
    says = texts.SHEET_OPENED(
        app=app.name, person=call.person, asks=question.says, api=call.api.name
    )
    _note(world, unit, waiting, OPENED, says, rule=call.rule, given=call.args)
    return SheetWait(world, waiting, patience)


def _note(
    world: World, unit: Unit, sheet: WaitingSheet, kind: str, says: Text, **more: Any
) -> None:
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
        _note(self.world, unit, self.sheet, CLOSED, says, why=why)


def waiting_sheets(world: World) -> list[WaitingSheet]:
    """Return the sheets of a world that wait for an answer, the oldest first."""
    unit = world.store.unit(world.clock.now())
    return sheets.waiting_sheets(unit, world.clock.real_time())


def next_sheet(world: World, person: str | None) -> Callable[[], Future[None]]:
    """Return what waits for another sheet than those until now, of this person if named."""
    journal = world.journal
    total, known = journal.total, {entry.number for entry in journal.newest(_LOOKED_AT)}

    def is_new(act: Act) -> bool:
        is_sheet = act.kind == OPENED and person in (None, act.person)
        return is_sheet and act.number not in known

    return lambda: wanted_act(world, total, is_new)


def answer_sheet(
    world: World,
    *,
    number: int | None = None,
    person: str | None = None,
    allow: bool = True,
    error: int | str | None = None,
    given: Mapping[str, Any] | None = None,
    language: Language = DEFAULT_LANGUAGE,
) -> WaitingSheet:
    """Answer the sheet with this number, or the only one; return it with the call's result.

    `given` are arguments of the call that the person decides. The call goes on in this
    transaction, so whoever has answered finds what came of it.
    """
    who = world.people.find(person) if person else None
    sheet = sheets.find_waiting(waiting_sheets(world), world.name, number, who, language)
    call = _resume(world, sheet, given or {}, language)
    fail: int | str | None = error
    says = texts.SHEET_FAILED(person=sheet.person, app=call.app.name, error=str(error))
    if error is None:
        said = texts.SHEET_ALLOWED if allow else texts.SHEET_DENIED
        says = said(person=sheet.person, app=call.app.name, asks=sheet.says)
        if not allow and call.api.sheet is not None:
            fail, call.args = _denied(call.api.sheet, call.args)
        if "cashier" in sheet.details:
            says = _cashier_says(call, sheet)
    answered = replace(sheet, result=call.perform(fail))
    if sheet.is_left:
        call.unit.drop(WaitingSheet, sheet.key)
    else:
        call.unit.write(sheet.key, answered)
    call.unit.commit()
    answer = {"allow": allow} if error is None else {"errNo": error}
    _note(world, call.unit, sheet, ANSWERED, says, given={**answer, **(given or {})})
    call.note(answered.result or {}, given=call.args)
    leave_open(call)
    return answered


def _cashier_says(call: PhoneCall, sheet: WaitingSheet) -> Text:
    """Say what a person did at a cashier: neither to pay nor to leave is to allow anything."""
    choice = texts.CASHIER_CHOICES.get(str(call.args.get("decision", "pay")))
    what = choice() if choice else NOTHING  # the call refuses it
    return texts.CASHIER_ANSWERED(
        person=sheet.person, app=call.app.name, what=what, asks=sheet.says
    )


def _resume(
    world: World, sheet: WaitingSheet, given: Mapping[str, Any], language: Language
) -> PhoneCall:
    """Return the call that a sheet holds up, with what the person decided."""
    api = find_api(sheet.api)
    known = api.sheet.takes if api.sheet is not None else ()
    for name in given:
        if name not in known:
            raise MockDouyinError(
                SHEET_ANSWER(api=api.name, name=name, hint=suggestion(name, known))
            )
    call = PhoneCall(world, api, world.find_app(sheet.app), sheet.person, {**sheet.args, **given})
    # Read by its key, so that of two answers over Redis the second one conflicts and comes here.
    found = call.unit.find(WaitingSheet, sheet.key)
    if found is None or found.result is not None:
        says = sheets.NO_SHEET_NUMBERED(id=sheet.number)
        raise sheets.NoSheetError(says.render(language))
    call.rule, call.is_resumed = sheet.rule, True
    for link in sheet.links:
        call.unit.link(link)
    return call
