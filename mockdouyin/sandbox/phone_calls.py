"""Calls of tt APIs: answered at once, or when a person has answered the sheet that they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from msgspec.structs import replace

from mockdouyin.core import bounds
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text
from mockdouyin.domain import act_texts as texts
from mockdouyin.domain import sheets
from mockdouyin.domain.sheets import ANSWERED, OPENED, WaitingSheet
from mockdouyin.phone import PhoneRefusal, Question, Sheet
from mockdouyin.sandbox._phone_call import PhoneCall, check_names, find_api
from mockdouyin.sandbox.deliveries import Deliverer, NullDeliverer, prepare
from mockdouyin.sandbox.error_texts import SHEET_ANSWER, SHEET_ARGUMENTS, TIMEOUT_SECONDS
from mockdouyin.sandbox.left_sheets import leave_open
from mockdouyin.sandbox.phone_waits import (
    BackendWait,
    Patience,
    PhoneAnswer,
    SheetWait,
    note,
    wanted_act,
)
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.rule import Rule, SheetDecision

TIMEOUT = 30.0
"""Seconds of real time that a sheet waits for an answer, unless the call says how long."""
MAX_TIMEOUT = 60.0
"""Seconds that it waits at most."""

_LOOKED_AT = 500
"""Entries of the journal among which a sheet may be that is heard of once more."""


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
    note(world, unit, waiting, OPENED, says, rule=call.rule, given=call.args)
    return SheetWait(world, waiting, patience)


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
    note(world, call.unit, sheet, ANSWERED, says, given={**answer, **(given or {})})
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
