"""How languages and libraries write values that clients sign: as JSON, by `toString`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.texts import TextTemplate, text
from mockdouyin.domain.signatures._values import go_text

MAX_DEPTH = 64
"""Levels of nesting that are written in other ways; a deeper value is left as it is."""

Write = Callable[[Any], str]


class Style(NamedTuple):
    """A way to write a nested value."""

    name: str
    about: TextTemplate
    writes: tuple[Write, ...]
    """More than one where versions or options differ."""
    is_json: bool = True


def parse(text: str | bytes) -> Any:
    """Return what an object or array in JSON holds; None if the text is no such thing."""
    if text[:1] not in ("{", "[", b"{", b"["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return None if is_deep(value) else value


def is_deep(value: Any, left: int = MAX_DEPTH) -> bool:
    """Whether a value is nested deeper than it is written."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return not left or any(is_deep(each, left - 1) for each in value)


def _dump(value: Any, **settings: Any) -> str:
    return json.dumps(value, ensure_ascii=False, **settings)


_TIGHT = (",", ":")


def compact(value: Any) -> str:
    """Return JSON without blanks, in raw UTF-8."""
    return _dump(value, separators=_TIGHT)


def _spaced(value: Any) -> str:
    return _dump(value)


def _sorted(value: Any) -> str:
    return _dump(value, separators=_TIGHT, sort_keys=True)


def _sorted_spaced(value: Any) -> str:
    return _dump(value, sort_keys=True)


def _ascii_spaced(value: Any) -> str:
    return json.dumps(value)


def _ascii(value: Any) -> str:
    return json.dumps(value, separators=_TIGHT)


def _php(value: Any) -> str:
    return _ascii(value).replace("/", "\\/")


def _php_unicode(value: Any) -> str:
    return compact(value).replace("/", "\\/")


def _for_html(written: str) -> str:
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _go_struct(value: Any) -> str:
    return _for_html(compact(value))


def _go_map(value: Any) -> str:
    return _for_html(_sorted(value))


def _indented(value: Any) -> str:
    return _dump(value, indent=2)


def _indented_wide(value: Any) -> str:
    return _dump(value, indent=4)


def _plain(value: Any) -> str:
    """Return a value that is not nested as most languages print it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else compact(value)


def java(value: Any) -> str:
    """Return what `toString` of Java's maps and lists prints."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java, value)) + "]"
    return _plain(value)


