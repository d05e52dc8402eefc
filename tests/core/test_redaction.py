"""Redaction: secrets are masked in every notation, nothing else is, and in linear time."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockdouyin.core import _secret_values, redaction
from mockdouyin.core.redaction import Mask
from mockdouyin.endpoints import CATALOGUE

SECRET = "f00df00df00df00df00df00df00df00df00df00d"


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("<secret>abc</secret>", "<secret>***</secret>"),
        ("<xml><secret><![CDATA[abc]]></secret><b/></xml>", "<xml><secret>***</secret><b/></xml>"),
        ("<secret><v>a</v><w>b</w></secret> c", "<secret>***</secret> c"),
        ('<s:Secret xsi:type="string">abc</s:Secret>', "<s:Secret ***>***</s:Secret>"),
        ("<secret>cut off", "<secret>***"),
        ("<secret>a<secret>b", "<secret>***"),
        ("<client_secret >\nabc\n</client_secret >", "<client_secret >***</client_secret >"),
        ('<secret value="abc"/><b>1</b>', "<secret ***/><b>1</b>"),
        ("<secret/><b>1</b>", "<secret/><b>1</b>"),
        ('<app secret="abc" id="1"/>', '<app secret="***" id="1"/>'),
        ("<app secret = 'abc' id='1'/>", "<app secret = '***' id='1'/>"),
        ('<add key="secret" value="abc"/>', '<add key="secret" value="***"/>'),
        ('<string name="secret">abc</string>', '<string name="secret">***</string>'),
        ('{"name":"Cookie", "value":"a=b"', '{"name":"Cookie", "value":"***"'),
        ("&lt;secret&gt;abc&lt;/secret&gt;", "&lt;secret&gt;***&lt;/secret&gt;"),
        ("{&quot;secret&quot;:&quot;abc&quot;}", "{&quot;secret&quot;:&quot;***&quot;}"),
        ("1990&<SALT>&a b", "1990&<SALT>&a b"),
        ("<SALT>abc</SALT>", "<SALT>***</SALT>"),
        ("<SALT>&#97;bc</SALT>", "<SALT>***</SALT>"),
        ("<salt>&abc</salt>", "<salt>***</salt>"),
        ("%3Csecret%3Eabc%3C%2Fsecret%3E", "%3Csecret%3E***%3C%2Fsecret%3E"),
    ],
)
def test_xml(text: str, like: str) -> None:
    """Elements and attributes of a secret name are hidden, with all that is in them."""
    assert Mask([])(text) == like


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("%73ecret=abc&x=1", "secret=***&x=1"),
        ("user[secret]=abc&x=1", "user[secret]=***&x=1"),
        ("user%5Bsecret%5D=abc&x=1", "user%5Bsecret%5D=***&x=1"),
        ("d=%7B%22secret%22%3A+%22abc%22%7D&x=1", "d=%7B%22secret%22%3A+%22***%22%7D&x=1"),
        ("d=%257B%2522secret%2522%253A%2522abc%2522", "d=%257B%2522secret%2522%253A%2522***%2522"),
        ("code=%E5%AF%86&x=%20", "code=%E5%AF%86&x=%20"),
        ("u=http%3A%2F%2Fa.test%2F%3Fsecret%3Dabc", "u=http%3A%2F%2Fa.test%2F%3Fsecret%3D***"),
        (f"x={SECRET[:4]}%{ord(SECRET[4]):x}{SECRET[5:]}", "x=***"),
    ],
)
def test_percent_escapes(text: str, like: str) -> None:
    """What is escaped, once or again, is hidden as if it were not; the rest stays as it came."""
    assert Mask([SECRET])(text) == like


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("/api/secret/abc/x", "/api/secret/***/x"),
        ("/v1/session_key/abc", "/v1/session_key/***"),
        ("/v1/api-key/abc?x=1", "/v1/api-key/***?x=1"),
        (f"/hook/{SECRET}/x", "/hook/***/x"),
        ("/a;secret=abc", "/a;secret=***"),
        ("http://me:pass@127.0.0.1:9000/hook", "http://me:***@127.0.0.1:9000/hook"),
        ("/oauth/reset_secret/", "/oauth/reset_secret/"),
        ("/user/phone/update", "/user/phone/update"),
    ],
)
def test_addresses(text: str, like: str) -> None:
    """In a path what follows a segment of a secret name is hidden, and a password in a URL."""
    assert Mask([SECRET])(text) == like


def test_paths_of_ours_stay() -> None:
    """No path that is emulated has anything to hide."""
    paths = [path for endpoint in CATALOGUE for path in endpoint.paths]

    assert [Mask([])(path) for path in paths] == paths


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Cookie: a=b; c=d\r\nHost: x", "Cookie: ***\r\nHost: x"),
        ("Set-Cookie: sid=1; Path=/", "Set-Cookie: ***"),
        ("curl -H 'Authorization: Bearer a.b' http://x", "curl -H 'Authorization: ***' http://x"),
        ("Authorization=Bearer abc&x=1", "Authorization=***&x=1"),
        ("X-Api-Key: abc", "X-Api-Key: ***"),
        ("X-Tt-Token: abc", "X-Tt-Token: ***"),
        ("{'secret' => 'abc'}", "{'secret' => '***'}"),
        (r'{\\\"secret\\\":\\\"a\\\\\\\"b\\\"}', r'{\\\"secret\\\":\\\"***\\\"}'),
        ('{"secret": "a\\\\", "x": 1}', '{"secret": "***", "x": 1}'),
        ('{"secret": {"a": {"b": 1}, "c": 2}, "x"', '{"secret": ***, "x"'),
        ("password=abc", "password=***"),
        ("private_key: MIIE", "private_key: ***"),
        ('name="secret"\r\n\r\nabc\r\ndef\r\n--b', 'name="secret"\r\n\r\n***\r\n--b'),
    ],
)  # fmt: skip
def test_other_notations(text: str, like: str) -> None:
    """Headers, cookies, hashes, escaped JSON and forms of several lines are hidden by name."""
    assert Mask([])(text) == like


def test_private_keys() -> None:
    """A private key in PEM is hidden wherever it stands, and nothing around it."""
    pem = "-----BEGIN {0}PRIVATE KEY-----\nMIIabc\n-----END {0}PRIVATE KEY-----\n"
    text = f"a {pem.format('')} b {pem.format('RSA ')} c"

    shown = Mask([])(text)

    assert "MIIabc" not in shown
    assert shown.count("***") == 2
    assert shown.startswith("a -----BEGIN PRIVATE KEY-----")
    assert shown.endswith("-----END RSA PRIVATE KEY-----\n c")


@pytest.mark.parametrize("secret", ["x", "the", "secret", "client_token", "developer", "douyin"])
@pytest.mark.parametrize(
    "text",
    [
        "the secret is not that of app 'shop'",
        "bad_secret: the secret is not that of app 'shop'",
        "POST developer.toutiao.com/oauth/client_token/ extra=douyin",
        '{"err_no": 40017, "err_tips": "bad secret"}',
        "session_key: the session key of a login; phone: a number of the mainland",
        "密钥 secret: 密钥不正确",
    ],
)
def test_ordinary_words_stay(secret: str, text: str) -> None:
    """A secret that is an ordinary word spoils no text that means the word."""
    assert Mask([secret])(text) == text


@pytest.mark.parametrize("secret", ["x", "secret", "client_token"])
def test_an_ordinary_secret_is_hidden_in_its_field(secret: str) -> None:
    """A secret that is an ordinary word is hidden where its field is named."""
    mask = Mask([secret])

    assert mask(f"client_secret={secret}&code=c") == "client_secret=***&code=c"
    assert mask.json({"client_secret": secret, "code": "c"}) == {
        "client_secret": "***",
        "code": "c",
    }


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "path": quote,
    "form": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "twice": lambda text: quote(quote(text)),
    "every character": lambda text: "".join(f"%{ord(each):02x}" for each in text),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "secret",
    ["p@ss/word+1", "two words & more", 'quo"ted-1', "your-fake-secret", "abc123", SECRET],
)
def test_known_secrets_in_every_spelling(secret: str, spelling: str) -> None:
    """A secret that the world knows is hidden without a name, however it is escaped."""
    written = SPELLINGS[spelling](secret)

    shown = Mask([secret])(f"a {written} b")

    assert written not in shown
    assert shown.startswith("a ")
    assert shown.endswith(" b")


def test_numbers_are_known_as_a_whole() -> None:
    """A known phone number is hidden with or without a country's code, and not in an id."""
    mask = Mask(["61234567"])

    assert mask("tel 61234567, 0085261234567 or +85261234567") == "tel ***, 00852*** or +852***"
    assert mask("id 2026112061234567000 and 20261120112233612345679") == (
        "id 2026112061234567000 and 20261120112233612345679"
    )


