"""Callbacks of guaranteed payment: as Douyin writes them, in variants, and forged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import msgspec

from mockdouyin.core.clock import Clock
from mockdouyin.core.ids import Ids
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.orders import WAYS, Order, payment_content
from mockdouyin.domain.payment_callbacks import sealed
from mockdouyin.webhook_check.ecpay import _texts as texts
from mockdouyin.webhook_check.notation import Payload, Writer, compact
from mockdouyin.webhook_check.probe import TestMessage, described


class PaidOrder(msgspec.Struct, frozen=True):
    """The order that callbacks tell of: one that the receiver has, and that it waits to be paid.

    Without a number it is made up, and the receiver does not know it.
    """

    order: str = ""
    """Its out_order_no."""
    amount: int = 0
    """What it costs, in fen (0.01 yuan)."""
    order_id: str = ""
    """The platform's number of it, if the receiver compares that."""
    cp_extra: str = ""
    seller: str = ""
    """The merchant_uid that sells."""


class CallbackFactory:
    """Writes and signs callbacks of one order, with new nonces for every run."""

    def __init__(self, token: str, client_key: str, order: PaidOrder, clock: Clock) -> None:
        now = clock.now()
        self._ids = Ids(0, f"examination {now!r}")
        self._token = token
        self._client_key = client_key
        self._written = count(1)
        self.now: int = int(now)
        self.remark: Text = NOTHING if order.order else texts.NAME_AN_ORDER()
        self.order: Order = self._record(order)

    def _record(self, given: PaidOrder) -> Order:
        """Return the order as the platform has it once it is paid."""
        number = given.order or f"EXAM-{self._ids.digits(12, 'order')}"
        return Order(
            app=self._client_key,
            out_order_no=number,
            order_id=given.order_id or "N" + self._ids.snowflake(self.now, "order", number),
            order_token="",
            total_amount=given.amount or 1,
            subject="",
            created=self.now,
            closes=self.now,
            seller=given.seller or self._ids.digits(20, "seller"),
            cp_extra=given.cp_extra,
            paid=self.now,
            way=WAYS["wx"],
        )

    def unknown_order(self) -> dict[str, str]:
        """Return the numbers of an order that no receiver has."""
        number = self._ids.digits(12, "unknown", next(self._written))
        order_id = "N" + self._ids.snowflake(self.now, "order", number)
        return {"cp_orderno": f"NONE-{number}", "order_id": order_id}

    def payment(
        self,
        how: Text = NOTHING,
        *,
        nonce: str = "",
        token: str | None = None,
        write: Writer = compact,
        order: Mapping[str, str] = {},
        without: str = "",
        **changed: Any,
    ) -> TestMessage:
        """Write the callback of the order's payment, or of another order's.

        Keys of its `msg` are changed or left out; `token` signs in place of the receiver's.
        """
        content = {**payment_content(self._ids, self.order), **order, **changed}
        content.pop(without, None)
        number, amount = str(content["cp_orderno"]), int(str(content["total_amount"]))
        about = described(texts.PAYMENT(number=number, amount=amount), how)
        return self.callback("payment", content, about, nonce=nonce, token=token, write=write)

    def callback(
        self,
        kind: str,
        content: Payload,
        about: Text,
        *,
        nonce: str = "",
        token: str | None = None,
        write: Writer = compact,
    ) -> TestMessage:
        """Write a callback of any type; `token` signs in place of the receiver's."""
        number = next(self._written)
        # Behind the timestamp, as text: what is before it is the matter of one probe.
        nonce = nonce or str(2000 + self._ids.number(8000, "nonce", number))
        stamp = str(self.now + number)  # fresh, as that of every attempt
        msg = write(content).decode()
        body = sealed(kind, msg, self._token if token is None else token, nonce, stamp)
        return TestMessage(about, body, self._ids.hex(32, "message", number))

    def signed_anew(self, message: TestMessage, how: Text) -> TestMessage:
        """Return the same `msg` with a fresh timestamp, nonce and signature, as a retry has."""
        sent = json.loads(message.body)
        about = described(message.about, how)
        return self.callback(sent["type"], json.loads(sent["msg"]), about)

    def wrong_signature(self) -> str:
        """Return a signature of nothing."""
        return self._ids.hex(40, "signature", next(self._written))

    def other_app(self) -> str:
        """Return the app_id of an app that is not the receiver's."""
        return f"tt{self._ids.hex(16, 'other app')}"

    def other_token(self) -> str:
        """Return a Token that is not the receiver's."""
        return self._ids.hex(20, "other token")


def envelope_of(message: TestMessage) -> Payload:
    """Return the body of a callback, parsed."""
    envelope: Payload = json.loads(message.body)
    return envelope


def rewritten(message: TestMessage, write: Writer = compact, **changed: Any) -> TestMessage:
    """Return a callback whose body is written anew, some keys changed; None leaves one out."""
    envelope = {**envelope_of(message), **changed}
    kept = {name: value for name, value in envelope.items() if value is not None}
    return message._replace(body=write(kept))


def forged(message: TestMessage, **changed: Any) -> TestMessage:
    """Return a callback with other keys, which Douyin did not sign like that."""
    return rewritten(message, **changed)._replace(genuine=False)
