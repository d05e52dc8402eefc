"""`trigger` and `events`: a signed webhook to a real receiver, without a server and with one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockdouyin.control import execute
from mockdouyin.core.apps import Webhook
from mockdouyin.core.clock import beijing
from mockdouyin.domain.payment_callbacks import ECPAY, is_signed
from mockdouyin.domain.trade_callbacks import TRADE
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.helpers import PROGRAM, WEB
from tests.support.receivers import Receiver, echo, says

NOBODY = "http://127.0.0.1:9/hook"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Yield a receiver; no server runs where one is looked for."""
    monkeypatch.setenv("MOCKDOUYIN_URL", "http://127.0.0.1:9")
    with Receiver(says("ok")) as running:
        yield running


def fire(receiver: Receiver, *args: str) -> Any:
    """Send create_video without a server; give the content that arrived."""
    shown = json_of(
        "trigger", "create_video", "--to", receiver.url, "--secret", "S", *args, "--json"
    )
    assert shown["state"] == "delivered"
    assert receiver.received[-1].is_signed("S")
    return receiver.received[-1].payload["content"]


def test_without_a_server(receiver: Receiver) -> None:
    """With --to and --secret the event goes out signed, and what was sent and came back prints."""
    lines = lines_of("trigger", "create_video", "--to", receiver.url, "--secret", "S")

    heard = receiver.only
    assert heard.is_signed("S")
    assert heard.payload["client_key"] == WEB.client_key
    assert lines[0] == f"POST {receiver.url}"
    assert f"  X-Douyin-Signature: {heard.headers['x-douyin-signature']}" in lines
    assert f"  Msg-Id: {heard.headers['msg-id']}" in lines
    assert f"  {heard.body.decode()}" in lines
    assert lines[-1].startswith("HTTP 200 after ")
    assert lines[-1].endswith(" ms, accepted: ok")


@pytest.mark.parametrize("event", list(WEBHOOK_EVENTS))
def test_every_event_arrives(receiver: Receiver, event: str) -> None:
    """Every event can be fired, and its content arrives as Douyin sends it."""
    receiver.respond = echo
    lines_of("trigger", event, "--to", receiver.url, "--secret", "S")

    form = type(receiver.only.payload.get("content"))
    assert receiver.only.is_signed("S")
    assert form == {"object": dict, "string": str, "none": type(None)}[WEBHOOK_EVENTS[event].form]


def test_a_challenge_that_is_not_echoed(receiver: Receiver) -> None:
    """verify_webhook is accepted with its challenge alone, and what is wrong is said."""
    fired = invoke("trigger", "verify_webhook", "--to", receiver.url, "--secret", "S")

    assert fired.exit_code == 1
    *_, answered, why = fired.output.splitlines()
    assert answered.endswith(" ms, not accepted: ok")
    assert why.startswith("Douyin wants another answer: the body is not JSON, it must be {")


def test_what_came_back_is_told_in_chinese(receiver: Receiver) -> None:
    """The verdict on an answer is in the language that was asked for, without a server too."""
    lang = ("--lang", "zh")
    fired = invoke("trigger", "verify_webhook", "--to", receiver.url, "--secret", "S", *lang)
    lost = invoke("trigger", "create_video", "--to", "http://127.0.0.1:9/", "--secret", "S", *lang)

    *_, answered, why = fired.output.splitlines()
    assert answered.endswith(" ms，未被接受：ok")
    assert why.startswith("抖音不认可这样的响应：body 不是 JSON，应为 {")
    assert lost.output.splitlines()[-1].startswith("没有收到响应：连接失败：")


