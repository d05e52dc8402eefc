"""The call that the READMEs show is one that Douyin would like."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import ROOT, environment, run
from tests.support.helpers import need

PAGES = ["README.md", "README.zh-CN.md", "docs/index.md", "docs/index.zh.md"]
CALL = re.compile(r"^curl .*\\\n[^`]*", re.M)


@pytest.mark.parametrize("page", PAGES)
def test_the_doctor_likes_the_call(page: str) -> None:
    """The call is answered with a token, and `doctor` has nothing to say of it."""
    need(shutil.which("curl"), "curl")
    [call] = CALL.findall((ROOT / page).read_text(encoding="utf-8"))
    with ThreadedServer() as server:
        done = subprocess.run(
            ["sh", "-c", call.replace("http://127.0.0.1:8600", server.url)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        told = run("doctor", "--lang", "en", MOCKDOUYIN_URL=server.url)

    assert '"access_token":"clt.' in done.stdout
    assert told.stdout == "Nothing to complain about in 1 exchange.\n", told.stderr
