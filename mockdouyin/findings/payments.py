"""Findings about payments: amounts, order numbers, SALTs and addresses of callbacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockdouyin.core.clock import MINUTE
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.orders import AMOUNTS
from mockdouyin.domain.signatures import ecpay
from mockdouyin.findings._callbacks import (
    OrderKey,
    answer_of,
    is_payment,
    listed,
    order_of,
    payments_by_order,
)
from mockdouyin.findings._table import (
    DOCUMENTED_PAGE,
    PAGE,
    Hit,
    SeenExchange,
    SeenExchanges,
    finding,
    grouped,
    is_local_name,
    times,
)

# Addresses.

_URL_HTTP = text(
    "notify_url_http",
    zh="{name} {url} 是 http，平台只接受 https",
    en="{name} {url} is http; the platform takes https only",
)
_URL_PORT = text(
    "notify_url_port",
    zh="{name} {url} 的端口是 {port}，平台只接受 443",
    en="{name} {url} has the port {port}; the platform takes 443 only",
)

_URLS = ("notify_url", "callback", "callback_url")
"""What an order, a refund or a settlement, a withdrawal, and an application name it by."""


@finding(
    about=text(
        "unusable_notify_url_about",
        zh="支付回调地址不能用",
        en="A notify_url cannot be used",
    ),
    why=text(
        "unusable_notify_url_why",
        zh="线上的回调地址必须是 https、443 端口，否则下单会被拒绝。",
        en="In production callbacks go to https at port 443; with another one the order is"
        " refused.",
    ),
    fix=text(
        "unusable_notify_url_fix",
        zh="换成 https、默认端口的地址；本机和内网地址可以用 http，但只在这里可以。把设置"
        " strict_urls 打开，这里就和线上一样拒绝。",
        en="Send an https address without a port. Addresses of this machine and private ones may"
        " be http, and only here; with the setting strict_urls they are refused here, too.",
    ),
    source=DOCUMENTED_PAGE,
)
def unusable_notify_url(seen: SeenExchanges) -> Iterator[Hit]:
    """A callback's URL on another machine is http, or has a port."""
    for address in _unusable(seen):
        if not address.is_local:
            yield Hit(address.newest, address.why)


_LOCAL_URL = text(
    "notify_url_local",
    zh="{name} {url} 在这里可以用；平台只接受 443 端口的 https，上线要换一个",
    en="{name} {url} works here; the platform takes https at port 443 alone, so production needs"
    " another one",
)


@finding(
    about=text(
        "local_notify_url_about",
        zh="支付回调地址只在这里能用",
        en="A notify_url works here alone",
    ),
    why=text(
        "local_notify_url_why",
        zh="线上的回调地址必须是 https、443 端口。为了方便开发，本机和内网地址在这里可以用 http，"
        "也可以带端口。",
        en="In production callbacks go to https at port 443. Here addresses of this machine and"
        " private ones may be http and have a port, as development needs them.",
    ),
    fix=text(
        "local_notify_url_fix",
        zh="现在不用改。回调地址要从配置里读，上线时换成 https、默认端口的地址。把设置 strict_urls"
        " 打开，这里就和线上一样拒绝。",
        en="Nothing for now. Read the address from your configuration, and have an https address"
        " without a port in production. With the setting strict_urls it is refused here, too.",
    ),
    source=DOCUMENTED_PAGE,
    level="note",
)
def local_notify_url(seen: SeenExchanges) -> Iterator[Hit]:
    """A callback's URL that is a developer's own was accepted, and is http or has a port."""
    for address in _unusable(each for each in seen if not each.refusal):
        if address.is_local:
            yield Hit(address.newest, _LOCAL_URL(name=address.name, url=address.url))


class _Address(NamedTuple):
    """A callback's address that the platform refuses, and the newest call that has it."""

    name: str
    url: str
    newest: SeenExchange
    why: Text
    is_local: bool


