"""Tests of the Django backend: no server, no port, and the real addresses in its settings.

pytest test_login.py
"""

import os

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.test import Client, override_settings  # noqa: E402


@pytest.fixture
def client(douyin_requests):
    """Yield Django's test client, with the app of this test's world in the settings."""
    app = douyin_requests.app()
    with override_settings(DOUYIN_APP_ID=app.client_key, DOUYIN_SECRET=app.client_secret):
        yield Client()


def log_in(client, code):
    """Send what the front end sends."""
    return client.post("/login", {"code": code}, content_type="application/json")


def test_a_code_logs_in_once(client, douyin_requests):
    """The openid is the person's; the same code again is refused."""
    code = douyin_requests.phone("小红").login()["code"]
    app = douyin_requests.app()

    assert (
        log_in(client, code).json()["openid"]
        == (douyin_requests.person("小红").open_ids[app.client_key])
    )
    assert log_in(client, code).json() == {"error": "40018 bad code"}


def test_the_connection_breaks(client, douyin_requests):
    """A broken connection is a 502."""
    douyin_requests.rule("code_to_session", fault="reset", times=1)

    assert log_in(client, "any").status_code == 502
