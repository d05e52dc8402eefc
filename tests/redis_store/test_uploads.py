"""Long uploads to a server on Redis: taken as from memory, and written down for every replica."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.control import execute
from mockdouyin.domain.grants import authorize
from mockdouyin.domain.uploads import MB
from mockdouyin.redis_store import SharedSandbox
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.server.test_uploads import HEAD, TAIL, body


def upload(box: Sandbox, url: str, size: int, path: str = "/video/upload/") -> Any:
    """Log somebody in, and upload a video of so many MB; return the answer."""
    world = box.default
    app = world.find_app(None, "web")

    def consent() -> str:
        unit = world.store.unit(world.clock.now())
        code = authorize(world, unit, app, "小明", ("video.create",))
        unit.commit()
        return code

    host = {"host": "open.douyin.com"}  # and not another port each time
    with httpx.Client(base_url=url, timeout=60, headers=host) as http:
        secret = {"client_key": app.client_key, "client_secret": app.client_secret}
        login = {**secret, "code": world.transact(consent), "grant_type": "authorization_code"}
        tokens = http.post("/oauth/access_token/", json=login).json()["data"]
        query = {"open_id": tokens["open_id"], "access_token": tokens["access_token"]}
        kind = {"content-type": "multipart/form-data; boundary=edge"}
        return http.post(path, params=query, content=body(size), headers=kind).json()


def entry(box: Sandbox) -> dict[str, Any]:
    """Return what the journal shows of the last exchange, but for how long it took."""
    shown: dict[str, Any] = execute(box, "journal")["exchanges"][-1]
    return {name: value for name, value in shown.items() if name != "took_ms"}


@pytest.mark.parametrize("path", ["/video/upload/", "/%76ideo/upload/"])
def test_an_upload_is_the_same_as_in_memory(replica: Replica, path: str) -> None:
    """A streamed video is answered byte for byte as from memory, and so is its journal entry."""
    boxes: list[Sandbox] = [Sandbox(clock=ManualClock, seed=5), replica(seed=5)]
    seen = []
    for box in boxes:
        with ThreadedServer(box) as server:
            answer = upload(box, server.url, 3, path)
            assert answer["data"]["video"]["video_id"].startswith("@")
            seen.append((answer, entry(box)))

    assert seen[0] == seen[1]
    last = list(boxes[1].default.journal)[-1]
    assert (last.length, len(last.request.body)) == (3 * MB + len(HEAD + TAIL), 64 * 1024)


def test_every_replica_shows_the_upload(replica: Replica) -> None:
    """The entry of a streamed upload is read by another replica, with its length."""
    first: SharedSandbox = replica()
    with ThreadedServer(first) as server:
        upload(first, server.url, 2)

    other = replica()
    assert entry(other) == entry(first)
    assert entry(other)["endpoint"] == "video.upload_video"
    assert list(other.default.journal)[-1].length == 2 * MB + len(HEAD + TAIL)
