"""How languages and libraries write values that clients sign: as JSON, by `toString`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import islice, permutations
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.texts import TextTemplate, text
from mockdouyin.domain.signatures._recipe import KNOWN, RARE
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
    rank: int = KNOWN


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


def ascii_json(value: Any) -> str:
    r"""Return JSON without blanks, with \uXXXX for what is not ASCII."""
    return json.dumps(value, separators=_TIGHT)


def _ascii_sorted(value: Any) -> str:
    return json.dumps(value, separators=_TIGHT, sort_keys=True)


def _ascii_sorted_spaced(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _ascii_upper(value: Any) -> str:
    return re.sub(r"\\u[0-9a-f]{4}", lambda code: "\\u" + code[0][2:].upper(), ascii_json(value))


def _php(value: Any) -> str:
    return ascii_json(value).replace("/", "\\/")


def _php_unicode(value: Any) -> str:
    return compact(value).replace("/", "\\/")


def _for_html(written: str) -> str:
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _go_struct(value: Any) -> str:
    return _for_html(compact(value))


def _go_map(value: Any) -> str:
    return _for_html(_sorted(value))


def _gson(value: Any) -> str:
    escaped = _for_html(compact(value))
    return escaped.replace("=", "\\u003d").replace("'", "\\u0027")


def _dotnet(value: Any) -> str:
    """Write as System.Text.Json: what may mean something in HTML is escaped, too."""
    written = _ascii_upper(value).replace('\\"', "\\u0022")
    for character in "&<>'+`":
        written = written.replace(character, f"\\u{ord(character):04X}")
    return written


def _in_text(value: Any) -> str:
    return compact(compact(value))


def _single_quotes(value: Any) -> str:
    return compact(value).replace('"', "'")


def quotes_escaped(text: str) -> str:
    """Return a text with a backslash before each quote and each backslash."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


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


def _indented_crlf(value: Any) -> str:
    return _indented(value).replace("\n", "\r\n")


def _indented_tab(value: Any) -> str:
    return _dump(value, indent="\t")


def _indented_php(value: Any) -> str:
    return json.dumps(value, indent=4).replace("/", "\\/")


def _orders(value: Any) -> Iterator[Any]:
    """Yield an object, or those of a list, with the keys in other orders."""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict) or not 1 < len(first) <= _MAX_REORDERED:
        return
    for keys in islice(permutations(first), 1, None):

        def ordered(each: Any, keys: tuple[str, ...] = keys) -> Any:
            if not isinstance(each, dict):
                return each
            return dict(
                sorted(each.items(), key=lambda e: keys.index(e[0]) if e[0] in keys else 9)
            )

        yield [ordered(each) for each in value] if isinstance(value, list) else ordered(value)


_MAX_REORDERED = 4
"""How many keys an object has at most whose keys are put in other orders."""


def _reordered(number: int, value: Any) -> str:
    """Write with the keys in one of the other orders."""
    return compact(next(islice(_orders(value), number, None), value))


def _php_array(value: Any) -> str:
    return "Array"


def _python(value: Any) -> str:
    return str(value)


def _ruby(arrow: str, value: Any) -> str:
    """Write as Ruby's `inspect`."""
    if isinstance(value, dict):
        pairs = (f"{_ruby(arrow, key)}{arrow}{_ruby(arrow, each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_ruby(arrow, each) for each in value) + "]"
    return "nil" if value is None else compact(value)


def _joined(joint: str, value: Any) -> str:
    """Write the values of a list or an object one after the other."""
    values = value.values() if isinstance(value, dict) else value
    return joint.join(map(_plain, values)) if isinstance(value, dict | list) else _plain(value)


def _as_query(value: Any) -> str:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return "&".join(f"{key}={_plain(each)}" for key, each in pairs)


def _go_values(frame: str, value: Any) -> str:
    """Write an object as Go prints a struct by `%v`: its values without their names."""
    if isinstance(value, dict):
        inner = " ".join(_go_values("{{{}}}", each) for each in value.values())
        return frame.format(inner)
    if isinstance(value, list):
        return "[" + " ".join(_go_values(frame, each) for each in value) + "]"
    return go_text(value)