def test_headers() -> None:
    """Cookies and whatever looks like a key are hidden; tokens keep their heads."""
    token = "clt." + "a1" * 30
    hidden = ["Cookie", "set-cookie", "X-Api-Key", "x-tt-token", "Authorization", "x-auth"]
    hidden += ["apikey", "proxy-authorization", "X-Client-Secret", "x-session-id", "token"]
    seen = ["X-Douyin-Signature", "Byte-Authorization", "client-key", "keep-alive", "x-tt-logid"]
    seen += ["content-type", "www-authenticate", "msg-id"]

    shown = Mask([]).headers([(name, "abcdef") for name in [*hidden, *seen]])

    assert {name for name, value in shown.items() if value == "***"} == set(hidden)
    assert {name for name, value in shown.items() if value == "abcdef"} == set(seen)
    assert Mask([]).headers([("access-token", token)]) == {"access-token": "clt.a1a1***"}
    assert Mask([]).headers([("x-auth-token", token)]) == {"x-auth-token": "clt.a1a1***"}
    assert Mask([]).headers([("access-token", "None")]) == {"access-token": "None"}


def test_json_lists_of_fields() -> None:
    """A field whose name is a value too is hidden, and so is all that is in a secret field."""
    given = {"headers": [{"name": "Cookie", "value": "a=b"}, {"name": "Host", "value": "x"}],
             "secret": {"old": "a", "new": ["b"]}}  # fmt: skip

    assert Mask([]).json(given) == {
        "headers": [{"name": "Cookie", "value": "***"}, {"name": "Host", "value": "x"}],
        "secret": "***",
    }


