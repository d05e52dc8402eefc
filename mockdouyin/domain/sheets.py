"""Sheets on a person's phone: an app asks, and its call waits until the person answers."""

from __future__ import annotations

from typing import Any, ClassVar

from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import ConflictError, MockDouyinError, NotFoundError
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.texts import NOTHING, Language, Text, text
from mockdouyin.domain._error_texts import TOO_MANY_SHEETS

MAX_SHEETS = 100
"""Sheets of one world that wait at the same time: each keeps a caller waiting."""

GRACE = 10.0
"""Seconds after its timeout from which a sheet is left over: its caller's process has died."""

OPENED, ANSWERED, CLOSED = "sheet.open", "sheet.answer", "sheet.close"
"""The acts of a sheet."""

LEFT_FOR = 365 * DAY
"""Seconds of real time for which a sheet stays that nobody waits for."""

_LISTED = 5
"""Sheets that an error names."""


class WaitingSheet(Record, frozen=True, kw_only=True):
    """A sheet that is open on a person's phone, or whose answer the caller has not fetched yet."""

    TABLE: ClassVar[str] = "WaitingSheet"

    UNDER_WAY: ClassVar[bool] = True

    number: int
    """The number of the act that tells that it opened."""
    api: str
    app: str
    """The client_key of the app that asks."""
    person: str
    args: dict[str, Any] = {}
    says: Text = NOTHING
    """What it asks for."""
    details: dict[str, Any] = {}
    """What else it shows, as plain data."""
    rule: str = ""
    links: tuple[Link, ...] = ()
    opened: float
    """The world's time."""
    until: float
    """The real time from which it is left over."""
    is_left: bool = False
    """Whether the call has returned: nobody waits for the answer."""
    result: dict[str, Any] | None = None
    """What the call returns, once the person has answered."""

    @property
    def key(self) -> str:
        """Its key in the store."""
        return str(self.number)


def sheet_link(app: str, person: str, number: int) -> Link:
    """Return the link that joins a sheet, its answer and the result of the call."""
    return Link("sheet", app, person, part=str(number))


def open_sheet(unit: Unit, sheet: WaitingSheet, world: str, real_time: float) -> None:
    """Open a sheet; refuse if too many wait. Those that are left over are removed."""
    waiting = 0
    for key, each in unit.scan(WaitingSheet):
        if each.until <= real_time:
            unit.drop(WaitingSheet, key)
        else:
            waiting += 1
    if waiting >= MAX_SHEETS:
        raise ConflictError(TOO_MANY_SHEETS(most=MAX_SHEETS, world=world))
    unit.write(sheet.key, sheet)


def waiting_sheets(unit: Unit, real_time: float) -> list[WaitingSheet]:
    """Return the sheets that wait for an answer, the oldest first."""
    found = [
        each
        for _, each in unit.scan(WaitingSheet)
        if each.result is None and each.until > real_time
    ]
    return sorted(found, key=lambda each: each.number)


NO_SHEET = text(
    "sheet_none",
    zh="世界 {world} 中没有等待回答的弹窗",
    en="no sheet waits for an answer in world {world}",
)
NO_SHEET_OF = text(
    "sheet_none_of",
    zh="{person} 的手机上没有等待回答的弹窗；等待中：{others}",
    en="no sheet waits on the phone of {person}; these wait: {others}",
)
NO_SHEET_NUMBERED = text(
    "sheet_none_numbered",
    zh="没有等待回答的弹窗 #{id}：已经有了回答、已经关闭，或者从未打开",
    en="no sheet #{id} waits: it was answered, has closed, or was never opened",
)
SEVERAL_SHEETS = text(
    "sheet_several",
    zh="有 {count} 个弹窗在等待：{sheets}；用 id 指定一个",
    en="{count} sheets wait: {sheets}; name one by its id",
)


class NoSheetError(NotFoundError):
    """No sheet waits that the answer could be for."""


class SeveralSheetsError(ConflictError):
    """Several sheets wait, and the answer does not say which one it is for."""


def find_waiting(
    waiting: list[WaitingSheet],
    world: str,
    number: int | None,
    person: str | None,
    language: Language,
) -> WaitingSheet:
    """Return the sheet with this number, else the only one, of one person if they are named."""
    if number is not None:
        fitting = [each for each in waiting if each.number == number]
        if not fitting:
            raise NoSheetError(NO_SHEET_NUMBERED(id=number).render(language))
    else:
        fitting = waiting
    if person is not None:
        fitting = [each for each in fitting if each.person == person]
        if not fitting and waiting:
            says = NO_SHEET_OF(person=person, others=_listed(waiting))
            raise NoSheetError(says.render(language))
    if not fitting:
        raise NoSheetError(NO_SHEET(world=world).render(language))
    if len(fitting) > 1:
        says = SEVERAL_SHEETS(count=len(fitting), sheets=_listed(fitting))
        raise SeveralSheetsError(says.render(language))
    return fitting[0]


def _listed(sheets: list[WaitingSheet]) -> list[str | Text]:
    named: list[str | Text] = [f"#{each.number} {each.api} ({each.person})" for each in sheets]
    return [*named[:_LISTED], *(["…"] if len(named) > _LISTED else [])]


SHEET_TIMED_OUT = text(
    "sheet_timed_out",
    zh="等了 {seconds} 秒，{person} 没有回答 tt.{api} 的弹窗 #{id}；用 POST …/phone/answer、"
    "`mockdouyin phone answer` 或控制台的“用户”页回答",
    en="waited {seconds}s, and {person} did not answer sheet #{id} of tt.{api}; answer it by"
    " POST …/phone/answer, `mockdouyin phone answer` or the dashboard's People",
)
SHEET_LEFT = text(
    "sheet_left", zh="调用方已断开，弹窗关闭", en="the caller has gone, and the sheet closed"
)
SHEET_GONE = text(
    "sheet_gone",
    zh="tt.{api} 的弹窗 #{id} 等待期间，世界被重置或恢复，弹窗不在了",
    en="sheet #{id} of tt.{api} is gone: the world was reset or restored while it waited",
)


class SheetTimeoutError(MockDouyinError):
    """Nobody answered a sheet in time."""

    status = 408


class SheetGoneError(ConflictError):
    """A sheet went with all else in its world."""
