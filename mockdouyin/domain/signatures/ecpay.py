"""The `sign` of guaranteed payment (担保支付): what it is made over, and with which SALT.

The wrong recipes are in `_ecpay_fields.py` (which values are signed, and how they are written)
and in `_ecpay_text.py` (how they are put together and hashed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.apps import Payment
from mockdouyin.core.http import Request
from mockdouyin.core.parameters import has_json, parameters_as_sent
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.core.world import WorldState
from mockdouyin.domain.signatures._recipe import Keys, Kind, NameValue, Params, Signed, Signer
from mockdouyin.domain.signatures._values import UNSIGNED, go_text, json_text, trimmed

PRODUCTION_HOST, SANDBOX_HOST = "developer.toutiao.com", "open-sandbox.douyin.com"

Field = tuple[str, Any]
"""The name of a field, and its value as it is written."""

SALT = "<SALT>"
"""What stands for the SALT where what is signed is shown."""


Order = Callable[[list[NameValue]], Iterable[NameValue]]
"""Puts values in an order."""


def _value(entry: NameValue) -> bytes:
    return entry[1].encode(errors="surrogatepass")


by_value: Order = partial(sorted, key=_value)
"""Sorts by the bytes of the values."""


def value_alone(name: str, value: str) -> str:
    """Write a value without its name."""
    return value


def utf8(text: str) -> bytes:
    """Return the bytes that are hashed."""
    return text.encode(errors="replace")


def md5(message: bytes, salt: bytes) -> str:
    """Return the digest in lower-case hex."""
    return hashlib.md5(message).hexdigest()


class WrittenFields:
    """The fields of one request as plans write them: many plans differ in later steps alone."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.cost: int = 0
        for name, value in fields:
            nested = isinstance(value, dict | list) or (
                isinstance(value, str) and value[:1] in "[{"
            )
            size = len(msgspec.json.encode(value)) + len(name)
            self.cost += 2 + size // (3 if nested and value else 512)
        self._most = max(2, 4000 // (1 + self.cost))
        self._kept: dict[tuple[int, int, int], tuple[Any, list[NameValue]]] = {}

    def knows(self, plan: EcpayPlan) -> bool:
        """Whether a plan's fields were written before."""
        return (id(plan.fields), id(plan.write), id(plan.tidy)) in self._kept

    def of(self, plan: EcpayPlan) -> list[NameValue]:
        """Return a plan's fields, written."""
        key = (id(plan.fields), id(plan.write), id(plan.tidy))
        kept = self._kept.get(key)
        if kept is None:
            entries = [(name, plan.tidy(plan.write(value))) for name, value in plan.fields]
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            # The steps are kept, too: while they are, nothing else has their ids.
            kept = self._kept[key] = ((plan.fields, plan.write, plan.tidy), entries)
        return kept[1]


class EcpayPlan(NamedTuple):
    """How a `sign` is made, step by step; as it stands, as the platform makes it."""

    fields: tuple[Field, ...]
    salt: str
    written: WrittenFields
    other_salts: tuple[tuple[Text, str], ...] = ()
    beside: tuple[Field, ...] = ()
    """The query's fields of a request that has a body: they are not signed."""
    unsigned: frozenset[str] = frozenset(UNSIGNED)
    write: Callable[[Any], str] = go_text
    tidy: Callable[[str], str] = trimmed
    left_out: frozenset[str] = frozenset(("", "null"))
    """The values that are not signed, once they are written and trimmed."""
    order: Order = by_value
    """Sorts the values."""
    is_distinct: bool = False
    """Whether equal values are signed once."""
    entry: Callable[[str, str], str] = value_alone
    salt_at: str = ""
    """Where the SALT goes: among the values that are sorted, or as this text says."""
    joint: str = "&"
    finish: Callable[[str], str] = str
    """What is done with the text before it is hashed."""
    encode: Callable[[str], bytes] = utf8
    digest: Callable[[bytes, bytes], str] = md5
    hashing: int = 1
    """What it costs to hash the values."""
    why: Text = NOTHING

    @property
    def cost(self) -> int:
        """What the signature costs: less where the values are written."""
        return self.hashing + (0 if self.written.knows(self) else self.written.cost)

    def signature(self) -> str:
        """Make the sign."""
        text = self.string(self.salt)
        return self.digest(self.encode(text), self.salt.encode(errors="replace"))

    def shown(self) -> str:
        """Return what is signed, without the SALT."""
        return self.string(SALT)

    def string(self, salt: str) -> str:
        """Return what is hashed; the SALT is sorted by its own value, and written as this one."""
        entries = self._entries()
        if not self.salt_at:
            entries.append(("salt", self.salt))
        if self.is_distinct:
            entries = list({entry[1]: entry for entry in reversed(entries)}.values())[::-1]
        text = self.joint.join(
            self.entry(name, salt if name == "salt" and value == self.salt else value)
            for name, value in self.order(entries)
        )
        if self.salt_at:
            text = self.salt_at.format(text=text, salt=salt)
        return self.finish(text)

    def _entries(self) -> list[NameValue]:
        unsigned, left_out = self.unsigned, self.left_out
        every = self.written.of(self)
        return [each for each in every if each[0] not in unsigned and each[1] not in left_out]


NO_FIELDS: Params = {}

EcpayPlans = Iterator[EcpayPlan]

MAX_WRITTEN = 10_000
"""The cost up to which nested values are written as Go prints them: some 30 KB of them."""


def plans(fields: Params, keys: Keys, beside: Params = NO_FIELDS) -> tuple[EcpayPlan, ...]:
    """Return the plans that the platform accepts: nested values as Go prints them, or as JSON.

    That JSON is accepted is assumed.
    """
    sent, query = tuple(fields.items()), tuple(beside.items())
    written = WrittenFields(sent + query)
    nested = any(isinstance(value, dict | list) for value in fields.values())
    is_long = written.cost > MAX_WRITTEN
    writes = (json_text,) if is_long else (go_text, json_text) if nested else (go_text,)
    size = sum(len(value) for _, value in sent if isinstance(value, str))
    hashing = 4 + len(sent) + len(query) + size // 512
    return tuple(
        EcpayPlan(sent, salt, written, keys.others, query, write=write, hashing=hashing)
        for salt in keys.right
        for write in writes
    )


def plans_of(request: Request, sent: Params, keys: Keys) -> tuple[EcpayPlan, ...]:
    """Return the plans that the platform accepts for a request: its body is signed, or its query.

    That the query of what is posted with a body is not signed is assumed.
    """
    if request.method != "POST" or not request.body or not request.query:
        return plans(sent, keys)
    query, body = replace(request, body=b""), replace(request, query=b"")
    return plans(parameters_as_sent(body), keys, parameters_as_sent(query))


NOT_JSON = text(
    "payment_not_json",
    zh="参数不在 JSON body 里（是表单，或在 URL 里）：担保支付只接受 JSON，"
    "如 PHP 的 json_encode($params)",
    en="the fields are not in a JSON body, but in a form or the query; guaranteed payment takes"
    " JSON alone, as by PHP's json_encode($params)",
)


def why_unsigned(request: Request) -> Text:
    """Return why a request counts as unsigned, whatever its sign: it is posted, and not as JSON.

    A text of the platform's for 2008 asks for JSON. That it does so with a right sign is assumed.
    """
    is_other = request.method == "POST" and not has_json(request)
    return NOT_JSON() if is_other else NOTHING


def _recognises(request: Request, params: Params) -> bool:
    return "sign" in params


def _read(request: Request, params: Params, keys: Keys) -> Signed[EcpayPlan]:
    return Signed(str(params.get("sign") or ""), plans_of(request, params, keys))


# Keys.

SALT_OF_PRODUCTION = text(
    "salt_of_production",
    zh="生产环境的 SALT，而这次请求发往沙盒",
    en="production's SALT, and the call is to the sandbox",
)
SALT_OF_SANDBOX = text(
    "salt_of_sandbox",
    zh="沙盒的 SALT，而这次请求发往生产环境",
    en="the sandbox's SALT, and the call is to production",
)
SALT_OF_APP = text(
    "salt_of_app",
    zh="应用自己的 SALT；请求带了 thirdparty_id，应使用服务商的 SALT",
    en="the app's own SALT; with a thirdparty_id the service provider's signs",
)
SALT_OF_PROVIDER = text(
    "salt_of_provider",
    zh="服务商的 SALT；请求没有带 thirdparty_id，应使用应用自己的 SALT",
    en="the service provider's SALT; without a thirdparty_id the app's own signs",
)
SALT_OF_OTHER_APP = text(
    "salt_of_other_app", zh="另一个应用 {app!r} 的 SALT", en="the SALT of another app, {app!r}"
)
CALLBACK_TOKEN = text(
    "salt_is_callback_token",
    zh="回调用的 Token，请求应使用 SALT",
    en="the Token of callbacks; requests are signed with the SALT",
)
APP_SECRET = text(
    "salt_is_app_secret",
    zh="AppSecret，应使用支付设置中的 SALT",
    en="the app's secret; the SALT of the payment settings signs",
)
APP_KEY = text(
    "salt_is_app_id",
    zh="app_id，应使用支付设置中的 SALT",
    en="the app_id; the SALT of the payment settings signs",
)


def at_sandbox(world: WorldState, request: Request) -> bool:
    """Whether a call is to the sandbox: by its host, or where that does not tell, by setting."""
    host = request.host or request.header(b"host").partition(":")[0]
    if host in (PRODUCTION_HOST, SANDBOX_HOST):
        return host == SANDBOX_HOST
    return world.settings.payment_environment == "sandbox"


def right_salt(payment: Payment, *, provider: bool, sandbox: bool) -> str:
    """Return the SALT that signs an app's request, or its service provider's."""
    if provider:
        return payment.thirdparty_salt
    return payment.sandbox_salt if sandbox else payment.salt


def keys_of(signer: Signer, *, provider: bool, sandbox: bool) -> Keys:
    """Return the SALT that signs an app's request, and keys that are often taken for it."""
    app = signer.app
    payment = app.payment
    right = right_salt(payment, provider=provider, sandbox=sandbox)
    others = [
        (SALT_OF_APP() if provider else SALT_OF_PRODUCTION(), payment.salt),
        (SALT_OF_APP() if provider else SALT_OF_SANDBOX(), payment.sandbox_salt),
        (SALT_OF_PROVIDER(), payment.thirdparty_salt),
        (CALLBACK_TOKEN(), payment.token),
        (APP_SECRET(), app.client_secret),
        (APP_KEY(), app.client_key),
    ]
    for other in signer.other_apps():
        whose = SALT_OF_OTHER_APP(app=other.name)
        others += [(whose, other.payment.salt), (whose, other.payment.sandbox_salt)]
    return Keys((right,), tuple((what, key) for what, key in others if key and key != right))


def _keys(signer: Signer) -> Keys:
    provider = bool(signer.params.get("thirdparty_id"))
    return keys_of(signer, provider=provider, sandbox=at_sandbox(signer.world, signer.request))


ECPAY: Kind[EcpayPlan] = Kind(
    "ecpay",
    text(
        "sign_kind_ecpay",
        zh="担保支付请求的 sign：参数值（不含参数名）与 SALT 一起排序，以 & 连接，取 MD5",
        en="`sign` of a guaranteed-payment request: MD5 over the values without their names and"
        " the SALT, sorted and joined by &",
    ),
    key=text("sign_key_salt", zh="支付设置中的 SALT", en="SALT of the payment settings"),
    recognises=_recognises,
    read=_read,
    keys=_keys,
    app_kinds=("mini_program",),
    upper_case=text(
        "sign_ecpay_upper_case",
        zh="sign 是大写的，平台用小写十六进制",
        en="the sign is in upper case; the platform's is lower-case hex",
    ),
    in_pairs=True,
    why_unsigned=why_unsigned,
)
