"""The tt APIs: what each passes to `success`, down to key order and types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from mockdouyin.core import crypto
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.webhooks import emit
from mockdouyin.domain import storage, subscriptions
from mockdouyin.domain.logins import log_in, log_in_anonymously, phone_code
from mockdouyin.domain.phone_number import Watermark, phone_number_json
from mockdouyin.phone import _questions as questions
from mockdouyin.phone._error_texts import SDK_VERSION, TEMPLATE_ANSWER
from mockdouyin.phone._handset import Handset, PhoneApi, PhoneRefusal, Sheet

APIS: dict[str, PhoneApi] = {}
"""Every emulated tt API by name."""

TtResult = dict[str, Any]


def tt(
    name: str,
    *fails: E,
    takes: str = "",
    sheet: Sheet | None = None,
    fails_with: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,
) -> Callable[[Callable[[Handset], TtResult]], Any]:
    """Declare a tt API with its failures and its sheet; `fail: true` selects the first failure."""

    def declare(function: Callable[[Handset], TtResult]) -> Callable[[Handset], TtResult]:
        taken = tuple(takes.split())
        APIS[name] = PhoneApi(name, function, fails, taken, sheet, fails_with, **more)
        return function

    return declare


@tt(
    "login",
    E(113001, "host_login_fail", "host login fail"),
    E(113094, "app_in_background", "app in background"),
    E(0, "network_unavailable", "network unavailable"),
    E(10301, "not_supported", "feature is not supported in app"),
    takes="force hostLogin",
)
def login(phone: Handset) -> TtResult:
    """Log the person in: two single-use codes, and a new session key.

    With `hostLogin: false` the person is not logged in to Douyin itself: `force` decides whether
    that fails or returns an anonymous code alone.

    登录：返回两个一次性 code，并换新的 session_key。
    """
    if not phone.args.get("hostLogin", True):
        if phone.args.get("force", True):
            raise PhoneRefusal("host_login_fail")
        anonymous = log_in_anonymously(phone.world, phone.unit, phone.app, phone.person)
        return {"anonymousCode": anonymous, "isLogin": False, "errMsg": "login:ok"}
    code, anonymous = log_in(phone.world, phone.unit, phone.app, phone.person)
    return {"anonymousCode": anonymous, "code": code, "isLogin": True, "errMsg": "login:ok"}


@tt(
    "checkSession",
    E(113102, "session_expired", "session is expired"),
    E(113101, "session_empty", "session is empty"),
    E(113191, "internal_error", "internal error"),
)
def check_session(phone: Handset) -> TtResult:
    """Check whether the session of the last login is still valid.

    检查最近一次登录的会话是否还有效。
    """
    last = phone.last_session()
    if not last.key:
        raise PhoneRefusal("session_empty")
    if last.expires <= phone.now:
        raise PhoneRefusal("session_expired")
    return {"errMsg": "checkSession:ok"}


class RawData(msgspec.Struct):
    """The profile as rawData writes it: these keys in this order, compact, raw UTF-8."""

    nickName: str  # noqa: N815 - Douyin's name
    avatarUrl: str  # noqa: N815 - Douyin's name
    gender: int
    city: str
    province: str
    country: str
    language: str


class SealedProfile(msgspec.Struct):
    """The profile as it is sealed: the place from large to small, and the watermark."""

    openId: str | msgspec.UnsetType  # noqa: N815 - Douyin's name
    nickName: str  # noqa: N815 - Douyin's name
    avatarUrl: str  # noqa: N815 - Douyin's name
    gender: int
    country: str
    province: str
    city: str
    language: str
    watermark: Watermark


_AUTH_DENY = E(10502, "auth_deny", "auth deny", "assumed")
_NOT_LOGIN = E(0, "not_login", "not login")


def _user_info(phone: Handset, api: str, *, with_open_id: bool) -> TtResult:
    who = phone.profile
    raw = RawData(
        who.nickname, who.avatar, who.gender, who.city, who.province, who.country, who.language
    )
    info, text = msgspec.to_builtins(raw), msgspec.json.encode(raw).decode()
    if not phone.args.get("withCredentials", True):
        return {"userInfo": info, "rawData": text, "errMsg": f"{api}:ok"}
    session = phone.need_session()
    ids, key = phone.world.ids, (phone.app.client_key, phone.person)
    open_id = phone.world.people.open_id(phone.app, phone.person)
    sealed = SealedProfile(
        open_id if with_open_id else msgspec.UNSET,
        who.nickname,
        who.avatar,
        who.gender,
        who.country,
        who.province,
        who.city,
        who.language,
        Watermark(phone.app.client_key, int(phone.now)),
    )
    data, iv = phone.seal(session, msgspec.json.encode(sealed))
    return {
        "userInfo": {
            **info,
            "userId": ids.digits(14, "user_id", *key),
            "sessionId": ids.hex(32, "session_id", *key, session.logins),
        },
        "rawData": text,
        "signature": crypto.user_info_signature(text, session.key),
        "encryptedData": data,
        "iv": iv,
        "errMsg": f"{api}:ok",
    }


@tt(
    "getUserInfo",
    _AUTH_DENY,
    _NOT_LOGIN,
    takes="withCredentials",
    sheet=Sheet(questions.profile),
)
def get_user_info(phone: Handset) -> TtResult:
    """Return the profile, plain and sealed with openId; plain alone without credentials.

    返回用户信息：明文，以及带 openId 的密文；不要凭证时只有明文。
    """
    return _user_info(phone, "getUserInfo", with_open_id=True)


@tt(
    "getUserProfile",
    _AUTH_DENY,
    _NOT_LOGIN,
    E(21501, "not_a_tap", "must be invoked by user tap gesture", "observed"),
    sheet=Sheet(questions.profile),
)
def get_user_profile(phone: Handset) -> TtResult:
    """Return the profile, plain and sealed; here the sealed one has no openId.

    返回用户信息：明文和密文；这里的密文不带 openId。
    """
    return _user_info(phone, "getUserProfile", with_open_id=False)


@tt(
    "getPhoneNumber",
    E(10502, "auth_deny", "auth deny", "assumed"),
    E(0, "platform_auth_deny", "platform auth deny"),
    E(0, "no_permission", "no permission"),
    E(0, "no_phone_number", "no phone number"),
    E(0, "not_login", "not login"),
    E(0, "invalid_session", "invalid session"),
    E(0, "internal_error", "internal error"),
    sheet=Sheet(questions.phone_number),
)
def get_phone_number(phone: Handset) -> TtResult:
    """Return the phone number twice: sealed under the session key, and as a single-use code.

    返回手机号：用 session_key 加密的密文，以及一次性 code。
    """
    if "apps.phonenumber.info" not in phone.app.scopes:
        raise PhoneRefusal("platform_auth_deny")
    session = phone.need_session()
    if not phone.profile.phone:
        raise PhoneRefusal("no_phone_number")
    plain = phone_number_json(phone.world, phone.app, phone.person, phone.now)
    data, iv = phone.seal(session, plain)
    code = phone_code(phone.world, phone.unit, phone.app, phone.person, phone.need_session())
    detail = {
        "cloudId": "",
        "encryptedData": data,
        "iv": iv,
        "code": code,
        "errMsg": "getPhoneNumber:ok",
    }
    return {"detail": detail, "errMsg": "getPhoneNumber:ok"}


@tt("getSystemInfo", E(0, "internal_error", "internal error"))
def get_system_info(phone: Handset) -> TtResult:
    """Return the device: an iPhone 12 in the developer tools.

    返回设备信息：开发者工具里的 iPhone 12。
    """
    return {
        "language": "zh_CN",
        "version": "6.6.3",
        "brand": "devtools",
        "fontSizeSetting": 16,
        "platform": "devtools",
        "battery": 100,
        "wifiSignal": 4,
        "appName": "devtools",
        "statusBarHeight": 47,
        "nativeSDKVersion": "10.3.0",
        "model": "iPhone 12",
        "system": "iOS 14",
        "deviceScore": {"cpu": 7.905, "gpu": 9.0622, "memory": 7.0344, "overall": 7.9524},
        "SDKVersion": "2.68.0",
        "pixelRatio": 3,
        "screenWidth": 390,
        "screenHeight": 844,
        "windowWidth": 390,
        "windowHeight": 844,
        "safeArea": {
            "left": 0,
            "right": 390,
            "top": 47,
            "bottom": 810,
            "width": 390,
            "height": 763,
        },
        "SDKUpdateVersion": "2.68.0.3",
        "devicePixelRatio": 3,
        "errMsg": "getSystemInfo:ok",
    }


@tt(
    "getLocation",
    _AUTH_DENY,
    E(0, "system_permission_denied", "system permission denied"),
    sheet=Sheet(questions.location),
)
def get_location(phone: Handset) -> TtResult:
    """Return where the person is.

    返回用户所在的位置。
    """
    who = phone.profile
    return {
        "longitude": who.longitude,
        "latitude": who.latitude,
        "city": who.city,
        "speed": 0,
        "accuracy": 65,
        "altitude": 0,
        "verticalAccuracy": 65,
        "horizontalAccuracy": 65,
        "errMsg": "getLocation:ok",
    }


@tt(
    "chooseAddress",
    E(10502, "cancel", "cancel", "observed"),
    E(0, "auth_deny", "auth deny"),
    sheet=Sheet(questions.address, deny="cancel"),
)
def choose_address(phone: Handset) -> TtResult:
    """Return the delivery address that the person chose.

    返回用户选的收货地址。
    """
    who = phone.profile
    return {
        "errMsg": "chooseAddress:ok",
        "userName": who.name,
        "provinceName": who.province,
        "cityName": who.city,
        "countyName": who.district,
        "detailInfo": who.address,
        "telNumber": who.phone,
    }


@tt(
    "requestSubscribeMessage",
    E(21502, "not_supported", "not supported by current application", "observed"),
    E(21501, "not_a_tap", "must be invoked by user tap gesture", "observed"),
    E(20000, "invalid_params", "invalid params"),
    E(20000, "too_many_templates", "template counts out of max bounds"),
    E(21101, "no_such_template", "template not exist"),
    E(1005, "mixed_templates", "Templates type must be same"),
    E(1001, "no_permission", "no permission"),
    E(21550, "not_login", "未登录"),
    E(20004, "main_switch_off", "The main switch is switched off"),
    E(20005, "app_banned", "This mini program was banned from subscribing messages"),
    takes="tmplIds answers SDKVersion",
    sheet=Sheet(questions.templates, deny={"answers": "reject"}, takes=("answers",)),
)
def request_subscribe_message(phone: Handset) -> TtResult:
    """Ask the person for messages of up to three templates of one kind.

    `answers` holds the answer to each template (accept, reject or ban; accept if left out).
    From `SDKVersion` 3.35 on the result is templateSettings, which has the ticked ones alone.

    请用户订阅消息：同一类型的模板，最多三个。
    """
    known = subscriptions.templates_of(phone.unit, phone.app)
    wanted = questions.wanted_templates(phone)
    if not wanted or not _is_list_of_strings(wanted):
        raise PhoneRefusal("invalid_params")
    if len(wanted) > 3:
        raise PhoneRefusal("too_many_templates")
    if any(template_id not in known for template_id in wanted):
        raise PhoneRefusal("no_such_template")
    if len({known[template_id].kind for template_id in wanted}) > 1:
        raise PhoneRefusal("mixed_templates")
    answers = {template_id: _answer(phone, template_id) for template_id in wanted}
    for template_id, answer in answers.items():
        if answer == "accept":
            template = known[template_id]
            subscriptions.accept(phone.unit, phone.app, phone.person, template_id, template)
            _emit_answer(phone, template_id, 1 if template.kind == "one_time" else 2)
        elif answer == "reject":
            subscriptions.reject(phone.unit, phone.app, phone.person, template_id)
            _emit_answer(phone, template_id, 4 if known[template_id].kind == "one_time" else 3)
    if _version(phone) < (3, 35):
        return {
            **answers,
            "itemSettings": answers,
            "errMsg": "requestSubscribeMessage:ok",
        }
    ticked = {
        template_id: {
            "status": answer,
            "alwaysSubscribe": known[template_id].kind == "long_term",
            "allowReminderWay": [
                {"reminderType": "message_notice", "reminderStatus": answer},
            ],
        }
        for template_id, answer in answers.items()
        if answer != "reject"
    }
    return {"templateSettings": ticked, "errMsg": "requestSubscribeMessage:ok"}


def _is_list_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _emit_answer(phone: Handset, template_id: str, action: int) -> None:
    """Emit the webhook event of the person's answer to a template."""
    content = {"msg_id": template_id, "subscribe_action": action}
    emit(
        phone.world,
        phone.unit,
        phone.app,
        "user_subscribe_action",
        phone.person,
        content=content,
    )


