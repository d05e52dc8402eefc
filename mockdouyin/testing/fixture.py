"""One world as a test sees it: the object that the fixture `douyin` yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from mockdouyin.control import (
    OperationCall,
    Step,
    apps,
    clock,
    findings,
    journal,
    people,
    phone,
    rules,
    sheets,
    snapshots,
    stories,
    webhooks,
    worlds,
)
from mockdouyin.control._shown import Item
from mockdouyin.control.apps import AppShown
from mockdouyin.control.client import Answer, Control
from mockdouyin.control.deliveries import DeliveryShown, list_deliveries
from mockdouyin.control.findings import FindingQuery, FindingShown
from mockdouyin.control.journal import ExchangeShown, JournalQuery, WaitQuery
from mockdouyin.control.people import PersonShown
from mockdouyin.control.phone import ActDone, ConsentGiven, Revoked, SharePublished, Verdict
from mockdouyin.control.rules import RuleShown
from mockdouyin.control.sheets import SheetAnswered, SheetShown
from mockdouyin.control.stories import StoriesQuery, StoryShown
from mockdouyin.control.worlds import Leftovers
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language, Text
from mockdouyin.testing import _texts

B = TypeVar("B")
R = TypeVar("R")


def _is_callers_mistake(excinfo: Any) -> bool:
    return bool(excinfo.errisinstance((MockDouyinError, LookupError, AttributeError)))


__tracebackhide__ = _is_callers_mistake
"""Where the test made a mistake, pytest shows the test's line and none of this module's."""


class Phone:
    """A person's phone: every tt API is a method with the API's arguments, or one dict of them."""

    def __init__(self, douyin: Douyin, person: str | None, app: str | None) -> None:
        self._douyin = douyin
        self._who: dict[str, Any] = {"person": person, "app": app}

    def __getattr__(self, api: str) -> Callable[..., Answer]:
        if api.startswith("_"):
            raise AttributeError(api)

        def call(*options: Any, **args: Any) -> Answer:
            given = {name: value for name, value in self._who.items() if value is not None}
            if options:  # one object, as in tt.pay({orderInfo, service: 5})
                args = {**self._options(api, *options), **args}
            return self._douyin.operation("phone", path={"api": api}, body={**given, **args})

        return call

    def _options(self, api: str, options: Any, *others: Any) -> Mapping[str, Any]:
        if others or not isinstance(options, Mapping):
            given = type((options, *others) if others else options).__name__
            says = _texts.PHONE_TAKES(api=api, given=given)
            raise MockDouyinError(says)
        return options

    def answer(
        self, allow: bool | None = None, *, timeout: float = 5, **answer: Any
    ) -> SheetAnswered:
        """Answer the sheet that this phone shows, and that another thread waits for.

        `allow` or an `errNo`, with `id` where several wait; a sheet that is not there yet is
        waited for.
        """
        given = {"allow": allow, "person": self._who["person"], "timeout": timeout, **answer}
        return self._douyin._send(sheets.answer_sheet, given)


class WorldClock:
    """The world's clock."""

    def __init__(self, douyin: Douyin) -> None:
        self._douyin = douyin

    @property
    def now(self) -> str:
        """The world's time, as `2026-11-20T12:00:00+08:00`."""
        return self._douyin.call(clock.clock).now

    def advance(self, by: str | float) -> str:
        """Advance the clock by `90s`, `5m`, `2h1m`, `15d` or so, and return the new time."""
        return self._douyin.call(clock.advance_clock, clock.Advance(by)).now

    def freeze(self, at: str | None = None) -> str:
        """Stop the clock, now or at a given time, and return the time."""
        return self._douyin.call(clock.freeze_clock, clock.Freeze(at)).now

    def resume(self) -> str:
        """Let a stopped clock run again, and return the time."""
        return self._douyin.call(clock.resume_clock).now

    def back(self) -> str:
        """Set the clock back to the real time; what was issued stays."""
        return self._douyin.call(clock.return_clock).now


class WorldJournal:
    """The world's exchanges: requests with their replies, newest last."""

    def __init__(self, douyin: Douyin) -> None:
        self._douyin = douyin

    def _exchanges(self, endpoint: str = "") -> list[ExchangeShown]:
        found: list[ExchangeShown] = []
        query = JournalQuery(endpoint=endpoint, limit=0, reveal=True)
        while True:
            page = self._douyin.call(journal.journal, query)
            found = [*page.exchanges, *found]
            if not page.more:
                return found
            query.before = found[0].id

    def __iter__(self) -> Iterator[ExchangeShown]:
        return iter(self._exchanges())

    def __len__(self) -> int:
        return len(self._exchanges())

    def __getitem__(self, index: int) -> ExchangeShown:
        return self._exchanges()[index]

    def of(self, endpoint: str) -> list[ExchangeShown]:
        """Return the exchanges of one endpoint, by its name or path."""
        return self._exchanges(endpoint)

    def wait(self, endpoint: str = "", count: int = 1, timeout: float = 5) -> list[ExchangeShown]:
        """Wait for `count` calls of an endpoint; on timeout, raise and name the closest call."""
        query = WaitQuery(endpoint=endpoint, count=count, timeout=timeout, reveal=True)
        return self._douyin.call(journal.wait_for_journal, query).exchanges


