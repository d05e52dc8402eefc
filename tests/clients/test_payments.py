"""Backends that take payments, by Douyin's own addresses: login, order, callback, query, refund.

Each has a receiver and a verifier of its own. The package `bytedance` of PyPI is what its makers
published, and calls for no refund; the others are written after the rule of the docs, in what each
language brings along. The package sends past what the environment says of certificates, and so
needs a hosts file and certificates of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import ROOT, environment
from tests.clients.test_clients import BUILD, PATIENCE, hosts_files, person
from tests.intercept.users import shut
from tests.support.helpers import PROGRAM, need

HERE = Path(__file__).parent / "pay"
PACKAGES = BUILD / "python"

SDK = [sys.executable, str(HERE / "sdk.py")]
PHP = ["php", str(HERE / "pay.php")]
NODE = ["node", str(HERE / "pay.cjs")]
JAVA = ["java", str(HERE / "Pay.java")]
GO = ["go", "run", str(HERE / "pay.go")]
BACKENDS = {"bytedance": SDK, "PHP": PHP, "Node": NODE, "Java": JAVA, "Go": GO}

ODD = {
    "PHP's array_filter": ([*PHP, "array_filter"], "as by PHP's empty()"),
    "zeros that are not sent either": ([*PHP, "unset"], ""),
    "Go's float64": ([*GO, "float"], "numbers are written as Go's float64"),
}
"""Backends with a habit, and why the platform refuses them; nothing, where it does not."""


def play(command: Sequence[str]) -> dict[str, Any]:
    """Run a backend with a person at the phone; return what its lines and the phone's told."""
    need(shutil.which(command[0]), command[0])
    if command[0] == "php":
        asked = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True)
        need("curl" in asked.stdout.split(), "php-curl")
    if command is SDK:
        need(PACKAGES.exists(), "Python's packages: make clients")
        need(hosts_files(), "a hosts file for one command: run as root")
    go = {"GOCACHE": str(BUILD / "go"), "GO111MODULE": "off", "GOPROXY": "off"}
    paths = os.pathsep.join([str(ROOT), str(PACKAGES)])
    done = subprocess.run(
        ([] if command is SDK else shut())  # which sees to it that nothing gets out
        + [sys.executable, "-m", "mockdouyin", "run", "--quiet"]
        + ([] if command is SDK else ["--no-hosts", "--allow-real"])
        + ["--", sys.executable, str(HERE / "phone.py"), *command],
        env={**environment(GOTOOLCHAIN="local", **go), "PYTHONPATH": paths},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        told |= json.loads(line)
    return told


@pytest.mark.parametrize("command", BACKENDS.values(), ids=BACKENDS)
def test_a_backend_takes_a_payment(command: Sequence[str]) -> None:
    """Its sign is accepted; it verifies the callback, refuses a forged one, and acknowledges."""
    told = play(command)

    assert told["openid"] == person(PROGRAM.client_key)
    assert told["forged"] == 400
    paid, found = told["paid"], told["found"]["payment_info"]
    assert (paid["cp_orderno"], paid["status"], paid["total_amount"]) == (
        "ORDER-1",
        "SUCCESS",
        1990,
    )
    assert paid["order_id"] == told["order"]["order_id"] == told["found"]["order_id"]
    assert (found["order_status"], found["total_fee"]) == ("SUCCESS", 1990)
    assert json.loads(paid["cp_extra"]) == json.loads(found["cp_extra"]) == {"uid": 42}
    assert not any(told["why"])
    if command is SDK:
        assert told["states"] == ["delivered"]
    else:
        assert told["refund"]["err_no"] == 0
        refunded = told["refunded"]
        assert (refunded["cp_refundno"], refunded["status"]) == ("REFUND-1", "SUCCESS")
        assert refunded["refund_no"] == told["refund"]["refund_no"]
        assert told["states"] == ["delivered", "delivered"]


@pytest.mark.parametrize(("command", "why"), ODD.values(), ids=ODD)
def test_an_odd_backend(command: Sequence[str], why: str) -> None:
    """What signs another text than the platform is refused, and the journal names the habit."""
    told = play(command)

    assert told["made"]["err_no"] == (2008 if why else 0)
    assert why in told["why"][-1]
    assert bool(told["why"][-1]) == bool(why)
