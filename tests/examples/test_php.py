"""The backend of examples/php: tested by PHPUnit, examined as a receiver."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx

from tests.support.backends import (
    EXAMPLES,
    passes_as_payment_callback,
    passes_as_webhook,
    run_program,
    started,
    under_run,
)
from tests.support.helpers import need
from tests.support.ports import free_port
from tests.support.waiting import until

PHP = EXAMPLES / "php"


def need_php() -> None:
    """Skip, or fail, without PHP and its extension for curl."""
    need(shutil.which("php"), "php-cli")
    loaded = run_program("php", "-r", "exit(extension_loaded('curl') ? 0 : 1);")
    need(loaded.returncode == 0, "php-curl")


def test_the_tests_of_phpunit() -> None:
    """DouyinClient.php passes DouyinClientTest.php, each test in a world of Mockdouyin.php."""
    need_php()
    need(shutil.which("phpunit"), "phpunit")

    done = under_run("phpunit", "--do-not-cache-result", str(PHP / "DouyinClientTest.php"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK (5 tests" in done.stdout


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        return httpx.get(url).status_code == 404
    except httpx.TransportError:
        return False


def test_the_receiver(tmp_path: Path) -> None:
    """receiver.php passes both examinations under PHP's own server."""
    need_php()
    port = free_port()
    command = ("php", "-S", f"127.0.0.1:{port}", str(PHP / "receiver.php"))
    with started(tmp_path, *command, RECEIVER_DATA=str(tmp_path)) as receiver:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url), "the receiver listens")
        passes_as_webhook(url)
        passes_as_payment_callback(receiver, url)
