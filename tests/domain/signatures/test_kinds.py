"""The other kinds: callbacks, webhooks, wallet calls, login states, shares and pages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from mockdouyin.core import resources
from mockdouyin.core.http import Request
from mockdouyin.core.texts import PLAIN, TEMPLATES
from mockdouyin.domain.signatures import KINDS, THOROUGH, Keys, SignaturePlan, Signed
from tests.attacks.steps import steps

OTHER = ((PLAIN(text="another key"), "another-key"),)

Case = tuple[Request, dict[str, Any], str]
"""A request, its parameters, and the key."""


def digest(name: str, text: str | bytes) -> str:
    """Hash a text."""
    return hashlib.new(name, text.encode() if isinstance(text, str) else text).hexdigest()


def mac(key: str, text: str | bytes, name: str = "sha256") -> str:
    """Make an HMAC."""
    message = text.encode() if isinstance(text, str) else text
    return hmac.new(key.encode(), message, name).hexdigest()


def in_base64(hexed: str) -> str:
    """Write a digest in base64."""
    return base64.b64encode(bytes.fromhex(hexed)).decode()


# Callbacks.

TOKEN = "mockpaytoken2024"
MSG = '{"appid":"tt0","cp_extra":"a/b 中","total_amount":1990}'
STAMP, NONCE = "1714521600", "4367"
FOUR = sorted([TOKEN, STAMP, NONCE, MSG])
BODY: dict[str, Any] = {"timestamp": STAMP, "nonce": NONCE, "msg": MSG, "type": "payment"}
RAW = json.dumps(BODY)
CALLBACK: Case = (
    Request("POST", "/notify", b"", [], RAW.encode()),
    {**BODY, "msg_signature": ""},
    TOKEN,
)
GAME_CALLBACK: Case = (CALLBACK[0], {**BODY, "signature": ""}, TOKEN)


def sha1_of(*values: str) -> str:
    """Hash values in their order."""
    return digest("sha1", "".join(sorted(values)))


CALLBACK_RECIPES = {
    "token_mistyped": sha1_of(TOKEN + "\n", STAMP, NONCE, MSG),
    "token_unset": sha1_of("undefined", STAMP, NONCE, MSG),
    "body_signed": sha1_of(TOKEN, STAMP, NONCE, RAW),
    "gbk": digest("sha1", "".join(FOUR).encode("gbk")),
    "value_missing": sha1_of(TOKEN, STAMP, MSG),
    "numbers_sorted": digest("sha1", NONCE + STAMP + TOKEN + MSG),
    "backwards": digest("sha1", "".join(reversed(FOUR))),
    "text_changed": digest("sha1", "".join(FOUR) + "\n"),
    "in_base64": in_base64(sha1_of(TOKEN, STAMP, NONCE, MSG)),
    "more_than_digest": f'"{sha1_of(TOKEN, STAMP, NONCE, MSG)}"',
    "other_token": sha1_of("another-key", STAMP, NONCE, MSG),
    "token_missing": sha1_of(STAMP, NONCE, MSG),
    "unsorted": digest("sha1", TOKEN + STAMP + NONCE + MSG),
    "by_culture": digest("sha1", MSG + STAMP + NONCE + TOKEN),
    "all_values": sha1_of(TOKEN, STAMP, NONCE, MSG, "payment"),
    "msg_rewritten": sha1_of(TOKEN, STAMP, NONCE, json.dumps(json.loads(MSG))),
    "joined": digest("sha1", "&".join(FOUR)),
    "key_value": digest("sha1", f"msg={MSG}&nonce={NONCE}&timestamp={STAMP}&token={TOKEN}"),
    "other_hash": digest("md5", "".join(FOUR)),
    "upper_case": digest("sha1", "".join(FOUR)).upper(),
}

# Webhooks.

SECRET = "0123456789abcdef"
SENT = '{"event":"authorize","content":{"scopes":["a","中"]}}'.encode()
WEBHOOK: Case = (Request("POST", "/hook", b"", [(b"x-douyin-signature", b"x")], SENT), {}, SECRET)

WEBHOOK_RECIPES = {
    "secret_mistyped": digest("sha1", f'"{SECRET}"'.encode() + SENT),
    "secret_unset": digest("sha1", b"YOUR_CLIENT_SECRET" + SENT),
    "joined": digest("sha1", SECRET.encode() + b"&" + SENT),
    "body_missing": digest("sha1", SECRET),
    "content_signed": digest("sha1", SECRET + '{"scopes":["a","中"]}'),
    "more_than_digest": digest("sha1", SECRET.encode() + SENT) + "  -",
    "other_secret": digest("sha1", b"another-key" + SENT),
    "body_rewritten": digest("sha1", SECRET + json.dumps(json.loads(SENT))),
    "mac": mac(SECRET, SENT, "sha1"),
    "secret_last": digest("sha1", SENT + SECRET.encode()),
    "secret_missing": digest("sha1", SENT),
    "other_hash": digest("sha256", SECRET.encode() + SENT),
    "in_base64": in_base64(digest("sha1", SECRET.encode() + SENT)),
    "upper_case": digest("sha1", SECRET.encode() + SENT).upper(),
}

# Wallet calls of mini-games.

PAY_SECRET = "mock_game_pay_secret_2024"
PATH = "/api/apps/game/wallet/game_pay"
PAY = {
    "openid": "_000mockOpenId01",
    "appid": "tt0123456789abcdef",
    "ts": 1714521600,
    "zone_id": "1",
    "pf": "android",
    "user_ip": "",
    "access_token": "0801121846 token",
    "amt": 10,
    "mp_sig": "",
}
WALLET: Case = (Request("POST", PATH), PAY, PAY_SECRET)
GIVEN = {name: str(value) for name, value in PAY.items() if name != "mp_sig"}
FULL = "&".join(f"{name}={GIVEN[name]}" for name in sorted(GIVEN) if GIVEN[name])
END = f"&org_loc={PATH}&method=POST"


def encoded(pairs: str) -> str:
    """Write each value of pairs in percent signs."""
    halves = (pair.partition("=") for pair in pairs.split("&"))
    return "&".join(f"{name}={quote(value, '')}" for name, _, value in halves)


WALLET_RECIPES = {
    "key_mistyped": mac(f" {PAY_SECRET}", FULL + END),
    "key_unset": mac("null", FULL + END),
    "key_signed": mac(PAY_SECRET, f"{FULL}{END}&key={PAY_SECRET}"),
    "values_alone": mac(
        PAY_SECRET, "&".join(p.partition("=")[2] for p in (FULL + END).split("&"))
    ),
    "more_than_digest": f"b'{mac(PAY_SECRET, FULL + END)}'",
    "other_key": mac("another-key", FULL + END),
    "place_missing": mac(PAY_SECRET, FULL),
    "place_sorted": mac(PAY_SECRET, "&".join(sorted((FULL + END).split("&")))),
    "other_place": mac(PAY_SECRET, FULL + END.replace("=/", "=https://developer.toutiao.com/")),
    "unsorted": mac(PAY_SECRET, "&".join(f"{n}={v}" for n, v in GIVEN.items() if v) + END),
    "empty_signed": mac(PAY_SECRET, "&".join(f"{n}={GIVEN[n]}" for n in sorted(GIVEN)) + END),
    "param_missing": mac(PAY_SECRET, FULL.partition("&")[2] + END),
    "url_encoded": mac(PAY_SECRET, encoded(FULL) + END),
    "other_hash": digest("md5", FULL + END + PAY_SECRET),
    "in_base64": in_base64(mac(PAY_SECRET, FULL + END)),
    "upper_case": mac(PAY_SECRET, FULL + END).upper(),
}

# The login state of a mini-game's user.

SESSION_KEY = "MDEyMzQ1Njc4OWFiY2RlZg=="
STORE = "/api/apps/set_user_storage"
STORED = '{"kv_list":[{"key":"分","value":"1"}]}'
CALL: Case = (
    Request("POST", STORE, b"openid=o&sig_method=hmac_sha256", [], STORED.encode()),
    {"openid": "o", "sig_method": "hmac_sha256", "signature": "no-such"},
    SESSION_KEY,
)
LOGIN_RECIPES = {
    "key_mistyped": mac(quote(SESSION_KEY, ""), STORED),
    "key_unset": mac("undefined", STORED),
    "more_than_digest": f"(stdin)= {mac(SESSION_KEY, STORED)}",
    "in_base64": in_base64(mac(SESSION_KEY, STORED)),
    "other_hmac": mac(SESSION_KEY, STORED, "sha1"),
    "swapped": mac(STORED, SESSION_KEY),
    "plain_hash": digest("sha256", STORED + SESSION_KEY),
    "other_key": mac("another-key", STORED),
    "other_place": mac(SESSION_KEY, f"POST&{quote(STORE, '')}&{STORED}"),
    "other_message": mac(SESSION_KEY, "openid=o&sig_method=hmac_sha256"),
    "other_spelling": mac(SESSION_KEY, json.dumps(json.loads(STORED))),
}

# Tickets.

TICKET = "@ticket/="
SHARE: Case = (
    Request("GET", ""),
    {"nonce_str": "n1", "timestamp": "1767240000", "signature": "s", "title": "t"},
    TICKET,
)
SHARED = f"nonce_str=n1&ticket={TICKET}&timestamp=1767240000"
SHARE_RECIPES = {
    "ticket_mistyped": digest("md5", SHARED.replace(TICKET, TICKET[:-1])),
    "ticket_unset": digest("md5", SHARED.replace(TICKET, "undefined")),
    "more_signed": digest("md5", f"{SHARED}&title=t"),
    "part_missing": digest("md5", SHARED.rpartition("&")[0]),
    "values_alone": digest("md5", "n1" + TICKET + "1767240000"),
    "other_hash": digest("sha256", SHARED),
    "more_than_digest": f"{digest('md5', SHARED)}  -",
    "sha1": digest("sha1", SHARED),
    "unsorted": digest("md5", f"ticket={TICKET}&nonce_str=n1&timestamp=1767240000"),
    "url_encoded": digest("md5", SHARED.replace(TICKET, quote(TICKET, ""))),
    "other_name": digest("md5", SHARED.replace("ticket", "jsapi_ticket", 1)),
    "other_timestamp": digest("md5", SHARED + "123"),
    "other_ticket": digest("md5", SHARED.replace(TICKET, "another-key")),
    "upper_case": digest("md5", SHARED).upper(),
}
URL = "https://shop.example.test/a?b=1"
PAGE: Case = (SHARE[0], {**SHARE[1], "url": URL + "#top"}, TICKET)
PAGED = f"jsapi_ticket={TICKET}&nonce_str=n1&timestamp=1767240000&url={URL}"
PAGE_RECIPES = {
    "ticket_mistyped": digest("md5", PAGED.replace(TICKET, TICKET + " ")),
    "ticket_unset": digest("md5", PAGED.replace(TICKET, "null")),
    "more_signed": digest("md5", PAGED.replace("&url", "&title=t&url")),
    "part_missing": digest("md5", PAGED.rpartition("&url")[0]),
    "values_alone": digest("md5", "&".join((TICKET, "n1", "1767240000", URL))),
    "other_hash": mac(TICKET, PAGED, "md5"),
    "other_url": digest("md5", PAGED.partition("?")[0]),
    "more_than_digest": f"{digest('md5', PAGED)}  -",
    "sha1": digest("sha1", PAGED),
    "unsorted": digest("md5", "&".join(reversed(PAGED.split("&", 3)))),
    "url_encoded": digest(
        "md5", PAGED.replace(TICKET, quote(TICKET, "")).replace(URL, quote(URL, ""))
    ),
    "other_name": digest("md5", PAGED.replace("nonce_str", "noncestr")),
    "other_timestamp": digest("md5", PAGED.replace("1767240000", "1767240000999")),
    "other_ticket": digest("md5", PAGED.replace(TICKET, "another-key")),
    "with_fragment": digest("md5", PAGED + "#top"),
    "upper_case": digest("md5", PAGED).upper(),
}

CASES: dict[str, tuple[Case, str, dict[str, str]]] = {
    "ecpay-callback": (CALLBACK, sha1_of(*FOUR), CALLBACK_RECIPES),
    "game-callback": (GAME_CALLBACK, sha1_of(*FOUR), CALLBACK_RECIPES),
    "webhook": (WEBHOOK, digest("sha1", SECRET.encode() + SENT), WEBHOOK_RECIPES),
    "game": (WALLET, mac(PAY_SECRET, FULL + END), WALLET_RECIPES),
    "login-state": (CALL, mac(SESSION_KEY, STORED), LOGIN_RECIPES),
    "share": (SHARE, digest("md5", SHARED), SHARE_RECIPES),
    "js": (PAGE, digest("md5", PAGED), PAGE_RECIPES),
}


def read(kind: str) -> Signed[Any]:
    """Read a kind's request with its right key."""
    request, params, key = CASES[kind][0]
    return KINDS[kind].read(request, params, Keys((key,), OTHER))


