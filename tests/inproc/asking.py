"""The call that the tests of this folder make, and rules for it."""

from __future__ import annotations

from typing import Any

from mockdouyin import Sandbox
from mockdouyin.control import execute
from tests.support.helpers import WEB_CLIENT

PATH = "/oauth/client_token/"
TOKEN = f"https://open.douyin.com{PATH}"
ASK = {**WEB_CLIENT, "grant_type": "client_credential"}


def arm(box: Sandbox, **rule: Any) -> None:
    """Set a rule for that call."""
    execute(box, "add_rule", body={"on": "client_token", **rule})