def _unusable(seen: Iterable[SeenExchange]) -> Iterator[_Address]:
    pairs = (
        ((name, url), each)
        for each in seen
        if is_payment(each)
        for name in _URLS
        if isinstance(url := each.given.get(name), str)
    )
    for (name, url), group in grouped(pairs).items():
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError:
            continue  # it is refused, and says so
        if host and (why := _why_unusable(name, url, parts.scheme, port)):
            yield _Address(name, url, group[-1], why, is_local_name(host))


def _why_unusable(name: str, url: str, scheme: str, port: int | None) -> Text:
    if scheme == "http":
        return _URL_HTTP(name=name, url=url)
    return NOTHING if port in (None, 443) else _URL_PORT(name=name, url=url, port=port)


# Amounts.

_SHARES = "settle_params"
"""A text of JSON: a list with the amount of each receiver."""

_DECIMAL = re.compile(r"\s*\d+\.\d+\s*")

_IN_YUAN = text(
    "amount_in_yuan",
    zh="{endpoint} 的 {name} 传了小数 {times}，最近一次是 {value}；金额是整数，单位是分",
    en="{endpoint} was sent a decimal {name} {times}, {value} at last; amounts are integers of"
    " fen",
)


@finding(
    about=text("amount_in_yuan_about", zh="金额用了元", en="An amount is in yuan"),
    why=text(
        "amount_in_yuan_why",
        zh="金额的单位是分，是整数。带小数的会被拒绝，碰巧是整数元的就少收了 100 倍。",
        en="Amounts are integers of fen (0.01 yuan). A decimal is refused, and a whole number of"
        " yuan sells at a hundredth of the price.",
    ),
    fix=text(
        "amount_in_yuan_fix",
        zh="乘以 100 再取整，用十进制类型算，不要用浮点数：19.90 元是 1990。",
        en="Multiply by 100 in a decimal type, not in floating point: 19.90 yuan are 1990.",
    ),
    source=DOCUMENTED_PAGE,
)
def amount_in_yuan(seen: SeenExchanges) -> Iterator[Hit]:
    """An amount has a decimal point; one without it may be what it says."""
    pairs = (
        ((each.called.full_name, name), each)
        for each in seen
        if is_payment(each)
        for name, value in _amounts(each)
        if _is_decimal(value)
    )
    for (endpoint, name), group in grouped(pairs).items():
        value = next(each for at, each in _amounts(group[-1]) if at == name and _is_decimal(each))
        how_often, shown = times(len(group)), str(value)[:30]
        yield Hit(group[-1], _IN_YUAN(endpoint=endpoint, name=name, times=how_often, value=shown))


def _amounts(seen: SeenExchange) -> Iterator[tuple[str, Any]]:
    """Yield the amounts in a call by their names; those of a settlement are JSON in a text."""
    yield from ((name, seen.given.get(name)) for name in AMOUNTS)
    shares = seen.given.get(_SHARES)
    for each in listed(shares) if isinstance(shares, str) else ():
        if isinstance(each, dict):
            yield f"{_SHARES}.amount", each.get("amount")


def _is_decimal(value: Any) -> bool:
    if isinstance(value, float):
        return not value.is_integer()
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


# Environments.

_OTHER_SALT = text(
    "other_environment_salt",
    zh="调用 {endpoint} {times}，签名用的是{salt}",
    en="{endpoint} was called {times}, signed with {salt}",
)

_SALTS = {each.code: each for each in (ecpay.SALT_OF_SANDBOX, ecpay.SALT_OF_PRODUCTION)}


