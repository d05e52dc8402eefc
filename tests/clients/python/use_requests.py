"""A backend that uses requests; with an argument, one that heeds no environment."""

import os
import sys

import requests

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

session = requests.Session()
session.trust_env = len(sys.argv) == 1
for _ in range(2):
    print(
        session.post("https://developer.toutiao.com/api/apps/v2/jscode2session", json=login).text
    )
print(session.post("https://open.douyin.com/oauth/client_token/", data=client).text)
