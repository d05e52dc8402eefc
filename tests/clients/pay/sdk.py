"""A backend on the package `bytedance` of PyPI, untouched: its signs and its verifier."""

from __future__ import annotations

import json
import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from bytedance import ByteDance  # type: ignore[import-not-found]
from bytedance.base import ByteDanceError  # type: ignore[import-not-found]

SDK = ByteDance(
    app_id="ttd0c500000000000001",
    app_secret="fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
    payment_salt="fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001",
    callback_token="fa4eTOKENfa4eTOKENfa4eTOKENfa4e1",
    access_token_type="file",
)
TOLD: queue.Queue[Any] = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    """Takes callbacks that the SDK verifies."""

    def do_POST(self) -> None:
        """Acknowledge what is signed."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            told = SDK.callbacks.parse(body, protocol="ecpay")
        except ByteDanceError:
            return self.answer(400, {"err_no": 400, "err_tips": "bad signature"})
        self.answer(200, SDK.callbacks.acknowledgement("ecpay"))
        return TOLD.put(told["parsed_msg"])

    def answer(self, status: int, content: dict[str, Any]) -> None:
        """Send JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def say(**line: Any) -> None:
    """Print a line."""
    print(json.dumps(line), flush=True)


with HTTPServer(("127.0.0.1", 0), Receiver) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    notify = f"http://127.0.0.1:{server.server_port}/notify"
    say(openid=SDK.code2_session(code=os.environ["LOGIN_CODE"])["openid"])
    order = {
        "out_order_no": "ORDER-1",
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员",
        "valid_time": 900,
        "disable_msg": 0,
        "cp_extra": '{"uid": 42}',
        "notify_url": notify,
    }
    say(order=SDK.payment.ecpay.pay_list.pay(body=order)["data"], notify=notify)
    say(paid=TOLD.get(timeout=60))
    say(found=SDK.payment.ecpay.pay_list.query(body={"out_order_no": "ORDER-1"}))
    server.shutdown()
