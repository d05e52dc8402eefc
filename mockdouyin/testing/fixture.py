"""One world as a test sees it: what the fixture `douyin` gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mockdouyin.control.client import Answer, Control
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Reply, Request


def _is_the_tests_mistake(excinfo: Any) -> bool:
    return bool(excinfo.errisinstance((MockDouyinError, LookupError, AttributeError)))


__tracebackhide__ = _is_the_tests_mistake
"""Let pytest show the test's own line, and none of this module's, where the test is wrong."""


class Item(dict[str, Any]):
    """A JSON object whose keys are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return _item(self[name])
        except KeyError:
            raise AttributeError(f"it has {', '.join(self)}, and no {name}") from None


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        return Item(value)
    return [_item(each) for each in value] if isinstance(value, list | tuple) else value


class Phone:
    """A person's phone: every tt API is a method, its arguments are the method's."""

    def __init__(self, douyin: Douyin, person: str | None, app: str | None) -> None:
        self._douyin = douyin
        self._who: dict[str, Any] = {"person": person, "app": app}

    def __getattr__(self, api: str) -> Callable[..., Answer]:
        if api.startswith("_"):
            raise AttributeError(api)

        def call(**args: Any) -> Answer:
            given = {name: value for name, value in self._who.items() if value is not None}
            return self._douyin.order("phone", path={"api": api}, body={**given, **args})

        return call


class WorldClock:
    """The world's clock."""

    def __init__(self, douyin: Douyin) -> None:
        self._douyin = douyin

    @property
    def now(self) -> str:
        """The world's time, as `2026-11-20T12:00:00+08:00`."""
        return str(self._douyin.order("clock")["now"])

    def advance(self, by: str | float) -> str:
        """Move time ahead by `90s`, `5m`, `2h1m`, `15d`; give the time it is then."""
        return str(self._douyin.order("advance_clock", body={"by": by})["now"])

    def freeze(self, at: str | None = None) -> str:
        """Let time stand still, now or at a moment."""
        return str(self._douyin.order("freeze_clock", body={"at": at})["now"])

    def resume(self) -> str:
        """Let time run on."""
        return str(self._douyin.order("resume_clock")["now"])

    def back(self) -> str:
        """Let time be the real time again; what was issued stays."""
        return str(self._douyin.order("return_clock")["now"])


class WorldJournal:
    """What the world was asked, and what it answered: a sequence of exchanges, newest last."""

    def __init__(self, douyin: Douyin) -> None:
        self._douyin = douyin

    def _exchanges(self, endpoint: str = "") -> list[Item]:
        found: list[Item] = []
        query = {"endpoint": endpoint, "limit": "0", "reveal": "true"}
        while True:
            answer = self._douyin.order("journal", query=query)
            found = [*map(Item, answer["exchanges"]), *found]
            if not answer.get("more"):
                return found
            query["before"] = str(found[0]["id"])

    def __iter__(self) -> Iterator[Item]:
        return iter(self._exchanges())

    def __len__(self) -> int:
        return len(self._exchanges())

    def __getitem__(self, index: int) -> Item:
        return self._exchanges()[index]

    def of(self, endpoint: str) -> list[Item]:
        """Give the exchanges of one endpoint, by its name or path."""
        return self._exchanges(endpoint)

    def wait(self, endpoint: str = "", count: int = 1, timeout: float = 5) -> list[Item]:
        """Wait until an endpoint was called so often; fail with the closest call if it was not."""
        query = {"endpoint": endpoint, "count": str(count), "timeout": str(timeout)}
        answer = self._douyin.order("wait_for_journal", query={**query, "reveal": "true"})
        return [Item(exchange) for exchange in answer["exchanges"]]


class WorldSnapshot:
    """A world as it was at a moment; a `with` restores it at its end, and drops the snapshot."""

    def __init__(self, douyin: Douyin, id: str) -> None:
        self.id = id
        """What the control API calls it."""
        self._douyin = douyin

    def restore(self) -> None:
        """Let the world be as it was."""
        self._douyin.order("restore_snapshot", path={"id": self.id})

    def drop(self) -> None:
        """Forget the snapshot."""
        self._douyin.order("drop_snapshot", path={"id": self.id})

    def __enter__(self) -> WorldSnapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.restore()
        self.drop()