class WorldSnapshot:
    """A saved state of the world; leaving its `with` block restores the state and drops it."""

    def __init__(self, douyin: Douyin, id: str) -> None:
        self.id = id
        """The snapshot's id in the control API."""
        self._douyin = douyin

    def restore(self) -> None:
        """Restore the world to this state."""
        self._douyin.call(snapshots.restore_snapshot, path={"id": self.id})

    def drop(self) -> None:
        """Delete the snapshot."""
        self._douyin.call(snapshots.drop_snapshot, path={"id": self.id})

    def __enter__(self) -> WorldSnapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()
        self.drop()


class Douyin:
    """One world, with everything that a test does with it."""

    def __init__(self, control: Control, world: str) -> None:
        self.world = world
        """The world's name."""
        self.strict = True
        """Whether unused rules and unanswered calls fail the test."""
        self.router: Any = None
        """The respx router that answers for this world, if the test uses `douyin_respx`."""
        self.setter = "fixture"
        """Who set a rule, as the list of rules shows it: the test's name."""
        self.language: Language = DEFAULT_LANGUAGE
        """The language of what it says of a test's mistakes."""
        self.blocks: bool = control.blocks
        self._control = control
        self.clock: WorldClock = WorldClock(self)
        self.journal: WorldJournal = WorldJournal(self)

    @property
    def url(self) -> str:
        """The base URL: a request below it goes to this world, whatever credentials it carries."""
        return f"{self._control.url}/@{self.world}"

    def handle(self, request: Request) -> Reply:
        """Answer a request; with this method the object can be passed to any in-process door."""
        return self._control.handle(self.world, request)

    def operation(self, name: str, **parts: Any) -> Answer:
        """Call any operation of the control API: `path`, `query` and `body` are its input."""
        return _without_frames(lambda: self._control.operation(name, world=self.world, **parts))

    order = operation
    """The former name of `operation`, which stays."""

    def call(
        self,
        operation: Callable[[OperationCall[B]], Step[R]],
        given: B | None = None,
        *,
        path: dict[str, str] | None = None,
    ) -> R:
        """Call an operation of the control API by its function, and return its typed reply."""
        return _without_frames(
            lambda: self._control.call(operation, given, world=self.world, path=path)
        )

    def _send(self, operation: Callable[[OperationCall[B]], Step[R]], body: Any, **path: str) -> R:
        """Call an operation with a body as it was given: it names what is wrong in it."""
        return self.call(operation, body, path=path)

    @property
    def apps(self) -> list[AppShown]:
        """The world's apps, each with its `client_key` and `client_secret`."""
        return self.call(apps.apps).apps

    @property
    def people(self) -> list[PersonShown]:
        """The world's people, each with their `open_ids`."""
        return self.call(people.people).people

    def app(self, kind: str = "mini_program") -> AppShown:
        """Return the first app of a kind, or the app with this name or client_key."""
        for app in self.apps:
            if kind in (app.kind, app.name, app.client_key):
                return app
        kinds = ", ".join(app.name for app in self.apps)
        says = _texts.NO_APP(kind=kind, known=kinds)
        raise LookupError(says.render(self.language))

    def person(self, name: str | None = None) -> PersonShown:
        """Return a person by name, or the first person."""
        for person in self.people:
            if name in (None, person.name):
                return person
        names = ", ".join(person.name for person in self.people)
        says = _texts.NO_PERSON(name=name or "", known=names)
        raise LookupError(says.render(self.language))

    def phone(
        self, person: str | PersonShown | None = None, *, app: str | AppShown | None = None
    ) -> Phone:
        """Return a person's phone: `douyin.phone().login()`."""
        return Phone(self, _name(person), _name(app))

    def authorize(self, *scopes: str, **given: Any) -> ConsentGiven:
        """Consent as a person; return the `location` they are redirected to, and its `code`."""
        scope = {"scope": ",".join(scopes)} if scopes else {}
        return self._send(phone.authorize, {**scope, **given})

    def revoke(self, **given: Any) -> Revoked:
        """Revoke what a person granted to an app."""
        return self._send(phone.revoke, given)

    @property
    def deliveries(self) -> list[DeliveryShown]:
        """The webhooks that were sent or are waiting, each with its attempts."""
        return self.call(list_deliveries).deliveries

    @property
    def stories(self) -> list[StoryShown]:
        """What belongs together: each login, consent, share, … with its `steps`, newest last."""
        found: list[StoryShown] = []
        query = StoriesQuery(limit=0)
        while True:
            page = self.call(stories.stories, query)
            found = [*page.stories, *found]
            if not page.more:
                return found
            query.before = found[0].latest

    @property
    def findings(self) -> list[FindingShown]:
        """What the client did wrong: each has `rule`, `says`, `exchange`, `source` and `fix`."""
        return self.call(findings.findings, FindingQuery(level="mistake")).findings

    @property
    def notes(self) -> list[FindingShown]:
        """What is right here and would not be at the platform, in the form of `findings`."""
        return self.call(findings.findings, FindingQuery(level="note")).findings

    def act(self, act: str, **given: Any) -> ActDone:
        """Act as a person: follow, comment, message, join_group, … (`POST /_mock/acts/{act}`)."""
        return self._send(phone.act, given, act=act)

    @property
    def sheets(self) -> list[SheetShown]:
        """The sheets that wait for a person's answer, the oldest first."""
        return self.call(sheets.list_sheets).sheets

    def webhook(self, url: str, app: str = "web", **given: Any) -> AppShown:
        """Set an app's webhook; the receiver must echo a challenge unless `verify=False`."""
        verify = given.pop("verify", True)
        body = {"webhook": {"url": url, **given}, "verify": verify}
        return self._send(apps.change_app, body, key=app)

    def trigger(self, event: str, **given: Any) -> DeliveryShown:
        """Send an event now and return its delivery; takes app, person, to, secret, content."""
        return self._send(webhooks.send_event, {"event": event, **given})

    def share(self, **media: Any) -> str:
        """Build a share link that the Douyin app accepts."""
        return self._send(phone.build_share, media).schema

    def verify(self, schema: str) -> Verdict:
        """Verify a share link; return `ok` and its `problems`."""
        return self._send(phone.verify_share, {"schema": schema})

    def publish(self, schema: str, person: str | None = None) -> SharePublished:
        """Open a share link as a person, and publish."""
        return self._send(phone.publish_share, {"schema": schema, "person": person})

    def rule(self, on: str, **then: Any) -> RuleShown:
        """Set a rule: `douyin.rule("client_token", error=10003, times=1)`."""
        return self._send(rules.add_rule, {"on": on, "set_by": self.setter, **then})

    def snapshot(self) -> WorldSnapshot:
        """Save the world's state, to restore it later: `with douyin.snapshot(): …`."""
        return WorldSnapshot(self, self.call(snapshots.take_snapshot).snapshot)

    def restore(self, snapshot: WorldSnapshot) -> None:
        """Restore a snapshot; this can be done any number of times."""
        snapshot.restore()

    def leftovers(self) -> Leftovers:
        """Return the `unused_rules` and the `unanswered` calls so far."""
        return self.call(worlds.list_leftovers)

    def settings(self, **given: Any) -> Item:
        """Change settings of the world; return all of them."""
        return Item(self.operation("change_settings", body=given)["settings"])

    def add_person(self, name: str | None = None, **profile: Any) -> PersonShown:
        """Add a person; missing fields are generated from the world's seed."""
        return self._send(people.add_person, {"name": name, **profile})

    def add_app(self, name: str | None = None, **given: Any) -> AppShown:
        """Register another app."""
        return self._send(apps.add_app, {"name": name, **given})


