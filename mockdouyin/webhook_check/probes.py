"""The probes: what each asks of a receiver, what it posts, and which check it uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from mockdouyin.core.errors import NotFoundError, did_you_mean
from mockdouyin.webhook_check import checks
from mockdouyin.webhook_check.checks import Check
from mockdouyin.webhook_check.messages import (
    MessageFactory,
    TestMessage,
    Writer,
    compact,
    escaped,
    reordered,
    spaced,
    with_newline,
)

MessageWriter = Callable[[MessageFactory], list[TestMessage]]


class Probe(NamedTuple):
    """One test of the receiver."""

    name: str
    about: str
    """What is expected of the receiver, in one sentence."""
    messages: MessageWriter
    check: Check
    at_once: bool = False
    """Whether to post the messages concurrently instead of one after the other."""


_SIGNED_BYTES = (
    "But the signature was right for the bytes that were sent. A receiver that parses the body and"
    " writes it again hashes other bytes: hash the body as it came, then parse it."
)
_RIGHT_SIGNATURE = (
    "But the signature was right: sha1 in hex over the secret and the body as it was sent."
)
_FORGERY = "Anyone who knows the URL can invent events: compare the signature before all else."
_BIG_ID = 7215638573829837845
"""More than 2**53, and odd: a double cannot hold it."""


def _challenge_string(factory: MessageFactory) -> list[TestMessage]:
    return [factory.challenge(str(factory.new_challenge()))]


def _video(factory: MessageFactory, *, who: str = "first", how: str = "") -> TestMessage:
    content = {
        "share_id": factory.digits(16),
        "item_id": factory.item_id(),
        "has_default_hashtag": None,
        "video_id": factory.digits(19),
    }
    return factory.event("create_video", who, content, how=how)


def _signed(how: str, write: Writer = compact, note: str = "") -> MessageWriter:
    """Return a writer of one challenge, validly signed, in a given JSON notation."""
    return lambda factory: [factory.challenge(write=write, note=note, how=how)]


def _wrong_signature(factory: MessageFactory) -> list[TestMessage]:
    return [factory.forge(factory.challenge(how="signed with another secret"))]


def _missing_signature(factory: MessageFactory) -> list[TestMessage]:
    message = factory.challenge(how="no X-Douyin-Signature")
    return [message._replace(signature=None, genuine=False)]


def _uppercase_signature(factory: MessageFactory) -> list[TestMessage]:
    message = factory.challenge(how="signature right but in upper case")
    upper = (message.signature or "").upper()
    return [message._replace(signature=upper, genuine=False)]


def _tampered_body(factory: MessageFactory) -> list[TestMessage]:
    signed = factory.challenge(how="changed after it was signed")
    other = factory.new_challenge()
    body = signed.body.replace(str(signed.challenge).encode(), str(other).encode())
    about = signed.about.replace(str(signed.challenge), str(other))
    return [signed._replace(about=about, body=body, challenge=other, genuine=False)]


def _forged_event(factory: MessageFactory) -> list[TestMessage]:
    return [factory.forge(_video(factory, how="signed with another secret"))]


def _big_id(factory: MessageFactory) -> list[TestMessage]:
    return [
        _video(factory, how="a video_id of 19 digits"),
        factory.challenge(_BIG_ID + 2 * factory.new_challenge(), how="a number of 64 bits"),
    ]


def _content_object(factory: MessageFactory) -> list[TestMessage]:
    return [_video(factory, how="content is an object")]


def _content_string(factory: MessageFactory) -> list[TestMessage]:
    inner = {"action_type": 1, "action_time": factory.now, "item_id": factory.item_id()}
    content = json.dumps(inner, separators=(",", ":"))
    how = "content is a string of JSON"
    return [factory.event("new_video_digg", "second", content, to="first", how=how)]


def _same_msg_id(factory: MessageFactory) -> list[TestMessage]:
    message = _video(factory)
    return [message, message._replace(about="create_video, the same bytes and Msg-Id again")]


def _same_log_id(factory: MessageFactory) -> list[TestMessage]:
    first = factory.challenge()
    return [first, factory.challenge(how="another Msg-Id, the same log_id", log_id_of=first)]


def _unauthorize_first(factory: MessageFactory) -> list[TestMessage]:
    scopes = ["user_info", "trial.whitelist"]
    revoked = {"scopes": scopes, "code": 1, "description": "用户取消授权"}
    return [
        factory.event("unauthorize", "third", revoked),
        factory.event(
            "authorize", "third", {"scopes": scopes}, how="of the same person, after it"
        ),
    ]


def _unknown_event(factory: MessageFactory) -> list[TestMessage]:
    return [factory.event("event_of_the_future", "first", {"since": factory.now})]


def _two_at_once(factory: MessageFactory) -> list[TestMessage]:
    return [
        _video(factory, how="at once with another"),
        _video(factory, who="second", how="the other"),
    ]


def _slow_answer(factory: MessageFactory) -> list[TestMessage]:
    return [_video(factory), factory.challenge()]


PROBES = (
    Probe(
        "challenge-int",
        'The URL is being set: the challenge, a number, must come back as `{"challenge": …}`.',
        lambda factory: [factory.challenge()],
        checks.challenge_echoed,
    ),
    Probe(
        "challenge-string",
        "The same with a challenge that is text, as some stand-ins send it.",
        _challenge_string,
        checks.text_challenge_echoed,
    ),
    Probe(
        "good-signature",
        "A right signature must be believed; the form of the echo does not matter here.",
        _signed("signature right"),
        checks.signature_accepted(_RIGHT_SIGNATURE),
    ),
    Probe(
        "wrong-signature",
        "A signature made with another secret must be refused.",
        _wrong_signature,
        checks.signature_refused(_FORGERY),
    ),
    Probe(
        "missing-signature",
        "A message without a signature must be refused.",
        _missing_signature,
        checks.signature_refused(_FORGERY),
    ),
    Probe(
        "uppercase-signature",
        "A right signature in upper case: Douyin never sends that; refusing and accepting do no"
        " harm.",
        _uppercase_signature,
        checks.uppercase_signature,
    ),
    Probe(
        "tampered-body",
        "A body that was changed after it was signed must be refused.",
        _tampered_body,
        checks.signature_refused(
            "A body that was changed on the way is believed: hash the secret and the whole body."
        ),
    ),
    Probe(
        "forged-event",
        "An event with a wrong signature must be refused, not only a challenge.",
        _forged_event,
        checks.forged_event_refused,
    ),
    Probe(
        "key-order",
        "Rightly signed with its keys in another order: must be accepted.",
        _signed("keys in another order", reordered),
        checks.signature_accepted(_SIGNED_BYTES),
    ),
    Probe(
        "spaces",
        "Rightly signed with spaces after commas and colons: must be accepted.",
        _signed("spaces after separators", spaced),
        checks.signature_accepted(_SIGNED_BYTES),
    ),
    Probe(
        "raw-utf8",
        "Rightly signed with Chinese as raw UTF-8: must be accepted.",
        _signed("Chinese as raw UTF-8", note="小明"),
        checks.signature_accepted(_SIGNED_BYTES),
    ),
    Probe(
        "unicode-escapes",
        r"Rightly signed with Chinese as `\uXXXX`: must be accepted.",
        _signed(r"Chinese as \uXXXX", escaped, "小明"),
        checks.signature_accepted(_SIGNED_BYTES),
    ),
    Probe(
        "trailing-newline",
        "Rightly signed with a newline at the end: must be accepted.",
        _signed("a newline after the JSON", with_newline),
        checks.signature_accepted(
            f"{_SIGNED_BYTES} Reading it line by line drops the newline, too."
        ),
    ),
    Probe(
        "big-id",
        "Ids of 64 bits must be taken, and should lose no digits.",
        _big_id,
        checks.big_ids_kept,
    ),
    Probe(
        "content-object",
        "An event whose content is an object must be taken.",
        _content_object,
        checks.all_accepted("create_video has its content as an object.", "Taken."),
    ),
    Probe(
        "content-string",
        "An event whose content is a string of JSON must be taken.",
        _content_string,
        checks.all_accepted(
            "About half of Douyin's events have their content as a string of JSON, and not as an"
            " object. Look at its type before you use it.",
            "Taken.",
        ),
    ),
    Probe(
        "same-msg-id",
        "The same message twice: it must take effect once, which cannot be seen from outside.",
        _same_msg_id,
        checks.not_observable(
            "Douyin delivers again when an answer was lost. See for yourself that the second took"
            " no effect: remember the Msg-Id."
        ),
    ),
    Probe(
        "same-log-id",
        "Two messages that share a log_id, each with a Msg-Id of its own: both must be handled.",
        _same_log_id,
        checks.both_handled(
            "It is taken for a repetition by its log_id. Deduplicate by the Msg-Id header: that is"
            " what stays the same when Douyin delivers again; a log_id names a request."
        ),
    ),
    Probe(
        "unauthorize-first",
        "unauthorize before authorize: their order is not guaranteed, and cannot be seen from"
        " outside.",
        _unauthorize_first,
        checks.not_observable(
            "Douyin does not guarantee the order of events. See for yourself what your data says"
            " of this person now; the log_id begins with the time."
        ),
    ),
    Probe(
        "unknown-event",
        "An event that is not known yet must be answered with 200 all the same.",
        _unknown_event,
        checks.all_accepted(
            "Douyin adds events without asking. What is not answered with 200 is sent again, and"
            " in the end the subscription may be cancelled: answer 200 to what you do not know.",
            "Taken, and hopefully ignored.",
        ),
    ),
    Probe(
        "two-at-once",
        "Two events at the same time must both be taken.",
        _two_at_once,
        checks.all_accepted(
            "Of two events at the same time both must be answered with 200.", "Both were taken."
        ),
        at_once=True,
    ),
    Probe(
        "slow-answer",
        "Douyin hangs up after 5 s: every answer of the examination must have come by then.",
        _slow_answer,
        checks.in_time,
    ),
)


def select(names: Iterable[str]) -> tuple[Probe, ...]:
    """Return the probes with these names, in the table's order; all if no name is given."""
    wanted = set(names)
    known = [probe.name for probe in PROBES]
    for name in sorted(wanted.difference(known)):
        raise NotFoundError(f"no probe {name!r}{did_you_mean(name, known)}")
    return tuple(probe for probe in PROBES if not wanted or probe.name in wanted)
