"""The handshake of a webhook's URL: which answers count as an echo of the challenge."""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core._texts import STATUS_NOT_2XX
from mockdouyin.core.events import status_problem
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain import _webhook_texts as texts
from mockdouyin.domain._unreadable import why_not_json

Challenge = int | str


class Echo(NamedTuple):
    """How a receiver answered `verify_webhook`."""

    accepted: bool
    """Whether the platform accepts it: `{"challenge": …}` as JSON, with the same number."""
    seen: bool
    """Whether the challenge came back in any form: then the request was taken for genuine."""
    remark: Text
    """What is wrong with the answer, or unusual about an accepted one."""


def read_echo(status: int, content_type: str, body: bytes, challenge: Challenge) -> Echo:
    """Check an answer to `verify_webhook`."""
    if not 200 <= status < 300:
        return Echo(False, False, STATUS_NOT_2XX(status=status))
    faults = _form_faults(content_type)
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        faults.append(_why_not_json(body, challenge))
        return Echo(False, _bare(body) == str(challenge), _joined(faults))
    path = _find(answer, challenge)
    if path != "challenge":
        faults.append(_misplaced(answer, path, challenge))
    if faults:
        return Echo(False, path is not None, _joined(faults))
    return Echo(True, True, _unusual(answer, challenge))


def echo_problem(attempt: Attempt, delivery: Delivery) -> Text:
    """Acknowledge an echo of the challenge; any 2xx if a tester's own body has none."""
    challenge = _challenge(delivery.body)
    if attempt.status is None or challenge is None:
        return status_problem(attempt, delivery)
    body = attempt.body.encode(errors="surrogateescape")
    echo = read_echo(attempt.status, attempt.content_type, body, challenge)
    return NOTHING if echo.accepted else echo.remark


def _challenge(body: bytes) -> Challenge | None:
    """Return the challenge of a `verify_webhook`, whether its content is an object or a string."""
    try:
        content = msgspec.json.decode(body)["content"]
        inner = msgspec.json.decode(content) if isinstance(content, str) else content
        found = inner["challenge"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return found if type(found) in (int, str) else None


def _form_faults(content_type: str) -> list[Text]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return []
    return [texts.CONTENT_TYPE(seen=content_type) if content_type else texts.NO_CONTENT_TYPE()]


def _why_not_json(body: bytes, challenge: Challenge) -> Text:
    if _bare(body) == str(challenge):
        return texts.BARE(wanted=_wanted(challenge))
    return texts.NOT_JSON(problem=why_not_json(body), wanted=_wanted(challenge))


def _bare(body: bytes) -> str:
    return body.decode(errors="replace").strip().strip("\"'")


def _misplaced(answer: Any, path: str | None, challenge: Challenge) -> Text:
    wanted = _wanted(challenge)
    if path == "":
        return texts.BARE(wanted=wanted)
    if path is not None:
        return texts.WRAPPED(path=path, wanted=wanted)
    if not isinstance(answer, dict):
        return texts.NOT_OBJECT(wanted=wanted)
    if "challenge" not in answer:
        return texts.NO_CHALLENGE(wanted=wanted)
    came = msgspec.json.encode(answer["challenge"]).decode()
    return texts.ALTERED(came=came[:60], wanted=wanted)


def _unusual(answer: dict[str, Any], challenge: Challenge) -> Text:
    remarks = []
    if isinstance(challenge, int) and isinstance(answer["challenge"], str):
        remarks.append(texts.NUMBER_AS_TEXT())
    others = ", ".join(repr(key) for key in answer if key != "challenge")
    if others:
        remarks.append(texts.COMPANY(others=others[:60]))
    return _joined(remarks)


def _find(answer: Any, challenge: Challenge) -> str | None:
    """Return the path of the challenge in an answer; `challenge` itself is looked at first."""
    if isinstance(answer, dict) and _same(answer.get("challenge"), challenge):
        return "challenge"
    waiting: list[tuple[str, Any]] = [("", answer)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{path}.{key}".lstrip("."), each) for key, each in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{path}[{index}]", each) for index, each in enumerate(value))
        elif _same(value, challenge):
            return path[:60]
    return None


def _same(value: Any, challenge: Challenge) -> bool:
    """Whether a value is the challenge, as a number or as text; 1.0 and true are not 1."""
    return type(value) in (int, str) and str(value) == str(challenge)


def _wanted(challenge: Challenge) -> str:
    return msgspec.json.encode({"challenge": challenge}).decode()


def _joined(remarks: list[Text]) -> Text:
    return reduce(lambda first, other: texts.AND(first=first, other=other), remarks or [NOTHING])
