"""Errors of two kinds that must never be confused.

* DouyinError           the platform says no; becomes an envelope on the wire
* MockDouyinError       mockdouyin is used wrongly; told to the user, never dressed as Douyin's
    + NotFoundError     what was named is not there
        + EndedError    it was there, and has ended
    + ConflictError     it would be there twice
    + TooLargeError     it would take too long, for there is too much of it
    + AwayError         what is needed does not answer for now
    + ScenarioError     a scenario, rule or setting that makes no sense
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Literal

import msgspec

from mockdouyin.core.texts import NOTHING, Text, as_text

Basis = Literal["documented", "observed", "assumed"]
"""How a fact is known: from Douyin's docs, seen on the wire or in clients, or chosen by us."""

SYSTEM = "system"
"""The cause of an error that lies inside the platform: no state of ours leads there."""


class ErrorCase(msgspec.Struct, frozen=True):
    """One documented error of an endpoint: its number, our name for it, and Douyin's text."""

    code: int
    name: str
    text: str
    basis: Basis = "documented"
    """How sure we are that this endpoint answers this number."""
    cause: str = ""
    """What leads there in a running world; `system` where only a trigger can."""
    sub: str = ""
    """What `extra.sub_description` says with it, where a call has nothing more exact to say."""


class DouyinError(Exception):
    """The platform says no: answered in the family's envelope with HTTP 200.

    `case` is the number or the name of one of the endpoint's error cases. `why` is for the one
    who debugs: it goes to the console and the journal, never onto the wire.
    """

    def __init__(self, case: int | str, why: Text | str = NOTHING, *, detail: str = "") -> None:
        super().__init__(case, why)
        self.case = case
        self.why = as_text(why)
        self.detail = detail
        """More exact words that go onto the wire where the family has room for them."""


class MockDouyinError(Exception):
    """mockdouyin is misused, or cannot do what was asked."""

    status = 400


class NotFoundError(MockDouyinError):
    """What was named does not exist."""

    status = 404


class EndedError(NotFoundError):
    """What was named has ended meanwhile."""


class AwayError(MockDouyinError):
    """What is needed does not answer for now; nothing was done."""

    status = 503


class ConflictError(MockDouyinError):
    """Two things would have the one name."""

    status = 409


class TooLargeError(MockDouyinError):
    """There is more of something than is read: nothing was done."""

    status = 413


class ScenarioError(MockDouyinError):
    """A scenario, rule or setting that makes no sense, with every mistake on a line of its own."""


def did_you_mean(word: str, known: Iterable[str], *, ask: bool = True) -> str:
    """Give `; did you mean …?` with the nearest known word, or list what is known."""
    words = sorted({str(k) for k in islice(known, _CANDIDATES)})
    near = nearest(word, words)
    if near:
        return f"; did you mean {near}?"
    if ask and words:
        return "; known: " + ", ".join(words[:12]) + (", …" if len(words) > 12 else "")
    return ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like this one; an empty string if none is.

    A number has no neighbours: 40019 is not a slip of the pen for 40018. An exact comparison
    takes the square of the length: few words are compared so, and no long ones. What goes before
    it only bounds how similar two words can be.
    """
    word = str(word)
    if len(word) > _LONGEST or word.lstrip("-").isdigit():
        return ""
    pair = difflib.SequenceMatcher(b=word)
    bounds = []
    for each in islice(known, _CANDIDATES):
        pair.set_seq1(each)
        if len(each) <= _LONGEST and pair.real_quick_ratio() >= _CUTOFF:
            bounds.append((pair.quick_ratio(), each))
    best = (_CUTOFF, "")
    for bound, each in sorted(bounds, reverse=True)[:_COMPARED]:
        if bound < best[0]:
            break
        pair.set_seq1(each)
        best = max(best, (pair.ratio(), each))
    return best[1]


_CANDIDATES, _LONGEST, _COMPARED = 500, 100, 10
_CUTOFF = 0.6
