"""The stream in Python, as docs/control-api.md shows it."""

from __future__ import annotations

from contextlib import closing

import pytest

from mockdouyin.control.http_client import HttpControl
from mockdouyin.server.serving import ThreadedServer


def test_what_happens_is_told(server: ThreadedServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What happens while somebody follows comes with its number and its kind."""
    with closing(HttpControl(server.url)) as control:
        control.operation("freeze_clock", body={})
        with control.follow(since=0) as events:  # without since: from now on
            for event in events:
                print(event.id, event.event, event.data)
                break

    assert "clock.freeze" in capsys.readouterr().out
