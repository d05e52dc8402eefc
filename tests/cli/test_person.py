"""`code`, `phone` and `decrypt`."""

from __future__ import annotations

import base64

import httpx
import pytest

from mockdouyin.cli.person import decrypt
from mockdouyin.core.crypto import seal
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, json_of
from tests.helpers import GAME, PROGRAM_LOGIN

KEY = base64.b64encode(b"0123456789abcdef").decode()
IV = base64.b64encode(b"fedcba9876543210").decode()
SEALED = seal(KEY, b"fedcba9876543210", '{"nickName":"小明","gender":1}'.encode())


def exchange(server: ThreadedServer, code: str) -> dict[str, str]:
    """Exchange a login code as the demo mini-program's backend does."""
    answer = httpx.post(
        f"{server.url}/api/apps/v2/jscode2session", json={**PROGRAM_LOGIN, "code": code}
    ).json()
    assert answer["err_no"] == 0, answer
    data: dict[str, str] = answer["data"]
    return data


def test_code_is_one_that_works(server: ThreadedServer) -> None:
    """`code` prints what tt.login hands out, and its code can be exchanged."""
    handed = json_of("code")

    assert list(handed) == ["anonymousCode", "code", "isLogin", "errMsg"]
    assert exchange(server, handed["code"])["openid"]


def test_code_of_a_person_and_an_app(server: ThreadedServer) -> None:
    """Whose phone it is and which app is open are named by options."""
    code = json_of("code", "--person", "小红", "--app", GAME.client_key)["code"]
    query = {"appid": GAME.client_key, "secret": GAME.client_secret, "code": code}
    answer = httpx.get(f"{server.url}/mgplatform/api/apps/jscode2session", params=query).json()

    assert answer["openid"]
    assert next(iter(server.sandbox.default.journal)).person == "小红"


def test_what_the_phone_sealed_is_opened(server: ThreadedServer) -> None:
    """`decrypt` opens what `phone` sealed under the session key of that login."""
    session = exchange(server, json_of("code")["code"])
    handed = json_of("phone", "getPhoneNumber")["detail"]
    args = ("--session-key", session["session_key"], "--iv", handed["iv"])
    opened = json_of("decrypt", *args, handed["encryptedData"])

    assert opened["purePhoneNumber"] == "13800138000"
    assert json_of("decrypt", *args, "-", input=handed["encryptedData"] + "\n") == opened


def test_arguments_are_json_where_they_are(server: ThreadedServer) -> None:
    """An argument that parses as JSON is sent as that; any other is text."""
    template = next(iter(server.sandbox.default.find_app(None).templates))
    asked = ("phone", "requestSubscribeMessage", "--arg", f'tmplIds=["{template}"]')

    assert json_of(*asked)[template] == "accept"
    assert "fail no thanks" in json_of(*asked, "--arg", "fail=no thanks")["errMsg"]


@pytest.mark.parametrize("name", ["getSystemInfo", "tt.getSystemInfo", "phone.getSystemInfo"])
def test_apis_by_any_of_their_names(server: ThreadedServer, name: str) -> None:
    """An API is found by its name in the docs, in front-end code, and in rules."""
    assert json_of("phone", name)["errMsg"] == "getSystemInfo:ok"


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("phone", "getPhoneNumbr"), "did you mean getPhoneNumber?"),
        (("code", "--person", "小暗"), "no person '小暗'"),
        (("code", "--app", "ttnone"), "no app 'ttnone'"),
        (("code", "--world", "nope"), "no world 'nope'"),
        (("phone", "login", "--arg", "person=[1]"), "person should be text, not [1]"),
    ],
)
def test_what_is_not_there(args: tuple[str, ...], says: str) -> None:
    """A name that the server does not know is answered with what it knows."""
    assert says in complaint_of(*args)


def test_the_world_in_an_address(server: ThreadedServer) -> None:
    """A base URL that names a world, as an application is given it, is understood."""
    world = server.sandbox.worlds.create("mine")
    json_of("code", "--url", f"{server.url}/@mine", "--app", world.find_app(None).client_key)

    assert "no app" in complaint_of("code", "--app", world.find_app(None).client_key)


def test_the_example_of_decrypt_works() -> None:
    """The example in the help of `decrypt` opens something."""
    assert json_of(*decrypt.example.split()[1:]) == {"gender": 1}


def test_decrypt() -> None:
    """An encryptedData is opened and printed as readable JSON."""
    assert json_of("decrypt", "--session-key", KEY, "--iv", IV, SEALED) == {
        "nickName": "小明",
        "gender": 1,
    }


@pytest.mark.parametrize(
    ("key", "iv", "data", "says"),
    [
        (base64.b64encode(b"x" * 16).decode(), IV, SEALED, "session_key does not fit"),
        (KEY, base64.b64encode(b"y" * 16).decode(), SEALED, "the iv does not fit"),
        (KEY, IV, SEALED[:24], "should be a multiple of 16"),
        (KEY, IV, "not base64!", "the data is not base64"),
        ("short", IV, SEALED, "the session_key is not base64"),
        (KEY, "AAAA", SEALED, "the iv is 3 bytes"),
    ],
)
def test_decrypt_says_which_part_is_wrong(key: str, iv: str, data: str, says: str) -> None:
    """When it cannot be opened, the part that is wrong is named."""
    assert says in complaint_of("decrypt", "--session-key", key, "--iv", iv, data)