def test_each_firing_is_a_new_message(receiver: Receiver) -> None:
    """A receiver that drops what it has had takes the same event fired again."""
    for _ in range(2):
        fire(receiver)

    ids = [heard.headers["msg-id"] for heard in receiver.received]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("share_id=1767391659575207", "1767391659575207"),
        ("share_id=0001", "0001"),
        ("item_id=7e10", "7e10"),
        ("share_id=null", "null"),
        ('share_id="17"', "17"),
        ("share_id=@9VxX=/+==", "@9VxX=/+=="),
        ("count=17", 17),
        ("has_default_hashtag=true", True),
        ('list=["a", 1]', ["a", 1]),
        ("text=你好 a", "你好 a"),
        ("text=", ""),
    ],
)
def test_a_field_of_the_content(receiver: Receiver, setting: str, kept: object) -> None:
    """--set takes JSON where it is JSON; an id stays text, whatever it looks like."""
    content = fire(receiver, "--set", f"content.{setting}")

    assert content[setting.partition("=")[0]] == kept


def test_fields_beside_the_content(receiver: Receiver) -> None:
    """--set reaches the fields of the event too, and ids and keys stay text there as well."""
    settings = ("from_user_id=123", "client_key=11111", "log_id=20230601", "event_id=e")
    fire(receiver, *(word for setting in settings for word in ("--set", setting)))

    event = receiver.only.payload
    assert [event[name] for name in ("from_user_id", "client_key", "log_id", "event_id")] == [
        *("123", "11111", "20230601", "e")
    ]


@pytest.mark.parametrize(("form", "kind"), [("object", dict), ("string", str)])
def test_the_form_of_the_content(receiver: Receiver, form: str, kind: object) -> None:
    """--form sends content as an object or as a JSON string."""
    content = fire(receiver, "--form", form, "--set", "content.share_id=1")

    assert type(content) is kind
    inner: Any = json.loads(content) if form == "string" else content
    assert inner["share_id"] == "1"


def test_a_body_of_ones_own(receiver: Receiver, tmp_path: Path) -> None:
    """--raw sends a file as it is, signed, whatever the event is called."""
    raw = tmp_path / "body.json"
    raw.write_bytes('{ "event": "我的",\r\n "a": 1 }\n'.encode())

    lines = lines_of(
        *("trigger", "of_my_own", "--to", receiver.url, "--secret", "S", "--raw", str(raw))
    )

    assert receiver.only.body == raw.read_bytes()
    assert receiver.only.is_signed("S")
    assert any("\\r\\n" in line for line in lines)


def test_app_and_person(receiver: Receiver) -> None:
    """The event comes from the app and the person that are named; an unknown key will do."""
    fire(receiver, "--app", "mini_program", "--person", "小红")
    fire(receiver, "--app", PROGRAM.client_key)
    fire(receiver, "--app", "awmyownkey")

    events = [heard.payload for heard in receiver.received]
    assert [event["client_key"] for event in events] == [
        *(PROGRAM.client_key, PROGRAM.client_key, "awmyownkey")
    ]
    assert events[0]["from_user_id"] != events[1]["from_user_id"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_receiver_that_refuses(receiver: Receiver, status: int) -> None:
    """A receiver that does not accept the event: its answer is printed, exit code 1."""
    receiver.respond = says(b"\x1b[2Jno such \xff", status)

    result = invoke("trigger", "authorize", "--to", receiver.url, "--secret", "S")

    assert result.exit_code == 1
    assert result.stderr == ""
    last = result.stdout.splitlines()[-1]
    assert last.startswith(f"HTTP {status} after ")
    assert "not accepted: \\x1b[2Jno such" in last


def test_a_receiver_that_is_not_there() -> None:
    """Where nothing listens nothing comes back; exit code 1, in JSON too."""
    args = ("trigger", "authorize", "--to", NOBODY, "--secret", "S")

    result, told = invoke(*args), invoke(*args, "--json")

    assert (result.exit_code, told.exit_code) == (1, 1)
    assert result.stdout.splitlines()[-1].startswith("nothing came back: ")
    attempt = json.loads(told.stdout)["attempts"][0]
    assert attempt["status"] is None
    assert attempt["error"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("creat_video",), "no event 'creat_video'; did you mean create_video?"),
        (("create_video", "--person", "小名"), "no person '小名'"),
        (("create_video", "--set", "content.share_id"), "--set takes NAME=VALUE"),
        (("create_video", "--set", "content.a.b=1"), "not content.a.b"),
        (("create_video", "--set", "content=1"), "not content"),
        (("create_video", "--set", "log_ids=1"), "no field 'log_ids'; did you mean log_id?"),
        (("create_video", "--form", "text"), "--form"),
        (("create_video", "--raw", "no-such-file"), "no-such-file"),
        ((), "EVENT"),
    ],
)
def test_what_cannot_be_sent(receiver: Receiver, args: tuple[str, ...], says: str) -> None:
    """A mistake is one line with exit code 2, and nothing is sent."""
    assert says in complaint_of("trigger", *args, "--to", receiver.url, "--secret", "S")
    assert receiver.received == []