def _recipes() -> Iterator[Any]:
    for kind, (_, _, recipes) in CASES.items():
        for name, signature in recipes.items():
            yield pytest.param(kind, name, signature, id=f"{kind}-{name}")


@pytest.mark.parametrize(("kind", "name", "signature"), list(_recipes()))
def test_a_wrong_recipe_is_named(kind: str, name: str, signature: str) -> None:
    """A client of each kind that makes one known mistake is told by it, and not by two others."""
    plans = read(kind).plans

    assert not KINDS[kind].is_right(signature, plans)
    assert (name,) in [m.recipes for m in KINDS[kind].diagnose(signature, plans, THOROUGH)]


@pytest.mark.parametrize("kind", CASES)
def test_every_recipe_has_an_example(kind: str) -> None:
    """No recipe is declared that no client here follows."""
    upper = {"upper_case"} if KINDS[kind].upper_case else set()

    assert set(CASES[kind][2]) == {*KINDS[kind].recipes, *upper, "more_than_digest"}
    assert set(CASES) | {"ecpay"} == set(KINDS)


@pytest.mark.parametrize("kind", CASES)
def test_a_right_signature_is_right(kind: str) -> None:
    """What the platform makes itself is right, and the platform's kind is recognised."""
    (request, params, key), signature, _ = CASES[kind]
    plans = read(kind).plans
    first = next(name for name, each in KINDS.items() if each.recognises(request, params))

    assert KINDS[kind].is_right(signature, plans)
    assert plans[0].signature() == signature
    assert key not in plans[0].shown()
    assert first == kind


