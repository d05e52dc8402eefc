"""The mp_sig of a mini-game's wallet calls: HMAC-SHA256 with the payment secret (支付密钥)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._recipe import (
    Digest,
    Keys,
    Kind,
    NameValue,
    Params,
    Signed,
    Signer,
)


def _mac(name: str) -> Digest:
    return lambda key, message: hmac.new(key, message, name).hexdigest()


_RIGHT = _mac("sha256")


class WalletPlan(NamedTuple):
    """How an mp_sig is made; as it stands, as the platform makes it."""

    key: str
    params: tuple[NameValue, ...]
    path: str
    method: str = "POST"
    other_keys: tuple[tuple[Text, str], ...] = ()
    left_out: frozenset[str] = frozenset()
    with_empty: bool = False
    is_sorted: bool = True
    place: str = "end"
    """Where org_loc and method stand: at the end, swapped there, sorted in, or nowhere."""
    template: str = "{name}={value}"
    joint: str = "&"
    key_at: str = "{text}"
    """Where the payment secret stands, if it is signed as well."""
    encode: Callable[[str], str] = str
    digest: Digest = _RIGHT
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the mp_sig."""
        text = self.key_at.format(text=self.shown(), key=self.key)
        return self.digest(self.key.encode(errors="replace"), text.encode(errors="replace"))

    def shown(self) -> str:
        """Return what is signed; the payment secret is no part of it."""
        place = [("org_loc", self.path), ("method", self.method)]
        pairs = [
            (name, self.encode(value))
            for name, value in self.params
            if name not in self.left_out and (value or self.with_empty)
        ]
        if self.place == "sorted":
            pairs += place
        if self.is_sorted:
            pairs.sort()
        if self.place in ("end", "swapped"):
            pairs += place if self.place == "end" else place[::-1]
        return self.joint.join(
            self.template.format(name=name, value=value) for name, value in pairs
        )


def _recognises(request: Request, params: Params) -> bool:
    return "mp_sig" in params


def _read(request: Request, params: Params, keys: Keys) -> Signed[WalletPlan]:
    pairs = tuple((name, _as_text(each)) for name, each in params.items() if name != "mp_sig")
    cost = 2 + len(pairs) + sum(len(value) for _, value in pairs) // 128
    method = request.method or "POST"
    plans = (
        WalletPlan(key, pairs, request.path, method, keys.others, cost=cost) for key in keys.right
    )
    return Signed(str(params.get("mp_sig") or ""), tuple(plans))


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return _writing.compact(value) if not _writing.is_deep(value) else ""


APP_SECRET = text(
    "wallet_key_is_app_secret",
    zh=" AppSecret，应使用支付密钥",
    en="the app's secret; the payment secret signs",
)
ACCESS_TOKEN = text(
    "wallet_key_is_access_token",
    zh=" access_token，应使用支付密钥",
    en="the access_token; the payment secret signs",
)


def _keys(signer: Signer) -> Keys:
    token = str(signer.params.get("access_token") or "")
    others = ((APP_SECRET(), signer.app.client_secret), (ACCESS_TOKEN(), token))
    return Keys((), tuple((what, key) for what, key in others if key))


GAME: Kind[WalletPlan] = Kind(
    "game",
    text(
        "sign_kind_game",
        zh="小游戏虚拟支付请求的 mp_sig：非空参数按参数名排序写成 key=value，"
        "后面接 &org_loc=路径&method=POST，用支付密钥做 HMAC-SHA256",
        en="`mp_sig` of a mini-game's wallet call: HMAC-SHA256 with the payment secret over the"
        " parameters that are not empty, as key=value sorted by name, then"
        " &org_loc=PATH&method=POST",
    ),
    key=text("sign_key_game", zh="支付密钥", en="payment secret of the mini-game"),
    recognises=_recognises,
    read=_read,
    keys=_keys,
    app_kinds=("mini_game",),
    upper_case=text(
        "wallet_upper_case",
        zh="mp_sig 是大写的，平台用小写十六进制",
        en="the mp_sig is in upper case; the platform's is lower-case hex",
    ),
    in_pairs=True,
)

