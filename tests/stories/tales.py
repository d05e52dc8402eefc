"""A story of each kind: what happens in it, and how it is to be told."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.stories.teller import Teller
from tests.support.ecpay import sign
from tests.support.helpers import open_sealed
from tests.support.receivers import Received, echo, fails, says

CODE_TO_SESSION = "mini_program.code_to_session"


class Tale(NamedTuple):
    """A story, and what is expected of it."""

    happens: Callable[[Teller], None]
    kind: str
    person: str
    verdict: str
    steps: list[str]
    """Act, endpoint with its verdict, or event with its state."""


def _login(tell: Teller) -> None:
    """小红 logs in, and the backend opens her profile and asks for her phone number."""
    phone = tell.douyin.phone("小红")
    session = tell.exchange_code(phone.login()["code"])["data"]
    profile = phone.getUserProfile()
    number = phone.getPhoneNumber()["detail"]
    token = tell.client_token(tell.program)
    sealed = tell.post("/api/apps/v1/get_phonenumber_info/", {"code": number["code"]}, token)

    plain = open_sealed(session["session_key"], profile["iv"], profile["encryptedData"])
    assert json.loads(plain)["nickName"] == profile["userInfo"]["nickName"]
    assert json.loads(open_sealed(session["session_key"], number["iv"], number["encryptedData"]))
    assert sealed["err_no"] == 0
    assert sealed["data"]


def _consent(tell: Teller) -> None:
    """小明 consents, the backend reads who he is, refreshes and renews, and he revokes it all."""
    tell.listen()
    code = tell.douyin.authorize("user_info,renew_refresh_token", person="小明").code
    tell.settle()
    granted = tell.user_token(code or "")
    token, refresh = granted["access_token"], granted["refresh_token"]
    key = {"client_key": tell.web.client_key, "refresh_token": refresh}
    tell.post("/oauth/userinfo/", {"access_token": token, "open_id": granted["open_id"]})
    tell.post("/oauth/refresh_token/", {**key, "grant_type": "refresh_token"})
    tell.post("/oauth/renew_refresh_token/", key)
    tell.douyin.revoke(person="小明")
    tell.settle()


def _subscription(tell: Teller) -> None:
    """小明 allows a message, which is sent with a mistake at first; a second one is too much."""
    tell.listen("mini_program")
    template = next(iter(tell.program.templates))
    person = tell.douyin.person("小明")
    message = {"msg_id": template, "open_id": person.open_ids[tell.program.client_key]}
    token = tell.client_token(tell.program)
    tell.douyin.phone("小明").requestSubscribeMessage(tmplIds=[template])
    tell.settle()
    for data in ({"快递": "SF1"}, {"快递派送": "SF1"}, {"快递派送": "SF2"}):
        tell.post(NOTIFY, {**message, "data": data}, token)


NOTIFY = "/api/notification/v2/subscription/notify_user/"


def _share(tell: Teller) -> None:
    """The backend fetches a share id, and 小明 publishes what its page shares."""
    tell.listen()
    token = tell.client_token(tell.web)
    state = tell.get("/share-id/", {"need_callback": "true"}, token)["data"]["share_id"]
    tell.douyin.publish(tell.douyin.share(state=state), person="小明")
    tell.settle()


def _flaky(tell: Teller) -> None:
    """小明 consents, and the receiver takes the webhook at the third attempt, a minute later."""
    tell.listen()
    left = [fails, fails]

    def respond(handler: BaseHTTPRequestHandler, received: Received) -> None:
        (left.pop() if left else echo)(handler, received)

    tell.receiver.respond = respond
    tell.douyin.authorize("user_info", person="小明")
    tell.settle()
    story = tell.over_http(kind="consent")[-1]
    assert story["verdict"] == "waiting"
    assert story["steps"][1]["next_try"]
    tell.douyin.clock.advance("10s")
    tell.douyin.clock.advance("1m")


def _failed(tell: Teller) -> None:
    """小明 follows 小红, and the receiver never takes the webhook."""
    tell.listen()
    tell.receiver.respond = fails
    tell.douyin.act("follow", person="小明", other="小红")
    tell.settle()
    tell.douyin.clock.advance("10m")


def _refused(tell: Teller) -> None:
    """小明 logs in, and a rule refuses the code."""
    tell.douyin.rule("code_to_session", error=40018, times=1)
    tell.exchange_code(tell.douyin.phone("小明").login()["code"])


def _done_again(tell: Teller) -> None:
    """小明 logs in, the backend sends a wrong secret, and then the right one."""
    code = tell.douyin.phone("小明").login()["code"]
    tell.exchange_code(code, secret="wrong")
    tell.exchange_code(code)


def _refused_on_phone(tell: Teller) -> None:
    """小明 wants to log in, and the phone refuses: there is no login."""
    tell.douyin.phone("小明").login(fail=True)


def _qr_code(tell: Teller) -> None:
    """A page polls a QR code, which 小红 scans and confirms."""
    tell.listen()
    web = tell.web
    asked = {"client_key": web.client_key, "scope": "user_info", "next": web.redirect_uris[0]}
    token = tell.get("/oauth/get_qrcode/", asked)["data"]["token"]
    poll = {"client_key": web.client_key, "token": token}

    for _ in range(4):
        tell.get("/oauth/check_qrcode/", poll)
    tell.douyin.operation("scan", body={"token": token, "person": "小红"})
    tell.get("/oauth/check_qrcode/", poll)
    tell.douyin.operation("scan", body={"token": token, "person": "小红", "decision": "allow"})
    tell.settle()
    code = tell.get("/oauth/check_qrcode/", poll)["data"]["code"]
    tell.user_token(code)


def _comment(tell: Teller) -> None:
    """小红 comments on a work of 小明's, his backend replies, and she answers that."""
    tell.listen()
    granted = tell.token_of("小明", "item.comment")
    tell.settle()
    on = {"person": "小红", "other": "小明"}
    said = tell.douyin.act("comment", **on, text="好看")
    tell.settle()
    reply = {"item_id": said.item_id, "comment_id": said.comment_id, "content": "谢谢"}
    token, owner = granted["access_token"], {"open_id": granted["open_id"]}
    made = tell.post("/item/comment/reply/", reply, token, **owner)["data"]
    tell.settle()
    tell.douyin.act("comment", **on, text="不客气", comment_id=made["comment_id"])
    tell.settle()
    tell.post("/item/comment/reply/", {**reply, "content": "敏感词"}, token, **owner)