AROUND = ["{}\n", " {}", "{}  -", "{} *-", "MD5(stdin)= {}", "(stdin)= {}", "SHA2-256(stdin)= {}"]
"""How a shell's commands print a digest."""


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("kind", CASES)
def test_what_stands_around_a_signature_is_named(kind: str, around: str) -> None:
    """A digest that was taken over with what md5sum or openssl print beside it is not right."""
    _, signature, recipes = CASES[kind]
    wrong = next(name for name in recipes if {*recipes[name]} <= {*"0123456789abcdef"})
    plans = read(kind).plans

    def named(signature: str) -> list[tuple[str, ...]]:
        given = around.format(signature)
        assert not KINDS[kind].is_right(given, plans)
        return [match.recipes for match in KINDS[kind].diagnose(given, plans, THOROUGH)]

    assert named(signature) == [("more_than_digest",)]
    assert (wrong, "more_than_digest") in named(recipes[wrong])
    if "upper_case" in recipes:
        assert named(signature.upper()) == [("more_than_digest", "upper_case")]


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("signature", ["", "0" * 40, "签名", "x" * 10_000])
def test_what_nothing_explains(kind: str, signature: str) -> None:
    """Any other signature has no explanation."""
    plans = read(kind).plans

    assert not KINDS[kind].is_right(signature, plans)
    assert KINDS[kind].diagnose(signature, plans, THOROUGH) == ()


