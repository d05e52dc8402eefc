"""Receivers of payment callbacks: a correct one, and some with a single fault each."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

from tests.support.receivers import Received
from tests.webhook_check.receivers import Behaviour, Said

TOKEN = "mockpaytoken2024"
ORDER, AMOUNT = "ORDER-1", 1990
APP = "tt0123456789abcdef"

OK, NO = Said(body=b'{"err_no":0,"err_tips":"success"}'), Said(body=b'{"err_no":1}')

Json = dict[str, Any]


def signature(sent: Json, msg: str | None = None) -> str:
    """Sign as Douyin does, `msg` as it came or as it is given."""
    own = sent["msg"] if msg is None else msg
    values = (TOKEN, str(sent["timestamp"]), str(sent["nonce"]), own)
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()


def is_genuine(sent: Json) -> bool:
    """Whether a callback is signed by the Token."""
    return bool(sent.get("msg_signature") == signature(sent))


class Shop:
    """A correct receiver; whoever inherits from it gets one thing wrong."""

    def __init__(self) -> None:
        self.app = APP
        self.status = "waits"
        self.fulfilled = 0
        self._lock = threading.Lock()

    def __call__(self, heard: Received) -> Said:
        """Answer as an application does."""
        if heard.method != "POST":
            return self.other_method(heard)
        sent = self.parsed(heard)
        if not self.believes(sent):
            return NO
        with self._lock:
            return self.handle(sent["type"], json.loads(sent["msg"]))

    def other_method(self, heard: Received) -> Said:
        """Answer what is no POST."""
        return Said(405)

    def parsed(self, heard: Received) -> Json:
        """Read the body."""
        content: Json = json.loads(heard.body)
        return content

    def believes(self, sent: Json) -> bool:
        """Whether it is taken for genuine."""
        return is_genuine(sent)

    def handle(self, kind: str, told: Json) -> Said:
        """Do what a genuine callback says."""
        if kind == "payment":
            return self.paid(told)
        if kind in ("refund", "settle"):
            return NO if self.status == "waits" else OK
        return self.unknown(kind)

    def unknown(self, kind: str) -> Said:
        """Answer a type that is not handled."""
        return OK

    def paid(self, told: Json) -> Said:
        """Fulfil the order, once."""
        if not self.is_right(told):
            return NO
        if self.status == "waits":
            self.status = "paid"
            self.fulfilled += 1
            return OK
        return self.again(told)

    def is_right(self, told: Json) -> bool:
        """Whether app, order, amount and status are as they should be."""
        known = told["cp_orderno"] == ORDER and told["total_amount"] == AMOUNT
        known = known and told["appid"] == self.app
        return bool(known and told["status"] == "SUCCESS")

    def again(self, told: Json) -> Said:
        """Answer to a payment that is known."""
        return OK


class NoSignature(Shop):
    """It believes whatever comes."""

    def believes(self, sent: Json) -> bool:
        """Take everything for genuine."""
        return True


class NoneIfMissing(Shop):
    """It compares the signature only if there is one."""

    def believes(self, sent: Json) -> bool:
        """Compare what is there."""
        is_signed = bool(sent.get("msg_signature"))
        return is_genuine(sent) if is_signed else True


class LengthOnly(Shop):
    """It takes any 40 characters for a signature."""

    def believes(self, sent: Json) -> bool:
        """Look at the form alone."""
        return len(sent.get("msg_signature") or "") == 40


class BeginningOnly(Shop):
    """It compares the first characters alone."""

    def believes(self, sent: Json) -> bool:
        """Compare eight."""
        return bool(sent.get("msg_signature")) and signature(sent)[:8] == sent["msg_signature"][:8]


class Within(Shop):
    """It looks for what was sent within the right signature."""

    def believes(self, sent: Json) -> bool:
        """Find it anywhere."""
        return bool(sent.get("msg_signature")) and sent["msg_signature"] in signature(sent)


class AnyCase(Shop):
    """It compares without regard to case."""

    def believes(self, sent: Json) -> bool:
        """Compare in lower case."""
        return (sent.get("msg_signature") or "").lower() == signature(sent)


class EmptyToken(Shop):
    """Its Token is not set on one machine, and taken for empty there."""

    def believes(self, sent: Json) -> bool:
        """Compare with and without a Token."""
        values = sorted(str(sent[name]) for name in ("timestamp", "nonce", "msg"))
        forged = hashlib.sha1("".join(values).encode()).hexdigest()
        return is_genuine(sent) or sent.get("msg_signature") == forged


class NumbersOfNonces(Shop):
    """It reads the nonce as a number."""

    def believes(self, sent: Json) -> bool:
        """Lose the zeros at its front."""
        return bool(sent.get("msg_signature") == signature({**sent, "nonce": int(sent["nonce"])}))


class LessIsEnough(Shop):
    """It wants no more than the order costs."""

    def is_right(self, told: Json) -> bool:
        """Take less, too."""
        return super().is_right({**told, "total_amount": max(told["total_amount"], AMOUNT)})


class AnyApp(Shop):
    """It does not look at the app."""

    def is_right(self, told: Json) -> bool:
        """Look at all else."""
        return super().is_right({**told, "appid": self.app})


class AnyToken(Shop):
    """Its Token is not set, so every signature is compared with nothing."""

    def __init__(self, tokens: Callable[[], set[str]]) -> None:
        super().__init__()
        self._tokens = tokens

    def believes(self, sent: Json) -> bool:
        """Compare with every Token that was ever in use."""
        msg = sent["msg"]
        values = [
            hashlib.sha1(
                "".join(sorted((token, sent["timestamp"], sent["nonce"], msg))).encode()
            ).hexdigest()
            for token in self._tokens()
        ]
        return is_genuine(sent) or sent.get("msg_signature") in values


class RejectsAll(Shop):
    """It has another Token."""

    def believes(self, sent: Json) -> bool:
        """Believe nothing."""
        return False


class OtherAmount(Shop):
    """It does not compare the amount."""

    def is_right(self, told: Json) -> bool:
        """Look at order and status."""
        return super().is_right({**told, "total_amount": AMOUNT})


class AnyStatus(Shop):
    """It does not look at the status."""

    def is_right(self, told: Json) -> bool:
        """Look at order and amount."""
        return super().is_right({**told, "status": "SUCCESS"})


class AnyOrder(Shop):
    """It acknowledges what it does not have."""

    def is_right(self, told: Json) -> bool:
        """Take any order for the one that waits."""
        own = told["cp_orderno"] == ORDER
        return super().is_right(told) if own else True


class Unordered(Shop):
    """It acknowledges a refund, or a settlement, of what is not paid."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def handle(self, kind: str, told: Json) -> Said:
        """Acknowledge one type at any time."""
        return OK if kind == self._kind else super().handle(kind, told)


