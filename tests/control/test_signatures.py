"""A signature is checked over the control API, with the keys of a world or with a given one."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.crypto import callback_signature, share_signature, webhook_signature
from mockdouyin.domain.signatures import KINDS
from tests.support.ecpay import sign
from tests.support.helpers import GAME, PROGRAM, WEB, client_token, get, phone, sandbox

PAYMENT = PROGRAM.payment
ORDER = {"app_id": PROGRAM.client_key, "out_order_no": "Order-1", "total_amount": 1990}


def check(box: Sandbox, text: str, **given: Any) -> dict[str, Any]:
    """Check a signature in the world `default`."""
    return execute(box, "check_signature", body={"text": text, **given}, language="en")


def order(**more: Any) -> str:
    """Write an order, signed with the demo app's SALT."""
    fields = {**ORDER, **more}
    return json.dumps({"sign": sign(fields, PAYMENT.salt), **fields})


def test_a_right_signature() -> None:
    """It is right with the app's own key, and nothing is said against it."""
    verdict = check(sandbox(), order())

    assert (verdict["kind"], verdict["right"], verdict["why"]) == ("ecpay", True, "")
    assert verdict["signature"] == verdict["expected"]
    assert verdict["signed"] == "1990&Order-1&<SALT>"
    assert PAYMENT.salt not in json.dumps(verdict)


def test_a_wrong_signature() -> None:
    """The recipe is named with its words, in the language asked for."""
    wrong = sign({**ORDER, "disable_msg": 1}, PAYMENT.salt)
    text = order(sign=wrong, disable_msg=1, total_amount=1990, msg_page="pages/a")

    verdict = check(sandbox(), text)
    chinese = execute(sandbox(), "check_signature", body={"text": text}, language="zh")

    assert not verdict["right"]
    assert [match["recipes"] for match in verdict["matches"]] == [["field_not_signed"]]
    assert verdict["why"].startswith("msg_page is missing from what was signed")
    assert chinese["why"].startswith("msg_page 没有参与签名")


def test_keys_of_the_world_are_tried() -> None:
    """A sign with the sandbox's SALT, the Token or the app's secret is told as such."""
    keys = {
        "the sandbox's SALT": PAYMENT.sandbox_salt,
        "the Token of callbacks": PAYMENT.token,
        "the app's secret": PROGRAM.client_secret,
    }
    for words, key in keys.items():
        assert words in check(sandbox(), order(sign=sign(ORDER, key)))["why"]


def test_the_sandbox_has_its_own_salt() -> None:
    """Where the request goes to the sandbox's host, the sandbox's SALT is right."""
    body = order(sign=sign(ORDER, PAYMENT.sandbox_salt))
    path = "/api/apps/ecpay/v1/create_order"

    for host, right in (("open-sandbox.douyin.com", True), ("developer.toutiao.com", False)):
        assert check(sandbox(), f"POST https://{host}{path}\n\n{body}")["right"] is right


def test_a_key_is_given() -> None:
    """A given key counts, also for an app that the world does not know."""
    fields = {**ORDER, "app_id": "tt-of-somebody"}
    text = json.dumps({**fields, "sign": sign(fields, "my-salt")})

    assert check(sandbox(), text, key="my-salt")["right"]
    assert not check(sandbox(), text, key="other")["right"]
    with pytest.raises(MockDouyinError, match="no app 'tt-of-somebody' .*; or give the SALT"):
        check(sandbox(), text)


def test_another_signature_is_given() -> None:
    """What the developer's own code made can be checked in the place of what was sent."""
    body = {"timestamp": "1", "nonce": "2", "msg": "{}", "type": "payment"}
    token = PAYMENT.token
    right = callback_signature(token, "1", "2", "{}")
    wrong = hashlib.sha1(f"{token}12{{}}".encode()).hexdigest()
    text = json.dumps({**body, "msg_signature": right})

    assert check(sandbox(), text)["right"]
    verdict = check(sandbox(), text, signature=wrong)
    assert verdict["matches"][0]["recipes"] == ["unsorted"]
    assert verdict["signed"] == "12<TOKEN>{}"


def test_what_was_signed_is_compared() -> None:
    """The text that the developer's code signed is compared; the key in it is masked."""
    same = check(sandbox(), order(), signed=f"1990&Order-1&{PAYMENT.salt}")
    other = check(sandbox(), order(), signed=f"1990&Order-2&{PAYMENT.salt}")

    assert same["differs"].startswith("what your code signed is what the platform signs")
    assert other["differs"] == (
        "what was signed differs from character 12 on: yours has '2&<SALT>',"
        " the platform's '1&<SALT>'"
    )


def test_a_signature_that_nothing_explains() -> None:
    """Then the text that the platform signs is shown; none at all is told as such."""
    unknown = check(sandbox(), order(sign="0" * 32))
    missing = check(sandbox(), order(sign=""), kind="ecpay")

    assert unknown["matches"] == []
    assert unknown["why"].endswith("what the platform signs: 1990&Order-1&<SALT>")
    assert missing["why"] == "there is no signature in it"
    assert missing["expected"] == sign(ORDER, PAYMENT.salt)


