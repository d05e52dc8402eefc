"""`code`, `phone` and `decrypt`."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import Any

import httpx
import pytest

from mockdouyin.cli.person import decrypt
from mockdouyin.core.crypto import seal
from mockdouyin.core.people import PersonSpec
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import SheetWait
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.cli.shell import COMMAND, environment
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import ordered
from tests.support.helpers import GAME, PROGRAM, PROGRAM_LOGIN
from tests.support.waiting import until

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


def test_plain_codes(server: ThreadedServer) -> None:
    """`--plain` prints codes alone, one a line, and each can be exchanged."""
    (code,) = lines_of("code", "--plain", "--person", "小红")
    several = lines_of("code", "--plain", "--count", "3")

    assert len({code, *several}) == 4
    assert all(exchange(server, each)["openid"] for each in (code, *several))


def test_codes_for_a_load_test(server: ThreadedServer) -> None:
    """`--csv` has a line for each login, of the people in turn, with the open_id that it gives."""
    head, *rows = [line.split(",") for line in lines_of("code", "--csv", "--count", "7")]

    people = list(server.sandbox.default.people)
    assert head == ["code", "person", "open_id"]
    assert [row[1] for row in rows] == [people[n % len(people)] for n in range(7)]
    for code, _, open_id in rows:
        assert exchange(server, code)["openid"] == open_id
    [_, row] = lines_of("code", "--csv", "--person", "小红")
    assert row.split(",")[1] == "小红"
    assert len(json_of("code", "--count", "2")) == 2


@pytest.mark.usefixtures("server")
def test_a_failure_of_the_phone_is_exit_code_1() -> None:
    """What tt.* hands to `fail` is printed, and the command leaves with 1."""
    failed = invoke("phone", "getLocation", "--arg", "fail=true")
    assert (failed.exit_code, "getLocation:fail" in failed.stdout) == (1, True)

    lines_of("rule", "add", "{on: phone.login, error: 113001, times: 1}")
    refused = invoke("code", "--plain")
    assert (refused.exit_code, "login:fail" in refused.stdout) == (1, True)
    assert invoke("code", "--plain").exit_code == 0


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("code", "--plain", "--csv"), "--plain and --csv exclude one another"),
        (("code", "--count", "0"), "--count"),
        (("phone", "login", "--arg", "persn=小红"), "takes no 'persn'; did you mean person?"),
        (("phone", "getPhoneNumber", "--arg", "cod=1"), "phone.getPhoneNumber takes no 'cod'"),
    ],
)
def test_what_makes_no_sense(args: tuple[str, ...], says: str) -> None:
    """Options that exclude one another, and arguments that no tt API takes, are refused."""
    assert says in complaint_of(*args)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-8"])
def test_json_is_json_on_every_terminal(server: ThreadedServer, encoding: str) -> None:
    """What is printed as JSON reads back whole, whatever encoding the terminal has."""
    name = "小明é😀"
    server.sandbox.default.people.add(name, PersonSpec(nickname=name))
    lines_of("code", "--person", name)

    done = subprocess.run(
        [*COMMAND, "phone", "getUserProfile", "--person", name, "--url", server.url],
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding),
        check=True,
    )

    assert json.loads(done.stdout.decode(encoding))["userInfo"]["nickName"] == name


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
    assert "fail no thanks" in invoke(*asked, "--arg", "fail=no thanks").stdout


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
        (("phone", "login", "--arg", "person=[1]"), "person should be text, not a list"),
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


def test_pay(server: ThreadedServer) -> None:
    """`phone pay` pays the latest order or a named one; a cashier that was left is paid later."""
    scene = Scene(server.sandbox)
    ordered(scene, "FIRST")
    ordered(scene, "SECOND")

    assert json_of("phone", "pay", "--order", "FIRST", "--way", "alipay")["code"] == 0
    assert json_of("phone", "pay", "--decision", "leave")["code"] == 9
    assert json_of("phone", "answer", "--way", "wx")["result"]["code"] == 0
    refused = invoke("phone", "pay")
    assert (refused.exit_code, json.loads(refused.stdout)["errNo"]) == (1, 10401)
    assert refused.stderr.endswith(": order 'SECOND' is SUCCESS: it cannot be paid\n")


def test_pay_says_what_came_of_it(server: ThreadedServer) -> None:
    """Beside what tt.pay returns, it says how it ended, and why nobody is called back."""
    ordered(Scene(server.sandbox), "FIRST", notify_url="")

    cancelled = invoke("phone", "pay", "--decision", "cancel", "--lang", "zh")
    paid = invoke("phone", "pay", "--lang", "zh")
    again = invoke("phone", "pay", "--lang", "zh")

    assert json.loads(paid.stdout)["code"] == 0
    assert cancelled.stderr == "小明 在 mini_program 中调用 tt.pay：取消支付（code 4）\n"
    assert "没有回调：下单时没有传 notify_url" in paid.stderr
    assert again.stderr.endswith(": 订单 'FIRST' 的状态是 SUCCESS，不能支付\n")


def test_a_call_that_asks(server: ThreadedServer) -> None:
    """`phone API` waits; `phone sheets` lists what it asks, and `phone answer` answers it."""
    lines_of("rule", "add", "{on: phone.*, sheet: ask}")
    assert lines_of("phone", "sheets") == ["no sheet waits for an answer in world default"]
    called = [*COMMAND, "phone", "getLocation", "--person", "小红"]
    with subprocess.Popen(
        called, env=environment(MOCKDOUYIN_URL=server.url), stdout=subprocess.PIPE
    ) as waiting:
        until(lambda: len(server.sandbox.default.journal.listeners) > 0, "the call")
        [line] = lines_of("phone", "sheets", "--lang", "zh")
        assert json_of("phone", "sheets", "--person", "小明", "--json") == {"sheets": []}
        answered = json_of("phone", "answer", "--deny", "--person", "小红")
        printed, _ = waiting.communicate(timeout=20)

    assert line.split()[2:] == ["小红", "mini_program", "tt.getLocation", "获取你的位置信息"]
    assert json.loads(printed) == answered["result"]
    assert (answered["result"]["errNo"], waiting.returncode) == (10502, 1)


@pytest.mark.parametrize(
    ("args", "result"),
    [
        (["--allow"], {"errMsg": "requestSubscribeMessage:ok"}),
        (["--err-no", "20004"], {"errNo": 20004}),
        (["--template", f"{PROGRAM.template}=ban"], {PROGRAM.template: "ban"}),
    ],
)
def test_an_answer_and_its_parts(
    server: ThreadedServer, args: list[str], result: dict[str, Any]
) -> None:
    """An answer allows, has the call fail, or says something of each template."""
    lines_of("rule", "add", "{on: phone.*, sheet: ask}")
    opened = call_phone(server.sandbox.default, "requestSubscribeMessage", None, None, {})
    assert isinstance(opened, SheetWait)

    answered = json_of("phone", "answer", "--id", str(opened.sheet.number), *args)

    assert answered["result"].items() >= result.items()


@pytest.mark.usefixtures("server")
def test_answers_that_fit_nothing() -> None:
    """Without a sheet, and without an answer, the error says so in one line."""
    assert complaint_of("phone", "answer", "--allow").startswith("no sheet waits")
    says = complaint_of("phone", "answer", "--allow", "--lang", "zh")
    assert says == "世界 default 中没有等待回答的弹窗"
    assert complaint_of("phone", "answer").startswith("an answer is allow")


@pytest.mark.usefixtures("server")
def test_options_may_come_first() -> None:
    """`phone` is short for `phone call`, wherever its options stand."""
    usual = json_of("phone", "getLocation", "--person", "小红")

    assert json_of("phone", "--person", "小红", "getLocation") == usual
    assert json_of("phone", "call", "tt.getLocation", "--person", "小红") == usual
