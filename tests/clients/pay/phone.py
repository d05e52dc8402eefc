"""The front end's part of a payment: runs a backend, and pays on the phone when it asks.

The backend prints JSON lines. `{"order": …, "notify": …}` has a stranger call its receiver first,
and then the person pay; `{"refund": …}`, `{"settle": …}` and `{"withdrawal": …}` have their time
pass. All lines are passed on.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

PATIENCE = 90.0
"""Seconds; a backend that waits in vain for a callback is ended."""

OPENER = build_opener(ProxyHandler({}))
FORGED = {
    "timestamp": "1714521600",
    "nonce": "1234",
    "msg": '{"cp_orderno":"ORDER-1","status":"SUCCESS"}',
    "type": "payment",
    "msg_signature": "0" * 40,
}


def call(path: str, body: Any = None) -> Any:
    """Call an operation of this run's server."""
    token = {"Authorization": f"Bearer {os.environ['MOCKDOUYIN_CONTROL_TOKEN']}"}
    url = f"{os.environ['MOCKDOUYIN_URL']}/_mock/{path}"
    data = None if body is None else json.dumps(body).encode()
    with OPENER.open(Request(url, data, token)) as answer:
        return json.load(answer)


def forge(notify: str) -> int:
    """Call a receiver as somebody who has no Token; return its status."""
    body = json.dumps(FORGED).encode()
    try:
        with OPENER.open(Request(notify, body, {"Content-Type": "application/json"})) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def play(line: dict[str, Any]) -> None:
    """Do what a line asks for."""
    if "order" in line:
        print(json.dumps({"forged": forge(line["notify"])}), flush=True)
        paid = call("phone/pay", {"orderInfo": line["order"]})
        if paid.get("code") != 0:
            raise SystemExit(f"not paid: {paid}")
    if not line.keys().isdisjoint(("refund", "settle", "withdrawal")):
        call("clock/advance", {"by": "2s"})


def main(command: list[str]) -> int:
    """Run the backend to its end; then tell where it called, what it was refused, what it took."""
    code = call("phone/login", {})["code"]
    environment = {**os.environ, "LOGIN_CODE": code}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as backend:
        assert backend.stdout
        watch = threading.Timer(PATIENCE, os.killpg, (backend.pid, signal.SIGKILL))
        watch.start()
        try:
            for text in backend.stdout:
                print(text, end="", flush=True)
                play(json.loads(text))
        except BaseException:
            os.killpg(backend.pid, signal.SIGKILL)
            raise
        finally:
            watch.cancel()
    exchanges = call("journal?lang=en")["exchanges"]
    print(json.dumps({"why": [each["why"] for each in exchanges]}))
    print(json.dumps({"hosts": sorted({each["host"] for each in exchanges})}))
    print(json.dumps({"states": [each["state"] for each in call("deliveries")["deliveries"]]}))
    return backend.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
