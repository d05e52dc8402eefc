"""What each tt API hands to `success` and to `fail`, down to key order and types."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import encode_reply, execute
from mockdouyin.core import resources
from mockdouyin.core.apps import AppSpec, Template, amend_app
from mockdouyin.phone import APIS, PhoneApi
from tests.support.helpers import (
    GAME,
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    app_token,
    client_token,
    open_sealed,
    phone,
    post,
    sandbox,
    send,
)

NOON = 1767240000
DAY = 86400.0


def exchange(box: Sandbox, code: str) -> dict[str, str]:
    """Exchange a login code as the backend does."""
    reply = post(box, "/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, "code": code})
    assert reply["err_no"] == 0
    data: dict[str, str] = reply["data"]
    return data


def logged_in(box: Sandbox, person: str | None = None) -> str:
    """Log in, and give the session key."""
    return exchange(box, phone(box, "login", person=person)["code"])["session_key"]


def amend(box: Sandbox, spec: AppSpec, app: str = "mini_program") -> None:
    """Change an app of the world `default`."""
    world = box.default
    world.replace_app(amend_app(world.find_app(app), spec))


# tt.login and tt.checkSession.


def test_login() -> None:
    """A login hands out two different codes, in the captured order."""
    result = phone(sandbox(), "login")

    assert list(result) == ["anonymousCode", "code", "isLogin", "errMsg"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{123}", result["code"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{123}", result["anonymousCode"])
    assert result["code"] != result["anonymousCode"]
    assert result["isLogin"] is True
    assert result["errMsg"] == "login:ok"


def test_each_login_has_codes_of_its_own() -> None:
    """No two logins hand out the same codes, nor two worlds of another seed."""
    box = sandbox()
    codes = [phone(box, "login")["code"] for _ in range(5)]
    codes += [phone(sandbox(seed=1), "login")["code"]]

    assert len(set(codes)) == 6
    assert phone(sandbox(), "login")["code"] == codes[0]


def test_a_phone_without_a_login_to_douyin() -> None:
    """Who is not logged in to Douyin gets an anonymous code alone, or a failure if forced."""
    box = sandbox()

    assert phone(box, "login", hostLogin=False) == {
        "errMsg": "login:fail host login fail",
        "errNo": 113001,
    }
    result = phone(box, "login", hostLogin=False, force=False)
    assert list(result) == ["anonymousCode", "isLogin", "errMsg"]
    assert (result["isLogin"], result["errMsg"]) == (False, "login:ok")
    assert phone(box, "checkSession")["errNo"] == 113101


def test_an_anonymous_code_gives_an_anonymous_openid_alone() -> None:
    """An anonymous login is exchanged for an anonymous_openid, with no session."""
    box = sandbox()
    code = phone(box, "login", hostLogin=False, force=False)["anonymousCode"]

    fields = {**PROGRAM_LOGIN, "anonymous_code": code}
    data = post(box, "/api/apps/v2/jscode2session", fields)["data"]

    assert data["anonymous_openid"].startswith("_000")
    assert (data["session_key"], data["openid"], data["unionid"]) == ("", "", "")


def test_an_anonymous_login_leaves_the_session() -> None:
    """An anonymous login leaves the session of the login before it as it was."""
    box = sandbox()
    key = logged_in(box)

    phone(box, "login", hostLogin=False, force=False)
    detail = phone(box, "getPhoneNumber")["detail"]

    assert b"13800138000" in open_sealed(key, detail["iv"], detail["encryptedData"])


def test_check_session() -> None:
    """A session is empty before the first login, lives thirty days, and has expired then."""
    box = sandbox()

    assert phone(box, "checkSession") == {
        "errMsg": "checkSession:fail session is empty",
        "errNo": 113101,
    }
    phone(box, "login")
    assert phone(box, "checkSession") == {"errMsg": "checkSession:ok"}
    box.default.clock.advance(30 * DAY)
    assert phone(box, "checkSession") == {
        "errMsg": "checkSession:fail session is expired",
        "errNo": 113102,
    }


def test_no_code_comes_twice_after_a_long_time() -> None:
    """A login after the session is long forgotten hands out new codes and a new key."""
    box = sandbox()
    first = phone(box, "login")
    key = exchange(box, first["code"])["session_key"]
    box.default.clock.advance(400 * DAY)
    for person in ("小红", "老王", "Anna"):
        phone(box, "login", person=person)

    again = phone(box, "login")

    assert again["code"] != first["code"]
    assert exchange(box, again["code"])["session_key"] != key


# The profile.

RAW = (
    '{"nickName":"小明同学","avatarUrl":"https://p3.example.test/aweme/100x100/xiaoming.jpeg",'
    '"gender":1,"city":"北京市","province":"北京","country":"中国","language":"zh_CN"}'
)


@pytest.mark.parametrize("api", ["getUserInfo", "getUserProfile"])
def test_the_profile(api: str) -> None:
    """The profile comes plain, as rawData, signed and sealed, in the captured order."""
    box = sandbox()
    key = logged_in(box)

    result = phone(box, api)

    assert list(result) == ["userInfo", "rawData", "signature", "encryptedData", "iv", "errMsg"]
    assert list(result["userInfo"]) == [
        *json.loads(RAW),
        "userId",
        "sessionId",
    ]
    assert re.fullmatch(r"\d{14}", result["userInfo"]["userId"])
    assert re.fullmatch(r"[0-9a-f]{32}", result["userInfo"]["sessionId"])
    assert result["rawData"] == RAW
    assert result["signature"] == hashlib.sha1((RAW + key).encode()).hexdigest()
    assert len(base64.b64decode(result["iv"], validate=True)) == 16
    assert result["errMsg"] == f"{api}:ok"
    assert type(result["userInfo"]["gender"]) is int


def test_the_sealed_profile_of_get_user_info() -> None:
    """getUserInfo seals openId, profile and watermark, compact, in this order, raw UTF-8."""
    box = sandbox()
    login = phone(box, "login")
    session = exchange(box, login["code"])
    result = phone(box, "getUserInfo")

    plain = open_sealed(session["session_key"], result["iv"], result["encryptedData"])

    assert plain.decode() == (
        f'{{"openId":"{session["openid"]}","nickName":"小明同学",'
        '"avatarUrl":"https://p3.example.test/aweme/100x100/xiaoming.jpeg","gender":1,'
        '"country":"中国","province":"北京","city":"北京市","language":"zh_CN",'
        f'"watermark":{{"appid":"{PROGRAM.client_key}","timestamp":{NOON}}}}}'
    )


def test_the_sealed_profile_of_get_user_profile_has_no_open_id() -> None:
    """getUserProfile seals the profile without openId and unionId."""
    box = sandbox()
    key = logged_in(box, "小红")
    box.default.clock.advance(61.5)
    result = phone(box, "getUserProfile", person="小红")

    plain = json.loads(open_sealed(key, result["iv"], result["encryptedData"]))

    assert list(plain) == [
        "nickName",
        "avatarUrl",
        "gender",
        "country",
        "province",
        "city",
        "language",
        "watermark",
    ]
    assert plain["nickName"] == "红红火火🔥"
    assert plain["watermark"] == {"appid": PROGRAM.client_key, "timestamp": NOON + 61}


def test_without_credentials() -> None:
    """Without credentials getUserInfo needs no login and hands out the plain profile alone."""
    result = phone(sandbox(), "getUserInfo", withCredentials=False)

    assert list(result) == ["userInfo", "rawData", "errMsg"]
    assert list(result["userInfo"]) == list(json.loads(RAW))
    assert result["rawData"] == RAW


@pytest.mark.parametrize("api", ["getUserInfo", "getUserProfile", "getPhoneNumber"])
def test_nothing_is_sealed_without_a_login(api: str) -> None:
    """Before a login, and when its session is over, nothing is handed out that needs a key."""
    box = sandbox()
    failed = {"errMsg": f"{api}:fail not login"}

    assert phone(box, api) == failed
    phone(box, "login", hostLogin=False, force=False)
    assert phone(box, api) == failed
    phone(box, "login")
    box.default.clock.advance(30 * DAY)
    assert phone(box, api) == failed


def test_no_two_seals_have_one_iv() -> None:
    """Whatever is sealed has an iv of its own, and so another ciphertext."""
    box = sandbox()
    logged_in(box)
    handed = [phone(box, api) for api in ("getUserInfo", "getUserInfo", "getUserProfile")]

    assert len({each["iv"] for each in handed}) == 3
    assert len({each["encryptedData"] for each in handed}) == 3


def test_a_new_login_rotates_the_key() -> None:
    """What was sealed before a login does not open with the new key, nor the reverse."""
    box = sandbox()
    old_key = logged_in(box)
    old = phone(box, "getUserInfo")
    new_key = logged_in(box)
    new = phone(box, "getUserInfo")

    assert old_key != new_key
    for key, sealed in ((new_key, old), (old_key, new)):
        with pytest.raises(ValueError, match="padding"):
            open_sealed(key, sealed["iv"], sealed["encryptedData"])
    assert open_sealed(new_key, new["iv"], new["encryptedData"])
    assert new["signature"] != old["signature"]


def test_the_key_is_the_logins_own() -> None:
    """A code exchanged after a second login still gives the key of its own login."""
    box = sandbox()
    first = phone(box, "login")["code"]
    sealed = phone(box, "getUserInfo")
    phone(box, "login")

    key = exchange(box, first)["session_key"]

    assert open_sealed(key, sealed["iv"], sealed["encryptedData"])


def test_a_reset_key_seals_from_then_on() -> None:
    """A session key that the game's server reset opens what is sealed afterwards."""
    box = sandbox()
    code = phone(box, "login", app="mini_game")["code"]
    login = post(box, "/api/apps/v2/jscode2session", {**GAME_LOGIN, "code": code})["data"]
    old = phone(box, "getUserInfo", app="mini_game")
    fields = {
        "access_token": app_token(box, GAME_LOGIN),
        "openid": login["openid"],
        "sig_method": "hmac_sha256",
    }
    path = "/mgplatform/api/apps/reset_session_key"
    query = "&".join(f"{k}={v}" for k, v in fields.items())
    signature = hmac.new(login["session_key"].encode(), b"", hashlib.sha256).hexdigest()

    reply = send(box, "POST", path, query=f"{query}&signature={signature}".encode())
    key = json.loads(reply.body)["session_key"]
    new = phone(box, "getUserInfo", app="mini_game")

    assert new["iv"] != old["iv"]
    plain = json.loads(open_sealed(key, new["iv"], new["encryptedData"]))
    assert plain["watermark"]["appid"] == GAME.client_key


