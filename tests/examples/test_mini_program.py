"""A mini-program's backend: login, sealed data, phone number, token, subscription message."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from typing import Any

from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mockdouyin.core.resources import text
from mockdouyin.testing.fixture import Douyin


def post(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    """Post JSON and read JSON, by nothing but the standard library."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(reply.read())


def decrypt(session_key: str, iv: str, data: str) -> Any:
    """Open an encryptedData as Douyin's docs tell backends to: AES/CBC/PKCS5Padding."""
    key, vector, sealed = map(base64.b64decode, (session_key, iv, data))
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    padded = decryptor.update(sealed) + decryptor.finalize()
    return json.loads(unpadder.update(padded) + unpadder.finalize())


def log_in(douyin: Douyin) -> Any:
    """Log the first person in and exchange the code."""
    app, login = douyin.app("mini_program"), douyin.phone().login()
    body = {
        "appid": app.client_key,
        "secret": app.client_secret,
        "code": login["code"],
        "anonymous_code": login["anonymousCode"],
    }
    answer = post(f"{douyin.url}/api/apps/v2/jscode2session", body)
    assert (answer["err_no"], answer["err_tips"]) == (0, "success")
    return answer["data"]


def test_login_and_sealed_profile(douyin: Douyin) -> None:
    """The profile that the phone seals opens with the session_key of its login, and is signed."""
    session = log_in(douyin)
    profile = douyin.phone().getUserProfile()
    person = douyin.person()

    opened = decrypt(session["session_key"], profile["iv"], profile["encryptedData"])

    assert opened["nickName"] == person.nickname
    assert opened["watermark"]["appid"] == douyin.app("mini_program").client_key
    signed = (profile["rawData"] + session["session_key"]).encode()
    assert profile["signature"] == hashlib.sha1(signed).hexdigest()
    assert session["openid"] in person.open_ids.values()


def test_phone_number_from_encrypted_data(douyin: Douyin) -> None:
    """The old way: the phone number is sealed under the session_key."""
    session = log_in(douyin)
    detail = douyin.phone().getPhoneNumber()["detail"]

    opened = decrypt(session["session_key"], detail["iv"], detail["encryptedData"])

    assert opened["purePhoneNumber"] == douyin.person().phone == "13800138000"
    assert opened["countryCode"] == "86"


def test_phone_number_from_code(douyin: Douyin) -> None:
    """The new way: a code is exchanged for the number, sealed with the app's RSA public key."""
    log_in(douyin)
    app = douyin.app("mini_program")
    code = douyin.phone().getPhoneNumber()["detail"]["code"]
    keys = {"client_key": app.client_key, "client_secret": app.client_secret}
    granted = post(
        f"{douyin.url}/oauth/client_token/", {**keys, "grant_type": "client_credential"}
    )

    answer = post(
        f"{douyin.url}/api/apps/v1/get_phonenumber_info/",
        {"code": code},
        {"access-token": granted["data"]["access_token"]},
    )

    private = serialization.load_pem_private_key(text("demo_private_key.pem").encode(), None)
    assert isinstance(private, RSAPrivateKey)
    opened = json.loads(private.decrypt(base64.b64decode(answer["data"]), PKCS1v15()))
    assert opened["phoneNumber"] == "13800138000"


def test_subscription_message(douyin: Douyin) -> None:
    """One consent is one message; the second is refused."""
    app, session = douyin.app("mini_program"), log_in(douyin)
    [template] = app.templates
    answer = douyin.phone().requestSubscribeMessage(tmplIds=[template])
    assert answer[template] == "accept"
    keys = {"appid": app.client_key, "secret": app.client_secret}
    token = post(f"{douyin.url}/api/apps/v2/token", {**keys, "grant_type": "client_credential"})
    message = {
        "access_token": token["data"]["access_token"],
        "app_id": app.client_key,
        "tpl_id": template,
        "open_id": session["openid"],
        "data": {"快递派送": "SF1111111111"},
    }
    notify = f"{douyin.url}/api/apps/subscribe_notification/developer/v1/notify"

    assert post(notify, message) == {"err_no": 0, "err_tips": ""}
    assert post(notify, message)["err_no"] == 28014043
