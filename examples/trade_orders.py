"""A backend of tt.createOrder: verifies callbacks, agrees to orders, keeps payments.

python examples/trade_orders.py 9001
mockdouyin phone createOrder --arg 'goodsList=[…]' --arg 'payment={"totalAmount": 1990}'

PLATFORM_KEY is a file with the platform's public key; without it, PLATFORM is asked for it.
"""

import base64
import json
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PLATFORM = os.environ.get("PLATFORM", "http://127.0.0.1:8600")
orders = {}


def platform_key():
    """Return the platform's public key."""
    if "PLATFORM_KEY" in os.environ:
        return load_pem_public_key(Path(os.environ["PLATFORM_KEY"]).read_bytes())
    with urllib.request.urlopen(f"{PLATFORM}/_mock/platform-key") as reply:
        return load_pem_public_key(json.load(reply)["public_key"].encode())


def is_genuine(key, headers, body):
    """Whether the platform signed these bytes: timestamp, nonce and body, a line each."""
    signed = f"{headers['Byte-Timestamp']}\n{headers['Byte-Nonce-Str']}\n".encode() + body + b"\n"
    signature = base64.b64decode(headers.get("Byte-Signature", ""))
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


class Backend(BaseHTTPRequestHandler):
    """Answers POST of any path."""

    def do_POST(self):
        """Refuse what is not signed; agree to an order, or note what became of one."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_genuine(self.server.key, self.headers, body):
            return self.answer({"err_no": 1, "err_tips": "the signature is wrong"}, status=401)
        callback = json.loads(body)
        message = json.loads(callback["msg"])
        if callback["type"] == "pre_create_order":
            number = f"ORDER-{len(orders) + 1}"
            orders[number] = {"state": "new", "amount": message["total_amount"]}
            entry = {"path": "pages/order/detail", "params": json.dumps({"id": number})}
            agreed = {"out_order_no": number, "order_entry_schema": entry}
            return self.answer({"err_no": 0, "err_tips": "success", "data": agreed})
        if callback["type"] == "payment":
            order = orders.get(message["out_order_no"])
            if order is None or order["amount"] != message["total_amount"]:
                return self.answer({"err_no": 1, "err_tips": "no such order"})
            order["state"] = message["status"]  # the same callback may come again
            print(message["out_order_no"], order["state"], flush=True)
        return self.answer({"err_no": 0, "err_tips": "success"})

    def answer(self, content, status=200):
        """Send JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Say nothing of each request."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9001
    with ThreadingHTTPServer(("127.0.0.1", port), Backend) as server:
        server.key = platform_key()
        print(f"listens on http://127.0.0.1:{server.server_port}/trade", flush=True)
        server.serve_forever()