class Douyin:
    """One world of one's own."""

    def __init__(self, control: Control, world: str) -> None:
        self.world = world
        """The world's name."""
        self.strict = True
        """Fail the test for rules that struck nothing, and for calls that nothing answered."""
        self.router: Any = None
        """The respx router that answers for this world, in a test with `douyin_respx`."""
        self.setter = "fixture"
        """Who sets this world's rules, as their list says: the test, in one."""
        self.blocks = control.blocks
        self._control = control
        self.clock = WorldClock(self)
        self.journal = WorldJournal(self)

    @property
    def url(self) -> str:
        """The base URL: a request below it meets this world, whatever it carries."""
        return f"{self._control.url}/@{self.world}"

    def handle(self, request: Request) -> Reply:
        """Answer a request: what the doors of `mockdouyin.inproc` take for a world."""
        return self._control.handle(self.world, request)

    def order(self, name: str, **parts: Any) -> Answer:
        """Ask the control API for anything, by the name of the order."""
        try:
            return self._control.order(name, world=self.world, **parts)
        except MockDouyinError as error:
            # The way here says nothing: the mistake is in the test, or in what it waited for.
            raise error.with_traceback(None) from None

    @property
    def apps(self) -> list[Item]:
        """The world's apps, each with client_key and client_secret."""
        return [Item(app) for app in self.order("apps")["apps"]]

    @property
    def people(self) -> list[Item]:
        """The world's people, each with their open_ids."""
        return [Item(person) for person in self.order("people")["people"]]

    def app(self, kind: str = "mini_program") -> Item:
        """Give the first app of a kind, or the app of that name."""
        for app in self.apps:
            if kind in (app["kind"], app["name"], app["client_key"]):
                return app
        kinds = ", ".join(app["name"] for app in self.apps)
        raise LookupError(f"no app of kind or name {kind!r}; the world has {kinds}")

    def person(self, name: str | None = None) -> Item:
        """Give a person by name; the first without one."""
        for person in self.people:
            if name in (None, person["name"]):
                return person
        names = ", ".join(person["name"] for person in self.people)
        raise LookupError(f"no person {name!r}; the world has {names}")

    def phone(self, person: str | Item | None = None, *, app: str | Item | None = None) -> Phone:
        """Give a person's phone: `douyin.phone().login()`."""
        return Phone(self, _name(person), _name(app))

    def authorize(self, *scopes: str, **given: Any) -> Item:
        """Let a person consent: the `location` they are sent back to, and the `code` in it."""
        scope = {"scope": ",".join(scopes)} if scopes else {}
        return Item(self.order("authorize", body={**scope, **given}))

    def revoke(self, **given: Any) -> Item:
        """Let a person take back what they granted."""
        return Item(self.order("revoke", body=given))

    @property
    def deliveries(self) -> list[Item]:
        """Every webhook that was sent or waits, with its attempts."""
        return [Item(each) for each in self.order("list_deliveries")["deliveries"]]

    @property
    def findings(self) -> list[Item]:
        """What the client does wrong so far: each `rule`, `says`, `exchange`, `source`, `fix`."""
        return [Item(each) for each in self.order("findings")["findings"]]

    def act(self, act: str, **given: Any) -> Item:
        """Let a person follow, unfollow, digg, comment, message, enter or allow_messages."""
        return Item(self.order("act", path={"act": act}, body=given))

    def webhook(self, url: str, app: str = "web", **given: Any) -> Item:
        """Set an app's webhook; the receiver has to answer the challenge unless verify=False."""
        verify = given.pop("verify", True)
        body = {"webhook": {"url": url, **given}, "verify": verify}
        return Item(self.order("change_app", path={"key": app}, body=body))

    def trigger(self, event: str, **given: Any) -> Item:
        """Send an event now: `app`, `person`, `to`, `secret`, `content`; what came back."""
        return Item(self.order("send_event", body={"event": event, **given}))

    def share(self, **media: Any) -> str:
        """Give a share link that the Douyin app takes."""
        return str(self.order("build_share", body=media)["schema"])

    def verify(self, schema: str) -> Item:
        """Examine a share link: `ok`, and the `problems`."""
        return Item(self.order("verify_share", body={"schema": schema}))

    def publish(self, schema: str, person: str | None = None) -> Item:
        """Let a person open a share link and publish."""
        return Item(self.order("publish_share", body={"schema": schema, "person": person}))

    def rule(self, on: str, **then: Any) -> Item:
        """Set a rule: `douyin.rule("client_token", error=10003, times=1)`."""
        return Item(self.order("add_rule", body={"on": on, "set_by": self.setter, **then}))

    def snapshot(self) -> WorldSnapshot:
        """Keep all of the world as it is, to be restored: `with douyin.snapshot(): …`."""
        return WorldSnapshot(self, self.order("take_snapshot")["snapshot"])

    def restore(self, snapshot: WorldSnapshot) -> None:
        """Let the world be as it was; a snapshot can be restored again and again."""
        snapshot.restore()

    def leftovers(self) -> Item:
        """Give the `unused_rules`, and the calls that are `unanswered`, up to now."""
        return Item(self.order("list_leftovers"))

    def settings(self, **given: Any) -> Item:
        """Change settings of the world, and give them all."""
        return Item(self.order("change_settings", body=given)["settings"])

    def add_person(self, name: str | None = None, **profile: Any) -> Item:
        """Add a person; what is left out is generated from the world's seed."""
        return Item(self.order("add_person", body={"name": name, **profile}))

    def add_app(self, name: str | None = None, **given: Any) -> Item:
        """Register another app."""
        return Item(self.order("add_app", body={"name": name, **given}))


_FOUND = ("id", "hits", "seen", "closest", "set_by", "ends", "expired")
"""What is told of a rule and was not written in it."""


def format_unmet(left: Answer) -> str:
    """Say what a world's leftovers are, a line each."""
    lines = []
    for rule in left["unused_rules"]:
        written = ", ".join(f"{name}: {rule[name]}" for name in rule if name not in _FOUND)
        calls = "one call" if rule["seen"] == 1 else f"{rule['seen'] or 'no'} calls"
        lines.append(
            f"the rule {{{written}}} struck nothing: it fitted {calls}; {rule['closest']}"
        )
    for call in left["unanswered"]:
        lines.append(f"nothing answered {call['method']} {call['path']}: {call['why']}")
    return "\n".join(f"mockdouyin: {line}" for line in lines)


def _name(who: str | Item | None) -> str | None:
    return who["name"] if isinstance(who, Item) else who
