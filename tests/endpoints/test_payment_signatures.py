"""Why a call of guaranteed payment is refused for its sign: the journal names the mistake."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from mockdouyin.control import execute
from mockdouyin.core.http import Request
from tests.endpoints.calls import Ask, Scene, compact
from tests.endpoints.calls_payment import SignedAsk
from tests.support.ecpay import sign

PATH = "/api/apps/ecpay/v1/query_order"
HOSTS = {"production": "developer.toutiao.com", "sandbox": "open-sandbox.douyin.com"}


def md5(*values: str) -> str:
    """Hash values in their order."""
    return hashlib.md5("&".join(values).encode()).hexdigest()


def why(scene: Scene, signature: str, **fields: Any) -> str:
    """Call with this sign, which is refused; return why."""
    every = {"app_id": scene.app("mini_program").client_key, **fields, "sign": signature}
    answer = scene.ask(Ask("POST", PATH, fields=every))
    assert answer["err_no"] == 2008
    return last_why(scene)


def last_why(scene: Scene) -> str:
    """Return why the latest call was refused."""
    (exchange,) = execute(scene.box, "journal", query={"limit": "1"}, language="en")["exchanges"]
    return str(exchange["why"])


def test_a_known_mistake_is_named() -> None:
    """A single mistake is told, and two that are made together."""
    scene = Scene()
    salt = scene.app("mini_program").payment.salt

    assert why(scene, md5("b", "a", salt), out_order_no="b", x="a") == "the values are not sorted"
    both = why(scene, md5("x=a", f"key={salt}"), x="a", y=0)
    assert "fields that are 0 were left out" in both
    assert "; and " in both
    assert "this is WeChat Pay's way" in both
    assert "upper case" in why(scene, sign({"x": "a"}, salt).upper(), x="a")


@pytest.mark.parametrize(
    ("fields", "values", "words"),
    [
        ({"x": "a", "page": None}, ["a", "null"], "fields that are null were signed"),
        ({"x": "a", "page": ""}, ["", "a"], "empty values were signed"),
    ],
)
def test_what_counts_as_absent_may_have_been_signed(
    fields: dict[str, Any], values: list[str], words: str
) -> None:
    """Nulls and empty texts of the body are known to the search, which are no parameters."""
    scene = Scene()
    salt = scene.app("mini_program").payment.salt

    assert words in why(scene, md5(*sorted([*values, salt])), **fields)


def test_the_query_is_not_signed_beside_a_body() -> None:
    """What stands in the query of a posted call is no matter, and signing it is named."""
    scene = Scene()
    app = scene.app("mini_program")
    fields = {"app_id": app.client_key, "out_order_no": "A-1"}
    right, every = (sign({**fields, **more}, app.payment.salt) for more in ({}, {"debug": "1"}))

    def ask(signature: str) -> Any:
        body = {**fields, "sign": signature}
        return scene.ask(Ask("POST", PATH, {"debug": "1"}, fields=body))

    assert ask(right)["err_no"] == 2000
    assert ask(every)["err_no"] == 2008
    assert "the query's fields were signed too" in last_why(scene)


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=edge"


def in_parts(fields: dict[str, str]) -> bytes:
    """Write fields as PHP's curl does for an array."""
    head = '--edge\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return ("".join(head.format(*each) for each in fields.items()) + "--edge--\r\n").encode()


@pytest.mark.parametrize(
    ("write", "label", "code"),
    [
        (compact, "application/json", 2000),
        (compact, FORM, 2000),
        (lambda fields: b"\xef\xbb\xbf\n" + compact(fields), "", 2000),
        (lambda fields: urlencode(fields).encode(), FORM, 2008),
        (lambda fields: urlencode(fields).encode(), "application/json", 2008),
        (in_parts, PARTS, 2008),
    ],
)
def test_fields_are_taken_as_json(write: Any, label: str, code: int) -> None:
    """A right sign is refused in a form, and the reason says so; JSON may have any label."""
    scene = Scene()
    app = scene.app("mini_program")
    fields = {"app_id": app.client_key, "out_order_no": "A-1"}
    body = write({**fields, "sign": sign(fields, app.payment.salt)})

    reply = scene.box.handle(Request("POST", PATH, b"", [(b"content-type", label.encode())], body))

    assert json.loads(reply.body)["err_no"] == code
    assert ("guaranteed payment takes JSON alone" in last_why(scene)) == (code == 2008)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"1e400", "a number is out of range"),
        ('"店"'.encode("gbk"), "a text in it is not UTF-8"),
        (b"[" * 900 + b"]" * 900, "it is nested too deeply"),
    ],
    ids=["a number", "a text in GBK", "lists"],
)
def test_a_field_of_no_meaning_is_read_as_well(value: bytes, words: str) -> None:
    """All fields are signed: one that cannot be read has the call refused, and is told."""
    scene = Scene()
    key = scene.app("mini_program").client_key.encode()
    body = b'{"app_id":"%s","out_order_no":"A-1","sign":"f0c1","shop":%s}' % (key, value)

    reply = scene.box.handle(Request("POST", PATH, body=body))

    assert (reply.status, json.loads(reply.body)["err_no"]) == (200, 2010)
    assert words in last_why(scene)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "app_id is missing: the request has neither a body nor a query"),
        (b"{}", "app_id is missing or empty; without it there is no SALT to check with"),
        (b'{"appid": "tt"}', "the field is app_id, not appid"),
        (b'{"app_id": ""}', "app_id is missing or empty"),
        (b"out_order_no=A-1", "guaranteed payment takes JSON alone"),
        (urlencode({'{"app_id":"tt"}': ""}).encode(), "guaranteed payment takes JSON alone"),
    ],
)
def test_a_call_without_an_app_is_told_what_it_lacks(body: bytes, words: str) -> None:
    """A body that got lost is told from one with another name, and from a form."""
    scene = Scene()

    reply = scene.box.handle(Request("POST", PATH, body=body))

    assert json.loads(reply.body)["err_no"] == 2008
    assert words in last_why(scene)


