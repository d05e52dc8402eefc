"""Errors of two kinds that must never be confused.

* DouyinError           the platform refuses a call; sent to the client in Douyin's envelope
* MockDouyinError       mockdouyin was used wrongly; shown to its user, never dressed as Douyin's
    + NotFoundError     the named thing does not exist
        + EndedError    it existed, and has ended
    + ConflictError     the name is taken
    + TooLargeError     the input exceeds a limit
    + AwayError         a service that is needed (Redis, say) does not answer at the moment
    + ScenarioError     a scenario, rule or setting is invalid
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Literal

import msgspec

from mockdouyin.core._texts import A_BUG, DID_YOU_MEAN, KNOWN_ARE
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text, as_text

Basis = Literal["documented", "observed", "assumed"]
"""Where a fact comes from: Douyin's docs, the wire or real clients, or our own choice."""

SYSTEM = "system"
"""The cause of an error inside the platform: no state of a world leads to it."""


class ErrorCase(msgspec.Struct, frozen=True):
    """One error of an endpoint: its number, our name for it, and Douyin's text."""

    code: int
    name: str
    text: str
    basis: Basis = "documented"
    """How we know that this endpoint answers with this number."""
    cause: str = ""
    """What leads to it in a running world; `system` if only a trigger can provoke it."""
    sub: str = ""
    """The default `extra.sub_description`, used if a call has no more exact text."""


class DouyinError(Exception):
    """A refusal by the platform, answered with HTTP 200 in the envelope of the endpoint's family.

    `case` is the number or the name of one of the endpoint's error cases. `why` explains the
    refusal to a developer: it goes to the console and the journal, never onto the wire.
    """

    def __init__(self, case: int | str, why: Text | str = NOTHING, *, detail: str = "") -> None:
        super().__init__(case, why)
        self.case = case
        self.why: Text = as_text(why)
        self.detail = detail
        """A more exact text, sent on the wire if the family's envelope has a field for it."""


class MockDouyinError(Exception):
    """mockdouyin was used wrongly, or cannot do what was asked.

    mockdouyin 用错了，或者做不到所要求的。
    """

    status = 400

    def __init__(self, says: Text | str = "") -> None:
        super().__init__(says.render(DEFAULT_LANGUAGE) if isinstance(says, Text) else says)
        self._says = says

    @property
    def says(self) -> Text:
        """What it says, in no language yet; one that was raised with a string says only that."""
        return as_text(self._says)

    def render(self, language: Language) -> str:
        """Return what it says in a language."""
        return self._says.render(language) if isinstance(self._says, Text) else str(self)


class NotFoundError(MockDouyinError):
    """The named thing does not exist.

    没有叫这个名称的东西。
    """

    status = 404


class EndedError(NotFoundError):
    """The named thing existed, and has ended.

    有过，但已经结束。
    """


class AwayError(MockDouyinError):
    """A service that is needed does not answer at the moment; nothing was changed.

    需要的服务暂时没有响应，什么都没有改变。
    """

    status = 503


class ConflictError(MockDouyinError):
    """The name is already taken, or the state does not allow it.

    名称已被占用，或当前状态不允许。
    """

    status = 409


class TooLargeError(MockDouyinError):
    """The input exceeds a limit; nothing was changed.

    超过上限，什么都没有改变。
    """

    status = 413


class ScenarioError(MockDouyinError):
    """A scenario, rule or setting is invalid; the message lists each mistake on its own line.

    场景、规则或设置不对，每个错误占一行。
    """


@contextmanager
def told_in(language: Language) -> Iterator[None]:
    """Let what a block raises be in a language, as `str()` and a traceback show it."""
    try:
        yield
    except MockDouyinError as error:
        error.args = (error.render(language),)
        raise


def report_bug(error: Exception) -> Text:
    """Log an error that is a bug of ours, with its traceback; return the text that says so."""
    import logging  # 6 ms of every start, for what hardly ever happens

    says = A_BUG(kind=type(error).__name__, error=str(error))
    logging.getLogger("mockdouyin").error(says.render(DEFAULT_LANGUAGE), exc_info=error)
    return says


def suggestion(word: str, known: Iterable[str], *, ask: bool = True) -> Text:
    """Return a text with the nearest known word, or else with a list of known words."""
    words = sorted({str(each) for each in islice(known, _CANDIDATES)})
    near = nearest(word, words)
    if near:
        return DID_YOU_MEAN(near=near)
    if not ask or not words:
        return NOTHING
    return KNOWN_ARE(known=words[:_LISTED] + ["…"] * (len(words) > _LISTED))


def meant(near: str | None) -> Text:
    """Return a text `; did you mean …?` with a word; NOTHING without one."""
    return DID_YOU_MEAN(near=near) if near else NOTHING


def near_hint(word: str, known: Iterable[str]) -> Text:
    """Return a text `; did you mean …?` with the nearest known word; NOTHING if none is near."""
    near = nearest(word, sorted(islice(known, _CANDIDATES)))
    return DID_YOU_MEAN(near=near) if near else NOTHING


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most similar to this one, or an empty string if none is close.

    A number has no near matches: 40019 is not a typo of 40018. `ratio()` takes quadratic time, so
    long words are skipped and only the best few candidates are compared with it; they are chosen
    by the cheap upper bounds `real_quick_ratio()` and `quick_ratio()`.
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


_CANDIDATES, _LONGEST, _COMPARED, _LISTED = 500, 100, 10, 12
_CUTOFF = 0.6
