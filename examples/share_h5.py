"""Sharing by H5: a client token, an open ticket, a share id, and the signed link of them.

mockdouyin run -- python examples/share_h5.py
"""

import hashlib
import json
import time
import urllib.request
from urllib.parse import quote, urlencode

from phone import ask

DOUYIN = "https://open.douyin.com"
KEY, SECRET = "awd0c50000000003", "fa4efa4efa4efa4efa4efa4efa4e0003"


def call(path, form=None, token=""):
    """Call the open platform and return `data`."""
    request = urllib.request.Request(DOUYIN + path, form and urlencode(form).encode())
    request.add_header("access-token", token)
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)["data"]


form = {"client_key": KEY, "client_secret": SECRET, "grant_type": "client_credential"}
token = call("/oauth/client_token/", form)["access_token"]
ticket = call("/open/getticket/", token=token)["ticket"]
share_id = call("/share-id/?need_callback=true", token=token)["share_id"]

nonce, stamp = "n0nce0fMine", str(int(time.time()))
signed = f"nonce_str={nonce}&ticket={ticket}&timestamp={stamp}"
fields = {
    "share_type": "h5",
    "client_key": KEY,
    "nonce_str": nonce,
    "timestamp": stamp,
    "signature": hashlib.md5(signed.encode()).hexdigest(),
    "state": share_id,
    "image_path": "https://app.example.test/picture.jpg",
}
query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
schema = f"snssdk1128://openplatform/share?{query}"

verdict = ask("share/verify", schema=schema)  # what the Douyin app would say of it
print("the Douyin app takes the link:", verdict["ok"])
for problem in verdict["problems"]:
    print(problem["part"], problem["why"])
print("video", ask("share/publish", schema=schema)["item_id"])
