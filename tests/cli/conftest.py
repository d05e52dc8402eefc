"""A server to talk to, and the command line to talk with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockdouyin.cli import cli
from mockdouyin.server.serving import ThreadedServer


def invoke(*args: str, **settings: Any) -> Result:
    """Run one command in this process."""
    return CliRunner().invoke(cli, args, **settings)


def lines_of(*args: str, **settings: Any) -> list[str]:
    """Run one command that should go well, and give its lines."""
    result = invoke(*args, **settings)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def json_of(*args: str, **settings: Any) -> Any:
    """Run one command that should go well, and give the JSON that it prints."""
    return json.loads("\n".join(lines_of(*args, **settings)))


def complaint_of(*args: str, **settings: Any) -> str:
    """Run one command that should fail, and give its one line."""
    result = invoke(*args, **settings)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("mockdouyin: ")
    return line.removeprefix("mockdouyin: ")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedServer]:
    """Yield a running server, which the test's commands find by themselves."""
    with ThreadedServer() as running:
        monkeypatch.setenv("MOCKDOUYIN_URL", running.url)
        yield running
