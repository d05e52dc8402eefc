"""A web app's backend: consent, tokens, user info, and what sharing by H5 needs."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from mockdouyin.testing.fixture import Douyin

SCOPES = (
    "data.external.item",
    "user_info",
    "h5.share",
    "open.get.ticket",
    "trial.whitelist",
    "poi.cps.common",
    "open.get.ticket",
)


def consent(douyin: Douyin) -> str:
    """Consent as the first person, and return the code that the callback receives."""
    location = douyin.authorize(*SCOPES, state="1662039377758420993").location or ""
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["1662039377758420993"]
    return query["code"][0]


def exchange(douyin: Douyin, code: str) -> Any:
    """Exchange the code as the callback does."""
    app = douyin.app("web")
    body = {
        "client_key": app.client_key,
        "client_secret": app.client_secret,
        "code": code,
        "grant_type": "authorization_code",
    }
    return httpx.post(f"{douyin.url}/oauth/access_token/", json=body).json()


def test_consent_to_user_info(douyin: Douyin) -> None:
    """A consent's code gives tokens, and the token the person's profile."""
    granted = exchange(douyin, consent(douyin))
    assert granted["message"] == "success"
    token = granted["data"]

    info = httpx.post(
        f"{douyin.url}/oauth/userinfo/",
        data={"access_token": token["access_token"], "open_id": token["open_id"]},
    ).json()

    assert info["data"]["nickname"] == douyin.person().nickname
    assert info["data"]["open_id"] == douyin.person().open_ids[douyin.app("web").client_key]


def test_a_code_is_exchanged_once(douyin: Douyin) -> None:
    """A consent's code works once."""
    code = consent(douyin)
    exchange(douyin, code)

    assert exchange(douyin, code) == {
        "data": {
            "captcha": "",
            "desc_url": "",
            "description": "code已失效",
            "error_code": 10007,
        },
        "message": "error",
    }


def test_client_token_to_share_schema(douyin: Douyin) -> None:
    """A client token gives an open ticket and a share id, of which a share's link is made."""
    app = douyin.app("web")
    form = {
        "client_key": app.client_key,
        "client_secret": app.client_secret,
        "grant_type": "client_credential",
    }
    token = httpx.post(f"{douyin.url}/oauth/client_token/", data=form).json()["data"]
    assert token["error_code"] == 0
    headers = {"access-token": token["access_token"]}

    ticket = httpx.get(f"{douyin.url}/open/getticket/", headers=headers).json()["data"]
    share = httpx.get(
        f"{douyin.url}/share-id/", params={"need_callback": "true"}, headers=headers
    ).json()["data"]

    assert (ticket["error_code"], share["error_code"]) == (0, 0)
    text = f"nonce_str=n0nce&ticket={ticket['ticket']}&timestamp=1685516015"
    schema = httpx.URL(
        "snssdk1128://openplatform/share",
        params={
            "share_type": "h5",
            "client_key": app.client_key,
            "nonce_str": "n0nce",
            "timestamp": "1685516015",
            "signature": hashlib.md5(text.encode()).hexdigest(),
            "state": share["share_id"],
            "image_path": "https://app.example.test/picture.jpg",
        },
    )
    assert str(schema).startswith("snssdk1128://openplatform/share?share_type=h5")
    assert share["share_id"].isdigit()
