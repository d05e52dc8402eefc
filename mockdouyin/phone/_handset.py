"""A phone in someone's hand: who holds it, which app is open, and what was asked of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import msgspec

from mockdouyin.core import crypto
from mockdouyin.core.apps import App
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.people import Person
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.logins import Session, session_place


class PhoneRefusal(Exception):  # noqa: N818 - it becomes what tt.* hands to `fail`
    """The phone says no: `reason` is one of the API's cases, or words of one's own.

    `detail` is what follows a case's words where its text leaves room for more.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Handset:
    """One call of a tt API on one person's phone."""

    def __init__(
        self, world: WorldState, unit: Unit, app: App, person: str, args: dict[str, Any]
    ) -> None:
        self.world = world
        self.unit = unit
        self.now = unit.now
        self.app = app
        self.person = person
        self.args = args

    @property
    def profile(self) -> Person:
        """The profile of the one who holds the phone."""
        return self.world.people.profile(self.person)

    def last_session(self) -> Session:
        """Give the session of the last tt.login, over or not; without a key if there is none."""
        return self.unit.find(Session, session_place(self.app, self.person)) or Session()

    def need_session(self) -> Session:
        """Give the living session; refuse when there was no tt.login, or long ago."""
        session = self.last_session()
        if not session.key or session.expires <= self.now:
            raise PhoneRefusal("not login")
        return session

    def count_seal(self, session: Session) -> int:
        """Count one more thing that was handed out under the session."""
        count = session.seals + 1
        place = session_place(self.app, self.person)
        self.unit.write(place, msgspec.structs.replace(session, seals=count))
        return count

    def seal(self, session: Session, plain: bytes) -> tuple[str, str]:
        """Seal under the session's key: give encryptedData and iv."""
        count = self.count_seal(session)
        purpose = (self.app.client_key, self.person, session.logins, session.resets, count)
        iv = self.world.ids.raw(16, "iv", *purpose)
        return crypto.seal(session.key, iv, plain), base64.b64encode(iv).decode()


class PhoneApi:
    """One tt API: what it does, and the ways in which it fails."""

    def __init__(
        self,
        name: str,
        function: Callable[[Handset], dict[str, Any]],
        fails: tuple[ErrorCase, ...],
        takes: tuple[str, ...],
    ) -> None:
        self.name = name
        self.full_name = f"phone.{name}"
        self.function = function
        self.fails = fails
        self.takes = takes

    @property
    def about(self) -> str:
        """The first sentence of what it does."""
        return (self.function.__doc__ or "").partition("\n")[0]

    def find_case(self, reason: str | int) -> ErrorCase | None:
        """Give the failure of this errNo, name or text."""
        for case in self.fails:
            if str(reason) in (str(case.code), case.name, case.text):
                return case
        return None

    def fail(self, reason: str | int | bool, detail: str = "") -> dict[str, Any]:
        """Give what tt.* hands to `fail`: a known case, or the words given."""
        case = self.fails[0] if reason is True else self.find_case(reason)
        text = case.text if case else str(reason)
        if detail:
            text += detail if detail.startswith(".") else f" {detail}"
        result: dict[str, Any] = {"errMsg": f"{self.name}:fail {text}"}
        if case and case.code:
            result["errNo"] = case.code
        elif isinstance(reason, int) and not isinstance(reason, bool):
            result["errNo"] = reason
        return result