def test_a_webhook() -> None:
    """The web app's secret signs; another app's is told by its name."""
    body = json.dumps({"event": "authorize", "client_key": WEB.client_key})
    right = webhook_signature(WEB.client_secret, body.encode())
    wrong = webhook_signature(GAME.client_secret, body.encode())
    head = "POST /hook HTTP/1.1\nX-Douyin-Signature: "

    assert check(sandbox(), f"{head}{right}\n\n{body}")["right"]
    wrong_one = check(sandbox(), f"{head}{wrong}\n\n{body}")
    assert "another app, 'mini_game'" in wrong_one["why"]
    assert check(sandbox(), "no JSON", kind="webhook", signature="0", app="web")["why"]


def test_a_login_state() -> None:
    """The session_key is the one of the person whose openid is in the query."""
    box = sandbox()
    code = phone(box, "login", app="mini_game")["code"]
    login = {"appid": GAME.client_key, "secret": GAME.client_secret, "code": code}
    session = get(box, "/mgplatform/api/apps/jscode2session", login)
    body = b'{"kv_list":[]}'
    path = f"/api/apps/set_user_storage?openid={session['openid']}&sig_method=hmac_sha256"

    def verdict(key: str) -> dict[str, Any]:
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return check(box, f"POST {path}&signature={signature}\n\n{body.decode()}")

    assert verdict(session["session_key"])["right"]
    assert "the app's secret" in verdict(GAME.client_secret)["why"]


def test_tickets() -> None:
    """A share's ticket is one of the app's valid open tickets; a JS ticket is told as such."""
    box = sandbox()
    fields = {"client_key": WEB.client_key, "nonce_str": "n", "timestamp": "1767240000"}
    with pytest.raises(MockDouyinError, match="'web' has no ticket of /open/getticket/ here"):
        check(box, json.dumps({**fields, "signature": "x"}))
    token = client_token(box)
    opened = get(box, "/open/getticket/", token=token)["data"]["ticket"]
    js = get(box, "/js/getticket/", token=token)["data"]["ticket"]

    def verdict(ticket: str) -> dict[str, Any]:
        return check(
            box, json.dumps({**fields, "signature": share_signature(ticket, "n", "1767240000")})
        )

    assert verdict(opened)["right"]
    assert "a JS ticket" in verdict(js)["why"]
    assert opened not in json.dumps(verdict(js))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"text": "{}"}, "shows no signature that is known; name its kind: ecpay, "),
        ({"text": "no JSON"}, r"shows no signature that is known \(.*\); name its kind"),
        ({"text": "{}", "kind": "ecpai"}, "no kind of signature 'ecpai'; did you mean ecpay"),
        ({"text": '{"mp_sig":"1"}'}, "has no payment secret of the mini-game here; give the key"),
        ({"text": '{"sign":"1"}', "app": "nobody"}, "no app 'nobody'"),
        ({"text": ""}, "the text is empty"),
        pytest.param(
            {"text": '{"sign":"1","x":' + "[" * 900 + "]" * 900 + "}"},
            "nested too deeply to be signed",
            id="nested too deeply",
        ),
    ],
)
def test_what_cannot_be_checked(body: dict[str, Any], says: str) -> None:
    """What is no request, or has no key, is refused in words."""
    with pytest.raises(MockDouyinError, match=says):
        execute(sandbox(), "check_signature", body=body)


def test_every_kind_may_be_named() -> None:
    """Each kind reads any request at all."""
    for kind in KINDS:
        verdict = check(sandbox(), "{}", kind=kind, key="k", signature="x", app="web")
        assert (verdict["kind"], verdict["right"]) == (kind, False)


def test_a_form_counts_as_unsigned() -> None:
    """A payment's form is refused as a running server refuses it, whatever its sign."""
    right = urlencode({**ORDER, "sign": sign(ORDER, PAYMENT.salt)})
    wrong = urlencode({**ORDER, "sign": sign(ORDER, PAYMENT.sandbox_salt)})

    said = [check(sandbox(), text) for text in (right, wrong)]

    assert [each["right"] for each in said] == [False, False]
    assert all("not in a JSON body" in each["why"] for each in said)
    assert "the sandbox's SALT" in said[1]["why"]


def test_the_entry_that_has_a_signature() -> None:
    """Of a HAR file the first request with a signature is checked, or the one that is named."""
    calls: list[dict[str, Any]] = [{"url": "https://a.test/main.js", "method": "GET"}]
    calls += [{"url": "https://a.test/pay", "method": "POST", "postData": {"text": order()}}]
    har = json.dumps({"log": {"entries": [{"request": call} for call in calls]}})

    assert check(sandbox(), har)["right"]
    assert check(sandbox(), har, entry=2)["right"]
    with pytest.raises(MockDouyinError, match="no signature"):
        check(sandbox(), har, entry=1)


def test_a_body_that_is_serialized_twice() -> None:
    """A JSON text of JSON is told as such."""
    with pytest.raises(MockDouyinError, match="serialized twice"):
        check(sandbox(), json.dumps(order()))


def test_blanks_are_no_part_of_a_signature() -> None:
    """A sign with a line end is wrong, as the server has it; of an option's they do not count."""
    signed = sign(ORDER, PAYMENT.salt)

    verdict = check(sandbox(), order(sign=f"{signed}\n"))

    assert [each["recipes"] for each in verdict["matches"]] == [["more_than_digest"]]
    assert check(sandbox(), order(sign="x"), signature=f" {signed}\n")["right"]
