"""The backend of docs/tutorial.md: login, phone number, webhook. Python alone, and cryptography.

    DOUYIN_URL=http://127.0.0.1:8600 python app.py 9000

Without DOUYIN_URL it calls Douyin's own address.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

DOUYIN = os.environ.get("DOUYIN_URL", "https://developer.toutiao.com")
APPID = os.environ.get("DOUYIN_APPID", "ttd0c500000000000001")
SECRET = os.environ.get("DOUYIN_SECRET", "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001")
openids, session_keys, events = [], {}, {}


class ApiError(Exception):
    """What the front end is told, after an HTTP status."""


def log_in(code):
    """Exchange the code of tt.login; the session_key stays here."""
    body = json.dumps({"appid": APPID, "secret": SECRET, "code": code}).encode()
    request = urllib.request.Request(
        f"{DOUYIN}/api/apps/v2/jscode2session", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as reply:
        answer = json.load(reply)
    if answer["err_no"] != 0:
        raise ApiError(502, f"douyin: {answer['err_no']} {answer['err_tips']}")
    openid = answer["data"]["openid"]
    session_keys[openid] = answer["data"]["session_key"]
    if openid not in openids:
        openids.append(openid)
    return {"user": openids.index(openid) + 1}


def phone_number(user, sealed):
    """Decrypt what tt.getPhoneNumber gave: AES-128-CBC under the session_key."""
    key = session_keys[openids[user - 1]]
    key, iv, data = map(base64.b64decode, (key, sealed["iv"], sealed["encryptedData"]))
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        padded = decryptor.update(data) + decryptor.finalize()
        plain = unpadder.update(padded) + unpadder.finalize()
        return {"phone": json.loads(plain)["phoneNumber"]}
    except ValueError:
        raise ApiError(400, "cannot decrypt: another session_key") from None


def take_event(body, headers):
    """Verify a webhook over the bytes as they came; keep each event once."""
    expected = hashlib.sha1(SECRET.encode() + body).hexdigest()
    if not hmac.compare_digest(expected, headers.get("X-Douyin-Signature", "")):
        raise ApiError(401, "wrong signature")
    event = json.loads(body)
    if event["event"] == "verify_webhook":  # Douyin asks before it accepts the address
        return {"challenge": event["content"]["challenge"]}
    events[headers["Msg-Id"]] = event["event"]  # a retry has the same id
    return {"ok": True}


class Backend(BaseHTTPRequestHandler):
    """The routes, in JSON."""

    def do_POST(self):
        """Take what the front end, or Douyin, sends."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            match self.path.strip("/").split("/"):
                case ["login"]:
                    self.answer(200, log_in(json.loads(body)["code"]))
                case ["users", user, "phone"]:
                    self.answer(200, phone_number(int(user), json.loads(body)["detail"]))
                case ["hook"]:
                    self.answer(200, take_event(body, self.headers))
                case _:
                    self.answer(404, {"error": "no such path"})
        except ApiError as refused:
            status, says = refused.args
            self.answer(status, {"error": says})

    def do_GET(self):
        """List the events that came."""
        self.answer(200, {"events": list(events.values())})

    def answer(self, status, content):
        """Send JSON."""
        body = json.dumps(content).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(sys.argv[1]) if sys.argv[1:] else 9000
    ThreadingHTTPServer(("127.0.0.1", port), Backend).serve_forever()
