"""The collection for API clients as newman runs it, which is Postman without its window."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.clients.test_clients import BUILD
from tests.support.helpers import need
from tests.support.receivers import Receiver

NEWMAN = BUILD / "node_modules" / ".bin" / "newman"
PATIENCE = 120.0


def run(collection: Any, folder: Path, receiver: str) -> list[dict[str, Any]]:
    """Send every request of a collection in order; return what became of each."""
    file, report = folder / "collection.json", folder / "report.json"
    file.write_text(json.dumps(collection), encoding="utf-8")
    subprocess.run(
        [str(NEWMAN), "run", str(file), "--reporters", "json"]
        + ["--reporter-json-export", str(report)]
        + ["--env-var", f"webhook_url={receiver}", "--env-var", f"notify_url={receiver}"],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    executions: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["run"][
        "executions"
    ]
    return executions


def failures(executions: list[dict[str, Any]]) -> list[str]:
    """Return which checks failed, and how; a script that breaks is a failure too."""
    return [
        f"{each['item']['name']}: {check['error']['message']}"
        for each in executions
        for kind in ("assertions", "prerequestScript", "testScript")
        for check in each.get(kind, ())
        if "error" in check
    ]


@pytest.fixture(scope="module", autouse=True)
def newman() -> None:
    """Skip where newman is not installed."""
    need(NEWMAN.exists(), "newman: make clients")


def test_every_request_succeeds(
    server: ThreadedServer, receiver: Receiver, tmp_path: Path
) -> None:
    """Imported as it is and sent in order, every request of the collection succeeds."""
    query = {"lang": "zh"}
    collection = httpx.get(f"{server.url}/_mock/collection.json", params=query).json()

    done = run(collection, tmp_path, receiver.url)

    assert failures(done) == []
    sent = [each["name"] for folder in collection["item"] for each in folder["item"]]
    assert [each["item"]["name"] for each in done] == sent
    assert all(each["assertions"] for each in done)


def test_a_refusal_is_noticed(server: ThreadedServer, receiver: Receiver, tmp_path: Path) -> None:
    """With a wrong secret the platform answers HTTP 200, and the request's check fails."""
    query = {"lang": "en", "base_url": server.url}
    collection = httpx.get(f"{server.url}/_mock/collection.json", params=query).json()
    collection["item"] = collection["item"][:1]
    for each in collection["variable"]:
        if each["key"] == "app_secret":
            each["value"] = "wrong"

    failed = failures(run(collection, tmp_path, receiver.url))

    assert len(failed) == 1
    assert failed[0].startswith("Code to session: expected 40017")
