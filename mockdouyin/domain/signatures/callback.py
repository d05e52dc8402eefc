"""The signature of payment callbacks: SHA1 over Token, timestamp, nonce and msg."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, unquote

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.signatures import _orders, _writing
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._recipe import (
    Keys,
    Kind,
    NameValue,
    Params,
    Signed,
    Signer,
    recipe_of,
)

TOKEN = "<TOKEN>"


def _sha1(message: bytes, token: bytes) -> str:
    return hashlib.sha1(message).hexdigest()


Order = Callable[[list[NameValue]], Iterable[NameValue]]


def _value(entry: NameValue) -> str:
    return entry[1]


class CallbackPlan(NamedTuple):
    """How a callback's signature is made; as it stands, as the platform makes it."""

    token: str
    values: tuple[NameValue, ...]
    """What is signed beside the Token, in the order in which docs list it."""
    rest: tuple[NameValue, ...] = ()
    """The other values of the body, which are not signed."""
    body: str = ""
    """The whole body, as it came."""
    other_tokens: tuple[tuple[Text, str], ...] = ()
    with_token: bool = True
    order: Order = partial(sorted, key=_value)
    joint: str = ""
    named: bool = False
    finish: Callable[[str], str] = str
    charset: str = "utf-8"
    digest: Callable[[bytes, bytes], str] = _sha1
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the signature."""
        message = self.string(self.token).encode(self.charset, errors="replace")
        return self.digest(message, self.token.encode())

    def shown(self) -> str:
        """Return what is signed, without the Token."""
        return self.string(TOKEN)

    def string(self, token: str) -> str:
        """Return what is hashed; the Token is sorted by its own value, and written as this one."""
        entries = [("token", self.token), *self.values] if self.with_token else list(self.values)
        text = self.joint.join(
            (f"{name}=" if self.named else "") + (token if name == "token" else value)
            for name, value in self.order(entries)
        )
        return self.finish(text)


def _recognises(field: str) -> Callable[[Request, Params], bool]:
    return lambda _, params: {field, "timestamp", "nonce", "msg"} <= params.keys()


MAX_BODY = 64 * 1024
"""Bytes of the longest body that is tried in the place of its msg."""


def _read(field: str) -> Callable[[Request, Params, Keys], Signed[CallbackPlan]]:
    def read(request: Request, params: Params, keys: Keys) -> Signed[CallbackPlan]:
        names = ("timestamp", "nonce", "msg")
        values = tuple((name, _as_text(params.get(name))) for name in names)
        rest = tuple(
            (name, _as_text(value))
            for name, value in params.items()
            if name not in (*names, field)
        )
        cost = 4 + sum(len(value) for _, value in (*values, *rest)) // 128
        body = request.body.decode(errors="replace") if len(request.body) <= MAX_BODY else ""
        plans = (
            CallbackPlan(token, values, rest, body, keys.others, cost=cost) for token in keys.right
        )
        return Signed(str(params.get(field) or ""), tuple(plans))

    return read


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return _writing.compact(value) if not _writing.is_deep(value) else ""


OTHER_APP = text(
    "callback_token_of_other_app",
    zh="另一个应用 {app!r} 的 Token",
    en="the Token of another app, {app!r}",
)
SALT = text(
    "callback_token_is_salt",
    zh="请求用的 SALT，回调使用 Token",
    en="the SALT of requests; callbacks are signed with the Token",
)
APP_SECRET = text(
    "callback_token_is_secret",
    zh="AppSecret，回调使用支付设置中的 Token",
    en="the app's secret; callbacks are signed with the Token of the payment settings",
)


def _keys(signer: Signer) -> Keys:
    payment = signer.app.payment
    others = [
        (SALT(), payment.salt),
        (SALT(), payment.sandbox_salt),
        (APP_SECRET(), signer.app.client_secret),
        *((OTHER_APP(app=each.name), each.payment.token) for each in signer.other_apps()),
    ]
    given = tuple((what, key) for what, key in others if key and key != payment.token)
    return Keys((payment.token,) if payment.token else (), given)


_TOKEN_KEY = text("sign_key_token", zh="回调 Token", en="Token of callbacks")
_UPPER_CASE = text(
    "callback_upper_case",
    zh="签名是大写的，平台发送的是小写十六进制：比较前统一转换",
    en="it is in upper case; the platform sends lower-case hex",
)


def _kind(name: str, field: str, about: Any) -> Kind[CallbackPlan]:
    return Kind(
        name,
        about,
        key=_TOKEN_KEY,
        recognises=_recognises(field),
        read=_read(field),
        keys=_keys,
        app_kinds=("mini_program" if name == "ecpay-callback" else "mini_game",),
        upper_case=_UPPER_CASE,
        in_pairs=True,
    )


ECPAY_CALLBACK = _kind(
    "ecpay-callback",
    "msg_signature",
    text(
        "sign_kind_ecpay_callback",
        zh="担保支付回调的 msg_signature：Token、timestamp、nonce、msg 四个值排序后直接拼接，"
        "取 SHA1",
        en="`msg_signature` of a guaranteed-payment callback: SHA1 over Token, timestamp, nonce"
        " and msg, sorted and joined without anything between",
    ),
)
GAME_CALLBACK = _kind(
    "game-callback",
    "signature",
    text(
        "sign_kind_game_callback",
        zh="小游戏支付回调的 signature：Token、timestamp、nonce、msg 四个值排序后直接拼接，"
        "取 SHA1",
        en="`signature` of a mini-game's payment callback: SHA1 over Token, timestamp, nonce and"
        " msg, sorted and joined without anything between",
    ),
)

CallbackPlans = Iterator[CallbackPlan]

_recipe = recipe_of(ECPAY_CALLBACK, GAME_CALLBACK)


OTHER_TOKEN = text("callback_other_token", zh="签名用的是{key}", en="it is signed with {key}")


@_recipe(OTHER_TOKEN, key="…")
def other_token(plan: CallbackPlan) -> CallbackPlans:
    """Another key in the place of the Token."""
    for what, token in plan.other_tokens:
        yield plan._replace(token=token, why=OTHER_TOKEN(key=what))


@_recipe(
    text(
        "callback_token_missing",
        zh="没有把 Token 放进去，应与 timestamp、nonce、msg 一起排序",
        en="the Token is missing; it is sorted in with timestamp, nonce and msg",
    )
)
def token_missing(plan: CallbackPlan) -> CallbackPlans:
    """The three values of the body alone."""
    yield plan._replace(with_token=False)


UNSORTED = text(
    "callback_unsorted",
    zh="拼接顺序是 {names}，应先按值排序",
    en="the values are joined in the order {names}; sort them by value first",
)


@_recipe(UNSORTED, names="…")
def unsorted(plan: CallbackPlan) -> CallbackPlans:
    """The four in a fixed order."""
    if len(plan.values) > 3:
        return
    for order in permutations(("token", "timestamp", "nonce", "msg")):
        why = UNSORTED(names=list(order))
        yield plan._replace(order=partial(sorted, key=partial(_place, order)), why=why)


def _place(order: tuple[str, ...], entry: NameValue) -> int:
    return order.index(entry[0]) if entry[0] in order else len(order)


@_recipe(
    text(
        "callback_all_values",
        zh="body 里的其他值（如 type）也参与了签名，只签 Token、timestamp、nonce、msg",
        en="other values of the body, such as type, were signed too; only Token, timestamp,"
        " nonce and msg are",
    )
)
def all_values(plan: CallbackPlan) -> CallbackPlans:
    """All but the signature, with the type or without."""
    full = tuple(entry for entry in plan.rest if entry[1])
    for more in (full, tuple(entry for entry in full if entry[0] != "type")):
        yield plan._replace(values=plan.values + more)


@_recipe(
    text(
        "callback_msg_rewritten",
        zh="msg 解析后又重新序列化了，应使用收到的原始字符串",
        en="msg was parsed and written again; use the string as it came",
    )
)
def msg_rewritten(plan: CallbackPlan) -> CallbackPlans:
    """The msg as other serializers write it."""
    message = dict(plan.values).get("msg", "")
    for written in _writing.respelled(message.encode(errors="replace"), printed=True):
        yield plan._replace(values=_with_msg(plan, written.decode()))


@_recipe(
    text(
        "callback_joined",
        zh="各值之间加了分隔符，应直接拼接",
        en="there is something between the values; they are joined directly",
    )
)
def joined(plan: CallbackPlan) -> CallbackPlans:
    """A character between the values."""
    for joint in ("&", ",", "\n"):
        yield plan._replace(joint=joint)


@_recipe(
    text(
        "callback_key_value",
        zh="签了 key=value，应只签值",
        en="signed as key=value pairs; only the values are signed",
    )
)
def key_value(plan: CallbackPlan) -> CallbackPlans:
    """Pairs, sorted by name."""
    for joint in ("&", ""):
        yield plan._replace(named=True, joint=joint, order=partial(sorted, key=_name))


def _name(entry: NameValue) -> str:
    return entry[0]


@_recipe(
    text(
        "callback_by_culture",
        zh="按区域文化排序了（如 C# 的默认排序，{{ 排在数字前面），应按字节排序"
        "（StringComparer.Ordinal）",
        en="sorted by culture, as C# does, where {{ comes before digits; sort by bytes"
        " (StringComparer.Ordinal)",
    )
)
def by_culture(plan: CallbackPlan) -> CallbackPlans:
    """Symbols before digits before letters, lower and upper case as one."""
    for key in (_orders.by_culture, str.casefold, str.upper):
        yield plan._replace(order=partial(sorted, key=partial(_key_of, key)))


def _key_of(key: Callable[[str], Any], entry: NameValue) -> Any:
    return key(entry[1])


@_recipe(
    text(
        "callback_numbers_sorted",
        zh="timestamp、nonce 按数值大小排序了（PHP 的 sort() 默认如此，或转成了数字），"
        "四个值都要按字符串排序",
        en="timestamp and nonce are sorted as numbers, as by PHP's sort(); all four are sorted as"
        " text",
    )
)
def numbers_sorted(plan: CallbackPlan) -> CallbackPlans:
    """As PHP compares texts, or numbers before all else, and without zeros at their front."""
    numbers = tuple((n, v.lstrip("0") if v.isdigit() else v) for n, v in plan.values)
    for values in (plan.values, numbers):
        changed = plan._replace(values=values)
        yield changed
        yield changed._replace(order=partial(_orders.sorted_by_php, text_of=_value))
        yield changed._replace(order=partial(sorted, key=partial(_key_of, _orders.numbers_first)))


@_recipe(
    text(
        "callback_backwards",
        zh="按降序排序了，应按升序排序",
        en="sorted in descending order; it is ascending",
    )
)
def backwards(plan: CallbackPlan) -> CallbackPlans:
    """The last value first."""
    yield plan._replace(order=partial(sorted, key=_value, reverse=True))


MISSING = text(
    "callback_value_missing",
    zh="{names} 没有参与签名，Token、timestamp、nonce、msg 都要签",
    en="{names} is missing from what was signed; Token, timestamp, nonce and msg are",
)


@_recipe(MISSING, names="timestamp / nonce / msg")
def value_missing(plan: CallbackPlan) -> CallbackPlans:
    """Without one of the three values."""
    for name in ("timestamp", "nonce", "msg"):
        kept = tuple(entry for entry in plan.values if entry[0] != name)
        yield plan._replace(values=kept, why=MISSING(names=[name]))


MISTYPED = text(
    "callback_token_mistyped",
    zh="Token 没有原样使用：{how}",
    en="the Token is not used as it is: {how}",
)


@_recipe(MISTYPED, how="…")
def token_mistyped(plan: CallbackPlan) -> CallbackPlans:
    """The Token with more around it, with less of it, or in another case."""
    for how, token in mistyped(plan.token):
        yield plan._replace(token=token, why=MISTYPED(how=how))


UNSET = text(
    "callback_token_unset",
    zh="Token 的位置上是 {value!r}：配置没有读到，或还是示例里的占位文字",
    en="{value!r} stands in the place of the Token: a setting that was not read, or an example's"
    " word for it",
)


@_recipe(UNSET, value="null / None / undefined / token")
def token_unset(plan: CallbackPlan) -> CallbackPlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    for value in placeholders("token"):
        if value:
            yield plan._replace(token=value, why=UNSET(value=value))


@_recipe(
    text(
        "callback_text_changed",
        zh="msg 或整个待签名字符串被改过（去掉了反斜杠或空格、HTML 转义、URL 编码、大小写、"
        "末尾换行），"
        "应使用收到的原文",
        en="msg or the whole text was changed before it was hashed (backslashes or blanks taken"
        " out, escaped for HTML or URLs, set in one case, a line end added); use it as it came",
    )
)
def text_changed(plan: CallbackPlan) -> CallbackPlans:
    """What filters of input make of a text, and what echo adds."""
    for change in (
        *(_stripped, _unspaced, str.strip, _writing.quotes_escaped),
        *(html.escape, partial(html.escape, quote=False), html.unescape),
        *(quote, quote_plus, unquote, str.lower, str.upper, "{}\n".format),
    ):
        yield plan._replace(finish=partial(_short_changed, change))
    message = dict(plan.values).get("msg", "")
    if len(message) <= MAX_CHANGED:
        for written in (_writing.compact(message), html.escape(message), quote(message, safe="")):
            yield plan._replace(values=_with_msg(plan, written))


def _with_msg(plan: CallbackPlan, written: str) -> tuple[NameValue, ...]:
    return tuple((name, written if name == "msg" else value) for name, value in plan.values)


@_recipe(
    text(
        "callback_body_signed",
        zh="签的是整个 body，应只签 Token、timestamp、nonce、msg 四个值",
        en="the whole body was signed; only Token, timestamp, nonce and msg are",
    )
)
def body_signed(plan: CallbackPlan) -> CallbackPlans:
    """The body in the place of msg, or right after the Token as of a webhook."""
    if plan.body:
        yield plan._replace(values=_with_msg(plan, plan.body))
        yield plan._replace(values=(("msg", plan.body),), order=list)


@_recipe(
    text(
        "callback_gbk",
        zh="待签名字符串按 GBK 编码，应为 UTF-8",
        en="the text is encoded as GBK; it is UTF-8 that is hashed",
    )
)
def gbk(plan: CallbackPlan) -> CallbackPlans:
    """Chinese characters in two bytes each."""
    yield plan._replace(charset="gb18030")


MAX_CHANGED = 4096
"""Characters of the longest text that is changed: most changes go through it one by one."""


def _short_changed(change: Callable[[str], str], value: str) -> str:
    return change(value) if len(value) <= MAX_CHANGED else value


def _stripped(value: str) -> str:
    return value.replace("\\", "")


def _unspaced(value: str) -> str:
    return "".join(value.split())


OTHER_HASH = text(
    "callback_other_hash",
    zh="签名算法是 {algorithm}，平台用 SHA1",
    en="it is {algorithm}; the platform's is SHA1",
)


@_recipe(OTHER_HASH, algorithm="MD5 / SHA256 / HMAC-SHA1 / HMAC-SHA256")
def other_hash(plan: CallbackPlan) -> CallbackPlans:
    """Another digest, or an HMAC with the Token."""
    for name in ("md5", "sha256", "sha512"):
        why = OTHER_HASH(algorithm=name.upper())
        yield plan._replace(digest=_plain(name), why=why)
    for name in ("sha1", "sha256", "md5"):
        why = OTHER_HASH(algorithm=f"HMAC-{name.upper()}")
        for with_token in (False, True):
            yield plan._replace(digest=_mac(name), with_token=with_token, why=why)


@_recipe(
    text(
        "callback_base64",
        zh="签名是 base64，平台发送的是小写十六进制",
        en="it is in base64; the platform sends lower-case hex",
    )
)
def in_base64(plan: CallbackPlan) -> CallbackPlans:
    """The right hash, written otherwise."""

    def digest(message: bytes, token: bytes) -> str:
        return base64.b64encode(hashlib.sha1(message).digest()).decode()

    yield plan._replace(digest=digest)


def _plain(name: str) -> Callable[[bytes, bytes], str]:
    return lambda message, token: hashlib.new(name, message).hexdigest()


def _mac(name: str) -> Callable[[bytes, bytes], str]:
    return lambda message, token: hmac.new(token, message, name).hexdigest()