PIECES = (
    *("密", "x", " ", "secret", "session_key", "cookie", "phone", "token", "-key", "<", ">", "</"),
    *("\\", '"', "'", ":", "=", "&", "%22", "%25", "&quot;", "/", "{", "[", "]", "}", ",", ";"),
    *('name="secret"', '"secret":"', "secret=", "<secret>", "<![CDATA[", "://", "@", "1", "=="),
    *("\r\n", "\u0130", "act.", "PRIVATE KEY-----", "-----BEGIN ", "--", "+"),
)


class Counter:
    """Counts the characters that patterns and searches have examined."""

    def __init__(self) -> None:
        self.work = 0

    def pattern(self, pattern: re.Pattern[str]) -> Any:
        """Return the pattern, counted: a failed match counts as having read all that it might."""
        counter = self

        class Counted:
            def __getattr__(self, name: str) -> Any:
                return getattr(pattern, name)

            def match(self, text: str, at: int = 0, end: int = 1 << 40) -> Any:
                found = pattern.match(text, at, end)
                counter.work += (found.end() if found else min(end, len(text))) - at
                return found

            def search(self, text: str, at: int = 0) -> Any:
                found = pattern.search(text, at)
                counter.work += (found.end() if found else len(text)) - at
                return found

            def finditer(self, text: str, at: int = 0) -> Any:
                for found in pattern.finditer(text, at):
                    counter.work += found.end() - at
                    at = found.end()
                    yield found
                counter.work += len(text) - at

        return Counted()

    def text(self, text: str) -> str:
        """Return the text, with its searches counted."""
        counter = self

        class Counted(str):
            __slots__ = ()

            def find(self, sub: str, start: Any = 0, end: Any = None) -> int:
                found = super().find(sub, start)
                counter.work += (found if found >= 0 else len(self)) - start
                return found

            def __getitem__(self, key: Any) -> str:
                part = super().__getitem__(key)
                counter.work += len(part)
                return part

        return Counted(text)


def counter_of(patch: pytest.MonkeyPatch) -> Counter:
    """Count the characters that the search for named fields examines."""
    counter = Counter()
    for module in (redaction, _secret_values):
        for name, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                patch.setattr(module, name, counter.pattern(value))
    return counter


def looked_at(counter: Counter, text: str) -> int:
    """Count the characters that are examined to mask a text."""
    counter.work = 0
    redaction._mask_named(counter.text(text))
    return counter.work


@pytest.mark.parametrize(
    "piece", [*PIECES, *(a + b for a in PIECES for b in ("secret", "secret="))]
)
def test_work_grows_with_the_text(monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    """Eight times as long a text costs at most about eight times the work, whatever repeats."""
    counter = counter_of(monkeypatch)
    once, long = (looked_at(counter, piece * count) for count in (500, 4000))

    assert long <= 10 * once + 500_000


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), st.sampled_from(PIECES))
@settings(max_examples=60, deadline=None)
def test_work_grows_with_any_text(pieces: list[str], head: str) -> None:
    """So does any mixture of what means something in some notation."""
    with pytest.MonkeyPatch.context() as patch:
        counter = counter_of(patch)
        once, long = (looked_at(counter, head + "".join(pieces) * count) for count in (400, 3200))

    assert long <= 10 * once + 500_000


PARSER = importlib.import_module("re._parser")
ENDLESS = {PARSER.MAX_REPEAT, PARSER.MIN_REPEAT, PARSER.POSSESSIVE_REPEAT}


def endless(parsed: Any, *, last: bool = True) -> list[bool]:
    """Return, for each unbounded repetition in a pattern, whether nothing can fail after it."""
    found: list[bool] = []
    items = list(parsed)
    for number, (kind, argument) in enumerate(items):
        ends = last and number == len(items) - 1
        if kind in ENDLESS:
            found += [ends] if argument[1] == PARSER.MAXREPEAT else []
            found += endless(argument[2], last=False)
        elif kind is PARSER.SUBPATTERN:
            found += endless(argument[3], last=ends)
        elif kind is PARSER.BRANCH:
            found += [each for branch in argument[1] for each in endless(branch, last=ends)]
        elif kind in (PARSER.ASSERT, PARSER.ASSERT_NOT):
            found += endless(argument[1], last=False)
    return found


@pytest.mark.parametrize("module", [redaction, _secret_values])
def test_no_pattern_goes_back(module: Any) -> None:
    """What repeats without bound is the end of its pattern: nothing is tried again after it."""
    patterns = {name: each for name, each in vars(module).items() if isinstance(each, re.Pattern)}

    assert patterns
    for name, pattern in patterns.items():
        assert all(endless(PARSER.parse(pattern.pattern, pattern.flags))), name
    assert not all(endless(PARSER.parse(r"\w*secret")))
    assert not all(endless(PARSER.parse(r"(?:a|b*c)+")))