def _answer(phone: Handset, template_id: str) -> str:
    answers = phone.args.get("answers", {})
    answer = answers.get(template_id, "accept") if isinstance(answers, dict) else answers
    if answer not in ("accept", "reject", "ban"):
        raise MockDouyinError(TEMPLATE_ANSWER(answer=answer))
    return str(answer)


def _version(phone: Handset) -> tuple[int, ...]:
    text = str(phone.args.get("SDKVersion", "2.68.0"))
    parts = text.split(".")
    if not all(part.isdecimal() for part in parts):
        raise MockDouyinError(SDK_VERSION(text=text))
    return tuple(map(int, parts))


@tt(
    "getUserCloudStorage",
    E(0, "internal_error", "internal error"),
    E(0, "invalid_params", "invalid params", "assumed"),
    takes="keyList",
)
def get_user_cloud_storage(phone: Handset) -> TtResult:
    """Return what the game's server stored for the person.

    返回游戏服务端为用户存的数据。
    """
    stored = storage.stored(phone.unit, phone.app, phone.person)
    wanted = phone.args.get("keyList", list(stored))
    if not _is_list_of_strings(wanted):
        raise PhoneRefusal("invalid_params")
    pairs = [{"key": key, "value": stored[key]} for key in wanted if key in stored]
    return {"KVDataList": pairs, "errMsg": "getUserCloudStorage:ok"}
