"""The login through a service provider, and the phone number by code."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockdouyin.core import resources
from mockdouyin.core.clock import MINUTE
from tests.endpoints.calls import Ask, Scene, good

LOGIN, PHONE = "/api/apps/v1/microapp/code2session/", "/api/apps/v1/get_phonenumber_info/"


def unseal(data: str) -> Any:
    """Open a sealed phone number with the app's private key, as a client does."""
    key = load_pem_private_key(resources.text("demo_private_key.pem").encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return json.loads(key.decrypt(base64.b64decode(data), PKCS1v15()))


def phone_code(scene: Scene, person: str = "小明", kind: str = "mini_program") -> str:
    """Press the phone-number button as a person; return its code."""
    scene.phone("login", kind, person)
    return str(scene.phone("getPhoneNumber", kind, person)["detail"]["code"])


def number(scene: Scene, code: str | None) -> Any:
    """Ask for the phone number behind a code."""
    headers = {"access-token": scene.client_token("mini_program")}
    return scene.ask(Ask("POST", PHONE, headers=headers, fields={"code": code}))


def test_a_providers_login_has_underscores() -> None:
    """The newer login names its ids with underscores, in this order."""
    scene = Scene()

    answer = scene.ask(good(scene, "microapp.code_to_session"))

    assert list(answer) == ["err_no", "err_msg", "log_id", "data"]
    keys = ["session_key", "open_id", "anonymous_open_id", "union_id"]
    assert list(answer["data"]) == keys
    assert answer["data"]["open_id"] == scene.open_id("mini_program")


def test_a_provider_may_leave_out_the_rest() -> None:
    """The code is enough: without an anonymous code its id is empty, app_id is optional."""
    scene = Scene()
    ask = good(scene, "microapp.code_to_session").having(anonymous_code=None, app_id=None)

    assert scene.ask(ask)["data"]["anonymous_open_id"] == ""


@pytest.mark.parametrize(
    ("changes", "expected", "text"),
    [
        ({"code": None}, 28001007, "code must have a value"),
        ({"app_id": "tt00"}, 28001007, "参数不合法"),
        ({"code": "bad"}, 28001007, "参数不合法"),
        ({"anonymous_code": "bad"}, 28001007, "参数不合法"),
    ],
)
def test_a_providers_login_is_refused(changes: dict[str, Any], expected: int, text: str) -> None:
    """A missing code is named, and a refusal leaves the codes as they were."""
    scene = Scene()
    ask = good(scene, "microapp.code_to_session")

    answer = scene.ask(ask.having(**changes))

    assert (answer["err_no"], answer["err_msg"]) == (expected, text)
    assert "data" not in answer
    assert scene.ask(ask)["err_no"] == 0


def test_a_provider_token_is_for_one_app() -> None:
    """The authorizer's token of one app logs nobody in to another."""
    scene = Scene()
    ask = good(scene, "microapp.code_to_session").having(app_id=None)

    refused = scene.ask(ask.with_token(scene.app("mini_game").authorizer_token))

    assert refused["err_no"] == 28001007
    assert scene.ask(ask.with_token("isvact.unknown"))["err_no"] == 28001003


def test_a_phone_number_is_sealed_with_the_apps_key() -> None:
    """`data` is a text: the number under RSA, in 344 characters, with the watermark inside."""
    scene = Scene()

    answer = number(scene, phone_code(scene))

    assert list(answer) == ["err_no", "err_msg", "err_tips", "log_id", "data"]
    assert (answer["err_no"], answer["err_msg"], answer["err_tips"]) == (0, "", "")
    assert len(answer["data"]) == 344
    assert unseal(answer["data"]) == {
        "phoneNumber": "13800138000",
        "purePhoneNumber": "13800138000",
        "countryCode": "86",
        "watermark": {"appid": scene.app("mini_program").client_key, "timestamp": 1767240000},
    }


def test_a_foreign_number_has_its_country_code() -> None:
    """A foreign number is written with its country code, and without it as the pure one."""
    scene = Scene()

    plain = unseal(number(scene, phone_code(scene, "Anna"))["data"])

    assert plain["phoneNumber"] == "+85261234567"
    assert (plain["purePhoneNumber"], plain["countryCode"]) == ("61234567", "852")


def test_sealing_is_derived_and_never_the_same() -> None:
    """Two codes of one number give two ciphertexts; the same seed gives the same two."""
    first, again = Scene(), Scene()

    made = [
        [number(scene, phone_code(scene))["data"] for _ in range(2)] for scene in (first, again)
    ]

    assert made[0][0] != made[0][1]
    assert made[0] == made[1]


def test_a_phone_code_works_once_within_five_minutes() -> None:
    """A phone code is used up by its first use, and ends after five minutes."""
    scene = Scene()
    used, old = phone_code(scene), phone_code(scene)

    assert number(scene, used)["err_no"] == 0
    assert number(scene, used)["err_no"] == 28005187
    scene.advance(5 * MINUTE)
    answer = number(scene, old)
    assert (answer["err_no"], answer["data"]) == (28005187, "")
    assert [e.why.render("en") for e in scene.world.journal if e.error] == [
        "the code was already used; it works once",
        "the code expired 0s ago; it lives 5m",
    ]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("login", "it is a code of tt.login, where a code of the phone-number button is needed"),
        ("nonsense", "it was not issued by world 'default' nor by another that lives here"),
        ("another app's", "the code was made for app"),
    ],
)
def test_another_code_is_no_phone_code(kind: str, why: str) -> None:
    """A login code, another app's code or any other text is refused, and the journal says why."""
    scene = Scene()
    code = {
        "login": scene.phone("login")["code"],
        "nonsense": "x" * 123,
        "another app's": phone_code(scene, kind="mini_game"),
    }[kind]

    assert number(scene, code)["err_no"] == 28005187
    assert why in list(scene.world.journal)[-1].why.render("en")


def test_a_missing_code_is_named() -> None:
    """Both texts name the parameter that is missing."""
    answer = number(Scene(), None)

    assert answer["err_no"] == 28001007
    assert answer["err_msg"] == answer["err_tips"] == "code must have a value"


def test_a_login_code_and_a_phone_code_do_not_disturb_each_other() -> None:
    """The phone number is fetched before or after the login's exchange."""
    scene = Scene()
    login = good(scene, "mini_program.code_to_session")
    code = scene.phone("getPhoneNumber")["detail"]["code"]

    assert number(scene, code)["err_no"] == 0
    assert scene.ask(login)["err_no"] == 0
