"""Operations on the sheets by which apps ask people: list those that wait, and answer one."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.control._error_texts import ALLOW_OR_ERR_NO, ANSWER_FORM
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.redaction import Mask
from mockdouyin.core.texts import Language
from mockdouyin.domain.sheets import NoSheetError, WaitingSheet
from mockdouyin.phone import APIS
from mockdouyin.sandbox import phone_calls


class SheetShown(Shown, kw_only=True):
    """A sheet that waits for an answer."""

    id: int
    """The number of the act that tells that it opened."""
    api: str
    """The tt API that asks, such as `getPhoneNumber`."""
    app: str
    """The client_key of the app that asks."""
    person: str
    asks: str
    """What the app asks for, in the words of the sheet."""
    details: dict[str, Any]
    """What else it shows: the `templates` of a subscription, the `scopes` of a consent, …"""
    takes: list[str]
    """What an answer may give beside `allow`: `answers` to templates, `tick` for scopes."""
    args: dict[str, Any]
    """The arguments of the call, with secrets masked."""
    rule: str | None
    """The id of the rule that has it wait."""
    since: str
    """The world's time at which it opened."""


class SheetsShown(Shown):
    """The sheets that wait, the oldest first."""

    sheets: list[SheetShown]


class SheetsQuery(OperationQuery):
    """Whose sheets to list."""

    person: str = ""
    """A name or an open_id; by default everybody."""


@operation("GET", "/phone/sheets")
def list_sheets(call: OperationCall[SheetsQuery]) -> Step[SheetsShown]:
    """List the sheets that wait for a person's answer, the oldest first."""
    who = call.world.people.find(call.given.person) if call.given.person else None
    found = [each for each in phone_calls.waiting_sheets(call.world) if who in (None, each.person)]

    def show() -> SheetsShown:
        mask = call.world.mask()
        return SheetsShown(sheets=[show_sheet(each, mask, call.language) for each in found])

    return After(show)


def show_sheet(sheet: WaitingSheet, mask: Mask, language: Language) -> SheetShown:
    """Return a sheet as the API shows it."""
    declared = APIS[sheet.api].sheet
    return SheetShown(
        id=sheet.number,
        api=sheet.api,
        app=sheet.app,
        person=sheet.person,
        asks=mask(sheet.says.render(language)),
        details=sheet.details,  # what the person sees: whoever asks hides what they should not
        takes=list(declared.takes) if declared is not None else [],
        args=mask.json(sheet.args),
        rule=sheet.rule or None,
        since=iso(sheet.opened),
    )


MAX_TIMEOUT = 60.0
"""Seconds for which an answer waits for its sheet, at most."""


class SheetAnswer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How a person answers a sheet."""

    id: int | None = None
    """Which sheet; by default the only one that waits."""
    person: str | None = None
    """Whose sheet, by name or open_id."""
    allow: bool | None = None
    """Whether they allow; true if left out."""
    errNo: int | str | None = None  # noqa: N815 - Douyin's name
    """Have the call fail in this way instead: an errNo, or the name or text of a failure."""
    answers: dict[str, str] | None = None
    """Their answer to each template of a subscription: accept, reject or ban."""
    tick: list[str] | None = None
    """The optional scopes that they leave ticked."""
    decision: str | None = None
    """What they do at a cashier: pay, cancel, fail, timeout, close or leave."""
    way: str | None = None
    """How they pay there: wx, alipay or douyin."""
    timeout: float = 0
    """If no sheet waits: the seconds to wait for one to open, 60 at most."""

    def decided(self) -> dict[str, Any]:
        """Return the arguments of the call that the person decided."""
        given = {
            "answers": self.answers,
            "tick": self.tick,
            "decision": self.decision,
            "way": self.way,
        }
        return {name: value for name, value in given.items() if value is not None}


class SheetAnswered(Shown, kw_only=True):
    """A sheet that was answered, and what the call returned."""

    id: int
    api: str
    app: str
    person: str
    result: dict[str, Any]
    """What the API passes to `success` or `fail`."""


@operation("POST", "/phone/answer")
def answer_sheet(call: OperationCall[SheetAnswer]) -> Step[SheetAnswered]:
    """Answer a sheet that waits: `allow: true`, `allow: false`, or an `errNo`."""
    given = call.given
    _check(given)
    if given.timeout <= 0 or given.id is not None:
        return _answer(call, given)
    who = call.world.people.find(given.person) if given.person else None
    # Before the look at the sheets: what opens between the two is heard of then.
    opened = phone_calls.next_sheet(call.world, who)
    try:
        return _answer(call, given)
    except NoSheetError:
        timeout = min(given.timeout, MAX_TIMEOUT)
        return Waiting(opened, lambda _: _answer(call, given), timeout)


def _check(given: SheetAnswer) -> None:
    if given.allow is not None and given.errNo is not None:
        raise MockDouyinError(ALLOW_OR_ERR_NO())
    decided = given.decided()
    if given.allow is None and given.errNo is None and not decided:
        raise MockDouyinError(ANSWER_FORM())
    if decided and (given.allow is False or given.errNo is not None):
        says = f"{' and '.join(decided)}: only a person who allows decides more"
        raise MockDouyinError(says)


def _answer(call: OperationCall[Any], given: SheetAnswer) -> SheetAnswered:
    found = phone_calls.answer_sheet(
        call.world,
        number=given.id,
        person=given.person,
        allow=given.allow is not False,
        error=given.errNo,
        given=given.decided(),
        language=call.language,
    )
    return SheetAnswered(
        id=found.number,
        api=found.api,
        app=found.app,
        person=found.person,
        result=found.result or {},
    )