def test_a_file_that_is_no_text(receiver: Receiver, tmp_path: Path) -> None:
    """A body that is not UTF-8 is refused with the name of its file."""
    raw = tmp_path / "body.bin"
    raw.write_bytes(b"\xff\xfe")
    args = ("trigger", "e", "--to", receiver.url, "--secret", "S", "--raw", str(raw))

    assert f"{raw} is not UTF-8 text" in complaint_of(*args)


@pytest.mark.parametrize("given", [("--to", NOBODY), ("--secret", "S"), ()])
@pytest.mark.usefixtures("receiver")
def test_without_either_a_server_is_needed(given: tuple[str, ...]) -> None:
    """Without a URL or a secret the running server knows it, so that one has to run."""
    says = complaint_of("trigger", "authorize", *given)
    assert "no server answers at http://127.0.0.1:9" in says
    assert "rrno" not in says


def test_with_a_server(receiver: Receiver, server: ThreadedServer) -> None:
    """A running server sends to the app's webhook with the app's secret, and remembers it."""
    world = server.sandbox.default
    app = world.apps[WEB.client_key]
    world.register(msgspec.structs.replace(app, webhook=Webhook(url=receiver.url)))

    shown = json_of("trigger", "new_video_digg", "--person", "小红", "--json")
    lines_of("trigger", "authorize", "--to", receiver.url + "?other")

    first, second = receiver.received
    assert first.is_signed(WEB.client_secret)
    assert second.is_signed(WEB.client_secret)
    assert (first.target, second.target) == ("/hook", "/hook?other")
    assert first.body.decode() == shown["body"]
    assert first.payload["from_user_id"] == world.people.open_id(app, "小红")
    assert shown["attempts"][0]["status"] == 200


@pytest.mark.usefixtures("server")
def test_an_app_without_a_webhook() -> None:
    """The error for an app without a webhook asks for a URL."""
    assert "has no webhook; say which URL with `to` (--to" in complaint_of("trigger", "authorize")


def test_events() -> None:
    """Every event is listed with the form of its content and what it is about."""
    lines, rows = lines_of("events"), json_of("events", "--json")

    known = {**WEBHOOK_EVENTS, **ECPAY.events, **TRADE.events}
    assert [line.split()[0] for line in lines] == list(known)
    assert {row["event"]: row["content"] for row in rows} == {
        name: event.form for name, event in known.items()
    }
    assert all(row["about"] and row["basis"] for row in rows)


ACKNOWLEDGED = says('{"err_no":0,"err_tips":"success"}')


def test_a_payment_callback_without_a_server(receiver: Receiver) -> None:
    """A callback of payment is signed by the Token, and tells what is set in its msg."""
    receiver.respond = ACKNOWLEDGED
    paid = ("trigger", "ecpay_payment", "--to", receiver.url, "--secret", "TOKEN")

    shown = json_of(*paid, "--set", "content.total_amount=1990", "--json")

    assert shown["state"] == "delivered"
    assert is_signed(receiver.only.body, "TOKEN")
    assert receiver.only.payload["type"] == "payment"
    told = json.loads(receiver.only.payload["msg"])
    assert (told["appid"], told["total_amount"]) == (PROGRAM.client_key, 1990)
    assert "takes `content`" in complaint_of(*paid, "--set", "client_key=other")


