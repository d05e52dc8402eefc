"""`open`: a link that an application printed leads to this server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockdouyin.server.serving import ThreadedServer

LINK = "https://open.douyin.com/platform/oauth/connect?client_key=aw1&scope=a,b&redirect_uri=x#/y"
HERE = "/platform/oauth/connect?client_key=aw1&scope=a,b&redirect_uri=x"


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    """Yield a running server."""
    with ThreadedServer() as running:
        yield running


def run(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "mockdouyin", "open", *args],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_it_opens_the_browser_here(server: ThreadedServer, tmp_path: Path) -> None:
    """The browser gets path and query of the link, on this server."""
    note, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {note}\n', encoding="utf-8")
    browser.chmod(0o755)

    done = run(LINK, MOCKDOUYIN_URL=server.url, BROWSER=f"{browser} %s")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == note.read_text(encoding="utf-8") == server.url + HERE


@pytest.mark.parametrize(
    ("link", "world", "printed"),
    [
        (LINK, [], HERE),
        (LINK, ["--world", "team a"], "/@team%20a" + HERE),
        ("https://open.snssdk.com/oauth/authorize/?a=1", [], "/oauth/authorize/?a=1"),
        ("https://open-api.ixigua.com/oauth/connect?a=1", [], "/oauth/connect?a=1"),
        ("http://mock.test:1/oauth/connect", [], "/oauth/connect"),
        ("/platform/oauth/connect?a=1", [], "/platform/oauth/connect?a=1"),
    ],
)
def test_it_prints_the_address(link: str, world: list[str], printed: str) -> None:
    """`--print` prints the address and needs neither server nor browser."""
    done = run("--print", "--url", "http://mock.test:1", *world, link)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"http://mock.test:1{printed}\n"


@pytest.mark.parametrize(
    ("link", "says"),
    [
        (
            "https://open.duoyin.com/oauth/connect",
            "is not a host of Douyin's; did you mean open.do",
        ),
        ("snssdk1128://openplatform/share?a=1", "snssdk1128: addresses do not open in a browser"),
        ("https://open.douyin.com/platform/oauth/conect", "mean /platform/oauth/connect"),
        ("https://open.douyin.com", "nothing can be opened at an empty path"),
        (f"{LINK.partition('&')[0]}", "the shell cut it at &; put it in quotes"),
    ],
)
def test_it_refuses_other_addresses(link: str, says: str) -> None:
    """An address that is not one of Douyin's is refused in one line, exit code 2."""
    done = run("--print", link)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mockdouyin: ")
    assert says in done.stderr


def test_it_needs_a_server() -> None:
    """Without a server there is nothing to open."""
    done = run("--url", "http://127.0.0.1:9", LINK)

    assert done.returncode == 2
    assert "no server answers" in done.stderr
