"""The exact bytes of each dialect: key order, whole numbers, and what a failure has as data."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mockdouyin.core.envelopes import (
    NOTHING,
    Envelope,
    Extra,
    Flat,
    FlatGateway,
    Gateway,
    Passport,
    PassportAndGateway,
    PlainText,
    SortedGateway,
    Tips,
)
from mockdouyin.core.errors import ErrorCase
from mockdouyin.endpoints import WRITTEN


class Payload(msgspec.Struct):
    """What an endpoint answers."""

    token: str = ""
    expires_in: int = 0


LOG, NOW = "20260101120000AABBCCDD000000000001", 1767240000.123
GOOD = Payload("t<1>&2", 7200)
BAD = ErrorCase(40018, "bad_code", "bad code")

SUCCESSES: list[tuple[Envelope, Any, str]] = [
    (
        Tips(),
        GOOD,
        '{"err_no":0,"err_tips":"success","data":{"token":"t<1>&2","expires_in":7200}}',
    ),
    (Tips(ok=""), NOTHING, '{"err_no":0,"err_tips":""}'),
    (
        Tips(log_id=True),
        GOOD,
        '{"err_no":0,"err_tips":"success","data":{"token":"t<1>&2","expires_in":7200},'
        f'"log_id":"{LOG}"}}',
    ),
    (Flat(), GOOD, '{"token":"t<1>&2","expires_in":7200}'),
    (
        Passport(),
        GOOD,
        '{"data":{"captcha":"","desc_url":"","description":"","error_code":0,"expires_in":7200,'
        f'"log_id":"{LOG}","token":"t\\u003c1\\u003e\\u00262"}},"message":"success"}}',
    ),
    (
        PassportAndGateway(),
        GOOD,
        '{"data":{"captcha":"","desc_url":"","description":"","error_code":0,"expires_in":7200,'
        f'"log_id":"{LOG}","token":"t\\u003c1\\u003e\\u00262"}},"err_msg":"","err_no":0,'
        f'"log_id":"{LOG}","message":"success"}}',
    ),
    (
        Extra(),
        GOOD,
        '{"data":{"error_code":0,"description":"","token":"t<1>&2","expires_in":7200},'
        '"extra":{"error_code":0,"description":"","sub_error_code":0,"sub_description":"",'
        f'"logid":"{LOG}","now":1767240000123}}}}',
    ),
    (
        Extra(),
        NOTHING,
        '{"data":{"error_code":0,"description":""},'
        '"extra":{"error_code":0,"description":"","sub_error_code":0,"sub_description":"",'
        f'"logid":"{LOG}","now":1767240000123}}}}',
    ),
    (
        Gateway(),
        GOOD,
        f'{{"err_no":0,"err_msg":"","log_id":"{LOG}","data":{{"token":"t<1>&2","expires_in":7200}}}}',
    ),
    (Gateway("success"), NOTHING, f'{{"err_no":0,"err_msg":"success","log_id":"{LOG}"}}'),
    (
        Gateway(tips=True),
        "sealed",
        f'{{"err_no":0,"err_msg":"","err_tips":"","log_id":"{LOG}","data":"sealed"}}',
    ),
    (
        SortedGateway(),
        GOOD,
        '{"data":{"expires_in":7200,"token":"t<1>&2"},'
        f'"err_msg":"","err_no":0,"log_id":"{LOG}"}}',
    ),
    (
        FlatGateway(),
        GOOD,
        f'{{"err_msg":"","err_no":0,"expires_in":7200,"log_id":"{LOG}","token":"t<1>&2"}}',
    ),
]


@pytest.mark.parametrize(("envelope", "payload", "body"), SUCCESSES)
def test_success(envelope: Envelope, payload: Any, body: str) -> None:
    """A success has these bytes and no others."""
    assert envelope.success(payload, LOG, NOW).decode() == body


FAILURES: list[tuple[Envelope, Any, str]] = [
    (Tips(), NOTHING, '{"err_no":40018,"err_tips":"bad code"}'),
    (Tips(), None, '{"err_no":40018,"err_tips":"bad code","data":null}'),
    (
        Tips(log_id=True),
        Payload(),
        '{"err_no":40018,"err_tips":"bad code","data":{"token":"","expires_in":0}}',
    ),
    (Flat(), NOTHING, '{"errcode":40018,"errmsg":"bad code","error":3,"message":"bad code"}'),
    (
        Passport(),
        NOTHING,
        '{"data":{"captcha":"","desc_url":"","description":"bad code","error_code":40018},'
        '"message":"error"}',
    ),
    (
        PassportAndGateway(),
        NOTHING,
        '{"data":{"captcha":"","desc_url":"","description":"bad code","error_code":40018},'
        f'"err_msg":"bad code","err_no":40018,"log_id":"{LOG}","message":"error"}}',
    ),
    (
        Extra(),
        NOTHING,
        '{"data":{"error_code":40018,"description":"bad code"},'
        '"extra":{"error_code":40018,"description":"bad code","sub_error_code":0,'
        f'"sub_description":"more","logid":"{LOG}","now":1767240000123}}}}',
    ),
    (Gateway(), NOTHING, f'{{"err_no":40018,"err_msg":"more","log_id":"{LOG}"}}'),
    (
        Gateway(tips=True),
        "",
        f'{{"err_no":40018,"err_msg":"more","err_tips":"more","log_id":"{LOG}","data":""}}',
    ),
    (SortedGateway(), NOTHING, f'{{"err_msg":"more","err_no":40018,"log_id":"{LOG}"}}'),
    (FlatGateway(), NOTHING, f'{{"err_msg":"more","err_no":40018,"log_id":"{LOG}"}}'),
]


@pytest.mark.parametrize(("envelope", "empty", "body"), FAILURES)
def test_failure(envelope: Envelope, empty: Any, body: str) -> None:
    """A failure has these bytes; `data` is an object of empties, null, empty text or absent."""
    assert envelope.failure(BAD, "more", empty, LOG, NOW).decode() == body


def test_the_gateway_has_the_common_text_without_a_detail() -> None:
    """Where there are no more exact words, the gateway has Douyin's text."""
    body = json.loads(Gateway().failure(BAD, "", NOTHING, LOG, NOW))

    assert body["err_msg"] == "bad code"


