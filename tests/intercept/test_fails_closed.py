"""`run` fails closed: a client that is not intercepted never reaches the real Douyin."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path

import pytest

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept import private_server
from mockdouyin.intercept._namespace import NOWHERE, TRUST_BUNDLES
from tests.cli.shell import run
from tests.intercept.test_run import said
from tests.intercept.users import confined, ordinary, shut
from tests.support.helpers import need

CLIENT_TOKEN = "https://open.douyin.com/oauth/client_token/"
ANSWER = '"error_code":10002'
CONNECT = """
import socket, sys
for name in sys.argv[1].split():
    for family in (socket.AF_INET, socket.AF_INET6):
        for port in (443, 80):
            try:
                [*_, (_, _, _, _, address)] = socket.getaddrinfo(name, port, family)
                socket.socket(family).connect(address)
            except ConnectionRefusedError:
                pass
            else:
                print(name, address)
"""


@pytest.fixture(autouse=True)
def curl() -> None:
    """Skip without curl."""
    need(shutil.which("curl"), "curl")


def test_an_ordinary_users_clients_obey_the_proxy() -> None:
    """With no right to ports below 1024, clients that obey the proxy are answered all the same."""
    done = run("run", "--", "curl", "-sS", CLIENT_TOKEN, before=ordinary())

    assert ANSWER in done.stdout, done.stderr
    assert "connection refused" in said(done)[2]


@pytest.mark.parametrize(
    "way",
    [["--noproxy", "*"], ["-6", "--noproxy", "*"], ["-k", "--noproxy", "*"]],
    ids=["direct", "by IPv6", "trusting anybody"],
)
def test_an_ordinary_users_clients_that_ignore_proxies(way: list[str]) -> None:
    """A client that ignores the proxy is refused the connection, by either family of addresses."""
    done = run("run", "--", "curl", "-sS", *way, CLIENT_TOKEN, before=ordinary())

    assert done.returncode == 7, done
    assert (done.stdout, said(done)[3]) == ("", "no requests, no findings")


def test_no_name_of_douyins_leads_anywhere() -> None:
    """Every host, by either family, port and spelling, leads to where nobody listens."""
    names = " ".join(f"{host} {host.upper()} {host}." for host in HOSTS)

    done = run("run", "--", sys.executable, "-c", CONNECT, names, before=ordinary())

    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_what_is_this_machines_own_is_reached() -> None:
    """A server on localhost is where it was: the command has no network of its own."""
    program = "import socket, sys; socket.create_connection(('localhost', int(sys.argv[1])))"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = run("run", "--", sys.executable, "-c", program, port, before=ordinary())

    assert done.returncode == 0, done.stderr


def test_an_ordinary_user_trusts_what_the_machine_trusts() -> None:
    """A client whose environment says nothing of certificates trusts the machine's bundle."""
    need(Path(TRUST_BUNDLES[0]).exists(), "a machine that keeps its bundle where Debian does")
    script = f'env -i PATH="$PATH" https_proxy="$https_proxy" curl -sS {CLIENT_TOKEN}'

    done = run("run", "--", "sh", "-c", script, before=ordinary())

    assert ANSWER in done.stdout, done.stderr


def test_a_virtual_environment_behind_make(tmp_path: Path) -> None:
    """A Python that make starts trusts this run by the bundle that its packages bring."""
    need(shutil.which("make"), "make")
    bundle = tmp_path / "some env/lib/python3.12/site-packages/certifi/cacert.pem"
    bundle.parent.mkdir(parents=True)
    shutil.copy(TRUST_BUNDLES[0], bundle)
    (tmp_path / "Makefile").write_text(f"test:\n\t@curl -sS --cacert '{bundle}' {CLIENT_TOKEN}\n")

    done = run("run", "--", "make", "test", cwd=tmp_path, before=ordinary())

    assert ANSWER in done.stdout, done.stderr


def test_another_server_has_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a server of somebody else's has port 443 of all addresses, names lead past it."""

    def taken(address: str, port: int) -> None:
        raise MockDouyinError("the port is in use")

    monkeypatch.setattr(private_server, "listen", taken)
    monkeypatch.setattr(private_server, "_answers", lambda address, port: port == 443)

    assert private_server._own_address()[0] == NOWHERE


def test_no_connection_to_nowhere_succeeds() -> None:
    """That address is reached by nobody, though it is loopback's."""
    need(sys.platform.startswith("linux"), "Linux")

    done = run("run", "--", "true", before=shut())  # its names lead there
    assert done.returncode == 0, done.stderr

    assert not private_server._answers(NOWHERE, 443)


# Where no namespace can be made.


def test_a_machine_that_allows_no_namespace() -> None:
    """The command is not started, and it is said which clients would reach the real Douyin."""
    done = run("run", "--", "echo", "started", before=confined())

    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("mockdouyin: the command was not started: ")
    for part in ("(Operation not permitted)", "clients that ignore proxies", "--allow-real"):
        assert part in line


def test_it_is_started_when_that_is_allowed() -> None:
    """With --allow-real it is started, obeying clients are answered, and the rest is said."""
    done = run("run", "--allow-real", "--", "curl", "-sS", CLIENT_TOKEN, before=confined())

    assert ANSWER in done.stdout
    assert "reach the REAL Douyin" in said(done)[2]


def test_no_hosts_file_is_wanted() -> None:
    """--no-hosts alone is refused likewise; with --allow-real the hosts file is the machine's."""
    alone = run("run", "--no-hosts", "--", "echo", "started", before=shut())
    both = run("run", "--no-hosts", "--allow-real", "--", "cat", "/etc/hosts", before=shut())
    need(shut(), "namespaces")

    assert (alone.returncode, alone.stdout) == (2, "")
    assert "--no-hosts" in alone.stderr
    assert (both.returncode, NOWHERE in both.stdout) == (0, True)


def test_what_allow_real_does_not_change() -> None:
    """Where a namespace can be made it is, --allow-real or not."""
    done = run("run", "--allow-real", "--", "curl", "-sS", "--noproxy", "*", CLIENT_TOKEN,
               before=ordinary())  # fmt: skip

    assert done.returncode == 7


@pytest.mark.parametrize(
    ("setting", "fix"),
    [
        ("kernel.apparmor_restrict_unprivileged_userns", "=0`"),
        ("kernel.unprivileged_userns_clone", "=1`"),
        ("user.max_user_namespaces", "=10000`"),
    ],
)
def test_what_to_do_about_it(setting: str, fix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ubuntu, Debian and Red Hat each have a switch of their own, which is named."""
    from mockdouyin.intercept import _namespace

    wrong = "1" if "restrict" in setting else "0"
    path = f"/proc/sys/{setting.replace('.', '/')}"
    monkeypatch.setattr(_namespace, "_lines", lambda asked: [wrong] if asked == path else [])

    assert _namespace.remedy().render("en") == f"as root: `sysctl -w {setting}{fix}"
