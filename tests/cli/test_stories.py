"""`stories`."""

from __future__ import annotations

import httpx
import pytest

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import lines_of
from tests.support.ecpay import sign
from tests.support.receivers import Receiver, says

MINI = demo_apps()["mini_program"]


@pytest.mark.parametrize(
    ("language", "states", "paid"),
    [
        (
            "en",
            "delivered  HTTP 200",
            "小明 calls tt.pay in mini_program: paid by WeChat (code 0)",
        ),
        ("zh", "已送达  HTTP 200", "小明 在 mini_program 中调用 tt.pay：付款成功（微信，code 0）"),
    ],
)
def test_an_order(server: ThreadedServer, language: str, states: str, paid: str) -> None:
    """An order has its backend's number, how it was paid, and its callback in words."""
    with Receiver(says('{"err_no":0,"err_tips":"success"}')) as receiver:
        fields = {
            "app_id": MINI.client_key,
            "out_order_no": "CART*1",
            "total_amount": 1990,
            "subject": "月度会员",
            "body": "月度会员 30 天",
            "valid_time": 900,
            "notify_url": receiver.url,
        }
        signed = {**fields, "sign": sign(fields, MINI.payment.salt)}
        made = httpx.post(f"{server.url}/api/apps/ecpay/v1/create_order", json=signed).json()
        lines_of("phone", "pay")
        lines_of("clock", "advance", "1s")

        head, created, called, sent = lines_of("--lang", language, "stories")

    assert made["err_no"] == 0
    assert head.startswith("order CART*1  小明  mini_program  ok  ")
    assert "ecpay.create_order  ok" in created
    assert called.endswith(paid)
    assert f"ecpay_payment → {receiver.url}  {states}" in sent
