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
    """A sheet that waits for an answer.

    一个等用户回答的弹窗。
    """

    id: int
    """The number of the act that tells that it opened.

    弹窗打开这一操作的编号。"""
    api: str
    """The tt API that asks, such as `getPhoneNumber`.

    询问的 tt API，如 `getPhoneNumber`。"""
    app: str
    """The client_key of the app that asks.

    询问的应用的 client_key。"""
    person: str
    asks: str
    """What the app asks for, in the words of the sheet.

    应用要什么，用弹窗上的话。"""
    details: dict[str, Any]
    """What else it shows: the `templates` of a subscription, the `scopes` of a consent, …

    还显示什么：订阅消息的 `templates`、授权的 `scopes` 等。"""
    takes: list[str]
    """What an answer may give beside `allow`: `answers` to templates, `tick` for scopes.

    回答里除了 `allow` 还可以有什么：模板的 `answers`、scope 的 `tick`。"""
    args: dict[str, Any]
    """The arguments of the call, with secrets masked.

    调用的参数，密钥已打码。"""
    rule: str | None
    """The id of the rule that has it wait.

    让它等待的规则的 id。"""
    since: str
    """The world's time at which it opened.

    打开时的虚拟时间。"""


class SheetsShown(Shown):
    """The sheets that wait, the oldest first.

    在等的弹窗，最早的在前。
    """

    sheets: list[SheetShown]


class SheetsQuery(OperationQuery):
    """Whose sheets to list.

    列出谁的弹窗。
    """

    person: str = ""
    """A name or an open_id; by default everybody.

    用户名或 open_id，默认所有人。"""


@operation("GET", "/phone/sheets")
def list_sheets(call: OperationCall[SheetsQuery]) -> Step[SheetsShown]:
    """List the sheets that wait for a person's answer, the oldest first.

    列出等用户回答的弹窗，最早的在前。
    """
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
    """How a person answers a sheet.

    用户怎样回答弹窗。
    """

    id: int | None = None
    """Which sheet; by default the only one that waits.

    哪个弹窗，默认是唯一在等的那个。"""
    person: str | None = None
    """Whose sheet, by name or open_id.

    谁的弹窗：用户名或 open_id。"""
    allow: bool | None = None
    """Whether they allow; true if left out.

    是否允许，没写就是允许。"""
    errNo: int | str | None = None  # noqa: N815 - Douyin's name
    """Have the call fail in this way instead: an errNo, or the name or text of a failure.

    让调用以别的方式失败：errNo，或失败的名字、文本。"""
    answers: dict[str, str] | None = None
    """Their answer to each template of a subscription: accept, reject or ban.

    对订阅消息每个模板的回答：accept、reject 或 ban。"""
    tick: list[str] | None = None
    """The optional scopes that they leave ticked.

    保持勾选的可选 scope。"""
    decision: str | None = None
    """What they do at a cashier: pay, cancel, fail, timeout, close or leave.

    在收银台做什么：pay、cancel、fail、timeout、close 或 leave。"""
    way: str | None = None
    """How they pay there: wx, alipay or douyin.

    用什么支付：wx、alipay 或 douyin。"""
    timeout: float = 0
    """If no sheet waits: the seconds to wait for one to open, 60 at most.

    没有弹窗在等时，最多等它几秒，不超过 60。"""

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
    """A sheet that was answered, and what the call returned.

    已回答的弹窗，以及调用的结果。
    """

    id: int
    api: str
    app: str
    person: str
    result: dict[str, Any]
    """What the API passes to `success` or `fail`.

    接口传给 `success` 或 `fail` 的内容。"""


@operation("POST", "/phone/answer")
def answer_sheet(call: OperationCall[SheetAnswer]) -> Step[SheetAnswered]:
    """Answer a sheet that waits: `allow: true`, `allow: false`, or an `errNo`.

    回答一个等待中的弹窗：`allow: true`、`allow: false` 或 `errNo`。
    """
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
