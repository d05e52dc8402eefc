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
    """One moment in a credential's life."""

    what: Literal["issued", "used", "refreshed", "superseded", "ended", "revoked", "call"]
    """`superseded`: a newer one was issued, which leaves it some minutes; `ended`: it counts no
    more, because of a newer one; `call`: the exchange that was asked about, if it is none of the
    others."""
    id: int
    """The number of the act or exchange that did it."""
    time: str


class LifeShown(Shown, kw_only=True):
    """A credential that an exchange carries, and what became of it."""

    kind: str
    """`code`, `token`, `ticket` or `session`."""
    name: str
    """`login_code`, `user_token`, …; `code` if that is not known any more."""
    app: str
    """The client_key."""
    person: str
    head: str
    """How it begins."""
    sent: bool
    """Whether the client sent it; else the exchange gave it to the client."""
    marks: list[MarkShown]
    """In order; what is not known any more is left out."""
    expires: str | None
    """When it expires, or has expired; null if that is not known any more."""
    link: str | None
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`."""


class LivesShown(Shown):
    """The credentials of an exchange, those that the client sent first."""

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