# The phone number.


def test_get_phone_number() -> None:
    """The phone number comes sealed under the session key, and as a code, in `detail`."""
    box = sandbox()
    key = logged_in(box)

    result = phone(box, "getPhoneNumber")

    assert list(result) == ["detail", "errMsg"]
    detail = result["detail"]
    assert list(detail) == ["cloudId", "encryptedData", "iv", "code", "errMsg"]
    assert detail["cloudId"] == ""
    assert detail["errMsg"] == result["errMsg"] == "getPhoneNumber:ok"
    assert open_sealed(key, detail["iv"], detail["encryptedData"]).decode() == (
        '{"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":"86",'
        f'"watermark":{{"appid":"{PROGRAM.client_key}","timestamp":{NOON}}}}}'
    )


def test_a_foreign_number_has_its_country_code() -> None:
    """phoneNumber carries the code of another country, purePhoneNumber does not."""
    box = sandbox()
    key = logged_in(box, "Anna")
    detail = phone(box, "getPhoneNumber", person="Anna")["detail"]

    plain = json.loads(open_sealed(key, detail["iv"], detail["encryptedData"]))

    assert plain["phoneNumber"] == "+85261234567"
    assert plain["purePhoneNumber"] == "61234567"
    assert plain["countryCode"] == "852"


