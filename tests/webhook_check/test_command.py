"""`mockdouyin check-webhook` as it is typed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockdouyin.core.columns import width_of
from tests.support.receivers import Received
from tests.webhook_check import receivers
from tests.webhook_check.payment_receivers import AMOUNT, APP, ORDER, TOKEN, Shop
from tests.webhook_check.receivers import SECRET, running


def check(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "mockdouyin", "check-webhook", *args],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_correct_receiver(tmp_path: Path) -> None:
    """It prints every probe, writes JUnit, and leaves with 0."""
    with running(receivers.correct) as url:
        done = check(url, "--secret", SECRET, "--junit", str(tmp_path / "webhook.xml"))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("22 probes to http://127.0.0.1:")
    assert done.stdout.endswith("20 passed, 0 failed, 2 with advice\n")
    assert ElementTree.parse(tmp_path / "webhook.xml").find("testsuite") is not None


def test_a_failed_probe() -> None:
    """It leaves with 1 when a probe fails, and runs only what it is told to."""
    with running(receivers.guide) as url:
        done = check(url, "--secret", SECRET, "--only", "spaces", "--only", "raw-utf8")

    assert (done.returncode, done.stderr) == (1, "")
    assert "1 passed, 1 failed, 0 with advice" in done.stdout


def test_advice_is_no_failure() -> None:
    """It leaves with 0 when there is only advice."""
    with running(receivers.correct) as url:
        done = check(url, "--secret", SECRET, "--only", "same-msg-id")

    assert done.returncode == 0
    assert "0 failed, 1 with advice" in done.stdout


def test_a_payment_receiver() -> None:
    """Callbacks are another kind of receiver, with a Token and an order in place of a secret."""
    shop = Shop()
    order = ("--order", ORDER, "--amount", str(AMOUNT), "--order-id", "N7")
    with running(shop) as url:
        done = check(url, "--kind", "ecpay", "--token", TOKEN, *order, "--app-id", APP)
        other = check(url, "--kind", "ecpay", "--token", "other", "--only", "right-signature")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("29 probes to http://127.0.0.1:")
    assert done.stdout.endswith("28 passed, 0 failed, 1 with advice\n")
    assert shop.fulfilled == 1
    assert other.returncode == 1
    assert '"type":"payment"' in other.stdout
    assert "X-Douyin-Signature" not in other.stdout


def test_in_chinese(tmp_path: Path) -> None:
    """The whole report is in the language that was asked for, JUnit included."""
    only = ("--only", "spaces", "--only", "same-msg-id")
    file = tmp_path / "webhook.xml"
    with running(receivers.guide) as url:
        done = check(url, "--secret", SECRET, *only, "--lang", "zh", "--junit", str(file))

    lines = done.stdout.splitlines()
    assert lines[0].startswith("2 个检查项，发往 http://127.0.0.1:")
    assert lines[2:4] == ["失败    spaces", "        逗号和冒号之后有空格，签名正确：必须接受。"]
    assert lines[4].startswith("        发出  verify_webhook，challenge 为 ")
    assert any(line.startswith("        收到  ") for line in lines)
    [means, more] = lines[8:10]
    assert means.startswith(
        "        说明  被拒绝（没有返回 challenge）。但签名对发出的字节是正确的。"
    )
    assert all(width_of(line) <= 99 and line[14] not in "，。：" for line in (means, more))
    assert "0 项通过，1 项失败，1 项有建议" in lines
    assert lines[-2:] == ["失败的：spaces", "只重跑一项：加上 --only 和它的名字"]
    assert "被拒绝（没有返回 challenge）" in file.read_text("utf-8")


def test_a_refused_address_in_chinese() -> None:
    """Why nothing is sent to an address is told in the language that was asked for."""
    done = check("http://8.8.8.8/", "--secret", "s", "--lang", "zh")

    assert done.returncode == 2
    assert "8.8.8.8 既不在本机也不在内网" in done.stderr
    assert "--allow-host 8.8.8.8" in done.stderr


def test_the_client_key() -> None:
    """The messages name the app that they are told to name."""
    heard = []

    def note(one: Received) -> receivers.Said:
        heard.append(one)
        return receivers.correct(one)

    with running(note) as url:
        check(url, "--secret", SECRET, "--client-key", "aw小明", "--only", "challenge-int")

    assert '"client_key":"aw小明"'.encode() in heard[0].body


@pytest.mark.parametrize("named", ["mini_program", "ttd0c500000000000001"])
def test_a_demo_app_needs_no_secret(named: str) -> None:
    """A demo app is named as elsewhere, and its own secret signs unless another is given."""
    heard: list[Received] = []

    def note(one: Received) -> receivers.Said:
        heard.append(one)
        return receivers.correct(one)

    with running(note) as url:
        check(url, "--app", named, "--only", "challenge-int")
        check(url, "--app", named, "--secret", SECRET, "--only", "challenge-int")

    own, other = heard
    assert own.payload["client_key"] == other.payload["client_key"] == "ttd0c500000000000001"
    assert own.is_signed("fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001")
    assert other.is_signed(SECRET)


def test_the_demo_apps_token_signs_callbacks() -> None:
    """A payment's receiver is examined with the Token of the demo app that is named."""
    heard: list[Received] = []

    def note(one: Received) -> receivers.Said:
        heard.append(one)
        return receivers.correct(one)

    with running(note) as url:
        check(url, "--kind", "ecpay", "--app", "mini_program", "--only", "right-signature")

    sent = heard[0].payload
    words = [sent["timestamp"], sent["nonce"], sent["msg"], "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1"]
    assert hashlib.sha1("".join(sorted(words)).encode()).hexdigest() == sent["msg_signature"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("not-a-url", "--secret", "s"), "is not a URL to send to"),
        (("http://8.8.8.8/", "--secret", "s"), "--allow-host 8.8.8.8"),
        (("http://169.254.169.254/", "--secret", "s"), "nothing is ever sent there"),
        (("http://127.0.0.1/", "--secret", "s", "--only", "spases"), "did you mean spaces?"),
        (("http://127.0.0.1/", "--secret", ""), "needs `secret`"),
        (("http://127.0.0.1/",), "needs `secret`"),
        (("http://127.0.0.1/", "--kind", "ecpay", "--secret", "s"), "takes no `secret`"),
        (("http://127.0.0.1/", "--kind", "ecpay"), "needs `token`"),
        (("http://127.0.0.1/", "--kind", "ecpy", "--token", "t"), "did you mean ecpay?"),
        (("http://127.0.0.1/", "--secret", "s", "--timeout", "0"), "--timeout"),
        (("http://127.0.0.1/", "--secret", "s", "--junit", "/no/such/x.xml"), "no such folder"),
    ],
    ids=lambda value: None if isinstance(value, str) else value[-1] or "empty",
)
def test_misuse(args: tuple[str, ...], says: str) -> None:
    """Misuse is one line on stderr, and exit code 2."""
    done = check(*args)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mockdouyin: ")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
