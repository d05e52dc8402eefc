"""Content security through the real HTTP door: a scenario and a tester decide what is found."""

from __future__ import annotations

from typing import Any

import httpx

from mockdouyin import Sandbox, Scenario
from mockdouyin.core.apps import demo_apps
from mockdouyin.server.parts import served_parts
from mockdouyin.server.serving import ThreadedServer

PROGRAM = demo_apps()["mini_program"]

SCENARIO = """
name: strict-review
settings:
  censored_words: [代开发票, casino]
  censored_images: ["*/banned/*", "*.gif"]
"""


def test_a_backend_has_its_users_words_and_pictures_looked_at() -> None:
    """The scenario's words and patterns are found by every generation; a tester changes them."""
    box = Sandbox(Scenario.parse(SCENARIO), **served_parts())
    with ThreadedServer(box) as server, httpx.Client(base_url=server.url, timeout=20) as http:
        old, new = _tokens(http)
        key = {"app_id": PROGRAM.client_key}

        def texts(*contents: str) -> list[list[bool]]:
            asked = {"tasks": [{"content": each} for each in contents]}
            older = http.post(
                "/api/v2/tags/text/antidirt", json=asked, headers={"X-Token": old}
            ).json()
            newer = http.post(
                "/api/apps/v1/censor/text/",
                json={**key, "content": contents},
                headers={"access-token": new},
            ).json()
            return [[_hit(each) for each in answer["data"]] for answer in (older, newer)]

        def images(address: str) -> list[bool]:
            asked = {"targets": ["porn"], "tasks": [{"image": address}]}
            first = http.post("/api/v2/tags/image/", json=asked, headers={"X-Token": old})
            second = http.post(
                "/api/apps/censor/image", json={**key, "access_token": old, "image": address}
            )
            third = http.post(
                "/api/apps/v1/censor/image/",
                json={**key, "image": address},
                headers={"access-token": new},
            )
            return [_hit(first.json()["data"][0]), _hit(second.json()), _hit(third.json())]

        assert texts("可代开发票", "CASINO royale", "你好") == [[True, True, False]] * 2
        assert images("https://cdn.example.test/banned/a.png") == [True, True, True]
        assert images("https://cdn.example.test/a.gif") == [True, True, True]
        assert images("https://cdn.example.test/a.png") == [False, False, False]

        changed = {"censored_words": ["你好"], "censored_images": []}
        assert http.patch("/_mock/settings", json=changed).status_code == 200
        assert texts("可代开发票", "你好") == [[False, True]] * 2
        assert images("https://cdn.example.test/a.gif") == [False, False, False]

        wrong = http.patch("/_mock/settings", json={"censored_words": [""]})
        assert wrong.status_code == 400
        assert "censored_words" in wrong.json()["error"]


def _tokens(http: httpx.Client) -> tuple[str, str]:
    """Fetch an app token and a client token."""
    granted = {"grant_type": "client_credential"}
    asked = {"appid": PROGRAM.client_key, "secret": PROGRAM.client_secret, **granted}
    old = http.post("/api/apps/v2/token", json=asked).json()
    client = {"client_key": PROGRAM.client_key, "client_secret": PROGRAM.client_secret, **granted}
    new = http.post("/oauth/client_token/", json=client).json()
    return old["data"]["access_token"], new["data"]["access_token"]


def _hit(result: Any) -> bool:
    """Return whether any model found something."""
    return any(each["hit"] for each in result["predicts"])