def test_payment_callbacks_with_a_server(receiver: Receiver, server: ThreadedServer) -> None:
    """They go to the app's notify_url with its Token; an edited body is signed again."""
    receiver.respond = ACKNOWLEDGED
    assert "has no notify_url" in complaint_of("trigger", "ecpay_refund")
    payment = {"payment": {"notify_url": receiver.url}}
    execute(server.sandbox, "change_app", path={"key": PROGRAM.client_key}, body=payment)

    shown = json_of("trigger", "ecpay_refund", "--json")
    edited = shown["body"].replace("SUCCESS", "FAIL")
    again = {"event": "ecpay_refund", "raw": edited, "once": True}
    assert execute(server.sandbox, "send_event", body=again)["state"] == "delivered"

    first, second = receiver.received
    assert is_signed(first.body, PROGRAM.payment.token)
    assert is_signed(second.body, PROGRAM.payment.token)
    assert json.loads(second.payload["msg"])["status"] == "FAIL"


def test_again(receiver: Receiver, server: ThreadedServer) -> None:
    """--again sends what a delivery told once more: edited, to its receiver, signed anew."""
    sent = json_of("trigger", "create_video", "--to", receiver.url, "--json")
    more = ("--set", "content.share_id=7", "--json")

    edited = json_of("trigger", "--again", sent["id"], *more)

    first, second = receiver.received
    assert (edited["event"], edited["state"]) == ("create_video", "delivered")
    assert second.is_signed(WEB.client_secret)
    content = {**first.payload["content"], "share_id": "7"}
    assert second.payload == {**first.payload, "content": content}
    assert first.message_id != second.message_id


def test_a_payment_callback_again(
    receiver: Receiver, server: ThreadedServer, tmp_path: Path
) -> None:
    """A callback of payment is edited in its msg, or as a whole; its Token signs it."""
    receiver.respond = ACKNOWLEDGED
    sent = json_of("trigger", "ecpay_payment", "--to", receiver.url, "--json")
    whole = tmp_path / "body.json"
    whole.write_text(json.dumps({**json.loads(sent["body"]), "type": "refund"}), "utf-8")

    json_of("trigger", "--again", sent["id"], "--set", "content.total_amount=5", "--json")
    json_of("trigger", "--again", sent["id"], "--raw", str(whole), "--json")

    first, second, third = (each.payload for each in receiver.received)
    assert json.loads(second["msg"]) == {**json.loads(first["msg"]), "total_amount": 5}
    assert (second["type"], third["type"]) == ("payment", "refund")
    assert second["nonce"] != first["nonce"]
    assert all(is_signed(each.body, PROGRAM.payment.token) for each in receiver.received)


@pytest.mark.parametrize(
    ("args", "says_what"),
    [
        ((), "say which EVENT, or --again ID"),
        (("create_video", "--again", "x-1"), "say which EVENT, or --again ID"),
        (("--again", "x-1", "--app", "web"), "--app does not go with --again"),
        (("--again", "x-1", "--set", "log_id=1"), "--set beside content does not go with --again"),
        (("--again", "x-1", "--allow-host", "a.test"), "--allow-host goes with --to and --secret"),
        (("--again", "x-1"), "no delivery 'x-1'"),
    ],
)
def test_what_does_not_go_with_again(
    server: ThreadedServer, args: tuple[str, ...], says_what: str
) -> None:
    """What an edited delivery cannot take is refused, and so is an unknown one."""
    assert says_what in complaint_of("trigger", *args)


def test_a_payment_looks_like_one_of_production(server: ThreadedServer) -> None:
    """A callback that is made up has the channel's numbers, as each of production's has."""
    with Receiver(says('{"err_no":0,"err_tips":"success"}')) as receiver:
        lines_of("trigger", "ecpay_payment", "--to", receiver.url)
        [sent] = receiver.received
    told = json.loads(json.loads(sent.body)["msg"])

    assert list(told)[-2:] == ["order_id", "ec_pay_trade_no"]
    assert (told["way"], told["channel_no"][:8]) == ("2", f"{beijing(told['paid_at']):%Y%m%d}")
    assert told["out_channel_order_no"] == told["channel_no"]
    assert (told["payment_order_no"][:3], told["ec_pay_trade_no"][:4]) == ("DPS", "DTPP")
