"""Settings of the example: what Douyin's app is, and where Douyin is."""

import os

DOUYIN_URL = os.environ.get("DOUYIN_URL", "https://developer.toutiao.com")
DOUYIN_APP_ID = os.environ.get("DOUYIN_APP_ID", "ttd0c500000000000001")
DOUYIN_SECRET = os.environ.get("DOUYIN_SECRET", "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001")

ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "login"
SECRET_KEY = "not a secret, this is an example"