@finding(
    about=text(
        "other_environment_salt_about",
        zh="沙盒和生产环境的 SALT 混用",
        en="The SALT is another environment's",
    ),
    why=text(
        "other_environment_salt_why",
        zh="沙盒和生产环境各有一个 SALT，用错了每个请求都是 2008。",
        en="The sandbox and production have a SALT each; with the wrong one every call is"
        " refused.",
    ),
    fix=text(
        "other_environment_salt_fix",
        zh="SALT 和域名一起配置：open-sandbox.douyin.com 用沙盒的 SALT，developer.toutiao.com"
        " 用生产环境的。",
        en="Configure SALT and host together: the sandbox's for open-sandbox.douyin.com,"
        " production's for developer.toutiao.com.",
    ),
    source=PAGE,
)
def other_environment_salt(seen: SeenExchanges) -> Iterator[Hit]:
    """A request is signed with the sandbox's SALT at production, or the other way round."""
    refused = [each for each in seen if is_payment(each) and each.refusal == "bad_signature"]
    pairs = (
        ((each.called.full_name, salt.code), each) for each in refused if (salt := _salt_of(each))
    )
    for (endpoint, _), group in grouped(pairs).items():
        salt, how_often = _salt_of(group[-1]), times(len(group))
        yield Hit(group[-1], _OTHER_SALT(endpoint=endpoint, times=how_often, salt=salt))


def _salt_of(seen: SeenExchange) -> Text:
    """Return whose SALT made the signature, as its diagnosis says."""
    return _find(seen.exchange.why)


def _find(words: Text) -> Text:
    if words.code in _SALTS:
        return words
    inner = (_find(each) for each in words.parameters.values() if isinstance(each, Text))
    return next(filter(None, inner), NOTHING)


# Order numbers.

_RETRIED = text(
    "new_number_on_retry",
    zh="同一笔订单用了 {count} 个不同的 out_order_no：{numbers}，前面的响应丢失了，或者没有等到",
    en="one order was asked for under {count} different out_order_no: {numbers}; the answers"
    " before the last were lost, or not waited for",
)

_SHOWN = 4
"""Order numbers that are named."""


@finding(
    about=text(
        "new_number_on_retry_about",
        zh="重试时换了订单号",
        en="A retry has a new order number",
    ),
    why=text(
        "new_number_on_retry_why",
        zh="响应丢失不等于下单失败：换一个 out_order_no 重试，就有了两笔订单，用户可能付两次钱。",
        en="A lost answer is not a failure: under another out_order_no the retry makes a second"
        " order, and the person may pay twice.",
    ),
    fix=text(
        "new_number_on_retry_fix",
        zh="先存下 out_order_no 再请求，超时以后用同一个重试：平台返回的还是第一次的订单。只有明确"
        "返回了错误，才换新的。",
        en="Store the out_order_no before you ask, and retry with the same: the platform returns"
        " the first order. Only after an answer with an error take a new one.",
    ),
    source=DOCUMENTED_PAGE,
)
def new_number_on_retry(seen: SeenExchanges) -> Iterator[Hit]:
    """An order is asked for again under another number, because no answer came in time.

    Orders of several people may be alike, so it takes a cp_extra that no other order has.
    """
    pairs = (
        (key, each) for each in seen if is_payment(each, "create_order") and (key := _order(each))
    )
    for group in grouped(pairs).values():
        numbers = [str(each.given.get("out_order_no")) for each in group]
        if len(group) > 1 and len(set(numbers)) == len(numbers) and _is_one_order(group):
            shown = numbers[-_SHOWN:]
            yield Hit(group[-1], _RETRIED(count=len(numbers), numbers=shown))


def _order(seen: SeenExchange) -> tuple[str, ...] | None:
    """Return a key that is equal for requests that are alike but for the number."""
    given = seen.given
    if not given.get("cp_extra"):
        return None
    names = ("app_id", "subject", "body", "total_amount", "cp_extra")
    return tuple(str(given.get(name)) for name in names)


def _is_one_order(group: list[SeenExchange]) -> bool:
    """Whether each request follows one whose answer was lost or not awaited, within a minute."""
    pairs = zip(group, group[1:], strict=False)
    return all(
        (_is_lost(first) or _is_early(first, then)) and then.time - first.time <= MINUTE
        for first, then in pairs
    )


def _is_lost(seen: SeenExchange) -> bool:
    """Whether the client cannot know what became of its call."""
    return seen.exchange.verdict == "fault" or seen.exchange.reply.status >= 500


