"""Backends that take payments, by Douyin's own addresses: from the login to the settlement.

Each but the shell's has a receiver and a verifier of its own. `bytedance` of PyPI and `douyin-api`
of npm are what their makers published; the others are written after the rule of the docs, in what
each language brings along, one of Java's with Jackson. The official SDK of npm has the login and
withdrawals. The package of PyPI sends past what the environment says of certificates, and so needs
a hosts file and certificates of its own.
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
PYTHON = [sys.executable, str(HERE / "pay.py")]
DOUYIN_API = ["node", str(HERE / "sdk.cjs")]
OFFICIAL = ["node", str(HERE / "official.cjs")]
NODE = ["node", str(HERE / "pay.cjs")]
PHP = ["php", str(HERE / "pay.php")]
JAVA = ["java", str(HERE / "Pay.java")]
JARS = [
    Path(f"/usr/share/java/jackson-{name}.jar") for name in ("annotations", "core", "databind")
]
JACKSON = ["java", "-cp", ":".join(map(str, JARS)), str(HERE / "Jackson.java")]
RUBY = ["ruby", str(HERE / "pay.rb")]
SHELL = ["sh", str(HERE / "pay.sh")]
GO = ["go", "run", str(HERE / "pay.go")]
IN_BOTH = {
    "bytedance": SDK,
    "douyin-api": DOUYIN_API,
    "Python": PYTHON,
    "Node": NODE,
    "Ruby": RUBY,
    "Jackson": JACKSON,
}
"""Backends that take the environment, and the SALT, from what they are told."""
BACKENDS = {**IN_BOTH, "PHP": PHP, "Java": JAVA, "Go": GO}

SANDBOX = {"PAY_ENVIRONMENT": "sandbox", "PAY_SALT": PROGRAM.payment.sandbox_salt}
OTHERS_SALT = {"PAY_ENVIRONMENT": "sandbox", "PAY_SALT": PROGRAM.payment.salt}

ODD = {
    "PHP's array_filter": ([*PHP, "array_filter"], "as by PHP's empty()"),
    "PHP's sort()": ([*PHP, "sort"], "as PHP's sort() does by default"),
    "PHP's array as a form": ([*PHP, "form"], "guaranteed payment takes JSON alone"),
    "zeros that are not sent either": ([*PHP, "unset"], ""),
    "a shell": (SHELL, ""),
    "a shell's echo": ([*SHELL, "echo"], "got a line end, as from echo"),
    "a shell's tr": ([*SHELL, "joint"], "or there is more at the ends"),
    "what md5sum prints": ([*SHELL, "md5sum"], "there is more than the digest"),
    "Go's float64": ([*GO, "float"], "numbers are written as Go's float64"),
}
"""Backends with a habit, and why the platform refuses them; nothing, where it does not."""


def play(command: Sequence[str], **settings: str) -> dict[str, Any]:
    """Run a backend with a person at the phone; return what its lines and the phone's told."""
    need(shutil.which(command[0]), command[0])
    if command[0] == "php":
        asked = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True)
        need("curl" in asked.stdout.split(), "php-curl")
    if command[:2] in (DOUYIN_API, OFFICIAL):
        need((BUILD / "node_modules" / "douyin-api").exists(), "Node's packages: make clients")
    if command is SDK:
        need(PACKAGES.exists(), "Python's packages: make clients")
        need(hosts_files(), "a hosts file for one command: run as root")
    if command is JACKSON:
        need(all(jar.exists() for jar in JARS), "libjackson2-databind-java")
    if command[:2] == SHELL:
        need(all(map(shutil.which, ("curl", "openssl", "md5sum"))), "curl, openssl, md5sum")
    settings |= {"GOCACHE": str(BUILD / "go"), "GO111MODULE": "off", "GOPROXY": "off"}
    settings |= {"GOTOOLCHAIN": "local", "NODE_PATH": str(BUILD / "node_modules")}
    paths = os.pathsep.join([str(ROOT), str(PACKAGES)])
    done = subprocess.run(
        ([] if command is SDK else shut())  # which sees to it that nothing gets out
        + [sys.executable, "-m", "mockdouyin", "run", "--quiet"]
        + ([] if command is SDK else ["--no-hosts", "--allow-real"])
        + ["--", sys.executable, str(HERE / "phone.py"), *command],
        env={**environment(**settings), "PYTHONPATH": paths},
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


def is_paid(told: dict[str, Any]) -> None:
    """Expect a login, an order, and a payment that is told and found."""
    assert told["openid"] == person(PROGRAM.client_key)
    paid, found = told["paid"], told["found"]["payment_info"]
    assert (paid["cp_orderno"], paid["status"], paid["total_amount"]) == (
        "ORDER-1",
        "SUCCESS",
        1990,
    )
    assert paid["order_id"] == told["order"]["order_id"] == told["found"]["order_id"]
    assert (found["order_status"], found["total_fee"]) == ("SUCCESS", 1990)
    assert json.loads(paid["cp_extra"]) == json.loads(found["cp_extra"]) == {"uid": 42}


def is_refunded(told: dict[str, Any]) -> None:
    """Expect a refund that is accepted, told and found."""
    asked, refunded, found = told["refund"], told["refunded"], told["refund_found"]["refundInfo"]
    assert (refunded["cp_refundno"], refunded["status"]) == ("REFUND-1", "SUCCESS")
    assert asked["refund_no"] == refunded["refund_no"] == found["refund_no"]
    assert (found["refund_status"], found["refund_amount"]) == ("SUCCESS", 190)


def is_settled(told: dict[str, Any]) -> None:
    """Expect a settlement of what is left, with a part for another merchant, told and found."""
    asked, settled, found = told["settle"], told["settled"], told["settle_found"]["settle_info"]
    assert (settled["cp_settle_no"], settled["status"]) == ("SETTLE-1", "SUCCESS")
    assert asked["settle_no"] == settled["settle_no"] == found["settle_no"]
    assert (found["settle_status"], found["settle_amount"], found["rake"]) == ("SUCCESS", 1800, 11)
    assert found["settle_detail"] == settled["settle_detail"]
    assert "70000000000000000002-分成金额(分)300" in found["settle_detail"]


@pytest.mark.parametrize("command", BACKENDS.values(), ids=BACKENDS)
def test_a_backend_takes_a_payment(command: Sequence[str]) -> None:
    """Its signs are accepted; it verifies callbacks, refuses a forged one, and acknowledges."""
    told = play(command)

    is_paid(told)
    is_refunded(told)
    is_settled(told)
    assert told["forged"] == 400
    assert not any(told["why"])
    assert told["states"] == ["delivered"] * 3
    assert told["hosts"] == ["developer.toutiao.com"]


@pytest.mark.parametrize("command", IN_BOTH.values(), ids=IN_BOTH)
def test_a_backend_takes_a_payment_at_the_sandbox(command: Sequence[str]) -> None:
    """By the sandbox's host and SALT everything goes as in production, with the sandbox's ids."""
    told = play(command, **SANDBOX)

    is_paid(told)
    is_refunded(told)
    is_settled(told)
    assert told["forged"] == 400
    assert not any(told["why"])
    assert told["states"] == ["delivered"] * 3
    assert "open-sandbox.douyin.com" in told["hosts"]
    assert told["order"]["order_id"].isdigit()
    assert told["paid"]["channel_no"] == told["found"]["payment_info"]["channel_no"] == ""


@pytest.mark.parametrize("command", IN_BOTH.values(), ids=IN_BOTH)
def test_productions_salt_at_the_sandbox(command: Sequence[str]) -> None:
    """The sandbox refuses what production's SALT signed, and the reason names it."""
    told = play(command, **OTHERS_SALT)

    assert told["made"]["err_no"] == 2008
    assert "production's SALT, and the call is to the sandbox" in told["why"][-1]


def test_the_official_sdk_withdraws() -> None:
    """The SDK, which has no signs, has the login, and the settled money's way to the bank."""
    told = play(OFFICIAL)

    is_paid(told)
    is_settled(told)
    asked, withdrawn = told["withdrawal"], told["withdrawn"]
    assert told["balance"]["withdrawableBalacne"] == "1489"
    assert (withdrawn["out_order_id"], withdrawn["status"]) == ("OUT-1", "SUCCESS")
    assert asked["orderId"] == withdrawn["order_id"]
    assert told["withdrawal_found"]["status"] == "SUCCESS"
    assert told["left"]["withdrawableBalacne"] == "489"
    assert not any(told["why"])
    assert told["states"] == ["delivered"] * 4


def test_a_query_by_get() -> None:
    """The method of `douyin-api` that asks for an order by GET is told which method is taken."""
    told = play([*DOUYIN_API, "get"])

    status, body = told["by_get"]
    assert status == 404
    assert "/api/apps/ecpay/v1/query_order takes POST, not GET" in body


@pytest.mark.parametrize(("command", "why"), ODD.values(), ids=ODD)
def test_an_odd_backend(command: Sequence[str], why: str) -> None:
    """What is signed or sent in another way is refused, and the journal names the habit."""
    told = play(command)

    assert told["made"]["err_no"] == (2008 if why else 0)
    assert why in told["why"][-1]
    assert bool(told["why"][-1]) == bool(why)
