"""A backend that uses http.client."""

import http.client
import json
import os
from urllib.parse import urlencode

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

toutiao = http.client.HTTPSConnection("developer.toutiao.com")
for _ in range(2):
    headers = {"Content-Type": "application/json"}
    toutiao.request("POST", "/api/apps/v2/jscode2session", json.dumps(login), headers)
    print(toutiao.getresponse().read().decode())
douyin = http.client.HTTPSConnection("open.douyin.com")
douyin.request("GET", f"/oauth/client_token/?{urlencode(client)}")
print(douyin.getresponse().read().decode())