def _is_early(first: SeenExchange, then: SeenExchange) -> bool:
    """Whether the client asked again before the first answer, which a rule delayed, had left.

    In a world whose clock stands still there is no telling.
    """
    return first.time < then.time < first.time + first.exchange.reply.delay


_REUSED = text(
    "number_reused",
    zh="单号 {number} 又下了一次单，金额从 {first} 分变成 {then} 分，返回的仍是第一次的订单",
    en="{number} was asked for again with {then} fen in place of {first}; the answer is the first"
    " order",
)


@finding(
    about=text(
        "number_reused_about",
        zh="用过的单号换了金额",
        en="A number is used again for another amount",
    ),
    why=text(
        "number_reused_why",
        zh="单号用过以后，create_order 返回第一次的订单，不看这次的参数，也不报错：用户按第一次的"
        "金额付款。",
        en="create_order answers the first order of a number, whatever else is sent, and refuses"
        " nothing: the person pays the first amount.",
    ),
    fix=text(
        "number_reused_fix",
        zh="金额变了就用新的 out_order_no 下单，并作废旧的订单。",
        en="Take a new out_order_no where the amount has changed, and give up the old order.",
    ),
    source=DOCUMENTED_PAGE,
)
def number_reused(seen: SeenExchanges) -> Iterator[Hit]:
    """An order is asked for again with another amount, which is ignored."""
    made = grouped(
        (order_id, each)
        for each in seen
        if is_payment(each, "create_order") and (order_id := _order_id(each))
    )
    for group in made.values():
        first, then = (_fen(each) for each in (group[0], group[-1]))
        if first != then:
            number = str(group[-1].given.get("out_order_no"))
            yield Hit(group[-1], _REUSED(number=number, first=first, then=then))


def _order_id(seen: SeenExchange) -> str:
    """Return the platform's number of an order that was answered: a sandbox has its own."""
    data = answer_of(seen).get("data")
    return str(data.get("order_id", "")) if isinstance(data, dict) else ""


def _fen(seen: SeenExchange) -> str:
    amount = seen.given.get("total_amount")
    return str(int(amount) if isinstance(amount, float) else amount).strip()


# Callbacks.

_FORGOTTEN = text(
    "callback_forgotten",
    zh="订单 {number} 的支付回调已经响应成功，{seconds} 秒后又下了一次单",
    en="the payment of order {number} was acknowledged, and {seconds} s later the order was asked"
    " for again",
)

_SETTLING = 5.0
"""Seconds within which a request may have been on its way when the callback was acknowledged."""


@finding(
    about=text(
        "callback_forgotten_about",
        zh="响应了支付回调，却没有保存",
        en="A payment was acknowledged and not kept",
    ),
    why=text(
        "callback_forgotten_why",
        zh="响应成功以后平台不再通知。还没有落库就响应，进程一重启，这笔支付就丢了。",
        en="What was acknowledged is not told again. Who answers before it is stored loses the"
        " payment when the process ends.",
    ),
    fix=text(
        "callback_forgotten_fix",
        zh="先在事务里把订单改成已支付，提交以后再响应 err_no 0。",
        en="Mark the order as paid in a transaction, commit it, and then answer err_no 0.",
    ),
    source=DOCUMENTED_PAGE,
)
def callback_forgotten(seen: SeenExchanges) -> Iterator[Hit]:
    """An order is asked for again whose payment was acknowledged a while ago."""
    created = [
        each for each in seen if is_payment(each, "create_order") and each.exchange.verdict == "ok"
    ]
    again = _repeated(created)
    paid = payments_by_order(seen) if again else {}
    for key, each in again:
        known = [at for one in paid.get(key, ()) if (at := one.acknowledged) is not None]
        if known and (late := each.time - min(known)) > _SETTLING:
            yield Hit(each, _FORGOTTEN(number=key[1], seconds=round(late)))


def _repeated(created: list[SeenExchange]) -> list[tuple[OrderKey, SeenExchange]]:
    """Return the last of several calls for each order."""
    groups = grouped((order_of(each), each) for each in created)
    return [(key, group[-1]) for key, group in groups.items() if key[1] and len(group) > 1]