def test_no_phone_bound() -> None:
    """A person without a phone number fails with these words."""
    box = sandbox()
    phone(box, "login", person="老王")

    assert phone(box, "getPhoneNumber", person="老王") == {
        "errMsg": "getPhoneNumber:fail no phone number"
    }


def test_an_app_without_the_ability_gets_no_number() -> None:
    """An app without the scope for phone numbers is refused by the platform."""
    box = sandbox()
    amend(box, AppSpec(scopes=("user_info",)))
    phone(box, "login")

    assert phone(box, "getPhoneNumber") == {"errMsg": "getPhoneNumber:fail platform auth deny"}


def phone_number(box: Sandbox, code: str, app: str = PROGRAM.client_key) -> dict[str, Any]:
    """Ask for the number behind a code, as the backend of an app does."""
    secret = next(a.client_secret for a in (PROGRAM, GAME) if a.client_key == app)
    headers = {"access-token": client_token(box, app, secret)}
    reply: dict[str, Any] = post(
        box, "/api/apps/v1/get_phonenumber_info/", {"code": code}, headers
    )
    return reply


def test_the_phone_code_works_once() -> None:
    """The code of the phone button opens, by the app's RSA key, to the same JSON, once."""
    box = sandbox()
    phone(box, "login")
    code = phone(box, "getPhoneNumber")["detail"]["code"]

    first, second = phone_number(box, code), phone_number(box, code)

    assert first["err_no"] == 0
    key = load_pem_private_key(resources.text("demo_private_key.pem").encode(), None)
    assert isinstance(key, RSAPrivateKey)
    plain = json.loads(key.decrypt(base64.b64decode(first["data"]), padding.PKCS1v15()))
    assert (plain["purePhoneNumber"], plain["countryCode"]) == ("13800138000", "86")
    assert plain["watermark"] == {"appid": PROGRAM.client_key, "timestamp": NOON}
    assert (second["err_no"], second["data"]) == (28005187, "")


