"""The sign of guaranteed payment: whoever signs by a wrong recipe is told by which."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from mockdouyin.core.texts import PLAIN, Text
from mockdouyin.domain.signatures import THOROUGH, Keys
from mockdouyin.domain.signatures.ecpay import ECPAY, plans
from tests.attacks.steps import steps

SALT = "mock_salt_0123456789abcdef"
APP = "tt0123456789abcdef"
OTHERS: tuple[tuple[Text, str], ...] = (
    (PLAIN(text="the sandbox's"), "another_salt"),
    (PLAIN(text="the app's secret"), "0123456789abcdef"),
)


def md5(text: str, charset: str = "utf-8") -> str:
    """Hash a text."""
    return hashlib.md5(text.encode(charset)).hexdigest()


def signed(*values: str) -> str:
    """Sign as the platform does, once the values are written."""
    return md5("&".join(sorted([*values, SALT], key=str.encode)))


def found(body: dict[str, Any], sign: str, **query: str) -> list[tuple[str, ...]]:
    """Return the recipes that are named for a sign."""
    accepted = plans(body, Keys((SALT,), OTHERS), query)
    assert not ECPAY.is_right(sign, accepted)
    return [match.recipes for match in ECPAY.diagnose(sign, accepted, THOROUGH)]


FLAT = {
    "app_id": APP,
    "out_order_no": "b-1",
    "total_amount": 1990,
    "subject": "月度会员",
    "body": "a & b",
    "valid_time": 900,
}
WRITTEN = ["b-1", "1990", "月度会员", "a & b", "900"]
IN_ORDER = sorted([*WRITTEN, SALT])
ALONE = "&".join(sorted(WRITTEN))
BY_NAME = ["a & b", "b-1", "月度会员", "1990", "900"]
PAIRS = [f"{name}={value}" for name, value in FLAT.items() if name != "app_id"]

ZERO = {**FLAT, "disable_msg": 0}
MESSY = {"app_id": APP, "out_order_no": " x ", "subject": '"quoted"', "msg_page": None, "e": ""}
CASES = {**FLAT, "subject": "B", "body": "a", "store_uid": "C"}
INFO = {"original_delivery_fee": 15, "actual_delivery_fee": 10}
NESTED = {"app_id": APP, "out_order_no": "b-1", "expand_order_info": INFO, "tags": ["b", "a"]}
EXTRA = {"url": "https://a.test/?a=1&b=2", "名": "b"}
JAVA = "{original_delivery_fee=15, actual_delivery_fee=10}"
TEXT = {"app_id": APP, "out_order_no": "b-1", "cp_extra": json.dumps(EXTRA, ensure_ascii=False)}
TIGHT = json.dumps(EXTRA, ensure_ascii=False, separators=(",", ":"))
COMPACT = {**TEXT, "cp_extra": TIGHT}
PROVIDED = {**FLAT, "thirdparty_id": "ttp", "other_settle_params": "[]"}


def rewritten(written: str) -> tuple[dict[str, Any], str]:
    """Return a body whose JSON text was signed in another spelling."""
    return COMPACT, signed("b-1", written)


def with_salt(salt: str) -> str:
    """Sign with another SALT."""
    return md5("&".join(sorted([*WRITTEN, salt])))


def in_order(*values: str) -> str:
    """Sign values that somebody put in an order, with the SALT where it stands among them."""
    return md5("&".join(SALT if value == "SALT" else value for value in values))


PHP = {"a": "9-A", "b": 10, "c": 9, "d": "s", "e": 1, "f": 100, "g": "8x"}
LINK = {"app_id": APP, "out_order_no": "b-1", "notify_url": "https://a.test/n?a=1&b=<2>"}
SPACED = {"app_id": APP, "out_order_no": "b-1", "subject": 'A "b"  中\\c', "body": "\ufeffx"}
MANY = {**FLAT, "cp_extra": "x", "notify_url": "https://a.test/n", "msg_page": "pages/a"}
TWICE = {**FLAT, "body": "月度会员"}
LIST = {**TEXT, "cp_extra": '{"b":1,"a":[1,2]}'}
FULL = signed(*WRITTEN)


def of_value(value: str, body: dict[str, Any] = SPACED) -> tuple[dict[str, Any], str]:
    """Return a body whose subject, or link, was signed as this text."""
    return body, signed("b-1", value, *(["\ufeffx"] if body is SPACED else []))


SYMBOLS = {"a": "月", "b": "_x", "c": '{"a":1}', "d": "aB", "e": 1990, "f": "Ab"}

SHUFFLED = {
    "app_id": APP,
    "total_amount": 1990,
    "valid_time": 900,
    "out_order_no": "7",
    "subject": "月度会员",
    "body": "b",
}
IN_NODE = [
    ["7", "900", "1990", "月度会员", "b", SALT],
    ["7", "b", SALT, "月度会员", "900", "1990"],
]
"""What Node makes of them by `(a, b) => a - b` and by `(a, b) => a > b ? 1 : -1`."""

RECIPES: dict[str, list[tuple[dict[str, Any], str]]] = {
    "salt_mistyped": [
        (FLAT, with_salt(salt))
        for salt in (
            *(SALT + "\n", SALT + "\r\n", " " + SALT, f'"{SALT}"', f"'{SALT}'"),
            *(SALT.upper(), SALT[:-1], SALT[1:], md5(SALT)),
        )
    ]
    + [(FLAT, signed(*WRITTEN, SALT))],
    "salt_unset": [
        (FLAT, with_salt(salt)) for salt in ("", "null", "None", "undefined", "SALT", "your_salt")
    ],
    "numbers_sorted": [
        (FLAT, in_order("900", "1990", "a & b", "b-1", "SALT", "月度会员")),
        (PHP, in_order("1", "9", "10", "100", "8x", "9-A", "SALT", "s")),  # by PHP 8.2
    ],
    "compared_order": [(SHUFFLED, md5("&".join(order))) for order in IN_NODE],
    "toutiao": [(FLAT, md5("&".join(sorted([*PAIRS, f"app_id={APP}"])) + SALT))],
    "encoded_twice": [
        (FLAT | {"subject": "月度会员".encode().decode("latin-1")}, signed(*WRITTEN)),
    ],
    "mac_of_pairs": [
        (
            FLAT,
            hmac.new(
                SALT.encode(), "&".join(sorted([*PAIRS, f"app_id={APP}"])).encode(), "sha256"
            ).hexdigest(),
        )
    ],
    "absent_signed": [
        (FLAT, signed(*WRITTEN, *[word] * count))
        for word in ("undefined", "<nil>", "None")
        for count in (1, 4)
    ],
    "backwards": [
        (FLAT, md5("&".join(reversed(IN_ORDER)))),
        (FLAT, in_order("900", "1990", "月度会员", "SALT", "b-1", "a & b")),
    ],
    "duplicates_removed": [(TWICE, signed("b-1", "1990", "月度会员", "900"))],
    "names_joined": [
        (FLAT, md5(SALT + "".join(sorted(pair.replace("=", "", 1) for pair in PAIRS)) + SALT))
    ],
    "json_signed": [
        (FLAT, md5(json.dumps(body, ensure_ascii=False, separators=separators) + end))
        for body in (FLAT, {name: value for name, value in FLAT.items() if name != "app_id"})
        for separators in ((",", ":"), None)
        for end in (SALT, f"&key={SALT}")
    ],
    "list_printed": [
        (FLAT, md5("[" + ", ".join(IN_ORDER) + "]")),
        (FLAT, md5(str(IN_ORDER))),
        (FLAT, md5(json.dumps(IN_ORDER, ensure_ascii=False, separators=(",", ":")))),
        (FLAT, md5(";".join(IN_ORDER))),
    ],
    "text_changed": [
        (FLAT, md5(quote_plus("&".join(IN_ORDER)))),
        (FLAT, md5("&".join(IN_ORDER).upper())),
        (FLAT, md5("&".join(IN_ORDER) + "\n")),
    ],
    "other_charset": [
        (FLAT, md5("&".join(IN_ORDER), charset)) for charset in ("utf-16-le", "utf-16-be")
    ]
    + [
        (FLAT, md5("&".join(IN_ORDER).replace("月度会员", "????"))),
        (FLAT, hashlib.md5(bytes(ord(each) & 255 for each in "&".join(IN_ORDER))).hexdigest()),
        (FLAT, md5("&".join(IN_ORDER).encode().decode("latin-1"))),
    ],
    "hashed_twice": [(FLAT, md5(FULL)), (FLAT, md5(md5(ALONE) + SALT))],
    "fields_not_signed": [
        (MANY, FULL),
        (MANY, signed(*WRITTEN, "pages/a")),
        (MANY, signed(*WRITTEN[:-1], "https://a.test/n", "pages/a")),
    ],
    "sign_signed": [
        (FLAT, signed(*WRITTEN, FULL)),
        ({**FLAT, "sign": "0"}, signed(*WRITTEN, FULL)),
        ({**FLAT, "sign": "0"}, signed(*WRITTEN, "")),
    ],
    "fen": [({**FLAT, "total_amount": sent}, FULL) for sent in (19.9, "19.90")]
    + [(FLAT, signed("b-1", "199000", "月度会员", "a & b", "900"))],
    "numbers_grouped": [
        (FLAT, signed("b-1", "1,990", "月度会员", "a & b", "900")),
        (FLAT, signed("b-1", "1,990.00", "月度会员", "a & b", "900.00")),
    ],
    "url_decoded": [
        ({**LINK, "notify_url": "https://a.test/%E4%B8%AD"}, signed("b-1", "https://a.test/中"))
    ],
    "html_escaped": [
        of_value("https://a.test/n?a=1&amp;b=&lt;2&gt;", LINK),
        of_value("https://a.test/n?a=1&amp;b=<2>", LINK),
    ],
    "unicode_escaped": [
        (SPACED, signed("b-1", f'A "b"  \\u{code}\\c', f"\\u{bom}x"))
        for code, bom in (("4e2d", "feff"), ("4E2D", "FEFF"))
    ],
    "quotes_escaped": [of_value('A \\"b\\"  中\\\\c'), of_value('A \\"b\\"  中\\c')],
    "values_as_json": [(FLAT, signed('"b-1"', "1990", '"月度会员"', '"a & b"', "900"))],
    "characters_removed": [
        of_value('A"b"中\\c'),
        of_value("A b  中\\c"),
        of_value('A "b"  中c'),
        (SPACED, signed("b-1", 'A "b"  \\c', "x")),
        (SPACED, signed("b-1", 'A "b"  中\\c', "x")),
    ],
    "case_changed": [of_value('a "b"  中\\c'), (SPACED, signed("B-1", 'A "B"  中\\C', "\ufeffX"))],
    "nested_json_escaped_more": [
        (
            {**NESTED, "tags": ["a=<'>"]},
            signed("b-1", json.dumps(INFO, separators=(",", ":")), written),
        )
        for written in (
            '["a\\u003d\\u003c\\u0027\\u003e"]',
            '["a=\\u003C\\u0027\\u003E"]',
        )
    ],
    "nested_json_reordered": [
        (
            {**NESTED, "tags": [], "expand_order_info": {"c": 1, "a": 2, "b": 3}},
            signed("b-1", '{"b":3,"c":1,"a":2}', "[]"),
        )
    ],
    "nested_json_in_text": [
        (
            {**NESTED, "tags": []},
            signed("b-1", json.dumps(json.dumps(INFO, separators=(",", ":")))[1:-1], "[]"),
        )
    ],
    "nested_single_quotes": [
        (NESTED, signed("b-1", str(INFO).replace(", ", ",").replace(": ", ":"), "['b','a']"))
    ],
    "nested_ruby": [
        (
            NESTED,
            signed(
                "b-1",
                "{" + ", ".join(f'"{k}"{to}{v}' for k, v in INFO.items()) + "}",
                '["b", "a"]',
            ),
        )
        for to in ("=>", " => ")
    ],
    "nested_joined": [(NESTED, signed("b-1", "15,10", "b,a"))],
    "nested_as_query": [
        (NESTED, signed("b-1", "original_delivery_fee=15&actual_delivery_fee=10", "0=b&1=a"))
    ],
    "nested_go_struct": [
        (NESTED, signed("b-1", written, "[b a]"))
        for written in ("{15 10}", "&{15 10}", "{OriginalDeliveryFee:15 ActualDeliveryFee:10}")
    ],
    "nested_dotnet": [
        (
            NESTED,
            signed(
                "b-1",
                "System.Collections.Generic.Dictionary`2[System.String,System.Object]",
                "System.Collections.Generic.List`1[System.String]",
            ),
        )
    ],
    "respelled_json_escaped_more": [
        rewritten(TIGHT.replace("&", "\\u0026").replace("=", "\\u003d"))
    ],
    "respelled_json_reordered": [
        ({**TEXT, "cp_extra": '{"b":1,"c":2,"a":3}'}, signed("b-1", '{"c":2,"a":3,"b":1}'))
    ],
    "respelled_json_in_text": [rewritten(json.dumps(TIGHT, ensure_ascii=False)[1:-1])],
    "respelled_single_quotes": [rewritten(TIGHT.replace('"', "'"))],
    "respelled_ruby": [(LIST, signed("b-1", '{"b"=>1, "a"=>[1, 2]}'))],
    "respelled_joined": [({**TEXT, "cp_extra": '["a","b"]'}, signed("b-1", "a,b"))],
    "respelled_as_query": [rewritten("url=https://a.test/?a=1&b=2&名=b")],
    "respelled_go_struct": [(LIST, signed("b-1", "{1 [1 2]}"))],
    "respelled_dotnet": [
        rewritten("System.Collections.Generic.Dictionary`2[System.String,System.String]")
    ],
    "more_than_digest": [
        (FLAT, written.format(FULL))
        for written in ("{}\n", "{}  -", "MD5(stdin)= {}", "b'{}'", '"{}"')
    ],
    "other_salt": [(FLAT, md5("&".join(sorted([*WRITTEN, salt])))) for _, salt in OTHERS],
    "salt_missing": [(FLAT, md5(ALONE))],
    "salt_not_sorted": [
        (FLAT, md5(f"{ALONE}&{SALT}")),
        (FLAT, md5(ALONE + SALT)),
        (FLAT, md5(f"{SALT}&{ALONE}")),
        (FLAT, md5(SALT + ALONE + SALT)),
    ],
    "salt_named": [(FLAT, md5(f"{ALONE}&key={SALT}"))],
    "keys_sorted": [(FLAT, md5("&".join([*BY_NAME[:2], SALT, *BY_NAME[2:]])))],
    "unsorted": [(FLAT, md5("&".join([*WRITTEN, SALT])))],
    "case_ignored": [
        (CASES, md5("&".join(["1990", "900", "a", "B", "b-1", "C", SALT]))),
        (SYMBOLS, in_order("_x", '{"a":1}', "1990", "aB", "Ab", "SALT", "月")),
        (SYMBOLS, in_order("_x", '{"a":1}', "1990", "月", "aB", "Ab", "SALT")),
        (SYMBOLS, in_order("1990", "aB", "Ab", "SALT", "_x", '{"a":1}', "月")),
    ],
    "utf16_order": [
        (
            {"app_id": APP, "subject": "😀", "body": "\uff01"},
            md5("&".join([SALT, "😀", "\uff01"])),
        )
    ],
    "key_value": [
        (FLAT, md5("&".join(sorted([*PAIRS, f"salt={SALT}"])))),
        (FLAT, md5("&".join(sorted([*PAIRS, SALT])))),
    ],
    "wechat": [(FLAT, md5("&".join([*sorted(PAIRS), f"key={SALT}"])))],
    "other_joint": [(FLAT, md5("".join(IN_ORDER))), (FLAT, md5(",".join(IN_ORDER)))],
    "url_encoded": [
        (FLAT, signed(*map(quote_plus, WRITTEN))),
        (FLAT, signed(*map(quote, WRITTEN))),
        (FLAT, signed("b-1", "1990", quote("月度会员"), "a & b", "900")),
        of_value("https%3a%2f%2fa.test%2fn%3fa%3d1%26b%3d%3c2%3e", LINK),
        of_value("https://a.test/n?a=1&b=%3C2%3E", LINK),
    ],
    "gbk": [(FLAT, md5("&".join(IN_ORDER), "gbk"))],
    "other_hash": [
        (FLAT, hashlib.new(name, "&".join(IN_ORDER).encode()).hexdigest())
        for name in ("sha1", "sha256", "sha512")
    ],
    "mac": [
        (FLAT, hmac.new(SALT.encode(), ALONE.encode(), name).hexdigest())
        for name in ("md5", "sha256")
    ],
    "other_form": [
        (FLAT, base64.b64encode(bytes.fromhex(signed(*WRITTEN))).decode()),
        (FLAT, signed(*WRITTEN)[8:24]),
        (FLAT, base64.b64encode(FULL.encode()).decode()),
        (FLAT, "".join(f"{byte:x}" for byte in bytes.fromhex(FULL))),
    ],
    "upper_case": [(FLAT, signed(*WRITTEN).upper())],
    "unsigned_signed": [
        (FLAT, signed(*WRITTEN, APP)),
        (PROVIDED, signed(*WRITTEN, "ttp")),
        (PROVIDED, signed(*WRITTEN, APP, "ttp", "[]")),
    ],
    "field_not_signed": [
        (FLAT, signed(*WRITTEN[:-1])),
        (NESTED, signed("b-1")),
        (NESTED, signed("b-1", "[b a]")),
    ],
    "null_signed": [(MESSY, signed("x", "quoted", null)) for null in ("null", "None", "<nil>")],
    "empty_signed": [(MESSY, signed("x", "quoted", "")), (MESSY, signed("x", "quoted", "", ""))],
    "not_trimmed": [(MESSY, signed(" x ", "quoted"))],
    "quotes_kept": [(MESSY, signed("x", '"quoted"')), (MESSY, signed("x", 'quoted"'))],
    "yuan": [
        (FLAT, signed("b-1", yuan, "月度会员", "a & b", "900")) for yuan in ("19.9", "19.90")
    ],
    "go_float": [
        ({**FLAT, "total_amount": amount}, signed("b-1", go, "月度会员", "a & b", "900"))
        for amount, go in (
            (1000000, "1e+06"),
            (1990000, "1.99e+06"),
            (123456789, "1.23456789e+08"),
        )
    ],
    "decimal": [
        (sent, signed("b-1", "1990.0", "月度会员", "a & b", valid))
        for sent in (FLAT, {**FLAT, "total_amount": 1990.0})
        for valid in ("900", "900.0")
    ]
    + [
        (
            {**FLAT, "total_amount": amount},
            signed("b-1", java, "月度会员", "a & b", valid),
        )
        for amount, java in ((10000000, "1.0E7"), (1.234567e9, "1.234567E9"))
        for valid in ("900", "900.0")
    ],
    "booleans": [
        ({**FLAT, "finish": value}, signed(*WRITTEN, *written))
        for value, written in ((True, ["1"]), (True, ["True"]), (False, ["0"]), (False, ["False"]))
    ],
    "zero_left_out": [
        (ZERO, signed(*WRITTEN)),
        ({**FLAT, "all_settle": 0, "finish": "0"}, signed(*WRITTEN)),
        ({**FLAT, "all_settle": 0, "finish": False}, signed(*WRITTEN)),
    ],
    "nested_json_spaced": [(NESTED, signed("b-1", json.dumps(INFO), '["b", "a"]'))],
    "nested_json_sorted": [
        (
            NESTED,
            signed("b-1", '{"actual_delivery_fee":10,"original_delivery_fee":15}', '["b","a"]'),
        )
    ],
    "nested_json_php": [
        (
            {**NESTED, "tags": ["a/b"]},
            signed("b-1", json.dumps(INFO, separators=(",", ":")), '["a\\/b"]'),
        )
    ],
    "nested_json_escaped": [
        (
            {**NESTED, "tags": ["中"]},
            signed("b-1", json.dumps(INFO, separators=(",", ":")), '["\\u4e2d"]'),
        )
    ],
    "nested_json_go": [
        (
            {**NESTED, "tags": ["<"]},
            signed("b-1", json.dumps(INFO, separators=(",", ":")), '["\\u003c"]'),
        )
    ],
    "nested_json_indented": [
        (NESTED, signed("b-1", json.dumps(INFO, indent=4), json.dumps(["b", "a"], indent=4)))
    ],
    "nested_java": [
        (NESTED, signed("b-1", JAVA, "[b, a]")),
        ({**NESTED, "tags": [None, True, 1]}, signed("b-1", JAVA, "[null, true, 1]")),
    ],
    "nested_go_unsorted": [
        (NESTED, signed("b-1", "map[original_delivery_fee:15 actual_delivery_fee:10]", "[b a]"))
    ],
    "nested_javascript": [(NESTED, signed("b-1", "[object Object]", "b,a"))],
    "nested_php_array": [(NESTED, signed("b-1", "Array", "Array"))],
    "nested_python": [(NESTED, signed("b-1", str(INFO), "['b', 'a']"))],
    "respelled_json_compact": [(TEXT, signed("b-1", TIGHT))],
    "respelled_json_spaced": [rewritten(json.dumps(EXTRA, ensure_ascii=False))],
    "respelled_json_sorted": [
        ({**TEXT, "cp_extra": '{"b":1,"a":2}'}, signed("b-1", '{"a":2,"b":1}'))
    ],
    "respelled_json_php": [
        rewritten(json.dumps(EXTRA, separators=(",", ":")).replace("/", "\\/")),
        rewritten(TIGHT.replace("/", "\\/")),
    ],
    "respelled_json_escaped": [rewritten(json.dumps(EXTRA, separators=(",", ":")))],
    "respelled_json_go": [rewritten(TIGHT.replace("&", "\\u0026"))],
    "respelled_json_indented": [rewritten(json.dumps(EXTRA, ensure_ascii=False, indent=2))],
    "respelled_java": [rewritten("{url=https://a.test/?a=1&b=2, 名=b}")],
    "respelled_go_unsorted": [
        ({**TEXT, "cp_extra": '{"b":1,"a":2}'}, signed("b-1", "map[b:1 a:2]"))
    ],
    "respelled_javascript": [rewritten("[object Object]")],
    "respelled_php_array": [rewritten("Array")],
    "respelled_python": [rewritten(str(EXTRA))],
    "text_was_nested": [
        ({**TEXT, "cp_extra": '{"b":1,"a":2}'}, signed("b-1", "map[a:2 b:1]")),
    ],
}


def _examples() -> Iterator[Any]:
    for name, examples in RECIPES.items():
        for number, (body, sign) in enumerate(examples):
            yield pytest.param(name, body, sign, id=f"{name}-{number}")


@pytest.mark.parametrize(("name", "body", "sign"), list(_examples()))
def test_a_wrong_recipe_is_named(name: str, body: dict[str, Any], sign: str) -> None:
    """A client that makes one known mistake is told by it, and not by two others."""
    assert (name,) in found(body, sign)


def test_every_recipe_has_an_example() -> None:
    """No recipe is declared that no client here follows."""
    assert {*RECIPES, "query_signed"} == {*ECPAY.recipes, "upper_case", "more_than_digest"}


def test_the_query_is_not_signed_beside_a_body() -> None:
    """Its fields among the body's are a mistake that is named; of one name the body's count."""
    every = signed(*WRITTEN, "1")

    assert found(FLAT, every, debug="1") == [("query_signed",)]
    assert found(FLAT, every, debug="1", subject="other", app_id="x") == [("query_signed",)]
    assert ECPAY.is_right(signed(*WRITTEN), plans(FLAT, Keys((SALT,)), {"debug": "1"}))


PEOPLE: dict[str, tuple[dict[str, Any], str, set[str]]] = {
    "upper-case key=value with the key at the end": (
        FLAT,
        md5("&".join([*sorted(PAIRS), f"key={SALT}"])).upper(),
        {"wechat", "upper_case"},
    ),
    "values of sorted keys, the SALT last": (
        FLAT,
        md5("&".join([*BY_NAME, SALT])),
        {"salt_not_sorted", "keys_sorted"},
    ),
    "values as they come, the SALT last, in SHA256": (
        FLAT,
        hashlib.sha256("&".join([*WRITTEN, SALT]).encode()).hexdigest(),
        {"unsorted", "other_hash"},
    ),
    "the app's id among sorted keys": (
        FLAT,
        md5("&".join([APP, BY_NAME[0], BY_NAME[1], SALT, *BY_NAME[2:]])),
        {"unsigned_signed", "keys_sorted"},
    ),
    "yuan, and the sandbox's SALT": (
        FLAT,
        md5("&".join(sorted(["b-1", "19.90", "月度会员", "a & b", "900", "another_salt"]))),
        {"yuan", "other_salt"},
    ),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_two_mistakes_are_named_together(who: str) -> None:
    """Where no single mistake leads to the sign, two that do are both named."""
    body, sign, names = PEOPLE[who]

    assert names in [set(each) for each in found(body, sign)]


QUICKLY = {
    "the app's id, and the SALT last": md5("&".join(sorted([*WRITTEN, APP])) + SALT),
    "the app's id, in WeChat's way": md5(
        "&".join(sorted([*PAIRS, f"app_id={APP}"])) + f"&key={SALT}"
    ),
    "another SALT, last": md5("&".join([ALONE, "another_salt"])),
    "sorted names, SALT last": md5("&".join([*BY_NAME, SALT])),
}


@pytest.mark.parametrize("who", QUICKLY)
def test_usual_pairs_are_named_while_a_call_is_answered(who: str) -> None:
    """Two usual mistakes are within what a refused call may cost, in a request of any fields."""
    accepted = plans(FLAT, Keys((SALT,), OTHERS * 10))

    assert ECPAY.diagnose(QUICKLY[who], accepted)


def test_one_step_is_not_changed_twice() -> None:
    """Of two recipes for one step the second undoes the first: they make no pair."""
    spoiled = hashlib.sha1("&".join([*WRITTEN, SALT]).encode()).hexdigest()

    pairs = found(FLAT, spoiled)

    assert {"unsorted", "other_hash"} in [set(names) for names in pairs]
    assert not any({"unsorted", "keys_sorted"} <= set(names) for names in pairs)


# The signing code of libraries, each written anew after what the library is known to do.


def php_empty(value: Any) -> bool:
    """Tell what PHP takes for empty."""
    return value in (None, "", "0", 0, False) or value == []


def unsorted_map(value: Any) -> str:
    """Print a map as yansongda/pay does: as Go does, but for the order of its keys."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{unsorted_map(v)}" for k, v in value.items()) + "]"
    return str(value)