def _go_named(value: Any) -> str:
    """Write an object as Go prints a struct by `%+v`, its names in camel case."""
    if isinstance(value, dict):
        named = (
            (re.sub("(?:^|_)(.)", lambda c: c[1].upper(), key), v) for key, v in value.items()
        )
        return "{" + " ".join(f"{name}:{_go_named(each)}" for name, each in named) + "}"
    return _go_values("{{{}}}", value)


def _dotnet_type(list_type: str, object_type: str, value: Any) -> str:
    """Write the name of a type, as C#'s ToString() does."""
    return object_type if isinstance(value, dict) else list_type


_GENERIC = "System.Collections.Generic."
_DOTNET_LISTS = (f"{_GENERIC}List`1[System.String]", "System.Object[]", "System.String[]")
_DOTNET_OBJECTS = tuple(
    f"{_GENERIC}Dictionary`2[System.String,System.{each}]"
    for each in ("Object", "String", "Int32")
)


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
        (_sorted, _sorted_spaced, _ascii_sorted, _ascii_sorted_spaced),
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
        (ascii_json, _ascii_upper),
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
        (_indented, _indented_wide, _indented_crlf, _indented_tab, _indented_php),
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
        "json_escaped_more",
        text(
            "written_json_escaped_more",
            zh="Java Gson 或 C# System.Text.Json 的写法（& < > = ' + 等也转义）",
            en="JSON by Java's Gson or C#'s System.Text.Json, which escape & < > = ' + as well",
        ),
        (_gson, _dotnet),
        rank=RARE,
    ),
    Style(
        "json_reordered",
        text(
            "written_json_reordered",
            zh="键的顺序不同的 JSON",
            en="JSON with its keys in another order",
        ),
        tuple(partial(_reordered, number) for number in range(23)),
        rank=RARE,
    ),
    Style(
        "json_in_text",
        text(
            "written_json_in_text",
            zh="又包了一层引号的 JSON 字符串（序列化了两次）",
            en="a text of JSON within a text of JSON, serialized twice",
        ),
        (_in_text,),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "single_quotes",
        text("written_single_quotes", zh="用单引号的 JSON", en="JSON with single quotes"),
        (_single_quotes,),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "ruby",
        text("written_ruby", zh="Ruby 的 to_s", en="Ruby's to_s"),
        (partial(_ruby, "=>"), partial(_ruby, " => ")),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "joined",
        text(
            "written_joined",
            zh="直接拼在一起的各个值（如 PHP 的 implode）",
            en="its values joined, as by PHP's implode",
        ),
        (partial(_joined, ","), partial(_joined, ""), partial(_joined, "&")),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "as_query",
        text(
            "written_as_query",
            zh="key=value 串（如 PHP 的 http_build_query）",
            en="key=value pairs, as by PHP's http_build_query",
        ),
        (_as_query,),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "go_struct",
        text(
            "written_go_struct",
            zh="Go 结构体的 %v、%+v：{{1 2}}、{{A:1 B:2}}",
            en="Go's %v or %+v of a struct: {{1 2}}, {{A:1 B:2}}",
        ),
        (partial(_go_values, "{{{}}}"), partial(_go_values, "&{{{}}}"), _go_named),
        is_json=False,
        rank=RARE,
    ),
    Style(
        "dotnet",
        text(
            "written_dotnet",
            zh="C# 的 ToString()：类型名（System.Collections.Generic.…）",
            en="C#'s ToString(), the name of a type: System.Collections.Generic.…",
        ),
        tuple(
            partial(_dotnet_type, of_list, of_object)
            for of_list in _DOTNET_LISTS
            for of_object in _DOTNET_OBJECTS
        ),
        is_json=False,
        rank=RARE,
    ),
)
"""The ways that are known, beside the one of the platform."""


def respelled(body: bytes, *, printed: bool = False) -> Iterator[bytes]:
    """Yield a JSON body as other serializers write it: with blanks, sorted, escaped, indented.

    With `printed` also as languages print what was parsed.
    """
    yield body.strip()
    yield body + b"\n"
    value = parse(body.strip())
    if value is None:
        return
    for style in STYLES:
        if style.is_json or (printed and style.rank == KNOWN):
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
