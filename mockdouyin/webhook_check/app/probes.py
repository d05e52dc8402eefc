"""The probes of a webhook: what each asks, what it posts, and which check it uses."""

from __future__ import annotations

import json

from mockdouyin.core.texts import NOTHING, Text, TextTemplate
from mockdouyin.webhook_check.app import _probe_texts as texts
from mockdouyin.webhook_check.app import checks
from mockdouyin.webhook_check.app.messages import MessageFactory, challenge_about, signed_by
from mockdouyin.webhook_check.checks import in_time
from mockdouyin.webhook_check.notation import (
    Writer,
    compact,
    escaped,
    reordered,
    spaced,
    with_newline,
)
from mockdouyin.webhook_check.probe import Check, MessageWriter, Probe, TestMessage, described

_BIG_ID = 7215638573829837845
"""More than 2**53, and odd: a double cannot hold it."""


def _challenge_string(factory: MessageFactory) -> list[TestMessage]:
    return [factory.challenge(str(factory.new_challenge()))]


def _video(factory: MessageFactory, *, who: str = "first", how: Text = NOTHING) -> TestMessage:
    content = {
        "share_id": factory.digits(16),
        "item_id": factory.item_id(),
        "has_default_hashtag": None,
        "video_id": factory.digits(19),
    }
    return factory.event("create_video", who, content, how=how)


def _signed(how: TextTemplate, write: Writer = compact, note: str = "") -> MessageWriter:
    """Return a writer of one challenge, validly signed, in a given JSON notation."""
    return lambda factory: [factory.challenge(write=write, note=note, how=how())]


def _wrong_signature(factory: MessageFactory) -> list[TestMessage]:
    return [factory.forge(factory.challenge(how=texts.OTHER_SECRET()))]


def _missing_signature(factory: MessageFactory) -> list[TestMessage]:
    message = factory.challenge(how=texts.NO_SIGNATURE())
    return [signed_by(message, None)]


def _uppercase_signature(factory: MessageFactory) -> list[TestMessage]:
    message = factory.challenge(how=texts.UPPER_CASE())
    return [signed_by(message, (message.signature or "").upper())]


def _tampered_body(factory: MessageFactory) -> list[TestMessage]:
    signed = factory.challenge()
    other = factory.new_challenge()
    body = signed.body.replace(str(signed.challenge).encode(), str(other).encode())
    about = challenge_about(other, texts.CHANGED())
    return [signed._replace(about=about, body=body, challenge=other, genuine=False)]


def _forged_event(factory: MessageFactory) -> list[TestMessage]:
    return [factory.forge(_video(factory, how=texts.OTHER_SECRET()))]


def _big_id(factory: MessageFactory) -> list[TestMessage]:
    return [
        _video(factory, how=texts.LONG_ID()),
        factory.challenge(_BIG_ID + 2 * factory.new_challenge(), how=texts.LONG_NUMBER()),
    ]


def _content_object(factory: MessageFactory) -> list[TestMessage]:
    return [_video(factory, how=texts.OBJECT())]


def _content_string(factory: MessageFactory) -> list[TestMessage]:
    inner = {"action_type": 1, "action_time": factory.now, "item_id": factory.item_id()}
    content = json.dumps(inner, separators=(",", ":"))
    how = texts.STRING()
    return [factory.event("new_video_digg", "second", content, to="first", how=how)]


def _same_msg_id(factory: MessageFactory) -> list[TestMessage]:
    message = _video(factory)
    return [message, message._replace(about=described(message.about, texts.SAME_AGAIN()))]


def _same_log_id(factory: MessageFactory) -> list[TestMessage]:
    first = factory.challenge()
    return [first, factory.challenge(how=texts.SAME_LOG_ID(), log_id_of=first)]


def _unauthorize_first(factory: MessageFactory) -> list[TestMessage]:
    scopes = ["user_info", "trial.whitelist"]
    revoked = {"scopes": scopes, "code": 1, "description": "用户取消授权"}
    return [
        factory.event("unauthorize", "third", revoked),
        factory.event("authorize", "third", {"scopes": scopes}, how=texts.AFTER_IT()),
    ]


def _unknown_event(factory: MessageFactory) -> list[TestMessage]:
    return [factory.event("event_of_the_future", "first", {"since": factory.now})]


def _two_at_once(factory: MessageFactory) -> list[TestMessage]:
    return [
        _video(factory, how=texts.AT_ONCE()),
        _video(factory, who="second", how=texts.THE_OTHER()),
    ]


def _slow_answer(factory: MessageFactory) -> list[TestMessage]:
    return [_video(factory), factory.challenge()]


_BELIEVED = checks.signature_accepted(texts.SIGNED_BYTES())
_REFUSED = checks.signature_refused(texts.FORGERY())


def _probe(name: str, messages: MessageWriter, check: Check, *, at_once: bool = False) -> Probe:
    return Probe(name, texts.ABOUT[name](), messages, check, at_once)


PROBES = (
    _probe("challenge-int", lambda factory: [factory.challenge()], checks.challenge_echoed),
    _probe("challenge-string", _challenge_string, checks.text_challenge_echoed),
    _probe(
        "good-signature",
        _signed(texts.SIGNATURE_RIGHT),
        checks.signature_accepted(texts.RIGHT_SIGNATURE()),
    ),
    _probe("wrong-signature", _wrong_signature, _REFUSED),
    _probe("missing-signature", _missing_signature, _REFUSED),
    _probe("uppercase-signature", _uppercase_signature, checks.uppercase_signature),
    _probe("tampered-body", _tampered_body, checks.signature_refused(texts.TAMPERED())),
    _probe("forged-event", _forged_event, checks.forged_event_refused),
    _probe("key-order", _signed(texts.OTHER_ORDER, reordered), _BELIEVED),
    _probe("spaces", _signed(texts.SPACED, spaced), _BELIEVED),
    _probe("raw-utf8", _signed(texts.RAW_UTF8, note="小明"), _BELIEVED),
    _probe("unicode-escapes", _signed(texts.ESCAPED, escaped, "小明"), _BELIEVED),
    _probe(
        "trailing-newline",
        _signed(texts.NEWLINE, with_newline),
        checks.signature_accepted(texts.SIGNED_LINES(hint=texts.SIGNED_BYTES())),
    ),
    _probe("big-id", _big_id, checks.big_ids_kept),
    _probe(
        "content-object",
        _content_object,
        checks.all_accepted(texts.CONTENT_OBJECT(), texts.TAKEN()),
    ),
    _probe(
        "content-string",
        _content_string,
        checks.all_accepted(texts.CONTENT_STRING(), texts.TAKEN()),
    ),
    _probe("same-msg-id", _same_msg_id, checks.not_observable(texts.SAME_MSG_ID())),
    _probe("same-log-id", _same_log_id, checks.both_handled(texts.DEDUPLICATED_BY_LOG_ID())),
    _probe("unauthorize-first", _unauthorize_first, checks.not_observable(texts.UNORDERED())),
    _probe(
        "unknown-event",
        _unknown_event,
        checks.all_accepted(texts.UNKNOWN_EVENT(), texts.TAKEN_AND_IGNORED()),
    ),
    _probe(
        "two-at-once",
        _two_at_once,
        checks.all_accepted(texts.TWO_AT_ONCE(), texts.BOTH_TAKEN()),
        at_once=True,
    ),
    _probe("slow-answer", _slow_answer, in_time),
)
