"""What rules about payments need to know: orders, answers, and what was called back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.outbox import Delivery
from mockdouyin.findings._table import SeenExchange, SeenExchanges

OrderKey = tuple[str, str]
"""An app's client_key, and its own number of an order."""


class Callback(NamedTuple):
    """A callback of guaranteed payment, with what it tells."""

    delivery: Delivery
    told: dict[str, Any]

    @property
    def began(self) -> float | None:
        """When it was sent first; None if it never was."""
        first = next(iter(self.delivery.attempts), None)
        return None if first is None else first.time - first.took_ms / 1000

    @property
    def acknowledged(self) -> float | None:
        """When it was acknowledged; None if it never was."""
        good = (each.time for each in self.delivery.attempts if not each.problem)
        return next(good, None)


def callbacks(seen: SeenExchanges, event: str) -> Iterator[Callback]:
    """Yield the callbacks of an event."""
    for delivery in seen.deliveries:
        if delivery.event == event:
            told = _object(_object(delivery.body).get("msg", ""))
            if told:
                yield Callback(delivery, told)


def payments_by_order(seen: SeenExchanges) -> dict[OrderKey, list[Callback]]:
    """Return the callbacks of payments by the order that they tell of."""
    found: dict[OrderKey, list[Callback]] = {}
    for each in callbacks(seen, "ecpay_payment"):
        key = (each.delivery.app, str(each.told.get("cp_orderno")))
        found.setdefault(key, []).append(each)
    return found


def is_payment(seen: SeenExchange, *names: str) -> bool:
    """Whether it is a call of guaranteed payment, at either host, or one of these."""
    endpoint = seen.endpoint
    if endpoint is None or endpoint.family.name not in ("ecpay", "merchant"):
        return False
    return not names or endpoint.name in names


def order_of(seen: SeenExchange) -> OrderKey:
    """Return the order that a call is about."""
    link = next((each for each in seen.exchange.links if each.kind == "order"), None)
    return ("", "") if link is None else (link.app, link.part)


def answer_of(seen: SeenExchange) -> dict[str, Any]:
    """Return what was answered, if it is an object."""
    return _object(seen.exchange.reply.body)


def listed(text: str) -> list[Any]:
    """Return what a text of JSON lists; nothing if it is no list."""
    found = _parsed(text)
    return found if isinstance(found, list) else []


@lru_cache(maxsize=256)
def _parsed(text: bytes | str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _object(text: Any) -> dict[str, Any]:
    found = _parsed(text) if isinstance(text, bytes | str) else None
    return found if isinstance(found, dict) else {}