@pytest.mark.parametrize(
    ("case", "small", "message"),
    [
        (ErrorCase(40014, "bad_params", "bad params"), 1, "bad parameters"),
        (ErrorCase(40015, "bad_appid", "bad appid"), 2, "bad appid"),
        (ErrorCase(40017, "bad_secret", "bad secret"), 2, "bad secret"),
        (ErrorCase(40018, "bad_code", "bad code"), 3, "bad code"),
        (ErrorCase(40019, "bad_anonymous_code", "x"), 3, "x"),
        (ErrorCase(40002, "nil_token", "nil access_token"), 1, "nil access_token"),
        (ErrorCase(40002, "invalid_token", "bad access_token"), 2, "bad access_token"),
        (ErrorCase(-1, "system_error", "system error"), 1, "system error"),
    ],
)
def test_the_flat_dialect_has_a_small_number(case: ErrorCase, small: int, message: str) -> None:
    """`error` is a number of its own beside `errcode`, and `message` may differ from `errmsg`."""
    body = json.loads(Flat().failure(case, "", NOTHING, LOG, NOW))

    assert body == {"errcode": case.code, "errmsg": case.text, "error": small, "message": message}


def test_escaped_text_reads_as_it_was() -> None:
    """What the passport dialect escapes is the same text to whoever reads the JSON."""
    body = Passport().success(Payload("a&b<c>d\\&"), LOG, NOW)

    assert not {b"&", b"<", b">"} & {bytes((byte,)) for byte in body}
    assert json.loads(body)["data"]["token"] == "a&b<c>d\\&"


NAMES = ("err_no", "errcode", "error_code", "err_code")
OTHER_NAMES = {"content_security_toutiao": ("code", "error")}
"""What envelopes call the number."""


@pytest.mark.parametrize("endpoint", list(WRITTEN), ids=lambda e: e.full_name)
def test_numbers_are_numbers(endpoint: Any) -> None:
    """Every error code of every endpoint is a JSON number in its family's envelope."""
    for case in endpoint.errors:
        answer = endpoint.envelope.failure(case, "", endpoint.empty, LOG, NOW)
        if endpoint.is_page:
            assert answer.decode() == f"{case.code} {case.text}\n"
            continue
        body = json.loads(answer)
        inside = body.get("data")
        if isinstance(inside, dict) and "extra" in inside:
            body = inside  # the older service's answer within the gateway's
        names = OTHER_NAMES.get(endpoint.family.name, NAMES)
        is_exact_inside = endpoint.family.name == "trade"  # `data` tells more than the kind
        places = (body, None if is_exact_inside else body.get("data"), body.get("extra"))
        codes = [
            place[key]
            for place in places
            if isinstance(place, dict)
            for key in names
            if key in place
        ]
        assert codes
        assert all(code == case.code and type(code) is int for code in codes)


@pytest.mark.parametrize(("envelope", "payload", "body"), SUCCESSES)
def test_schemas_describe_successes(envelope: Envelope, payload: Any, body: str) -> None:
    """Every field of a success, but the log id and zeros of `extra`, is in the schema."""
    described = envelope.schema({"type": "object", "properties": {"token": {}, "expires_in": {}}})
    parts = described.get("allOf", [described])
    names = {name for part in parts for name in part["properties"]}

    assert set(json.loads(body)) - {"log_id", "err_tips", "err_msg", "err_no"} <= names


def test_a_page_is_words() -> None:
    """Where a page is shown, the body without it is one line of text."""
    assert PlainText().success("hello", LOG, NOW) == b"hello\n"
    assert PlainText().schema({}) == PlainText().failure_schema(None) == {"type": "string"}