class RefusesRepeats(Shop):
    """It refuses a payment that it knows."""

    def again(self, told: Json) -> Said:
        """Refuse it."""
        return NO


class RefusesSameNonce(Shop):
    """It takes a nonce that came before for an attack."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[tuple[str, str]] = set()

    def believes(self, sent: Json) -> bool:
        """Believe each pair of timestamp and nonce once."""
        pair = (str(sent["timestamp"]), str(sent["nonce"]))
        is_new = pair not in self._seen
        self._seen.add(pair)
        return is_new and is_genuine(sent)


class RefusesRetries(Shop):
    """It knows a callback by its msg, and takes the next for an attack unless it is the same."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, str] = {}

    def believes(self, sent: Json) -> bool:
        """Believe each msg with one signature only, while it is the plain one."""
        first = self._seen.setdefault(sent["msg"], sent.get("msg_signature") or "")
        return is_genuine(sent) and first == sent["msg_signature"]


class FixedOrder(Shop):
    """It joins the values in the order that is usually right, and does not sort them."""

    def believes(self, sent: Json) -> bool:
        """Put the timestamp first."""
        joined = f"{sent['timestamp']}{sent['nonce']}{TOKEN}{sent['msg']}"
        return bool(sent.get("msg_signature") == hashlib.sha1(joined.encode()).hexdigest())


class StringsOnly(Shop):
    """It wants strings where Douyin has strings."""

    def believes(self, sent: Json) -> bool:
        """Believe a callback whose nonce is text."""
        return isinstance(sent["nonce"], str) and is_genuine(sent)


class Rewrites(Shop):
    """It hashes msg as its own JSON library writes it."""

    def believes(self, sent: Json) -> bool:
        """Hash the parsed msg, written anew."""
        told = json.loads(sent["msg"])
        msg = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return bool(sent.get("msg_signature") == signature(sent, msg))


class CutsText(Shop):
    """It cuts the values out of the body's text."""

    def parsed(self, heard: Received) -> Json:
        """Find the keys where Douyin writes them."""
        if not heard.body.startswith(b'{"msg":"'):
            return {"timestamp": "", "nonce": "", "msg": "", "type": ""}
        return super().parsed(heard)


class NeedsKey(Shop):
    """It wants a key that may be missing."""

    def paid(self, told: Json) -> Said:
        """Read item_id."""
        return Said(500) if "item_id" not in told else super().paid(told)


class ParsesExtra(Shop):
    """It takes extra for an object if it is not empty."""

    def paid(self, told: Json) -> Said:
        """Read a key of extra."""
        if told["extra"] and json.loads(told["extra"]) is None:
            return Said(500)
        return super().paid(told)


class KnownKeysOnly(Shop):
    """It refuses keys that it does not know."""

    def paid(self, told: Json) -> Said:
        """Map msg to a class, strictly."""
        return Said(500) if "key_of_the_future" in told else super().paid(told)


class PlainExtraOnly(Shop):
    """It stores cp_extra where no emoji fits."""

    def paid(self, told: Json) -> Said:
        """Fail as a database with three bytes a character does."""
        return Said(500) if max(map(ord, told["cp_extra"]), default=0) > 0xFFFF else OK


class FailsOnUnknownType(Shop):
    """It knows three types."""

    def unknown(self, kind: str) -> Said:
        """Refuse a type."""
        return NO


class BreaksOnGet(Shop):
    """It reads the body of whatever comes."""

    def other_method(self, heard: Received) -> Said:
        """Fail."""
        return Said(500)


class AcknowledgesGet(Shop):
    """It acknowledges a visit."""

    def other_method(self, heard: Received) -> Said:
        """Acknowledge."""
        return OK


class OneAtATime(Shop):
    """It turns away whoever comes while it is at work."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = threading.Lock()
        self._met = threading.Event()

    def __call__(self, heard: Received) -> Said:
        """Work until somebody else was turned away."""
        if not self._busy.acquire(blocking=False):
            self._met.set()
            return Said(503)
        try:
            self._met.wait(10)
            return super().__call__(heard)
        finally:
            self._busy.release()


def answering(shop: Shop, said: Said, no: Said = NO) -> Behaviour:
    """Return a receiver that does all right, and says yes and no in its own form."""

    def respond(heard: Received) -> Said:
        answer = shop(heard)
        return said if answer == OK else no if answer == NO else answer

    return respond
