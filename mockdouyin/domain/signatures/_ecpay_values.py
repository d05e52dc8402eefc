"""Wrong recipes of guaranteed payment: how the text of a value is changed before it is signed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from mockdouyin.core.texts import TextTemplate, text
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._recipe import RARE
from mockdouyin.domain.signatures._values import go_text, trimmed
from mockdouyin.domain.signatures.ecpay import ECPAY, EcpayPlan, EcpayPlans

Change = Callable[[str], str]


MAX_CHANGED = 4096
"""Characters of the longest value that is changed: most changes go through it one by one."""


def _changed(plan: EcpayPlan, change: Change) -> EcpayPlan:
    """Return the plan with each value changed once it is written and trimmed."""

    def tidy(value: str) -> str:
        value = trimmed(value)
        return change(value) if len(value) <= MAX_CHANGED else value

    return plan._replace(tidy=tidy)


def _quote(safe: str, value: str) -> str:
    return quote(value, safe=safe, errors="replace")


def _lower_escapes(value: str) -> str:
    """Encode as C#'s HttpUtility does: with plus signs, and escapes in lower case."""
    escaped = quote_plus(value, safe="!()*", errors="replace")
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), escaped)


_URI = ";,/?:@&=+$-_.!~*'()#"
"""What JavaScript's encodeURI leaves as it is."""
_ASCII = "".join(map(chr, range(32, 127)))


@ECPAY.recipe(
    text(
        "ecpay_url_encoded",
        zh="对 URL 编码后的值做了签名，应使用原值",
        en="the values are URL-encoded; they are signed as they are",
    )
)
def url_encoded(plan: EcpayPlan) -> EcpayPlans:
    """Percent signs as the functions of languages write them, in all values or only in URLs."""
    encodes: tuple[Change, ...] = (
        *(partial(_quote, safe) for safe in ("", "/", _URI, "!'()*~", _ASCII)),
        partial(quote_plus, errors="replace"),
        partial(quote_plus, safe="*", errors="replace"),
        _lower_escapes,
    )
    for encode in encodes:
        yield _changed(plan, encode)
    urls = {name for name, _ in plan.fields if "url" in name.lower()}
    for safe in ("", _URI) if urls else ():
        fields = (
            (
                name,
                _quote(safe, value[:MAX_CHANGED])
                if name in urls and isinstance(value, str)
                else value,
            )
            for name, value in plan.fields
        )
        yield plan._replace(fields=tuple(fields))


@ECPAY.recipe(
    text(
        "ecpay_url_decoded",
        zh="对 URL 解码后的值做了签名，应使用发送的原值",
        en="the values were URL-decoded and then signed; they are signed as they are sent",
    ),
    rank=RARE,
)
def url_decoded(plan: EcpayPlan) -> EcpayPlans:
    """Without the percent signs that were sent."""
    for decode in (unquote, unquote_plus):
        yield _changed(plan, decode)


def _php_html(value: str) -> str:
    return html.escape(value).replace("&#x27;", "&#039;")


def _ampersands(value: str) -> str:
    return value.replace("&", "&amp;")


@ECPAY.recipe(
    text(
        "ecpay_html_escaped",
        zh="值里的 & < > 引号做了 HTML 转义（如 &amp;），应使用原值",
        en="the values are escaped for HTML, & as &amp;; they are signed as they are",
    )
)
def html_escaped(plan: EcpayPlan) -> EcpayPlans:
    """As a web framework's filter of input writes it."""
    for escape in (html.escape, partial(html.escape, quote=False), _php_html, _ampersands):
        yield _changed(plan, escape)
    yield _changed(plan, html.unescape)


def _escaped(form: str, value: str) -> str:
    units = value.encode("utf-16-be", "surrogatepass")
    pairs = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
    return "".join(chr(unit) if unit < 128 else form % unit for unit in pairs)


@ECPAY.recipe(
    text(
        "ecpay_unicode_escaped",
        zh="中文转义成了 \\uXXXX 再签名，应使用原文（UTF-8）",
        en="what is not ASCII was signed as \\uXXXX; it is signed as UTF-8",
    )
)
def unicode_escaped(plan: EcpayPlan) -> EcpayPlans:
    """Escapes in lower case and in upper case."""
    for form in ("\\u%04x", "\\u%04X"):
        yield _changed(plan, partial(_escaped, form))