def yansongda(body: dict[str, Any]) -> str:
    """PHP: what is empty is not signed but sent; a map has its keys as they come."""
    values = [unsorted_map(v) for k, v in body.items() if k != "app_id" and not php_empty(v)]
    return signed(*values)


def heartgarlic(body: dict[str, Any]) -> str:
    """Go: JSON is read into a map, whose numbers are float64."""

    def written(value: Any) -> str:
        if isinstance(value, dict):
            return "map[" + " ".join(f"{k}:{written(value[k])}" for k in sorted(value)) + "]"
        return {1000000: "1e+06"}.get(value, str(value))

    return signed(*(written(v) for k, v in body.items() if k != "app_id"))


def lsjhtang(body: dict[str, Any]) -> str:
    """Go: expand_order_info is sent and not signed."""
    left_out = ("app_id", "thirdparty_id", "expand_order_info")
    return signed(*(str(v) for k, v in body.items() if k not in left_out))


def logerzhu(body: dict[str, Any]) -> str:
    """TypeScript: `if (v)` and String(v)."""
    values = [v for k, v in body.items() if k != "app_id" and v]
    return signed(*("[object Object]" if isinstance(v, dict) else str(v) for v in values))


def culture(body: dict[str, Any]) -> str:
    """C#: ArrayList.Sort goes by culture, lower case before upper."""
    values = [str(v) for k, v in body.items() if k != "app_id"] + [SALT]
    return md5("&".join(sorted(values, key=lambda v: (v.lower(), v.swapcase()))))


