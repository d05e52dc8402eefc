"""The operation that tells what became of an exchange's codes, tokens and tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._pages import every_entry
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import paced
from mockdouyin.control.due import head_of
from mockdouyin.control.entries import find_exchange
from mockdouyin.core.clock import iso
from mockdouyin.sandbox.lives import Life, lives_of

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask


class MarkShown(Shown):
    """One moment in a credential's life.

    凭证一生中的一个时刻。
    """

    what: Literal["issued", "used", "refreshed", "superseded", "ended", "revoked", "call"]
    """`superseded`: a newer one was issued, which leaves it some minutes; `ended`: it counts no
    more, because of a newer one; `call`: the exchange that was asked about, if it is none of the
    others.

    `issued` 签发、`used` 使用、`refreshed` 刷新、`revoked` 取消授权；`superseded`：签发了新的，
    旧的还能用几分钟；`ended`：因为有了新的而失效；`call`：所问的这次请求，如果不是其他各项。"""
    id: int
    """The number of the act or exchange that did it.

    是哪个操作或请求：它的编号。"""
    time: str


class LifeShown(Shown, kw_only=True):
    """A credential that an exchange carries, and what became of it.

    请求里的一个凭证，以及它后来怎样。
    """

    kind: str
    """`code`, `token`, `ticket` or `session`.

    `code`、`token`、`ticket` 或 `session`。"""
    name: str
    """`login_code`, `user_token`, …; `code` if that is not known any more.

    `login_code`、`user_token` 等；已经不知道则是 `code`。"""
    app: str
    """The client_key.

    应用的 client_key。"""
    person: str
    head: str
    """How it begins.

    开头几个字符。"""
    sent: bool
    """Whether the client sent it; else the exchange gave it to the client.

    是客户端发出的，还是这次请求给客户端的。"""
    marks: list[MarkShown]
    """In order; what is not known any more is left out.

    按顺序；已经不知道的省略。"""
    expires: str | None
    """When it expires, or has expired; null if that is not known any more.

    何时过期；已经不知道则是 null。"""
    link: str | None
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`.

    属于什么，如 `login:tt0123456789abcdef:小明:7`。"""


class LivesShown(Shown):
    """The credentials of an exchange, those that the client sent first.

    一次请求里的凭证，客户端发出的在前。
    """

    now: str
    lives: list[LifeShown]


@operation("GET", "/exchanges/{id}/lives", long=True)
def lives(call: OperationCall[None]) -> Step[LivesShown]:
    """Tell what became of the codes, tokens and tickets of an exchange, by the world's clock.

    It is told by records and by the journal; whatever these have no more is left out.

    查看一次请求里的 code、token、ticket 后来怎样了，以世界的时钟为准。
    """
    world, now = call.world, call.world.clock.now()
    tell = lives_of(world, find_exchange(world, call.path["id"]))

    def show() -> LivesShown:
        found, mask = tell(list(every_entry(world)), paced), world.mask()
        return LivesShown(now=iso(now), lives=[_show_life(each, mask) for each in found])

    return After(show)


def _show_life(life: Life, mask: Mask) -> LifeShown:
    of, ending = life.of, life.of.ending
    return LifeShown(
        kind=of.group,
        name=of.name,
        app=mask(of.app),
        person=of.person,
        head=head_of(of.value, mask),
        sent=of.is_sent,
        marks=[
            MarkShown(what=what, id=entry.number, time=iso(entry.time))
            for what, entry in life.marks
        ],
        expires=iso(ending.at) if ending else None,
        link=of.link.id if of.link else None,
    )
