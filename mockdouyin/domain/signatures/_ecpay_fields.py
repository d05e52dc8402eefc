"""Wrong recipes of guaranteed payment: which values are signed, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations, islice
from typing import Any

from mockdouyin.core.texts import text
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._recipe import RARE, USUAL, Recipe
from mockdouyin.domain.signatures._values import UNSIGNED, go_text, trimmed
from mockdouyin.domain.signatures._writing import STYLES, Style, Write
from mockdouyin.domain.signatures.ecpay import ECPAY, EcpayPlan, EcpayPlans, Field


def _with(plan: EcpayPlan, fields: Iterator[Field]) -> EcpayPlan:
    return plan._replace(fields=tuple(fields))


def _each(plan: EcpayPlan, change: Callable[[str, Any], Any]) -> EcpayPlan:
    """Return the plan with each signed value changed."""
    return _with(
        plan,
        (
            (name, value if name in plan.unsigned else change(name, value))
            for name, value in plan.fields
        ),
    )


# Which fields are signed.


@ECPAY.recipe(
    text(
        "ecpay_zero_left_out",
        zh="值为 0 的参数没有参与签名（如 PHP 的 empty()、JavaScript 的 if (v)），0 也要签",
        en="fields that are 0 were left out, as by PHP's empty() or JavaScript's `if (v)`; a 0 is"
        " signed",
    ),
    rank=USUAL,
)
def zero_left_out(plan: EcpayPlan) -> EcpayPlans:
    """What a language takes for false is dropped: 0 and false, or also "0", [] and {}."""
    yield _with(plan, (field for field in plan.fields if field[1]))
    yield _with(plan, (field for field in plan.fields if field[1] and field[1] != "0"))


SIGNED_TOO = text(
    "ecpay_unsigned_signed",
    zh="{names} 也参与了签名，不应参与",
    en="{names} was signed too; it is left out",
)


@ECPAY.recipe(
    SIGNED_TOO, names=" / ".join(name for name in UNSIGNED if name != "sign"), rank=USUAL
)
def unsigned_signed(plan: EcpayPlan) -> EcpayPlans:
    """A field that is not signed is, or all of them."""
    there = [name for name, _ in plan.fields if name in plan.unsigned and name != "sign"]
    for names in ([each] for each in there):
        yield plan._replace(unsigned=plan.unsigned - set(names), why=SIGNED_TOO(names=names))
    if len(there) > 1:
        yield plan._replace(unsigned=plan.unsigned - set(there), why=SIGNED_TOO(names=there))


MAX_LEFT_OUT = 64
"""How many fields are tried without each."""


NOT_SIGNED = text(
    "ecpay_field_not_signed",
    zh="{names} 没有参与签名：签名之后才加进请求，或者被过滤掉了",
    en="{names} is missing from what was signed: it was added after, or filtered out",
)


@ECPAY.recipe(NOT_SIGNED, names="…", rank=USUAL)
def field_not_signed(plan: EcpayPlan) -> EcpayPlans:
    """One field is missing, or all that are nested."""
    nested = [name for name, value in plan.fields if isinstance(value, dict | list)]
    for name in _signed(plan)[:MAX_LEFT_OUT]:
        yield _without(plan, (name,))
    if len(nested) > 1:
        yield _without(plan, nested)


def _signed(plan: EcpayPlan) -> list[str]:
    """Return the names of the fields that are signed and not empty."""
    fields = ((name, value) for name, value in plan.fields if name not in plan.unsigned)
    return [name for name, value in fields if value not in (None, "")]


def _without(plan: EcpayPlan, names: Sequence[str]) -> EcpayPlan:
    return plan._replace(unsigned=plan.unsigned | set(names), why=NOT_SIGNED(names=list(names)))


MAX_SETS = 200
"""How many sets of several fields are tried without."""


@ECPAY.recipe(NOT_SIGNED, names="…", rank=RARE)
def fields_not_signed(plan: EcpayPlan) -> EcpayPlans:
    """Several fields are missing: the last ones of the body, or any two, three or more."""
    names = _signed(plan)[:MAX_LEFT_OUT]
    for start in range(len(names) - 2, 0, -1):
        yield _without(plan, names[start:])
    sets = (each for size in range(2, len(names)) for each in combinations(names, size))
    for each in islice(sets, MAX_SETS):
        yield _without(plan, each)


@ECPAY.recipe(
    text(
        "ecpay_query_signed",
        zh="URL 里的参数也参与了签名；请求有 body 时只签 body 里的参数",
        en="the query's fields were signed too; of a request with a body only the body's are",
    )
)
def query_signed(plan: EcpayPlan) -> EcpayPlans:
    """Fields of the query among those of the body; of two with one name the body's."""
    if plan.beside:
        yield plan._replace(fields=tuple({**dict(plan.beside), **dict(plan.fields)}.items()))


