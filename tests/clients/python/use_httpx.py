"""A backend that uses httpx; with an argument, one that heeds no environment."""

import os
import sys

import httpx

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

with httpx.Client(trust_env=len(sys.argv) == 1) as http:
    for _ in range(2):
        print(
            http.post("https://developer.toutiao.com/api/apps/v2/jscode2session", json=login).text
        )
    print(http.post("https://open.douyin.com/oauth/client_token/", data=client).text)