def _slashes_added(value: str) -> str:
    return _writing.quotes_escaped(value).replace("'", "\\'")


@ECPAY.recipe(
    text(
        "ecpay_quotes_escaped",
        zh='值里的引号前加了反斜杠（\\"，如 PHP 的 addslashes），应使用原值',
        en="quotes in values were signed as \\\", as PHP's addslashes writes them; values are"
        " signed as they are",
    )
)
def quotes_escaped(plan: EcpayPlan) -> EcpayPlans:
    r"""A backslash before each quote, and each backslash, or what is within the quotes of JSON."""
    for escape in (
        _writing.quotes_escaped,
        _slashes_added,
        lambda value: value.replace('"', '\\"'),
    ):
        yield _changed(plan, escape)
    yield _changed(plan, lambda value: _writing.compact(value)[1:-1])


def _in_quotes(write: Callable[[Any], str], value: Any) -> str:
    return write(value) if isinstance(value, str) else go_text(value)


@ECPAY.recipe(
    text(
        "ecpay_values_as_json",
        zh="字符串按 JSON 写法带着引号签名（如对每个值做了 JSON.stringify），应只签引号里的内容",
        en="texts were signed with quotes, as JSON.stringify writes each value; what is within the"
        " quotes is signed",
    )
)
def values_as_json(plan: EcpayPlan) -> EcpayPlans:
    """Each text in its quotes."""
    for write in (_writing.compact, _writing.ascii_json):
        yield plan._replace(write=partial(_in_quotes, write), tidy=str)


REMOVED = text(
    "ecpay_characters_removed",
    zh="值里的{what}被删掉了，只应去掉两端的",
    en="{what} were removed from within the values; only those at both ends are",
)
BLANKS = text("removed_blanks", zh="空格", en="blanks")
QUOTES = text("removed_quotes", zh="引号", en="quotes")
SLASHES = text("removed_slashes", zh="反斜杠", en="backslashes")
HIDDEN = text(
    "removed_hidden",
    zh="BOM、零宽字符等不可见字符",
    en="characters that are not seen, such as a BOM",
)
WIDE = text("removed_wide", zh="中文等非 ASCII 字符", en="characters that are not ASCII")


@ECPAY.recipe(REMOVED, what=[BLANKS(), QUOTES(), SLASHES(), HIDDEN(), WIDE()])
def characters_removed(plan: EcpayPlan) -> EcpayPlans:
    """Every blank, every quote, or every backslash, as replaceAll does, or what is not ASCII."""
    changes: tuple[tuple[TextTemplate, Change], ...] = (
        (BLANKS, lambda value: "".join(value.split())),
        (BLANKS, lambda value: value.replace(" ", "")),
        (QUOTES, lambda value: value.replace('"', "")),
        (QUOTES, lambda value: value.replace('"', "").replace("'", "")),
        (SLASHES, lambda value: value.replace("\\", "")),
        (HIDDEN, partial(re.sub, "[\ufeff\u200b-\u200f\u2060\x00-\x1f\x7f]", "")),
        (WIDE, lambda value: value.encode("ascii", "ignore").decode()),
    )
    for what, change in changes:
        yield _changed(plan, change)._replace(why=REMOVED(what=what()))


@ECPAY.recipe(
    text(
        "ecpay_case_changed",
        zh="值转成了大写或小写再签名，应使用原值",
        en="the values were set in upper or lower case; they are signed as they are",
    )
)
def case_changed(plan: EcpayPlan) -> EcpayPlans:
    """All values in one case."""
    for change in (str.lower, str.upper):
        yield _changed(plan, change)


def _decoded_twice(value: str) -> str:
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


@ECPAY.recipe(
    text(
        "ecpay_encoded_twice",
        zh="发送的中文编码了两次（UTF-8 字节被当作 Latin-1 又编码了一次），变成了乱码",
        en="the text was encoded twice before it was sent: its UTF-8 was taken for Latin-1",
    ),
    rank=RARE,
)
def encoded_twice(plan: EcpayPlan) -> EcpayPlans:
    """Each byte of what was signed came as a character."""
    yield _changed(plan, _decoded_twice)