@ECPAY.recipe(
    text(
        "ecpay_null_signed",
        zh="值为 null 的参数也参与了签名，应略去",
        en="fields that are null were signed; they are left out",
    )
)
def null_signed(plan: EcpayPlan) -> EcpayPlans:
    """Null as languages print it."""
    for written in ("null", "None", "<nil>", "nil", "undefined", "NULL", "NaN"):

        def change(name: str, value: Any, written: str = written) -> Any:
            return written if value is None else value

        yield _each(plan, change)._replace(left_out=plan.left_out - {"null"})


ABSENT_SIGNED = text(
    "ecpay_absent_signed",
    zh="没有发送的参数也参与了签名，签的是 {word}（undefined 的字段不会出现在 JSON 里，"
    "Go 的 omitempty 也是），应略去",
    en="fields that were not sent were signed, as {word}: JSON leaves out what is undefined, and"
    " Go's omitempty what is nil; leave it out of the sign too",
)

MAX_ABSENT = 6
"""How many fields are tried that were signed and not sent."""


@ECPAY.recipe(ABSENT_SIGNED, rank=RARE, word="undefined / <nil> / None")
def absent_signed(plan: EcpayPlan) -> EcpayPlans:
    """What a language prints for nothing, some times."""
    if any(value is None for _, value in plan.fields):  # `null_signed` explains it
        return
    for word in ("undefined", "<nil>", "None"):
        for count in range(1, MAX_ABSENT + 1):
            more = tuple(("", word) for _ in range(count))
            yield plan._replace(fields=plan.fields + more, why=ABSENT_SIGNED(word=word))


@ECPAY.recipe(
    text(
        "ecpay_empty_signed",
        zh="空字符串也参与了签名（多出了 &），应略去",
        en="empty values were signed, which leaves more &; they are left out",
    )
)
def empty_signed(plan: EcpayPlan) -> EcpayPlans:
    """Empty texts, and perhaps nulls as such."""
    kept = plan._replace(left_out=plan.left_out - {""})
    yield kept
    yield _each(kept, lambda _, value: "" if value is None else value)


# Blanks and quotes.


@ECPAY.recipe(
    text(
        "ecpay_not_trimmed",
        zh="参数值没有去掉首尾空白，平台会先去掉空白再签名",
        en="the values are not trimmed; the platform trims blanks at both ends",
    )
)
def not_trimmed(plan: EcpayPlan) -> EcpayPlans:
    """Blanks stay, or those that only Go takes for blanks do."""

    def unquoted(value: str) -> str:
        return value if value != value.strip() else trimmed(value)

    def ascii_trimmed(value: str) -> str:
        value = value.strip(" \t\n\r\0\v")
        return value[1:-1].strip(" \t\n\r\0\v") if _is_quoted(value) else value

    for tidy in (unquoted, ascii_trimmed):
        yield plan._replace(tidy=tidy)


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] == '"'


def _first_cut(value: str) -> str:
    value = value.strip()
    return value[1:] if _is_quoted(value) else value


def _inside_not_trimmed(value: str) -> str:
    value = value.strip()
    return value[1:-1] if _is_quoted(value) else value


@ECPAY.recipe(
    text(
        "ecpay_quotes_kept",
        zh="参数值首尾的引号没有去掉，或只去掉了前一个（官方 PHP demo 的 substr 写法有误）",
        en="the quotes around a value stay, or one of them does, as by the PHP demo's substr;"
        " both are taken away",
    )
)
def quotes_kept(plan: EcpayPlan) -> EcpayPlans:
    """Both quotes stay, the last one, or the blanks inside."""
    for tidy in (str.strip, _first_cut, _inside_not_trimmed):
        yield plan._replace(tidy=tidy)


