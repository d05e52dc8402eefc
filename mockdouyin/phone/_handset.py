"""A call of a tt API: whose phone it is, which app is open, and the arguments."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core import crypto
from mockdouyin.core.apps import App
from mockdouyin.core.docstrings import first_said_in
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.people import Person
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import NOTHING, Language, Text
from mockdouyin.core.world import WorldState
from mockdouyin.domain.logins import Session, find_session, session_place


class PhoneRefusal(Exception):  # noqa: N818 - it becomes what tt.* hands to `fail`
    """The phone refuses: `reason` is one of the API's cases, or a text of its own.

    `detail` follows the text of the case in errMsg. `why` is what the platform does not tell: it
    stands in the journal alone.
    """

    def __init__(self, reason: str, detail: Text | str = "", why: Text = NOTHING) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.why = why


class Handset:
    """One call of a tt API on one person's phone."""

    def __init__(
        self,
        world: WorldState,
        unit: Unit,
        app: App,
        person: str,
        args: dict[str, Any],
        *,
        is_resumed: bool = False,
    ) -> None:
        self.world = world
        self.unit = unit
        self.now: float = unit.now
        self.is_resumed = is_resumed
        """Whether the call goes on after its sheet was open."""
        self.app = app
        self.person = person
        self.args = args
        self.outcome: Text = NOTHING
        """What came of the call, for the journal, where its name does not tell."""

    @property
    def profile(self) -> Person:
        """The profile of the phone's owner."""
        return self.world.people.profile(self.person)

    def last_session(self) -> Session:
        """Return the session of the last tt.login, valid or not; keyless if there is none."""
        return find_session(self.unit, self.app, self.person) or Session()

    def need_session(self) -> Session:
        """Return the valid session; refuse if there was no tt.login, or too long ago."""
        session = self.last_session()
        if not session.key or session.expires <= self.now:
            raise PhoneRefusal("not login")
        return session

    def count_seal(self, session: Session) -> int:
        """Count one more message that is sealed under the session; return the count."""
        count = session.seals + 1
        place = session_place(self.app, self.person)
        self.unit.write(place, msgspec.structs.replace(session, seals=count))
        return count

    def seal(self, session: Session, plain: bytes) -> tuple[str, str]:
        """Encrypt under the session's key; return encryptedData and iv."""
        count = self.count_seal(session)
        purpose = (self.app.client_key, self.person, session.logins, session.resets, count)
        iv = self.world.ids.raw(16, "iv", *purpose)
        return crypto.seal(session.key, iv, plain), base64.b64encode(iv).decode()


class Question(NamedTuple):
    """What a sheet shows: what the app asks for, and anything else as plain data."""

    says: Text
    details: Mapping[str, Any] = MappingProxyType({})
    pins: Mapping[str, Any] = MappingProxyType({})
    """Arguments with which the call goes on, so that it is about what was shown."""


class Sheet(NamedTuple):
    """The sheet by which a tt API asks the person, and how it goes on with their answer.

    A person allows, and the API runs; what they decide beside that are arguments of the call. It
    opens only where the call would succeed: what fails without asking fails at once.
    """

    question: Callable[[Handset], Question | None]
    """Returns what it shows, or None if there is nothing to decide: the call runs at once."""
    deny: str | Mapping[str, Any] = "auth_deny"
    """If the person denies: the case with which the API fails, or the arguments with which it
    runs, where a denial is an answer like any other."""
    takes: tuple[str, ...] = ()
    """The arguments of the call that an answer may give."""
    stays: Mapping[str, Any] = MappingProxyType({})
    """The arguments with which the call returns while the sheet stays open on the phone."""

    def stays_open(self, args: Mapping[str, Any]) -> bool:
        """Whether the sheet stays open after a call with these arguments."""
        return bool(self.stays) and self.stays.items() <= args.items()


class Asked(NamedTuple):
    """What an app's backend is asked."""

    url: str
    content: Mapping[str, Any]
    link: Link
    """What it belongs to."""
    pins: Mapping[str, Any] = MappingProxyType({})
    """Arguments with which the call goes on, so that it is about what was asked."""


class Backend(NamedTuple):
    """How a tt API asks the app's own backend, before it asks the person.

    `ask` says what it is asked; `hear` makes of the answer what the API goes on with. Both may
    refuse the call.
    """

    event: str
    """The kind of event that asks."""
    ask: Callable[[Handset], Asked]
    hear: Callable[[Handset, Delivery], None]


def _as_it_is(failure: dict[str, Any], log_id: str) -> dict[str, Any]:
    return failure


class PhoneApi:
    """A tt API: the function that answers it, its failures, its arguments and its sheet."""

    def __init__(
        self,
        name: str,
        function: Callable[[Handset], dict[str, Any]],
        fails: tuple[ErrorCase, ...],
        takes: tuple[str, ...],
        sheet: Sheet | None = None,
        fails_with: Mapping[str, Any] = MappingProxyType({}),
        backend: Backend | None = None,
        failure: Callable[[dict[str, Any], str], dict[str, Any]] = _as_it_is,
    ) -> None:
        self.name = name
        self.full_name: str = f"phone.{name}"
        self.function = function
        self.fails = fails
        self.takes = takes
        self.sheet = sheet
        self.fails_with = fails_with
        """What each of its own failures carries beside errMsg and errNo."""
        self.backend = backend
        """How it asks the app's backend, if it does."""
        self.failure = failure
        """Returns a failure in the API's own form, given a log id."""

    def about(self, language: Language) -> str:
        """Return what it does: the first line of its function's docstring in a language."""
        return first_said_in(self.function.__doc__, language)

    def find_case(self, reason: str | int) -> ErrorCase | None:
        """Return the failure with this errNo, name or text."""
        for case in self.fails:
            if str(reason) in (str(case.code), case.name, case.text):
                return case
        return None

    def fail(
        self, reason: str | int | bool, detail: Text | str = "", log_id: str = ""
    ) -> dict[str, Any]:
        """Return what tt.* passes to `fail`: a known case, or this text.

        errMsg is in English, as Douyin's are, and so is a detail in it.
        """
        case = self.fails[0] if reason is True else self.find_case(reason)
        text = case.text if case else str(reason)
        if detail:
            more = detail.render("en") if isinstance(detail, Text) else detail
            text += more if more.startswith(".") else f" {more}"
        result: dict[str, Any] = {"errMsg": f"{self.name}:fail {text}"}
        if case and case.code:
            result |= {"errNo": case.code, **self.fails_with}
        elif isinstance(reason, int) and not isinstance(reason, bool):
            result["errNo"] = reason
        return self.failure(result, log_id)
