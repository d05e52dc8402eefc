"""What never changes while the server runs is made once, and sent once."""

from __future__ import annotations

import httpx
import pytest

from mockdouyin.control import _openapi
from mockdouyin.server.serving import ThreadedServer

STATIC = ("openapi.json", "endpoints", "errors", "errors?endpoint=code_to_session", "scenarios")


@pytest.mark.parametrize("path", STATIC)
def test_it_is_sent_once(http: httpx.Client, path: str) -> None:
    """A client that has the reply gets a 304 without it; the reply is the same at each time."""
    first, second = http.get(f"/_mock/{path}"), http.get(f"/_mock/{path}")
    again = http.get(f"/_mock/{path}", headers={"if-none-match": first.headers["etag"]})

    assert first.content == second.content
    assert first.json()
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    for reply in (first, second, again):
        assert reply.headers["etag"] == first.headers["etag"]
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert first.headers["content-type"] == second.headers["content-type"] == "application/json"


def test_the_document_is_built_once(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The OpenAPI document is written when it is first asked for, and for no later reader."""
    before = http.get("/_mock/openapi.json")
    monkeypatch.delattr(_openapi, "document")

    assert http.get("/_mock/openapi.json").content == before.content


def test_each_query_has_its_own(http: httpx.Client) -> None:
    """What is asked for decides, and the language; a refusal is not kept."""
    one = http.get("/_mock/errors", params={"endpoint": "code_to_session"})
    other = http.get("/_mock/errors", params={"endpoint": "client_token"})
    english = http.get("/_mock/errors", params={"endpoint": "client_token", "lang": "en"})
    refused = [http.get("/_mock/errors", params={"endpoint": "none"}) for _ in range(2)]

    assert one.json() != other.json()
    assert other.json() == english.json()
    assert [each.status_code for each in refused] == [404, 404]
    assert all("etag" not in each.headers for each in refused)


def test_no_more_than_so_many_are_kept(http: httpx.Client) -> None:
    """A client that asks for ever more gets each of them."""
    names = [each["name"] for each in http.get("/_mock/endpoints").json()["endpoints"]]
    assert len(names) > 64
    for name in names:
        found = http.get("/_mock/errors", params={"endpoint": name}).json()["errors"]
        assert {each["endpoint"] for each in found} == {name}


def test_what_changes_is_not_kept(http: httpx.Client) -> None:
    """A reply about a world has no ETag, and tells of what happened since."""
    before = http.get("/_mock/apps")
    http.patch("/_mock/apps/web", json={"developer": "another"})
    after = http.get("/_mock/apps")

    assert "etag" not in before.headers
    assert before.json() != after.json()


def test_interception_is_told_once_it_is_there() -> None:
    """A server that does not intercept says so each time."""
    with ThreadedServer() as server:
        replies = [httpx.get(f"{server.url}/_mock/interception") for _ in range(2)]

    assert [each.status_code for each in replies] == [404, 404]