@ECPAY.recipe(
    text(
        "ecpay_sign_signed",
        zh="上一次算出的 sign 也参与了签名（同一个对象签了两次），先去掉 sign 再签名",
        en="the sign of an earlier try was signed, too, as where one object is signed twice; take"
        " it out before you sign",
    )
)
def sign_signed(plan: EcpayPlan) -> EcpayPlans:
    """The right sign among the values, or an empty one."""
    for sign in (plan.signature(), ""):
        signed = ((n, v) for n, v in (*plan.fields, ("sign", sign)) if n != "sign" or v == sign)
        left_out = plan.left_out if sign else plan.left_out - {""}
        yield _with(plan, signed)._replace(unsigned=plan.unsigned - {"sign"}, left_out=left_out)


# Numbers and booleans.


def _is_amount(name: str) -> bool:
    return any(word in name for word in ("amount", "fee", "price"))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_integral(value: Any) -> bool:
    """Whether a number is whole, be it written as 1990 or as 1990.0."""
    return _is_whole(value) or (isinstance(value, float) and value.is_integer())


@ECPAY.recipe(
    text(
        "ecpay_yuan",
        zh="金额按元签名（如 19.9），发送的是分，应对发送的整数签名",
        en="amounts were signed in yuan, such as 19.9, and sent in fen; sign the integer that is"
        " sent",
    )
)
def yuan(plan: EcpayPlan) -> EcpayPlans:
    """An amount over a hundred, with two places or as few as it needs."""

    def as_short(name: str, value: Any) -> Any:
        fits = _is_amount(name) and _is_whole(value)
        return f"{(Decimal(value) / 100).normalize():f}" if fits else value

    def as_long(name: str, value: Any) -> Any:
        return f"{Decimal(value) / 100:.2f}" if _is_amount(name) and _is_whole(value) else value

    for change in (as_short, as_long):
        yield _each(plan, change)


@ECPAY.recipe(
    text(
        "ecpay_fen",
        zh="金额按分签名，发送的却是元（或者多乘了一次 100），发送和签名都应是分",
        en="amounts were signed in fen, and sent in yuan, or multiplied by 100 once more; send and"
        " sign fen",
    )
)
def fen(plan: EcpayPlan) -> EcpayPlans:
    """A hundred times what is sent."""

    def change(name: str, value: Any) -> Any:
        if not _is_amount(name) or isinstance(value, bool | dict | list):
            return value
        number = Decimal(str(value)) if _NUMBER.fullmatch(str(value)) else None
        return value if number is None else f"{(number * 100).normalize():f}"

    yield _each(plan, change)


_NUMBER = re.compile(r"\d{1,15}(\.\d{1,4})?", re.A)


@ECPAY.recipe(
    text(
        "ecpay_numbers_grouped",
        zh="数字写成了 1,990（如 PHP 的 number_format），应只写数字",
        en="numbers are written as 1,990, as by PHP's number_format; write the digits alone",
    )
)
def numbers_grouped(plan: EcpayPlan) -> EcpayPlans:
    """Commas between thousands, with two places or none."""
    for form in ("{:,}", "{:,.2f}"):

        def change(name: str, value: Any, form: str = form) -> Any:
            is_small = _is_whole(value) and abs(value) < 10**15
            return form.format(value) if is_small else value

        yield _each(plan, change)


def _mapped(change: Callable[[Any], Any], value: Any, left: int = _writing.MAX_DEPTH) -> Any:
    """Change every value that is not nested."""
    if left and isinstance(value, dict):
        return {key: _mapped(change, each, left - 1) for key, each in value.items()}
    if left and isinstance(value, list):
        return [_mapped(change, each, left - 1) for each in value]
    return change(value)


def _change_deep(change: Callable[[Any], Any], name: str, value: Any) -> Any:
    return _mapped(change, value)