def official_demo(body: dict[str, Any]) -> str:
    """PHP: of two quotes around a value the second stays."""
    values = [str(v).strip() for k, v in body.items() if k != "app_id"]
    return signed(*(v[1:] if v.startswith('"') and v.endswith('"') else v for v in values))


LIBRARIES: list[tuple[Any, dict[str, Any], set[str]]] = [
    (yansongda, ZERO, {"zero_left_out"}),
    (yansongda, {**ZERO, "info": INFO}, {"zero_left_out", "nested_go_unsorted"}),
    (heartgarlic, {**FLAT, "total_amount": 1000000}, {"go_float"}),
    (
        heartgarlic,
        {**FLAT, "info": {"fee": 1000000, "ActualDeliveryFee": 0}},
        {"go_float"},
    ),
    (
        lsjhtang,
        {**FLAT, "thirdparty_id": None, "expand_order_info": INFO},
        {"field_not_signed"},
    ),
    (logerzhu, ZERO, {"zero_left_out"}),
    (logerzhu, {**ZERO, "info": INFO}, {"zero_left_out", "nested_javascript"}),
    (culture, CASES, {"case_ignored"}),
    (official_demo, {**FLAT, "subject": '"a"'}, {"quotes_kept"}),
]


@pytest.mark.parametrize(
    ("library", "body", "names"),
    LIBRARIES,
    ids=[f"{library.__name__}-{number}" for number, (library, *_) in enumerate(LIBRARIES)],
)
def test_a_mistake_of_a_library_is_named(
    library: Any, body: dict[str, Any], names: set[str]
) -> None:
    """What libraries are known to do wrong is named, also where one makes two mistakes."""
    assert names in [set(each) for each in found(body, library(body))]


