"""What a backend in Python does, whatever it signs and verifies with."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

PATIENCE = 60
"""Seconds for a callback to come."""

SUCCESS, FORGED = {"err_no": 0, "err_tips": "success"}, {"err_no": 400, "err_tips": "bad sign"}


def say(**line: Any) -> None:
    """Print a line."""
    print(json.dumps(line), flush=True)


class Receiver(HTTPServer):
    """Takes callbacks, and acknowledges those that `verify` returns the message of."""

    def __init__(self, verify: Callable[[bytes], Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.verify = verify
        self.told: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where callbacks are to come."""
        return f"http://127.0.0.1:{self.server_port}/notify"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Acknowledge what is signed."""
        message = self.server.verify(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(FORGED if message is None else SUCCESS).encode()
        self.send_response(400 if message is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if message is not None:
            self.server.told.put(message)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def trade(ask: Callable[[str, dict[str, Any]], Any], verify: Callable[[bytes], Any]) -> None:
    """Sell one thing, give a part of the money back, and settle the rest."""
    with Receiver(verify) as receiver:
        order = {
            "out_order_no": "ORDER-1",
            "total_amount": 1990,
            "subject": "月度会员",
            "body": "月度会员",
            "valid_time": 900,
            "disable_msg": 0,
            "cp_extra": '{"uid": 42}',
            "notify_url": receiver.url,
        }
        made = ask("create_order", order)
        if made["err_no"] != 0:
            return say(made=made)
        say(order=made["data"], notify=receiver.url)
        say(paid=receiver.told.get(timeout=PATIENCE))
        say(found=ask("query_order", {"out_order_no": "ORDER-1"}))
        refund = {
            "out_order_no": "ORDER-1",
            "out_refund_no": "REFUND-1",
            "refund_amount": 190,
            "reason": "少发一件",
            "notify_url": receiver.url,
        }
        say(refund=ask("create_refund", refund))
        say(refunded=receiver.told.get(timeout=PATIENCE))
        say(refund_found=ask("query_refund", {"out_refund_no": "REFUND-1"}))
        settlement = {
            "out_order_no": "ORDER-1",
            "out_settle_no": "SETTLE-1",
            "settle_desc": "月度结算",
            "settle_params": '[{"merchant_uid":"70000000000000000002","amount":300}]',
            "notify_url": receiver.url,
        }
        say(settle=ask("settle", settlement))
        say(settled=receiver.told.get(timeout=PATIENCE))
        say(settle_found=ask("query_settle", {"out_settle_no": "SETTLE-1"}))
        return receiver.shutdown()
