"""Events: what a developer's server is told, as a world sends it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import mockdouyin
from mockdouyin import Sandbox
from mockdouyin.control.webhooks import events as _declares_them  # noqa: F401
from mockdouyin.core.clock import format_duration
from mockdouyin.core.events import EVENT_KINDS, Channel, Event, EventKind
from mockdouyin.core.texts import Language
from mockdouyin.domain.signatures import KINDS
from mockdouyin.sandbox.worlds import World
from tests.docs.made.markdown import COLON, codes, escaped, facts, joined, say, section

_CHANNELS = {
    "webhook": ("Webhook", "Webhooks", "webhook"),
    "ecpay callback": ("支付回调", "Callbacks of payment", "ecpay-callback"),
    "trade callback": ("交易系统回调", "Callbacks of the trade system", ""),
    "mini-game push": ("小游戏消息推送", "Pushes of mini-games", ""),
    "mini-app push": ("小程序消息推送", "Pushes of mini-apps", ""),
}
"""Each channel's title, and the kind of its signature."""

_ANSWERS = {
    "webhook": (
        "2xx 就算收到；`verify_webhook` 还要原样返回 challenge",
        "any 2xx; for `verify_webhook` the challenge has to come back, too",
    ),
    "ecpay callback": (
        'HTTP 200，JSON 里 `err_no` 是数字 0：`{"err_no": 0, "err_tips": "success"}`',
        "HTTP 200, and JSON whose `err_no` is the number 0:"
        ' `{"err_no": 0, "err_tips": "success"}`',
    ),
    "trade callback": (
        "HTTP 200，JSON 里 `err_no` 是数字 0；`pre_create_order` 还要在 `data` 里返回单号，"
        "见[支付](../payments.md#ttcreateorder)",
        "HTTP 200, and JSON whose `err_no` is the number 0; to `pre_create_order` also the"
        " order's number in `data`, as on [Payments](../payments.md#ttcreateorder)",
    ),
    "mini-game push": ("2xx 就算收到", "any 2xx"),
    "mini-app push": ("原样返回 `echostr`", "`echostr`, as it was sent"),
}
"""What counts as received."""

_PACKAGE = Path(mockdouyin.__file__).parent
_TRIGGERS = ("webhook", "ecpay callback", "trade callback")


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "模拟的平台会发给开发者服务器的全部事件。怎样设置接收地址、怎样手动发送，见"
        "[Webhook](../webhooks.md) 和[担保支付](../payments.md)；检查签名用 `mockdouyin sign"
        " check`"
        "（[签名](../signatures.md)）。例子里的值由种子推导。",
        "Every event that the emulated platform tells a developer's server of. [Webhooks]"
        "(../webhooks.md) and [Payments](../payments.md) have how a receiver is set and an"
        " event is"
        " sent by hand; `mockdouyin sign check` checks a signature ([Signatures]"
        "(../signatures.md)). The values of the examples derive from a seed.",
    )
    sections = [section(1, say(language, "事件", "Events"), intro)]
    for name, channel in channels().items():
        sections.append(_channel(name, channel, language))
        kinds = [kind for kind in EVENT_KINDS.values() if kind.channel.name == name]
        sections += [_event(kind, language) for kind in kinds]
    return joined(sections)


def channels() -> dict[str, Channel]:
    """Return the channels that have events, webhooks first."""
    found = {kind.channel.name: kind.channel for kind in EVENT_KINDS.values()}
    return {name: found[name] for name in _CHANNELS}


def _channel(name: str, channel: Channel, language: Language) -> str:
    zh, en, signature = _CHANNELS[name]
    rows = [say(language, f"方法：`{channel.method}`", f"Method: `{channel.method}`")]
    if signature:
        kind = KINDS[signature]
        about, key = kind.about.render(language), kind.key.render(language)
        rows.append(
            say(language, f"签名：{about}；密钥是 {key}", f"Signature: {about}; key: {key}")
        )
    else:
        headers = codes(_headers(name), language)
        rows.append(say(language, f"请求头：{headers}", f"Headers: {headers}"))
    rows.append(say(language, "收到的标志：", "Received if: ") + say(language, *_ANSWERS[name]))
    waits = codes((format_duration(each) for each in channel.retries), language)
    rows.append(
        say(
            language,
            f"重试：没收到时，依次等 {waits} 再发（虚拟时间）",
            f"Retries: after {waits} of the world's time, one after the other",
        )
        if channel.retries
        else say(language, "重试：不重试", "Retries: none")
    )
    return section(2, say(language, zh, en), facts(*rows))