def test_the_phone_code_is_no_other_code() -> None:
    """A login's code, an expired code and another app's code give no phone number."""
    box = sandbox()
    login = phone(box, "login")["code"]
    code = phone(box, "getPhoneNumber")["detail"]["code"]

    assert phone_number(box, login)["err_no"] == 28005187
    assert phone_number(box, code, GAME.client_key)["err_no"] == 28005187
    assert phone_number(box, "never issued")["err_no"] == 28005187
    box.default.clock.advance(300)
    assert phone_number(box, code)["err_no"] == 28005187
    why = [each.why.render("en") for each in box.default.journal.select("phone_number")]
    assert why == [
        "it is a code of tt.login, where a code of the phone-number button is needed: the"
        " phone-number button gives it, in e.detail.code",
        f"the code was made for app {PROGRAM.client_key!r}",
        "it was not issued by world 'default', and has not the form of a code of the phone-number"
        " button",
        "the code expired 0s ago; it lives 5m",
    ]


def test_the_old_way_works_beside_the_code() -> None:
    """Each press of the button gives another code, and the codes work in any order."""
    box = sandbox()
    logged_in(box)
    codes = [phone(box, "getPhoneNumber")["detail"]["code"] for _ in range(3)]

    assert len(set(codes)) == 3
    assert [phone_number(box, code)["err_no"] for code in reversed(codes)] == [0, 0, 0]


# The phone itself, its place, an address.


def test_get_system_info() -> None:
    """The phone is the captured one, key by key."""
    captured = """
    {"language":"zh_CN","version":"6.6.3","brand":"devtools","fontSizeSetting":16,
    "platform":"devtools","battery":100,"wifiSignal":4,"appName":"devtools","statusBarHeight":47,
    "nativeSDKVersion":"10.3.0","model":"iPhone 12","system":"iOS 14",
    "deviceScore":{"cpu":7.905,"gpu":9.0622,"memory":7.0344,"overall":7.9524},
    "SDKVersion":"2.68.0","pixelRatio":3,"screenWidth":390,"screenHeight":844,"windowWidth":390,
    "windowHeight":844,
    "safeArea":{"left":0,"right":390,"top":47,"bottom":810,"width":390,"height":763},
    "SDKUpdateVersion":"2.68.0.3","devicePixelRatio":3,"errMsg":"getSystemInfo:ok"}
    """

    result = phone(sandbox(), "getSystemInfo")

    assert json.dumps(result) == json.dumps(json.loads(captured))


def test_get_location() -> None:
    """The place is the person's, in the captured order and with the captured types."""
    assert json.dumps(phone(sandbox(), "getLocation"), ensure_ascii=False) == (
        '{"longitude": 116.3974, "latitude": 39.9092, "city": "北京市", "speed": 0, '
        '"accuracy": 65, "altitude": 0, "verticalAccuracy": 65, "horizontalAccuracy": 65, '
        '"errMsg": "getLocation:ok"}'
    )


def test_choose_address() -> None:
    """The address is the person's, and no location."""
    result = phone(sandbox(), "chooseAddress", person="小红")

    assert json.dumps(result, ensure_ascii=False) == (
        '{"errMsg": "chooseAddress:ok", "userName": "小红", "provinceName": "上海", '
        '"cityName": "上海市", "countyName": "徐汇区", "detailInfo": "漕溪北路88号\\"A座\\"", '
        '"telNumber": "13900139000"}'
    )