WalletPlans = Iterator[WalletPlan]

OTHER_KEY = text("wallet_other_key", zh="签名用的是{key}", en="it is signed with {key}")


@GAME.recipe(OTHER_KEY, key="…")
def other_key(plan: WalletPlan) -> WalletPlans:
    """The app's secret, or a token of the call."""
    for what, key in plan.other_keys:
        yield plan._replace(key=key, why=OTHER_KEY(key=what))


@GAME.recipe(
    text(
        "wallet_place_missing",
        zh="待签名字符串末尾缺少 &org_loc=路径&method=POST",
        en="&org_loc=PATH&method=POST is missing at the end of what is signed",
    )
)
def place_missing(plan: WalletPlan) -> WalletPlans:
    """The parameters alone."""
    yield plan._replace(place="nowhere")


@GAME.recipe(
    text(
        "wallet_place_sorted",
        zh="org_loc 和 method 参与了排序，或顺序颠倒了，应固定放在最后，org_loc 在前",
        en="org_loc and method are sorted in, or swapped; they stand at the end, org_loc first",
    )
)
def place_sorted(plan: WalletPlan) -> WalletPlans:
    """All pairs in the order of their names."""
    yield plan._replace(place="sorted")
    yield plan._replace(place="swapped")


@GAME.recipe(
    text(
        "wallet_other_place",
        zh="org_loc 或 method 的写法不对：org_loc 是不带域名的路径，method 是大写的 POST",
        en="org_loc or method is written otherwise: org_loc is the path without the host, method"
        " is POST in upper case",
    )
)
def other_place(plan: WalletPlan) -> WalletPlans:
    """The whole URL, a slash more or less, or the method in lower case."""
    for host in ("https://developer.toutiao.com", "developer.toutiao.com"):
        yield plan._replace(path=host + plan.path)
    for path in (plan.path.lstrip("/"), plan.path.rstrip("/") + "/", plan.path.rstrip("/")):
        yield plan._replace(path=path)
    yield plan._replace(path=quote(plan.path, safe=""))
    for method in (plan.method.lower(), "GET"):
        yield plan._replace(method=method)


@GAME.recipe(
    text(
        "wallet_unsorted",
        zh="参数没有按参数名排序",
        en="the parameters are not sorted by name",
    )
)
def unsorted(plan: WalletPlan) -> WalletPlans:
    """The parameters in the order of the body."""
    yield plan._replace(is_sorted=False)


@GAME.recipe(
    text(
        "wallet_empty_signed",
        zh="空值参数也参与了签名，应略去",
        en="empty parameters were signed; they are left out",
    )
)
def empty_signed(plan: WalletPlan) -> WalletPlans:
    """Names with nothing after them."""
    yield plan._replace(with_empty=True)
    signed = (*plan.params, ("mp_sig", ""))
    yield plan._replace(params=signed, with_empty=True)
    empty = frozenset(name for name, value in plan.params if not value)
    yield plan._replace(params=signed, with_empty=True, left_out=plan.left_out | empty)


MISSING = text(
    "wallet_param_missing",
    zh="{names} 没有参与签名；除 mp_sig 外的非空参数（包括 access_token）都要签",
    en="{names} is missing from what was signed; all but mp_sig is signed, access_token too",
)


@GAME.recipe(MISSING, names="…")
def param_missing(plan: WalletPlan) -> WalletPlans:
    """One parameter is missing, or two are."""
    names = [name for name, value in plan.params if value][:64]
    pairs = islice(combinations(names, 2), 200)
    for left_out in (*((name,) for name in names), *pairs):
        yield plan._replace(left_out=frozenset(left_out), why=MISSING(names=list(left_out)))


@GAME.recipe(
    text(
        "wallet_url_encoded",
        zh="对 URL 编码后的值做了签名，应使用原值",
        en="the values are URL-encoded; they are signed as they are",
    )
)
def url_encoded(plan: WalletPlan) -> WalletPlans:
    """Percent signs for what is not a letter."""
    yield plan._replace(encode=lambda value: quote(value, safe=""))
    yield plan._replace(encode=quote_plus)