def _message(tell: Teller) -> None:
    """小红 writes to 小明, and his backend answers."""
    tell.listen()
    granted = tell.token_of("小明", "im.direct_message")
    tell.settle()
    said = tell.douyin.act("message", person="小红", other="小明", text="在吗")
    tell.settle()
    answer = {
        "msg_id": said.msg_id,
        "conversation_id": said.conversation_id,
        "to_user_id": tell.douyin.person("小红").open_ids[tell.web.client_key],
        "content": {"msg_type": 1, "text": {"text": "在"}},
    }
    owner = {"open_id": granted["open_id"]}
    sent = tell.post("/im/send/msg/", answer, granted["access_token"], **owner)
    assert sent["data"]["error_code"] == 0, sent
    tell.settle()


def _group(tell: Teller) -> None:
    """小明's backend creates a group; 小红 applies, is approved, and writes there."""
    tell.listen()
    granted = tell.token_of("小明", "im.group_fans.create_list")
    tell.settle()
    owner = {"open_id": granted["open_id"]}

    def call(path: str, fields: dict[str, Any]) -> None:
        answer = tell.post(f"/im/group/{path}/", fields, granted["access_token"], **owner)
        assert answer["data"]["error_code"] == 0, answer
        tell.settle()

    picture = "https://a.example.test/1.png"
    group = {
        "group_name": "群",
        "avatar_uri": picture,
        "description": "聊",
        "open_audit_switch": 1,
    }
    call("fans/create", group)
    applied = tell.douyin.act("join_group", person="小红", other="小明")
    tell.settle()
    call("enter/audit/set", {"apply_id": applied.apply_id, "status": 2})
    tell.douyin.act("group_message", person="小红", other="小明", text="大家好")
    tell.settle()


def _handshake(tell: Teller) -> None:
    """A webhook is registered, and its receiver answers the challenge."""
    tell.listen()


def _event(tell: Teller) -> None:
    """A tester sends an event, and then the same delivery again."""
    sent = tell.douyin.trigger("create_video", to=tell.receiver.url, person="小明")
    tell.douyin.operation("replay", path={"id": sent.id})