def _without_frames(ask: Callable[[], R]) -> R:
    """Ask; raise a mistake without our frames: it is in the test, or in what it waited for."""
    try:
        return ask()
    except MockDouyinError as error:
        raise error.with_traceback(None) from None


_ADDED_KEYS = ("id", "hits", "seen", "closest", "near", "set_by", "ends", "expired")
"""Keys that the control API adds to a rule."""


def format_unmet(unmet: Answer, language: Language) -> str:
    """Format a world's unused rules and unanswered calls, one per line, and how to allow them."""
    lines: list[Text] = []
    for rule in unmet["unused_rules"]:
        written = ", ".join(f"{name}: {rule[name]}" for name in rule if name not in _ADDED_KEYS)
        seen, closest = _texts.calls(rule["seen"]), rule["closest"]
        lines.append(_texts.UNUSED_RULE(rule=f"{{{written}}}", calls=seen, closest=closest))
    for call in unmet["unanswered"]:
        words = {name: call[name] for name in ("method", "path", "why")}
        near = call["near"]
        lines.append(
            _texts.UNANSWERED_NEAR(**words, near=near["says"])
            if near
            else _texts.UNANSWERED(**words)
        )
    if not lines:
        return ""
    said = [f"mockdouyin: {line.render(language)}" for line in lines]
    return "\n".join([*said, _texts.HOW_TO_ALLOW().render(language)])


_REFUSALS_SHOWN = 10
"""Of what did not succeed, this many are shown beside a test that failed: the latest."""


def format_refusals(douyin: Douyin) -> list[str]:
    """Format what did not succeed in a world, one per line, with its reason."""
    query = {"error": "true", "limit": str(_REFUSALS_SHOWN)}
    rows = douyin.operation("rows", query=query)["rows"]
    return [_refusal(row) for row in rows if row["type"] != "delivery"]


def _refusal(row: Answer) -> str:
    what = row["says"] if row["type"] == "act" else f"{row['method']} {row['path']}"
    code = next((row[name] for name in ("code", "fault", "status") if row.get(name)), "")
    parts = (
        f"#{row['id']}",
        what,
        row["verdict"],
        str(code),
        row["why"] or row.get("error") or "",
    )
    return "  ".join(part for part in parts if part)


def _name(who: str | PersonShown | AppShown | None) -> str | None:
    return who.name if isinstance(who, PersonShown | AppShown) else who