def test_all_that_fits_is_named() -> None:
    """A sign without the only 0 is explained by the 0, and by the field."""
    assert found(ZERO, signed(*WRITTEN)) == [("zero_left_out",), ("field_not_signed",)]


def test_what_nothing_explains_is_not_explained() -> None:
    """Any other sign has no explanation; nor has one of another kind, or an empty one."""
    for sign in ("0" * 32, "0" * 40, "no sign", "", "签名", signed("other", "values")):
        assert found(FLAT, sign) == []


def test_what_is_signed_is_shown_without_the_salt() -> None:
    """The SALT's place is shown, and the SALT is not."""
    (plan,) = plans(FLAT, Keys((SALT,)))

    assert plan.shown() == "1990&900&a & b&b-1&<SALT>&月度会员"
    for recipe in ECPAY.recipes.values():
        assert all(SALT not in each.shown() for each in recipe.vary(plan))


def test_both_forms_of_nested_values_are_right() -> None:
    """Nested values are signed as Go prints them, or as compact JSON."""
    accepted = plans(NESTED, Keys((SALT,)))
    tight = json.dumps(INFO, separators=(",", ":"))

    go = signed("b-1", "map[actual_delivery_fee:10 original_delivery_fee:15]", "[b a]")
    assert ECPAY.is_right(go, accepted)
    assert ECPAY.is_right(signed("b-1", tight, '["b","a"]'), accepted)