# Subscription messages.

TEMPLATE = PROGRAM.template


def notify(box: Sandbox, template: str = TEMPLATE, person: str = "小明") -> int:
    """Send a message with an app token."""
    world = box.default
    app = world.apps[PROGRAM.client_key]
    fields = {
        "access_token": app_token(box),
        "app_id": PROGRAM.client_key,
        "tpl_id": template,
        "open_id": world.people.open_id(app, person),
        "data": {"快递派送": "SF1111111111"},
    }
    path = "/api/apps/subscribe_notification/developer/v1/notify"
    return int(post(box, path, fields)["err_no"])


def with_templates(box: Sandbox, **templates: Template) -> None:
    """Add further templates to the mini-program."""
    amend(box, AppSpec(templates=templates))


def test_an_accepted_template() -> None:
    """The older answer names the template twice, and one message may be sent."""
    box = sandbox()

    result = phone(box, "requestSubscribeMessage", tmplIds=[TEMPLATE])

    assert json.dumps(result) == json.dumps(
        {
            TEMPLATE: "accept",
            "itemSettings": {TEMPLATE: "accept"},
            "errMsg": "requestSubscribeMessage:ok",
        }
    )
    assert [notify(box), notify(box)] == [0, 28014043]


def test_without_ids_the_first_template_is_asked_for() -> None:
    """A call without tmplIds asks for the app's first template."""
    assert TEMPLATE in phone(sandbox(), "requestSubscribeMessage")


def test_consents_add_up() -> None:
    """Each one-time consent gives its messages; the template's own quota counts."""
    box = sandbox()
    with_templates(box, MSG2=Template(quota=2))
    for _ in range(2):
        phone(box, "requestSubscribeMessage", tmplIds=["MSG2"])

    assert [notify(box, "MSG2") for _ in range(5)] == [0, 0, 0, 0, 28014043]


def test_a_long_term_consent_has_no_end() -> None:
    """A long-term consent gives any number of messages, until it is taken back."""
    box = sandbox()
    with_templates(box, MSG3=Template(kind="long_term"))
    phone(box, "requestSubscribeMessage", tmplIds=["MSG3"])

    assert {notify(box, "MSG3") for _ in range(10)} == {0}
    phone(box, "requestSubscribeMessage", tmplIds=["MSG3"], answers="reject")
    assert notify(box, "MSG3") == 28014043


def test_the_person_decides_for_each_template() -> None:
    """Accept, reject and ban are answered for each template, and only accept gives messages."""
    box = sandbox()
    with_templates(box, MSG2=Template(), MSG3=Template())
    answers = {"MSG2": "reject", "MSG3": "ban"}

    result = phone(
        box, "requestSubscribeMessage", tmplIds=[TEMPLATE, "MSG2", "MSG3"], answers=answers
    )

    assert result["itemSettings"] == {TEMPLATE: "accept", "MSG2": "reject", "MSG3": "ban"}
    assert [notify(box, each) for each in (TEMPLATE, "MSG2", "MSG3")] == [0, 28014043, 28014043]
    assert notify(box, TEMPLATE, "小红") == 28014043


@pytest.mark.parametrize("version", ["3.35", "3.35.0", "3.51.0", "4"])
def test_the_newer_answer(version: str) -> None:
    """From 3.35 on the answer is templateSettings, of the ticked templates alone."""
    box = sandbox()
    with_templates(box, MSG2=Template(), MSG3=Template())
    asked: dict[str, Any] = {
        "tmplIds": [TEMPLATE, "MSG2", "MSG3"],
        "answers": {"MSG2": "reject", "MSG3": "ban"},
    }

    result = phone(box, "requestSubscribeMessage", SDKVersion=version, **asked)

    def setting(status: str) -> dict[str, Any]:
        way = {"reminderType": "message_notice", "reminderStatus": status}
        return {"status": status, "alwaysSubscribe": False, "allowReminderWay": [way]}

    assert json.dumps(result) == json.dumps(
        {
            "templateSettings": {TEMPLATE: setting("accept"), "MSG3": setting("ban")},
            "errMsg": "requestSubscribeMessage:ok",
        }
    )
    assert [notify(box), notify(box, "MSG2")] == [0, 28014043]