@ECPAY.recipe(
    text(
        "ecpay_go_float",
        zh="数字按 Go 的 float64 输出（1000000 变成 1e+06），应保持整数",
        en="numbers are written as Go's float64, 1000000 as 1e+06; keep integers as they are",
    )
)
def go_float(plan: EcpayPlan) -> EcpayPlans:
    """What was read into a map[string]interface{} and printed by %v."""

    def change(value: Any) -> Any:
        number = _is_whole(value) or isinstance(value, float)
        return _writing.go_float(value) if number and abs(value) < 1e300 else value

    yield _each(plan, partial(_change_deep, change))


@ECPAY.recipe(
    text(
        "ecpay_decimal",
        zh="整数写成了小数（如 1990.0），签名和发送都应是整数",
        en="integers are written as decimals, such as 1990.0; sign and send them as integers",
    )
)
def decimal(plan: EcpayPlan) -> EcpayPlans:
    """One place, as Python's float and Java's Double, or two; amounts alone, or all."""
    for write in ("{}.0".format, "{}.00".format, _writing.java_double, "{}.000000".format):
        for chosen in (_is_amount, lambda name: True):

            def change(name: str, value: Any, write: Any = write, chosen: Any = chosen) -> Any:
                return write(int(value)) if chosen(name) and _is_integral(value) else value

            yield _each(plan, change)


@ECPAY.recipe(
    text(
        "ecpay_booleans",
        zh="布尔值没有写成 true/false（PHP 写成 1 和空，Python 写成 True/False）",
        en="booleans are not written as true and false: PHP has 1 and nothing, Python True and"
        " False",
    )
)
def booleans(plan: EcpayPlan) -> EcpayPlans:
    """True and false as other languages print them."""
    for true, false in (("1", ""), ("1", "0"), ("True", "False"), ("TRUE", "FALSE")):

        def change(value: Any, true: str = true, false: str = false) -> Any:
            return (true if value else false) if isinstance(value, bool) else value

        yield _each(plan, partial(_change_deep, change))


# Nested values, and texts that are JSON.

NESTED = text(
    "ecpay_nested",
    zh="嵌套的值要按 Go 的 %v 输出（map[a:1 b:2]、[a b]），这里的写法是：{style}",
    en="nested values are written as {style}; the platform prints them as Go's %v does:"
    " map[a:1 b:2], [a b]",
)
RESPELLED = text(
    "ecpay_respelled",
    zh="签名之后又序列化了一次，签的 JSON 字符串与发送的写法不同，签的是：{style}",
    en="it was serialized again after signing: a JSON text was signed as {style}, and sent"
    " otherwise",
)


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list) and not _writing.is_deep(value)


def _is_json(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip()[:1] in ("{", "[")


def _nested(write: Write, name: str, value: Any) -> Any:
    return write(value) if _is_nested(value) else value


def _respelled(write: Write, name: str, value: Any) -> Any:
    parsed = _writing.parse(value.strip()) if _is_json(value) else None
    return value if parsed is None else write(parsed)


def _rewritten(
    change: Callable[[Write, str, Any], Any], style: Style, plan: EcpayPlan
) -> EcpayPlans:
    fits = _is_nested if change is _nested else _is_json
    if any(fits(value) for _, value in plan.fields):
        for write in style.writes:
            yield _each(plan, partial(change, write))


for _style in STYLES:
    if _style.name != "json_compact":  # that the platform takes nested values so is assumed
        _vary = partial(_rewritten, _nested, _style)
        ECPAY.add(
            Recipe(f"nested_{_style.name}", NESTED(style=_style.about()), _vary, _style.rank)
        )
    _vary = partial(_rewritten, _respelled, _style)
    ECPAY.add(
        Recipe(f"respelled_{_style.name}", RESPELLED(style=_style.about()), _vary, _style.rank)
    )


@ECPAY.recipe(
    text(
        "ecpay_text_was_nested",
        zh="签名时是对象，发送的是 JSON 字符串：签名和发送要用同一个值",
        en="an object was signed, and its JSON text was sent; sign what is sent",
    )
)
def text_was_nested(plan: EcpayPlan) -> EcpayPlans:
    """A JSON text as Go prints what it holds."""
    yield _each(plan, partial(_respelled, go_text))
