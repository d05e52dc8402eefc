"""The OpenAPI document is valid, and whatever is made by it is answered as it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import need

FUZZER = Path(__file__).parents[2] / "build" / "fuzzer"

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)

EXAMPLES = 1
"""Calls of each endpoint."""

VALIDATE = """
import importlib.resources, json, sys
import jsonschema_rs
schemas = importlib.resources.files("openapi_spec_validator") / "resources/schemas/v3.1"
validator = jsonschema_rs.validator_for(json.loads((schemas / "schema.json").read_text()))
for mistake in validator.iter_errors(json.load(sys.stdin)):
    print(mistake)
"""


def run(*command: str, given: str = "", where: Path | None = None) -> str:
    """Run Python with the fuzzer's libraries; give what it printed."""
    need(FUZZER.exists(), "make fuzzer")
    environment = {**os.environ, "PYTHONPATH": str(FUZZER), "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, *command],
        input=given,
        capture_output=True,
        text=True,
        env=environment,
        cwd=where,
        check=False,
        timeout=600,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("part", ["all", "platform", "control"])
def test_the_documents_are_openapi(part: str, server: ThreadedServer) -> None:
    """Each document is one of OpenAPI 3.1; broken in one place it is none."""
    text = httpx.get(f"{server.url}/_mock/openapi.json?part={part}", timeout=60).text
    broken = json.loads(text)
    next(iter(broken["paths"].values()))["get"] = 5

    assert run("-c", VALIDATE, given=text) == ""
    assert "5 is not of type" in run("-c", VALIDATE, given=json.dumps(broken))


def test_whatever_is_made_by_the_document(server: ThreadedServer, tmp_path: Path) -> None:
    """A call of every endpoint, as odd as the document allows: none is answered otherwise."""
    token = _client_token(server)
    told = run(
        *("-m", "schemathesis.cli", "run", f"{server.url}/_mock/openapi.json?part=platform"),
        *("--url", server.url, "--workers", "2", "--phases", "fuzzing"),
        *("--max-examples", str(EXAMPLES), "--generation-deterministic"),
        *("--suppress-health-check", "all", "--checks", ",".join(CHECKS)),
        *("--header", f"access-token: {token}", "--warnings", "off", "--no-color"),
        where=tmp_path,
    )
    found = re.search(r"Tested: (\d+)", told)

    assert found is not None, told[-3000:]
    assert int(found[1]) > 800
    assert "No issues found" in told, told[-6000:]


def _client_token(server: ThreadedServer) -> str:
    apps = httpx.get(f"{server.url}/_mock/apps").json()["apps"]
    [app] = [each for each in apps if each["kind"] == "web"]
    given = {name: app[name] for name in ("client_key", "client_secret")}
    answer = httpx.post(
        f"{server.url}/oauth/client_token/", json={**given, "grant_type": "client_credential"}
    )
    return str(answer.json()["data"]["access_token"])