MISTYPED = text(
    "wallet_key_mistyped",
    zh="支付密钥没有原样使用：{how}",
    en="the payment secret is not used as it is: {how}",
)


@GAME.recipe(MISTYPED, how="…")
def key_mistyped(plan: WalletPlan) -> WalletPlans:
    """The payment secret with more around it, with less of it, or in another case."""
    for how, key in mistyped(plan.key):
        yield plan._replace(key=key, why=MISTYPED(how=how))


UNSET = text(
    "wallet_key_unset",
    zh="支付密钥的位置上是 {value!r}：配置没有读到，或还是示例里的占位文字",
    en="{value!r} stands in the place of the payment secret: a setting that was not read, or an"
    " example's word for it",
)


@GAME.recipe(UNSET, value="null / None / undefined / secret")
def key_unset(plan: WalletPlan) -> WalletPlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    for value in (*placeholders("secret"), *placeholders("key")):
        yield plan._replace(key=value, why=UNSET(value=value))


@GAME.recipe(
    text(
        "wallet_key_signed",
        zh="支付密钥也拼进了待签名字符串，它只作 HMAC 的密钥",
        en="the payment secret was put into the text, too; it is the key of the HMAC alone",
    )
)
def key_signed(plan: WalletPlan) -> WalletPlans:
    """The payment secret at an end of the text."""
    for place in ("{text}&key={key}", "{text}{key}", "{key}{text}", "{text}&{key}"):
        yield plan._replace(key_at=place)


@GAME.recipe(
    text(
        "wallet_values_alone",
        zh="只签了参数值，或参数之间没有用 & 连接，应写成 key=value 并以 & 连接",
        en="the values alone were signed, or the pairs are not joined by &; sign key=value joined"
        " by &",
    )
)
def values_alone(plan: WalletPlan) -> WalletPlans:
    """Values, or pairs with something else between them."""
    for template, joint in (
        *(("{value}", "&"), ("{value}", ""), ("{name}={value}", "")),
        *(("{name}{value}", ""), ("{name}={value}", ","), ("{name}:{value}", "&")),
    ):
        yield plan._replace(template=template, joint=joint)


OTHER_HASH = text(
    "wallet_other_hash",
    zh="签名算法是 {algorithm}，平台用以支付密钥为密钥的 HMAC-SHA256",
    en="it is {algorithm}; the platform's is HMAC-SHA256 with the payment secret",
)


@GAME.recipe(OTHER_HASH, algorithm="HMAC-SHA1 / HMAC-MD5 / SHA256 / MD5 / SHA1")
def other_hash(plan: WalletPlan) -> WalletPlans:
    """Another HMAC, or a plain hash with the key before the message or after."""
    for name in ("sha1", "md5"):
        yield plan._replace(digest=_mac(name), why=OTHER_HASH(algorithm=f"HMAC-{name.upper()}"))
    swapped = OTHER_HASH(algorithm="HMAC-SHA256 (key ⇄ message)")
    yield plan._replace(digest=lambda key, message: _RIGHT(message, key), why=swapped)
    for name in ("sha256", "md5", "sha1"):
        why = OTHER_HASH(algorithm=name.upper())
        for end in ("{message}{key}", "{key}{message}", "{message}&key={key}", "{message}"):
            yield plan._replace(digest=_plain(name, end), why=why)


def _plain(name: str, form: str) -> Digest:
    def digest(key: bytes, message: bytes) -> str:
        text = form.format(message=message.decode(), key=key.decode())
        return hashlib.new(name, text.encode()).hexdigest()

    return digest


@GAME.recipe(
    text(
        "wallet_base64",
        zh="mp_sig 是 base64，平台用小写十六进制",
        en="the mp_sig is in base64; the platform's is lower-case hex",
    )
)
def in_base64(plan: WalletPlan) -> WalletPlans:
    """The right hash, written otherwise."""

    def digest(key: bytes, message: bytes) -> str:
        return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()

    yield plan._replace(digest=digest)