@pytest.mark.parametrize("path", ["/api/apps/v2/jscode2session", "/oauth/client_token/"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", " is missing: the request has neither a body nor a query"),
        (b"{}", " is missing or empty"),
        (urlencode({'{"appid":"tt"}': ""}).encode(), "sent as the name of a form's field"),
        (json.dumps('{"appid":"tt"}').encode(), "it was serialized twice"),
    ],
)
def test_a_body_that_got_lost_is_told(path: str, body: bytes, words: str) -> None:
    """Not only in payments: the reason is not that one parameter is missing."""
    scene = Scene()

    scene.box.handle(Request("POST", path, body=body))

    assert words in last_why(scene)


@pytest.mark.parametrize("lost", ["????", "\ufffd\ufffd"])
def test_chinese_that_was_lost_on_the_way(lost: str) -> None:
    """Where Chinese was signed and question marks came, the reason is the body's charset."""
    scene = Scene()
    signed = sign({"x": "a", "subject": "月度会员"}, scene.app("mini_program").payment.salt)

    told = why(scene, signed, x="a", subject=lost)

    assert "subject has ?? or � in it, which may be what is left of Chinese" in told
    assert lost in told.partition("the platform signs: ")[2]
    assert "no known mistake leads to it" in why(scene, signed, x="a", subject="what?")


def test_a_text_that_was_cut_in_an_emoji() -> None:
    """What JavaScript's slice leaves of an emoji is one U+FFFD, in the sign as in the text."""
    scene = Scene()
    app = scene.app("mini_program")
    fields = {"app_id": app.client_key, "out_order_no": "A-1", "x": "会员\ufffd"}
    body = json.dumps({**fields, "sign": sign(fields, app.payment.salt)})

    reply = scene.box.handle(Request("POST", PATH, body=body.replace("fffd", "d83c").encode()))

    assert json.loads(reply.body)["err_no"] == 2000


def test_fields_are_not_taken_from_the_query() -> None:
    """A call whose fields all stand in its address is refused with the same reason."""
    scene = Scene()
    app = scene.app("mini_program")
    fields = {"app_id": app.client_key, "out_order_no": "A-1"}
    signed = {**fields, "sign": sign(fields, app.payment.salt)}

    assert scene.ask(Ask("POST", PATH, signed))["err_no"] == 2008
    assert "guaranteed payment takes JSON alone" in last_why(scene)


def test_other_keys_are_named() -> None:
    """The SALT of the other environment, of another app or of the provider is told as such."""
    scene = Scene()
    app = scene.app("mini_program")
    keys = {
        "the sandbox's SALT, and the call is to production": app.payment.sandbox_salt,
        "the Token of callbacks": app.payment.token,
        "the app's secret": app.client_secret,
        "the app_id": app.client_key,
    }
    for words, key in keys.items():
        assert words in why(scene, sign({"x": "a"}, key), x="a")
    scene.set(payment_environment="sandbox")
    assert "production's SALT" in why(scene, sign({"x": "a"}, app.payment.salt), x="a")


def test_a_provider_signs_with_its_own_salt() -> None:
    """With a thirdparty_id the provider's SALT is right, and the app's is told as such."""
    scene = Scene()
    payment = scene.app("mini_program").payment
    changed = replace(payment, thirdparty_id="ttp", thirdparty_salt="of-the-provider")
    scene.amend("mini_program", payment=changed)

    with_provider = {"x": "a", "thirdparty_id": "ttp"}
    assert "the app's own SALT" in why(scene, sign({"x": "a"}, payment.salt), **with_provider)
    assert "the service provider's SALT" in why(scene, sign({"x": "a"}, "of-the-provider"), x="a")


def test_an_unknown_mistake_shows_what_is_signed() -> None:
    """Where no mistake is known, the text that the platform signs is shown."""
    says = why(Scene(), "0" * 32, subject="月度会员", total=2)

    assert says.endswith("The platform signs: 2&<SALT>&月度会员")
    assert "is it the app's SALT (`mockdouyin apps ttd0c500000000000001 --reveal`)?" in says


def test_no_secret_is_in_a_reason() -> None:
    """Whatever is wrong, the reason has neither SALT nor Token nor secret in it."""
    scene = Scene()
    app = scene.app("mini_program")
    secrets = [*app.payment.secrets, app.client_secret]
    wrong = [md5("a", salt) for salt in secrets] + [md5("x=a", app.payment.salt), "0" * 32]

    for signature in wrong:
        said = why(scene, signature, x="a", y="b")
        assert said
        assert not [each for each in secrets if each in said]


def test_a_right_sign_is_not_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is signed right costs no search."""
    scene = Scene()
    app = scene.app("mini_program")
    monkeypatch.setattr("mockdouyin.domain.signatures.ecpay.keys_of", None)

    fields = {"app_id": app.client_key, "out_order_no": "none"}
    assert (
        scene.ask(SignedAsk("POST", PATH, fields=fields, salt=app.payment.salt))["err_no"] == 2000
    )