PAIRS = {
    "ecpay-callback": (
        digest("md5", "".join(sorted([STAMP, NONCE, MSG]))),
        {"token_missing", "other_hash"},
    ),
    "webhook": (
        digest("md5", b"another-key" + SENT),
        {"other_secret", "other_hash"},
    ),
    "game": (
        mac(PAY_SECRET, "&".join(f"{n}={v}" for n, v in GIVEN.items() if v)),
        {"place_missing", "unsorted"},
    ),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_two_mistakes_are_named_together(kind: str) -> None:
    """Where no single mistake leads to a signature, two that do are both named."""
    signature, names = PAIRS[kind]

    found = KINDS[kind].diagnose(signature, read(kind).plans, THOROUGH)

    assert names in [set(match.recipes) for match in found]


# Known inputs and outputs.


def _plan(
    kind: str, key: str, params: dict[str, Any], request: Request | None = None
) -> SignaturePlan:
    signed = KINDS[kind].read(request or Request("POST", ""), params, Keys((key,)))
    plan: SignaturePlan = signed.plans[0]
    return plan


def _payment(params: dict[str, Any], salt: str) -> SignaturePlan:
    return _plan("ecpay", salt, params)


def _callback(token: str, **given: str) -> SignaturePlan:
    return _plan("ecpay-callback", token, given)


def _login_state(session_key: str, body: str) -> SignaturePlan:
    request = Request("POST", "/any/path", b"", [], body.encode())
    return _plan("login-state", session_key, {"signature": "-"}, request)


def _webhook(secret: str, body: str) -> SignaturePlan:
    return _plan("webhook", secret, {}, Request("POST", "", b"", [], body.encode()))


def _wallet(pay_secret: str, message: str) -> SignaturePlan:
    params = dict(pair.split("=", 1) for pair in message.split("&"))
    request = Request(params.pop("method"), params.pop("org_loc"))
    return _plan("game", pay_secret, params, request)


def _share(ticket: str, **given: str) -> SignaturePlan:
    return _plan("share", ticket, given)


def _page(ticket: str, **given: str) -> SignaturePlan:
    return _plan("js", ticket, given)


RULES: dict[str, Callable[..., SignaturePlan]] = {
    "payment_sign": _payment,
    "callback_signature": _callback,
    "login_state_signature": _login_state,
    "webhook_signature": _webhook,
    "wallet_signature": _wallet,
    "share_signature": _share,
    "js_signature": _page,
}
VECTORS = [
    vector
    for vector in json.loads(resources.text("vectors.json"))["vectors"]
    if vector["rule"] in RULES
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: dict[str, Any]) -> None:
    """The right plan gives the known output for the known input."""
    assert RULES[vector["rule"]](**vector["given"]).signature() == vector["gives"]


def test_a_body_that_a_framework_has_parsed() -> None:
    """A msg that is an object by now, and a timestamp that is a number, are read as texts."""
    params = {"timestamp": 1, "nonce": None, "msg": {"a": True}, "msg_signature": "x"}

    assert _plan("ecpay-callback", "k", params).shown() == '1<TOKEN>{"a":true}'


def test_a_recipe_is_declared_once() -> None:
    """A second recipe of one name is a mistake of the programmer."""
    kind = KINDS["webhook"]

    with pytest.raises(ValueError, match="webhook has two recipes 'mac'"):
        kind.add(kind.recipes["mac"])


LONG = "中" * 300_000
HEAVY: dict[str, Case] = {
    "ecpay-callback": (CALLBACK[0], {**CALLBACK[1], "msg": json.dumps({"a": LONG})}, TOKEN),
    "game-callback": (
        GAME_CALLBACK[0],
        {**GAME_CALLBACK[1], **{f"x{n}": "y" * 100 for n in range(900)}},
        TOKEN,
    ),
    "webhook": (
        Request("POST", "", b"", WEBHOOK[0].headers, json.dumps([[1] * 1000] * 300).encode()),
        {},
        SECRET,
    ),
    "game": (WALLET[0], {**PAY, **{f"x{n}": "y" * 1000 for n in range(900)}}, PAY_SECRET),
    "login-state": (
        Request("POST", STORE, b"", [], json.dumps([[1] * 1000] * 300).encode()),
        CALL[1],
        SESSION_KEY,
    ),
    "share": (SHARE[0], {**SHARE[1], "nonce_str": LONG}, TICKET),
    "js": (PAGE[0], {**PAGE[1], "url": "https://a.test/" + LONG}, TICKET),
}


@pytest.mark.parametrize("kind", HEAVY)
def test_no_request_takes_many_steps(kind: str) -> None:
    """However long a request is, the search for its mistake ends soon."""
    request, params, key = HEAVY[kind]
    plans = KINDS[kind].read(request, params, Keys((key,), OTHER * 20)).plans

    assert steps(lambda: KINDS[kind].diagnose("0" * 40, plans)) < 300_000
    assert plans[0].cost > 100


def test_recipes_speak_both_languages() -> None:
    """The words of every recipe are rendered in both, without a hole."""
    for kind in KINDS.values():
        for text in (kind.about, kind.key, *(each.about for each in kind.recipes.values())):
            assert text.code in TEMPLATES
            for language in ("zh", "en"):
                assert not re.search(r"\{\w+\}", text.render(language)), text.code
