"""A backend that uses urllib."""

import json
import os
from urllib.parse import urlencode
from urllib.request import Request, urlopen

login = {
    "appid": "ttd0c500000000000001",
    "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
    "code": os.environ["LOGIN_CODE"],
}
client = {
    "client_key": "awd0c50000000003",
    "client_secret": "fa4efa4efa4efa4efa4efa4efa4e0003",
    "grant_type": "client_credential",
}

for _ in range(2):
    request = Request(
        "https://developer.toutiao.com/api/apps/v2/jscode2session",
        json.dumps(login).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request) as answer:
        print(answer.read().decode())
with urlopen("https://open.douyin.com/oauth/client_token/", urlencode(client).encode()) as answer:
    print(answer.read().decode())