def go_unsorted(value: Any) -> str:
    """Return Go's `map[…]` with its keys as they come, as a copy of its format may leave them."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{go_unsorted(v)}" for k, v in value.items()) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(go_unsorted, value)) + "]"
    return go_text(value)


def javascript(value: Any) -> str:
    """Return what `String(value)` gives in JavaScript."""
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list):
        return ",".join("" if each is None else javascript(each) for each in value)
    return _plain(value)


def _php_array(value: Any) -> str:
    return "Array"


def _python(value: Any) -> str:
    return str(value)


def _ruby(value: Any, arrow: str = "=>") -> str:
    if isinstance(value, dict):
        pairs = (f"{_ruby(key)}{arrow}{_ruby(each, arrow)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_ruby(each, arrow) for each in value) + "]"
    return "nil" if value is None else compact(value)


def _ruby_spaced(value: Any) -> str:
    return _ruby(value, " => ")


def _go_fields(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + " ".join(map(_go_fields, value.values())) + "}"
    if isinstance(value, list):
        return "[" + " ".join(map(_go_fields, value)) + "]"
    return go_text(value)


STYLES = (
    Style(
        "json_compact",
        text("written_json_compact", zh="无空格的 JSON", en="JSON without blanks"),
        (compact,),
    ),
    Style(
        "json_spaced",
        text(
            "written_json_spaced",
            zh="逗号、冒号后带空格的 JSON（Python json.dumps 的默认写法）",
            en="JSON with a blank after comma and colon, as Python's json.dumps writes it",
        ),
        (_spaced, _ascii_spaced),
    ),
    Style(
        "json_sorted",
        text("written_json_sorted", zh="按键排序的 JSON", en="JSON with sorted keys"),
        (_sorted, _sorted_spaced),
    ),
    Style(
        "json_php",
        text(
            "written_json_php",
            zh="PHP json_encode 的默认写法（\\/ 和 \\uXXXX 转义）",
            en="JSON by PHP's json_encode, with its escapes \\/ and \\uXXXX",
        ),
        (_php, _php_unicode),
    ),
    Style(
        "json_escaped",
        text(
            "written_json_escaped",
            zh="中文转义成 \\uXXXX 的 JSON",
            en="JSON with \\uXXXX for what is not ASCII",
        ),
        (_ascii,),
    ),
    Style(
        "json_go",
        text(
            "written_json_go",
            zh="Go json.Marshal 的写法（< > & 转义成 \\u003c 等）",
            en="JSON by Go's json.Marshal, with its escapes of < > &",
        ),
        (_go_struct, _go_map),
    ),
    Style(
        "json_indented",
        text("written_json_indented", zh="带缩进的 JSON", en="JSON with line ends and indents"),
        (_indented, _indented_wide),
    ),
    Style(
        "java",
        text(
            "written_java",
            zh="Java 的 toString：{{a=1, b=2}}",
            en="Java's toString: {{a=1, b=2}}",
        ),
        (java,),
        is_json=False,
    ),
    Style(
        "go_unsorted",
        text(
            "written_go_unsorted",
            zh="键没有排序的 map[…]（Go 的 map 按键排序输出）",
            en="map[…] with unsorted keys (Go prints them sorted)",
        ),
        (go_unsorted,),
        is_json=False,
    ),
    Style(
        "go_struct",
        text(
            "written_go_struct",
            zh="Go 结构体的 %v：{{15 10}}",
            en="a struct of Go's by %v: {{15 10}}",
        ),
        (_go_fields,),
        is_json=False,
    ),
    Style(
        "javascript",
        text(
            "written_javascript",
            zh="JavaScript 的 String()：[object Object]",
            en="JavaScript's String(): [object Object]",
        ),
        (javascript,),
        is_json=False,
    ),
    Style(
        "php_array",
        text("written_php_array", zh="PHP 数组转成的字符串 Array", en="PHP's word for it: Array"),
        (_php_array,),
        is_json=False,
    ),
    Style(
        "python",
        text("written_python", zh="Python 的 str()", en="Python's str()"),
        (_python,),
        is_json=False,
    ),
    Style(
        "ruby",
        text("written_ruby", zh='Ruby 的 to_s：{{"a"=>1}}', en='Ruby\'s to_s: {{"a"=>1}}'),
        (_ruby, _ruby_spaced),
        is_json=False,
    ),
)
"""The ways that are known, beside the one of the platform."""


def respelled(body: bytes) -> Iterator[bytes]:
    """Yield a JSON body as other serializers write it: with blanks, sorted, escaped, indented."""
    yield body.strip()
    yield body + b"\n"
    value = parse(body.strip())
    if value is None:
        return
    for style in STYLES:
        if style.is_json:
            for write in style.writes:
                yield write(value).encode(errors="replace")


def java_double(number: int) -> str:
    """Return a whole number as Java prints it as a Double: 1990.0, and ten million as 1.0E7."""
    digits = str(abs(number))
    if len(digits) < 8:
        return f"{number}.0"
    rest = digits[1:].rstrip("0") or "0"
    return f"{'-' * (number < 0)}{digits[0]}.{rest}E{len(digits) - 1}"


def go_float(number: float) -> str:
    """Return a float64 as Go prints it by `%v`: 1000000 is 1e+06."""
    shortest = Decimal(repr(float(number)))
    if not shortest.is_finite():
        return str(number)
    sign, digits, exponent = shortest.normalize().as_tuple()
    power = len(digits) + int(exponent) - 1
    if not number or -4 <= power < 6:
        return f"{shortest.normalize():f}"
    rest = "." + "".join(map(str, digits[1:])) if digits[1:] else ""
    return f"{'-' * sign}{digits[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02}"
