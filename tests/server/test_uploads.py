"""Long uploads through a real socket: measured as they come, in one piece or chunked."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from mockdouyin.domain.grants import authorize
from mockdouyin.domain.uploads import MB
from mockdouyin.server.serving import ThreadedServer

HEAD = b'--edge\r\nContent-Disposition: form-data; name="video"; filename="v.mp4"\r\n\r\n'
TAIL = b"\r\n--edge--\r\n"


def body(size: int) -> Iterator[bytes]:
    """Yield the pieces of a form with a file of so many MB."""
    yield HEAD
    for _ in range(size):
        yield bytes(MB)
    yield TAIL


def upload(
    server: ThreadedServer, http: httpx.Client, size: int, prefix: str = ""
) -> httpx.Response:
    """Log somebody in, and upload a video of so many MB."""
    world = server.sandbox.default
    app = world.find_app(None, "web")

    def consent() -> str:
        unit = world.store.unit(world.clock.now())
        code = authorize(world, unit, app, "小明", ("video.create",))
        unit.commit()
        return code

    code = world.transact(consent)
    secret = {"client_key": app.client_key, "client_secret": app.client_secret}
    login = {**secret, "code": code, "grant_type": "authorization_code"}
    tokens = http.post("/oauth/access_token/", json=login).json()["data"]
    return http.post(
        prefix + "/video/upload/",
        params={"open_id": tokens["open_id"], "access_token": tokens["access_token"]},
        content=body(size),
        headers={"content-type": "multipart/form-data; boundary=edge"},
    )


def test_a_video_that_is_longer_than_other_bodies(
    server: ThreadedServer, http: httpx.Client
) -> None:
    """A video of 40 MB is accepted; the journal keeps its length and the beginning of the body."""
    reply = upload(server, http, 40)

    assert reply.json()["data"]["video"]["video_id"].startswith("@")
    last = list(server.sandbox.default.journal)[-1]
    assert last.length == 40 * MB + len(HEAD + TAIL)
    assert len(last.request.body) == 64 * 1024


def test_a_video_that_is_too_long(server: ThreadedServer, http: httpx.Client) -> None:
    """A video of 130 MB is read to its end, and refused with Douyin's number."""
    reply = upload(server, http, 130)

    assert (reply.status_code, reply.json()["data"]["error_code"]) == (200, 2190005)


def test_a_world_in_the_path(server: ThreadedServer, http: httpx.Client) -> None:
    """With a world in front of its path an upload may be as long."""
    assert upload(server, http, 20, "/@default").json()["data"]["error_code"] == 0


def test_a_file_to_another_address(http: httpx.Client) -> None:
    """An address without uploads refuses long bodies."""
    kind = {"content-type": "multipart/form-data; boundary=edge"}
    reply = http.post("/oauth/access_token/", content=body(20), headers=kind)

    assert reply.status_code == 413