def test_the_newer_answer_to_a_long_term_template() -> None:
    """A long-term template is subscribed always."""
    box = sandbox()
    with_templates(box, MSG3=Template(kind="long_term"))

    result = phone(box, "requestSubscribeMessage", tmplIds=["MSG3"], SDKVersion="3.35.0")

    assert result["templateSettings"]["MSG3"]["alwaysSubscribe"] is True


@pytest.mark.parametrize("version", ["2.68.0", "3.34.9", "3"])
def test_the_older_answer_before(version: str) -> None:
    """Before 3.35 the answer is the older one."""
    assert "itemSettings" in phone(sandbox(), "requestSubscribeMessage", SDKVersion=version)


@pytest.mark.parametrize(
    ("ids", "number", "text"),
    [
        ([], 20000, "invalid params"),
        ("MSG1", 20000, "invalid params"),
        (None, 20000, "invalid params"),
        ([7], 20000, "invalid params"),
        ([{}], 20000, "invalid params"),
        ([TEMPLATE] * 4, 20000, "template counts out of max bounds"),
        (["MSG0"], 21101, "template not exist"),
        ([TEMPLATE, "MSG3"], 1005, "Templates type must be same"),
    ],
)
def test_bad_templates(ids: object, number: int, text: str) -> None:
    """Ids that are none, too many, unknown or of two kinds fail with the platform's numbers."""
    box = sandbox()
    with_templates(box, MSG3=Template(kind="long_term"))

    assert phone(box, "requestSubscribeMessage", tmplIds=ids) == {
        "errMsg": f"requestSubscribeMessage:fail {text}",
        "errNo": number,
    }
    assert notify(box) == 28014043


@pytest.mark.parametrize(
    "args",
    [
        {"answers": "perhaps"},
        {"answers": {TEMPLATE: 1}},
        {"answers": ["accept"]},
        {"SDKVersion": "newest"},
        {"SDKVersion": "3.³"},
        {"SDKVersion": ""},
    ],
)
def test_misuse_of_a_phone_is_told(args: dict[str, Any]) -> None:
    """What no person could answer, and a version that is none, is a mistake of the caller's."""
    box = sandbox()

    with pytest.raises(MockDouyinError, match="answers: each is accept|cannot parse SDKVersion"):
        phone(box, "requestSubscribeMessage", **args)
    assert notify(box) == 28014043


# What a game's server stored.


def stored(box: Sandbox, pairs: list[dict[str, str]]) -> None:
    """Store pairs for the first person as the game's server does."""
    code = phone(box, "login", app="mini_game")["code"]
    login = post(box, "/api/apps/v2/jscode2session", {**GAME_LOGIN, "code": code})["data"]
    body = json.dumps({"kv_list": pairs}).encode()
    signature = hmac.new(login["session_key"].encode(), body, hashlib.sha256).hexdigest()
    query = f"openid={login['openid']}&sig_method=hmac_sha256&signature={signature}"
    query += f"&access_token={app_token(box, GAME_LOGIN)}"
    path = "/mgplatform/api/apps/set_user_storage"
    assert json.loads(send(box, "POST", path, query=query.encode(), body=body).body) == {
        "error": 0
    }


def test_get_user_cloud_storage() -> None:
    """The phone reads what the server stored, all of it or the keys it asks for."""
    box = sandbox()
    pairs = [{"key": "score", "value": "1"}, {"key": "level", "value": "2"}]
    stored(box, pairs)

    def read(**args: Any) -> dict[str, Any]:
        return phone(box, "getUserCloudStorage", app="mini_game", **args)

    assert read() == {"KVDataList": pairs, "errMsg": "getUserCloudStorage:ok"}
    assert read(keyList=["level", "none"])["KVDataList"] == pairs[1:]
    assert read(keyList=[])["KVDataList"] == []
    assert phone(box, "getUserCloudStorage")["KVDataList"] == []


@pytest.mark.parametrize("keys", ["score", 5, [5], [[]]])
def test_bad_keys_of_the_storage(keys: object) -> None:
    """Keys that are no texts fail."""
    assert phone(sandbox(), "getUserCloudStorage", keyList=keys) == {
        "errMsg": "getUserCloudStorage:fail invalid params"
    }


# Failures that are asked for.


