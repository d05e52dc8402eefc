"""The commands of docs/payments.md, and of its Chinese twin, as a reader types them.

What stands behind `# →` is in the output.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockdouyin.domain.payment_callbacks import ECPAY
from mockdouyin.scenario.scenario import names
from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import ROOT, environment
from tests.support.ports import free_port
from tests.support.waiting import until

PAGES = {lang: ROOT / "docs" / f"payments{lang}.md" for lang in ("", ".zh")}
BLOCK = re.compile(r"```sh\n(.*?)```", re.S)
SERVE = "mockdouyin serve"
LATER = ("mockdouyin deliveries", "curl http://")
"""What shows a callback that may still be under way."""

PRELUDE = f'''
mockdouyin() {{ "{sys.executable}" -m mockdouyin "$@"; }}
python() {{ "{sys.executable}" "$@"; }}
'''


def lines(page: Path) -> list[str]:
    """Return the commands of a page, in their order."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.splitlines()]


class Terminal:
    """A shell in which the server and the shop have other ports than on the page."""

    def __init__(self, server: str, shop: str) -> None:
        self.server, self.shop = server, shop
        self.exports: list[str] = []

    def type(self, command: str) -> str:
        """Run one command; return what it prints."""
        command = command.replace("http://127.0.0.1:8600", self.server)
        command = command.replace("http://127.0.0.1:9000", self.shop)
        if command.startswith("export "):
            self.exports.append(command)
        done = subprocess.run(
            ["sh", "-c", "\n".join([PRELUDE, *self.exports, command])],
            cwd=ROOT,
            env=environment(MOCKDOUYIN_URL=self.server, MOCKDOUYIN_LANG="en"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr


@contextmanager
def terminal(shop: str) -> Iterator[Terminal]:
    """Start the platform, and the shop as the page has it."""
    port = free_port()
    with ThreadedServer() as server:
        command = shop.replace("http://127.0.0.1:8600", server.url).replace(" 9000", f" {port}")
        with subprocess.Popen(
            ["sh", "-c", command.replace("python ", f'exec "{sys.executable}" ')],
            cwd=ROOT,
            env=environment(),
        ) as process:
            try:
                typed = Terminal(server.url, f"http://127.0.0.1:{port}")
                until(lambda: "no such" in typed.type("curl -s " + typed.shop + "/orders/X"), shop)
                yield typed
            finally:
                process.terminate()


@pytest.mark.parametrize("page", PAGES.values(), ids=["en", "zh"])
def test_the_commands_run(page: Path) -> None:
    """Every command prints what the page says it prints."""
    serve, shop, *rest = lines(page)
    assert serve == SERVE

    with terminal(shop) as typed:
        for line in rest:
            command, _, wanted = (part.strip() for part in line.partition("# →"))
            if command.startswith(LATER):
                until(lambda c=command, w=wanted: w in typed.type(c), line)  # type: ignore[misc]
            else:
                printed = typed.type(command)
                assert wanted in printed, f"{line}\n{printed}"


def test_both_pages_have_the_same_commands() -> None:
    """The pages differ in their words alone."""
    english, chinese = (lines(page) for page in PAGES.values())

    assert [line.split("#")[0].strip() for line in english] == [
        line.split("#")[0].strip() for line in chinese
    ]


@pytest.mark.parametrize("page", PAGES.values(), ids=["en", "zh"])
def test_every_scenario_and_event_of_payment_is_named(page: Path) -> None:
    """A page explains each scenario in a row of its own, and names each event."""
    text = page.read_text(encoding="utf-8")
    about_payment = ("payment-", "refund-", "settle-")
    named = [name for name in names() if name.startswith(about_payment)]

    assert len(named) == 9
    assert [name for name in named if f"\n| `{name}` | " not in text] == []
    assert [event for event in ECPAY.events if f"`{event}`" not in text] == []


def test_every_event_of_payment_has_its_cause() -> None:
    """The page on webhooks tells what sends each callback of payment."""
    rows = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")

    assert [event for event in ECPAY.events if not re.search(rf"^\|.*`{event}`", rows, re.M)] == []
