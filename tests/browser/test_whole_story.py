"""A web app's whole story, from the consent link to the refused token, with real parts only."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from playwright.sync_api import expect

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Application, Opens
from tests.support.receivers import Receiver
from tests.support.waiting import until

WEB = demo_apps()["web"]
SCOPES = "data.external.item,user_info,video.list,h5.share,open.get.ticket,trial.whitelist"


class Backend:
    """The application's own server: it knows Douyin's address and nothing of mockdouyin."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=20)
        self.keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}

    def post(self, path: str, **fields: Any) -> Any:
        """Post a form; give the data of the answer."""
        return self.http.post(path, data={**self.keys, **fields}).json()["data"]

    def get(self, path: str, token: str, **query: str) -> Any:
        """Get with a token; give the data of the answer."""
        headers = {"access-token": token}
        return self.http.get(path, params=query, headers=headers).json()["data"]

    def share_link(self, now: int) -> tuple[str, str]:
        """Build a share link as the docs say; give its share id too."""
        token = self.post("/oauth/client_token/", grant_type="client_credential")["access_token"]
        ticket = self.get("/open/getticket/", token)["ticket"]
        share_id = self.get("/share-id/", token, need_callback="true")["share_id"]
        signed = {"nonce_str": "n0nce", "ticket": ticket, "timestamp": str(now)}
        text = "&".join(f"{name}={value}" for name, value in sorted(signed.items()))
        given = {
            "share_type": "h5",
            "client_key": WEB.client_key,
            "nonce_str": "n0nce",
            "timestamp": str(now),
            "signature": hashlib.md5(text.encode()).hexdigest(),
            "state": share_id,
            "title": "哈哈哈",
            "video_path": "https://app.example.test/video.mp4?size=1&line=2",
        }
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
        return f"snssdk1128://openplatform/share?{query}", share_id


def received(receiver: Receiver, event: str) -> dict[str, Any]:
    """Wait for an event, and check its signature over the very bytes."""
    until(lambda: any(got.event == event for got in receiver.received), event)
    [got] = [got for got in receiver.received if got.event == event]
    assert got.is_signed(WEB.client_secret)
    body: dict[str, Any] = json.loads(got.body)
    return body


def test_the_whole_story(server: ThreadedServer, application: Application, opens: Opens) -> None:
    """Consent in a browser, tokens, profile, share, published video, revocation: all of it."""
    backend = Backend(server.url)
    control = httpx.Client(base_url=f"{server.url}/_mock", timeout=20)
    with Receiver() as receiver, backend.http, control:
        hook = {"webhook": {"url": receiver.url}}
        assert control.patch("/apps/web", json=hook).status_code == 200

        asked = {"response_type": "code", "scope": SCOPES, "redirect_uri": application.callback}
        query = urlencode({"client_key": WEB.client_key, **asked, "state": "1662039377758420993"})
        page = opens(f"/platform/oauth/connect/?{query}")
        page.get_by_role("button", name="同意授权").click()
        expect(page).to_have_title("application")
        [callback] = application.callbacks
        assert callback["state"] == "1662039377758420993"
        granted = received(receiver, "authorize")
        assert granted["content"]["scopes"] == callback["scopes"].split(",")

        token = backend.post(
            "/oauth/access_token/", code=callback["code"], grant_type="authorization_code"
        )
        whose = {"access_token": token["access_token"], "open_id": token["open_id"]}
        assert backend.post("/oauth/userinfo/", **whose)["nickname"] == "小明同学"
        assert granted["from_user_id"] == token["open_id"]

        now = int(server.sandbox.default.clock.now())
        schema, share_id = backend.share_link(now)
        assert control.post("/share/verify", json={"schema": schema}).json()["problems"] == []
        control.post("/share/publish", json={"schema": schema}).raise_for_status()
        told = received(receiver, "create_video")["content"]
        assert told["share_id"] == share_id

        listed = backend.get(
            "/video/list/", token["access_token"], open_id=token["open_id"], cursor="0", count="10"
        )
        [first, *_] = listed["list"]
        assert (first["item_id"], first["title"]) == (told["item_id"], "哈哈哈")

        control.post("/oauth/revoke", json={}).raise_for_status()
        assert received(receiver, "unauthorize")["content"]["description"] == "用户取消授权"
        assert backend.post("/oauth/userinfo/", **whose)["error_code"] == 28001003