@cache
def _world() -> World:
    return Sandbox(seed=0).default


def _event_of(kind: EventKind) -> Event:
    """Return an event of a kind, as the first person of a world leads to it."""
    world = _world()
    app_kind = {"ecpay callback": "mini_program", "mini-game push": "mini_game"}
    app = world.find_app(None, app_kind.get(kind.channel.name, "web"))
    people = [world.people.open_id(app, name) for name in ("小明", "小红")]
    return Event(
        kind=kind,
        app=app,
        ids=world.ids,
        settings=world.settings,
        person=people[0],
        other=people[1],
        nickname="小明",
        other_nickname="小红",
        now=1_767_240_000.0,
        number=1,
        log_id="20260101120000ABCDEF",
        secret="token",
    )


def _headers(name: str) -> list[str]:
    kind = next(each for each in EVENT_KINDS.values() if each.channel.name == name)
    event = _event_of(kind)
    return sorted(
        set(kind.channel.headers(event, event.encode())) - {"Content-Type", "User-Agent"}
    )


def _event(kind: EventKind, language: Language) -> str:
    forms = {
        "object": say(language, "对象", "an object"),
        "string": say(language, "JSON 字符串", "a string of JSON"),
        "none": say(language, "没有", "none"),
    }
    is_webhook = kind.channel.name == "webhook"
    rows = [
        say(language, f"content：{forms[kind.form]}", f"Content: {forms[kind.form]}")
        if is_webhook
        else "",
        say(language, f"依据：`{kind.basis}`", f"Basis: `{kind.basis}`"),
        _when(kind, language),
    ]
    content = kind.content(_event_of(kind))
    keys = facts(
        *(f"`{key}`{COLON[language]}{_type_of(value, language)}" for key, value in content.items())
    )
    heading = say(language, "内容的字段：", "Keys of the content:")
    return section(
        3,
        f"`{kind.name}`",
        escaped(kind.about(language)),
        facts(*rows),
        f"{heading}\n\n{keys}" if content else "",
        _example(kind),
    )


def _when(kind: EventKind, language: Language) -> str:
    by_hand = f"`mockdouyin trigger {kind.name}`"
    if kind.channel.name not in _TRIGGERS:
        return say(language, "发送：`POST /_mock/pushes`", "Sent by `POST /_mock/pushes`")
    if is_emitted(kind.name):
        return say(
            language,
            f"发送：事情发生时自动发送，或 {by_hand}",
            f"Sent when it happens, or by {by_hand}",
        )
    return say(language, f"发送：只能手动，{by_hand}", f"Sent by hand alone: {by_hand}")


@cache
def is_emitted(name: str) -> bool:
    """Whether something in a world leads to an event by itself: its name is in the code that"
    " does."""
    rooms = [_PACKAGE / room for room in ("domain", "phone", "endpoints", "sandbox")]
    files = [
        f
        for room in rooms
        for f in room.glob("*.py")
        if f.parts[-2:] != ("endpoints", "webhooks.py")
    ]
    return any(f'"{name}"' in file.read_text(encoding="utf-8") for file in files)


def _type_of(value: Any, language: Language) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return say(language, "true 或 false", "true or false")
    if isinstance(value, int | float):
        return say(language, "数", "number")
    if isinstance(value, list):
        return say(language, "列表", "list")
    if isinstance(value, dict):
        return say(language, "对象", "object")
    return say(language, "文本", "text")


def _example(kind: EventKind) -> str:
    event = _event_of(kind)
    text = event.encode().decode()
    if kind.channel.method == "GET":
        return f"```text\n{text}\n```"
    body = json.loads(text)
    return f"```json\n{json.dumps(body, ensure_ascii=False, indent=2)}\n```"
