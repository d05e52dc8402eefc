"""What a front end would do: asks mockdouyin for what the person's phone hands out.

Only the examples need it; a backend gets these things from its own mini-program.
"""

import json
import os
import urllib.request

URL = os.environ.get("MOCKDOUYIN_URL", "http://127.0.0.1:8600")
TOKEN = os.environ.get("MOCKDOUYIN_CONTROL_TOKEN")  # `mockdouyin run` sets it


def ask(path, **body):
    """Call the control API: `phone/login`, `oauth/authorize`, `share/verify` …"""
    headers = {"Content-Type": "application/json"}
    if TOKEN:
        headers["Authorization"] = f"Bearer {TOKEN}"
    request = urllib.request.Request(f"{URL}/_mock/{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)
