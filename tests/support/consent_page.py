"""Helpers for the tests of consent, which act as a browser without JavaScript."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from mockdouyin.core.apps import demo_apps

WEB = demo_apps()["web"]
CONNECT = "/platform/oauth/connect/"
CALLBACK = "https://app.example.test/douyin/callback"
ASKED = {
    "client_key": WEB.client_key,
    "response_type": "code",
    "scope": "user_info,video.list,user_info,renew_refresh_token",
    "optionalScope": "friend_relation,1,message,0",
    "redirect_uri": CALLBACK,
    "state": "a b&c",
}


def asked(**changed: str | None) -> dict[str, str]:
    """Return the query of a consent link; None leaves a parameter out."""
    query = {**ASKED, **changed}
    return {name: value for name, value in query.items() if value is not None}


def show(http: httpx.Client, path: str = CONNECT, **changed: str | None) -> httpx.Response:
    """Open the page."""
    return http.get(path, params=asked(**changed))


def answer(http: httpx.Client, form: dict[str, Any], **changed: str | None) -> httpx.Response:
    """Open the page, and send its form as a browser does: to the page's own address."""
    return submit(http, f"{CONNECT}?{urlencode(asked(**changed))}", form)


def submit(http: httpx.Client, address: str, form: dict[str, Any]) -> httpx.Response:
    """Open a page, and send its form."""
    page = http.get(address)
    return http.post(address, data={"form_token": token_of(page.text), **form})


def token_of(page: str) -> str:
    """Return the form_token of a page, or an empty string if it has no form."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    return found[1] if found else ""


def sent_to(reply: httpx.Response) -> dict[str, str]:
    """Return the query of the redirect."""
    assert reply.status_code == 302, reply.text
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query, keep_blank_values=True))


def exchange(http: httpx.Client, code: str) -> dict[str, Any]:
    """Exchange a code, and return the answer's data."""
    keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
    body = {**keys, "code": code, "grant_type": "authorization_code"}
    data: dict[str, Any] = http.post("/oauth/access_token/", data=body).json()["data"]
    return data


def last(http: httpx.Client) -> dict[str, Any]:
    """Return the latest exchange of the journal."""
    shown: dict[str, Any] = http.get("/_mock/journal").json()["exchanges"][-1]
    return shown


def settings(http: httpx.Client, **given: Any) -> None:
    """Change the world's settings."""
    http.patch("/_mock/settings", json=given).raise_for_status()


def boxes(page: str) -> dict[str, bool]:
    """Return the optional scopes of a page, and whether each is ticked."""
    found = re.findall(r'name="tick" value="([^"]+)"( checked)?', page)
    return {scope: bool(ticked) for scope, ticked in found}
