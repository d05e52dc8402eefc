"""Events: what happened, and how each kind of event is told to a developer's server.

    TRADE = Channel("trade callback", headers=…, encode=…, retries=(12, 12, 33), problem=…)

    @TRADE.event(basis="documented")
    def payment(event: Event) -> Content: ...

A channel says how events are encoded, signed, retried and acknowledged; the decorated function
says what an event is about. A kind of event that differs from its channel in one respect is
declared on `replace(TRADE, …)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from mockdouyin.core._error_texts import NO_EVENT
from mockdouyin.core._texts import STATUS_NOT_2XX
from mockdouyin.core.apps import App
from mockdouyin.core.docstrings import first_said_in
from mockdouyin.core.errors import Basis, MockDouyinError, suggestion
from mockdouyin.core.ids import Ids
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text

ContentForm = Literal["object", "string", "none"]

Content = dict[str, Any]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What happened: who did what to whom, in which app, and when."""

    kind: EventKind
    app: App
    ids: Ids
    settings: Settings
    person: str
    """The open_id of the person who acts."""
    other: str
    """The open_id of the person on the other side."""
    nickname: str
    other_nickname: str
    now: float
    number: int
    """The number of this event among its app's; generated ids derive from it."""
    log_id: str
    scopes: tuple[str, ...] = ("user_info",)
    secret: str = ""
    """The key to sign with, in place of the app's own."""
    content: Mapping[str, Any] = {}
    """Values that replace fields of the content."""
    fields: Mapping[str, Any] = {}
    """Values that replace fields beside the content."""
    form: ContentForm | None = None
    """Whether the content is an object or a string, if not as in Douyin's event."""
    raw: bytes | None = None
    """The whole body, in place of the platform's."""

    @property
    def client_key(self) -> str:
        """The key of the app."""
        return self.app.client_key

    @property
    def ms(self) -> int:
        """The time in milliseconds, as in messages."""
        return int(self.now * 1000)

    @property
    def seconds(self) -> int:
        """The time in seconds, as in follows and diggs."""
        return int(self.now)

    def sealed(self, what: str) -> str:
        """Return a derived id in Douyin's form: `@` and the base64 of 64 bytes."""
        return "@" + self.ids.base62(86, what, self.client_key, self.number) + "=="

    def encode(self) -> bytes:
        """Return the exact bytes that tell of the event, over which the signature goes."""
        if self.raw is not None:
            return self.raw
        return self.kind.channel.encode(self, {**self.kind.content(self), **self.content})


ContentFunction = Callable[[Event], Content]


class EventKind(NamedTuple):
    """A kind of event, as its function is declared on a channel."""

    name: str
    doc: str
    """What it is about, in both languages."""
    form: ContentForm
    keys: tuple[str, ...]
    """The keys of the body in order, on a channel where they differ from kind to kind."""
    content: ContentFunction
    basis: Basis
    channel: Channel

    def about(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what it is about, in one sentence."""
        return first_said_in(self.doc, language)


def encode_content(event: Event, content: Content) -> bytes:
    """Encode the content alone: compact, in raw UTF-8."""
    return msgspec.json.encode(content)


def status_problem(attempt: Attempt, delivery: Delivery) -> Text:
    """Acknowledge any 2xx."""
    return NOTHING if attempt.accepted else STATUS_NOT_2XX(status=attempt.status or 0)


def _only_where_told(app: App, name: str) -> str:
    return ""


def _unchanged(delivery: Delivery) -> Delivery:
    return delivery


class Channel(msgspec.Struct, frozen=True):
    """One of the ways in which Douyin tells developers' servers of events, such as webhooks."""

    name: str
    headers: Callable[[Event, bytes], dict[str, str]]
    """Returns the headers to send an event's bytes with, the signature among them."""
    encode: Callable[[Event, Content], bytes] = encode_content
    """Returns the body, or the query if the method is GET."""
    method: Literal["GET", "POST"] = "POST"
    retries: tuple[float, ...] = ()
    """Seconds of the world's time before the second attempt, the third, and so on."""
    problem: Callable[[Attempt, Delivery], Text] = status_problem
    """Returns why an answer does not acknowledge a delivery; nothing if it does."""
    receiver: Callable[[App, str], str] = _only_where_told
    """Returns the URL at which an app wants to be told of an event, by its name; or nothing."""
    renew: Callable[[Delivery], Delivery] = _unchanged
    """Returns a delivery as its next attempt sends it, if a retry is signed anew."""
    events: dict[str, EventKind] = msgspec.field(default_factory=dict)
    """The kinds of events that are declared on this channel, by name."""

    def event(
        self,
        form: ContentForm = "object",
        keys: tuple[str, ...] = (),
        basis: Basis = "documented",
    ) -> Callable[[ContentFunction], ContentFunction]:
        """Declare a kind of event by the function that returns its content."""

        def declare(function: ContentFunction) -> ContentFunction:
            name, doc = function.__name__, function.__doc__ or ""
            if name in EVENT_KINDS:
                raise MockDouyinError(f"event {name!r} is declared twice")
            kind = EventKind(name, doc, form, keys, function, basis, self)
            self.events[name] = EVENT_KINDS[name] = kind
            return function

        return declare


EVENT_KINDS: dict[str, EventKind] = {}
"""Every kind of event on any channel, by name; filled when the declaring modules are imported."""


def find_event_kind(name: str, known: Mapping[str, EventKind] = EVENT_KINDS) -> EventKind:
    """Return the kind of event with this name; raise if there is none."""
    kind = known.get(name)
    if kind is None:
        raise MockDouyinError(NO_EVENT(name=name, hint=suggestion(name, known)))
    return kind