def _payment(tell: Teller) -> None:
    """小红 cancels at the cashier, then pays; the backend hears of it, asks, and refunds it."""
    tell.receiver.respond = says('{"err_no":0,"err_tips":"success"}')

    def ask(operation: str, **fields: Any) -> Any:
        every = {"app_id": tell.program.client_key, **fields}
        every["sign"] = sign(every, tell.program.payment.salt)
        answer = tell.post(f"/api/apps/ecpay/v1/{operation}", every)
        assert answer["err_no"] == 0, answer
        return answer

    number = {"out_order_no": "ORD-1"}
    goods = {"total_amount": 1990, "subject": "月度会员", "body": "30 天", "valid_time": 900}
    made = ask("create_order", **number, **goods, notify_url=tell.receiver.url)["data"]
    tell.douyin.phone("小红").pay(orderInfo=made, decision="cancel")
    tell.douyin.phone("小红").pay(orderInfo=made, way="alipay")
    tell.settle()
    ask("query_order", **number)
    refund = {"out_refund_no": "REFUND-1", "refund_amount": 190, "reason": "发错地址"}
    ask("create_refund", **number, **refund, notify_url=tell.receiver.url)
    tell.douyin.clock.advance("3s")
    tell.settle()


TALES = {
    "payment": Tale(
        _payment,
        "order",
        "小红",
        "ok",
        [
            "ecpay.create_order ok",
            "phone.pay",
            "phone.pay",
            "ecpay_payment delivered",
            "ecpay.query_order ok",
            "ecpay.create_refund ok",
            "ecpay_refund delivered",
        ],
    ),
    "login": Tale(
        _login,
        "login",
        "小红",
        "ok",
        [
            "phone.login",
            f"{CODE_TO_SESSION} ok",
            "phone.getUserProfile",
            "phone.getPhoneNumber",
            "microapp.phone_number ok",
        ],
    ),
    "consent": Tale(
        _consent,
        "consent",
        "小明",
        "ok",
        [
            "consent.allow",
            "authorize delivered",
            "oauth.user_token ok",
            "oauth.user_info ok",
            "oauth.refresh_token ok",
            "oauth.renew_refresh_token ok",
            "consent.revoke",
            "unauthorize delivered",
        ],
    ),
    "subscription": Tale(
        _subscription,
        "subscription",
        "小明",
        "refused",
        [
            "phone.requestSubscribeMessage",
            "user_subscribe_action delivered",
            "subscription.notify_user refused",
            "subscription.notify_user ok",
            "subscription.notify_user refused",
        ],
    ),
    "share": Tale(
        _share,
        "share",
        "小明",
        "ok",
        ["share.share_id ok", "share.build", "share.publish", "create_video delivered"],
    ),
    "flaky receiver": Tale(
        _flaky, "consent", "小明", "ok", ["consent.allow", "authorize delivered 500 500 200"]
    ),
    "bad receiver": Tale(
        _failed,
        "social",
        "小明",
        "failed",
        ["social.follow", "new_follow_action failed 500 500 500"],
    ),
    "refused by a rule": Tale(
        _refused, "login", "小明", "refused", ["phone.login", f"{CODE_TO_SESSION} refused"]
    ),
    "done again": Tale(
        _done_again,
        "login",
        "小明",
        "ok",
        ["phone.login", f"{CODE_TO_SESSION} refused", f"{CODE_TO_SESSION} ok"],
    ),
    "refused on the phone": Tale(_refused_on_phone, "login", "小明", "refused", ["phone.login"]),
    "QR code": Tale(
        _qr_code,
        "consent",
        "小红",
        "ok",
        [
            "oauth.get_qrcode ok",
            "oauth.check_qrcode ok ×4",
            "consent.scan",
            "oauth.check_qrcode ok",
            "consent.scan",
            "authorize delivered",
            "oauth.check_qrcode ok",
            "oauth.user_token ok",
        ],
    ),
    "comment": Tale(
        _comment,
        "comment",
        "小红",
        "refused",
        [
            "social.comment",
            "item_comment_reply delivered",
            "item_comment.comment_reply ok",
            "item_comment_reply delivered",
            "social.comment",
            "item_comment_reply delivered",
            "item_comment.comment_reply refused",
        ],
    ),
    "message": Tale(
        _message,
        "message",
        "小红",
        "ok",
        ["social.message", "im_receive_msg delivered", "im.send_msg ok", "im_send_msg delivered"],
    ),
    "group": Tale(
        _group,
        "group",
        "小明",
        "ok",
        [
            "im.create_group ok",
            "social.join_group",
            "enter_group_audit_change delivered",
            "im.decide_application ok",
            "enter_group_audit_change delivered",
            "group_fans_event delivered",
            "social.group_message",
            "im_group_receive_msg delivered",
        ],
    ),
    "handshake": Tale(
        _handshake, "webhook", "小明", "ok", ["webhook.handshake", "verify_webhook delivered"]
    ),
    "event": Tale(
        _event,
        "event",
        "小明",
        "ok",
        ["event.send", "create_video delivered 200 200", "delivery.replay"],
    ),
}
