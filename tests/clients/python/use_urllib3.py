"""A backend that uses urllib3."""

import os
from urllib.parse import urlencode

import urllib3

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
    url = "https://developer.toutiao.com/api/apps/v2/jscode2session"
    print(urllib3.request("POST", url, json=login).data.decode())
url = f"https://open.douyin.com/oauth/client_token/?{urlencode(client)}"
print(urllib3.request("GET", url).data.decode())