@pytest.mark.parametrize("api", APIS.values(), ids=APIS)
def test_every_failure_can_be_asked_for(api: PhoneApi) -> None:
    """Each failure comes by its number, our name or its text, with errNo where it has one."""
    box = sandbox()

    for case in api.fails:
        expected: dict[str, Any] = {"errMsg": f"{api.name}:fail {case.text}"}
        if case.code:
            is_text = api.name in ("createOrder", "continueToPay")
            expected["errNo"] = str(case.code) if is_text else case.code
        failed = _failed(box, api, case.name)
        assert expected.items() <= failed.items()
        assert _failed(box, api, case.text) == failed
    assert _failed(box, api, True) == _failed(box, api, api.fails[0].name)
    assert api.about("en").endswith(".")
    assert api.about("zh").endswith("。")


def _failed(box: Sandbox, api: PhoneApi, fail: str | bool) -> dict[str, Any]:
    """Return a failure without its log id, which is another one each time."""
    failed = phone(box, api.name, fail=fail)
    return {name: value for name, value in failed.items() if name != "errLogId"}


def test_a_failure_comes_by_its_number() -> None:
    """A known errNo brings its text, another one comes as it is."""
    box = sandbox()

    assert phone(box, "login", fail=113094)["errMsg"] == "login:fail app in background"
    assert phone(box, "login", fail=424242) == {"errMsg": "login:fail 424242", "errNo": 424242}


def test_a_failure_in_words_of_ones_own() -> None:
    """A reason that is no known one is handed out as it is, without a number."""
    assert phone(sandbox(), "getLocation", fail="no satellites") == {
        "errMsg": "getLocation:fail no satellites"
    }


def test_no_failure_is_no_failure() -> None:
    """`fail: false` is a success."""
    assert phone(sandbox(), "login", fail=False)["errMsg"] == "login:ok"


def test_a_failed_call_changes_nothing() -> None:
    """A login that fails leaves the session of the one before."""
    box = sandbox()
    key = logged_in(box)

    phone(box, "login", fail=True)
    phone(box, "login", hostLogin=False)
    detail = phone(box, "getPhoneNumber")["detail"]

    assert open_sealed(key, detail["iv"], detail["encryptedData"])


def test_known_failures_have_their_numbers() -> None:
    """The numbers that the docs and captures name are these."""
    numbers = {(api.name, case.text): case.code for api in APIS.values() for case in api.fails}

    for api, text, number in (
        ("login", "host login fail", 113001),
        ("login", "app in background", 113094),
        ("checkSession", "session is empty", 113101),
        ("checkSession", "session is expired", 113102),
        ("checkSession", "internal error", 113191),
        ("requestSubscribeMessage", "not supported by current application", 21502),
        ("requestSubscribeMessage", "未登录", 21550),
        ("requestSubscribeMessage", "template not exist", 21101),
        ("requestSubscribeMessage", "no permission", 1001),
    ):
        assert numbers[api, text] == number
    assert {text for api, text in numbers if api == "getPhoneNumber"} == {
        "auth deny",
        "platform auth deny",
        "no permission",
        "no phone number",
        "not login",
        "invalid session",
        "internal error",
    }


def test_an_unknown_api_is_told() -> None:
    """An API that is not emulated is answered with the nearest one."""
    with pytest.raises(MockDouyinError, match=r"no phone API 'getUserinfo'; did you mean getU"):
        phone(sandbox(), "getUserinfo")


def deep() -> list[Any]:
    """Return lists within lists, too deep for JSON."""
    value: list[Any] = []
    for _ in range(5000):
        value = [value]
    return value


@pytest.mark.parametrize(
    "odd",
    [object(), {(1, 2): 3}, "\ud800", deep(), b"\xff", math.nan, 10**5000],
    ids=["object", "key", "half", "deep", "bytes", "nan", "long"],
)
def test_whatever_a_test_passes_is_noted(odd: Any) -> None:
    """What is no JSON is taken as before, and the act is in the journal for all to read."""
    box = sandbox()

    assert phone(box, "login", force=odd)["errMsg"] == "login:ok"
    if not isinstance(odd, list | int):  # Python has no text for these
        phone(box, "login", fail=odd)

    acts = [row for row in execute(box, "rows")["rows"] if row["kind"] == "phone.login"]
    assert [row["verdict"] for row in acts] == ["ok", "refused"][: len(acts)]
    for row in acts:
        shown = execute(box, "open_act", path={"act": str(row["id"])})
        assert encode_reply(shown)
        assert shown["given"] is not None
    assert encode_reply(execute(box, "rows"))
