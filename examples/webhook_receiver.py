"""A receiver of webhooks: verifies the signature, echoes the challenge, handles each event once.

python examples/webhook_receiver.py 9000
mockdouyin check-webhook http://127.0.0.1:9000/hook --secret SECRET
mockdouyin trigger create_video --to http://127.0.0.1:9000/hook --secret SECRET
"""

import hashlib
import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "fa4efa4efa4efa4efa4efa4efa4e0003"  # a web app's webhook secret is its client_secret
seen = set()


class Receiver(BaseHTTPRequestHandler):
    """Answers POST /hook."""

    def do_POST(self):
        """Refuse what is not signed, echo a challenge, take an event."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        right = hashlib.sha1(SECRET.encode() + body).hexdigest()  # over the bytes as they came
        if not hmac.compare_digest(right, self.headers.get("X-Douyin-Signature", "")):
            return self.answer(401, {"error": "the signature is wrong"})
        try:
            event = json.loads(body)
        except ValueError:
            return self.answer(400, {"error": "not JSON"})
        if event.get("event") == "verify_webhook":
            return self.answer(200, {"challenge": event["content"]["challenge"]})
        message_id = self.headers.get("Msg-Id")
        if message_id not in seen:  # a retry has the same id
            seen.add(message_id)
            print("event", event["event"], flush=True)
        return self.answer(200, {"ok": True})

    def answer(self, status, content):
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
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    with ThreadingHTTPServer(("127.0.0.1", port), Receiver) as server:
        print(f"listens on http://127.0.0.1:{server.server_port}/hook", flush=True)
        server.serve_forever()