def _deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": [value]}
    return value


HEAVY: dict[str, dict[str, Any]] = {
    "a long value": {"app_id": APP, "body": "中" * 21_000, "subject": "s"},
    "many fields": {f"f{number}": number for number in range(1000)},
    "many long fields": {f"f{number}": "x" * 1000 for number in range(1000)},
    "deep": {"app_id": APP, "a": _deep(60), "b": _deep(400)},
    "a long list": {"app_id": APP, "a": [[1] * 1000] * 30},
    "long JSON": {"app_id": APP, "cp_extra": json.dumps([[1] * 1000] * 20)},
    "many objects": {f"f{number}": {"a": {"b": [number]}} for number in range(1000)},
    "many quotes": {f"f{number}": f'" {number} "' for number in range(1000)},
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_body_takes_many_steps(name: str) -> None:
    """However long, deep or wide a body is, the search for its mistake ends soon."""
    body = HEAVY[name]

    accepted = plans(body, Keys((SALT,), OTHERS * 10))

    assert steps(lambda: ECPAY.diagnose("0" * 32, accepted)) < 300_000
    assert steps(lambda: ECPAY.diagnose("0" * 32, accepted, THOROUGH)) < 6_000_000


def test_the_search_has_a_budget() -> None:
    """What is beyond the budget is not tried."""
    sign, accepted = signed(*WRITTEN[:-1]), plans(FLAT, Keys((SALT,)))

    assert ECPAY.diagnose(sign, accepted)
    assert ECPAY.diagnose(sign, accepted, 10) == ()
