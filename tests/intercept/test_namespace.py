"""The private view of /etc: what its files say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept import _namespace
from mockdouyin.intercept._namespace import View, find_obstacle, loopback_address, make_view
from tests.cli.shell import run
from tests.clients.test_clients import hosts_files
from tests.support.helpers import need

Machine = Callable[..., dict[str, str]]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """Return the private view for a machine with only these files."""

    def view(**files: str) -> dict[str, str]:
        held = {
            "/etc/hosts": files.get("hosts", ""),
            "/etc/nsswitch.conf": files.get("nsswitch", ""),
            str(tmp_path / "ca.pem"): "OURS",
            _namespace.TRUST_BUNDLES[0]: files.get("trusted", ""),
            files.get("bundle", ""): "PYTHONS",
        }
        monkeypatch.chdir(tmp_path)
        found = [files["bundle"]] if "bundle" in files else []
        monkeypatch.setattr(_namespace, "python_bundles", lambda command: found)
        monkeypatch.setattr(
            _namespace, "_lines", lambda path: held.get(str(path), "").splitlines()
        )
        there = SimpleNamespace(realpath=str, isdir=lambda path: "nscd" in files)
        monkeypatch.setattr(_namespace, "os", SimpleNamespace(path=there))
        mounts = make_view("127.64.1.2", tmp_path).mounts
        return {
            target: "" if Path(source).is_dir() else Path(source).read_text()
            for source, target in mounts
        }

    return view


def test_the_hosts_file_gains_douyins_names(machine: Machine) -> None:
    """What was there stays, and each of Douyin's names leads to this run by both families."""
    view = machine(hosts="127.0.0.1 localhost\n# mine\n10.0.0.1 db.corp")

    lines = view["/etc/hosts"].splitlines()
    assert lines[:3] == ["127.0.0.1 localhost", "# mine", "10.0.0.1 db.corp"]
    addresses = ("127.64.1.2", "::ffff:127.64.1.2")
    assert lines[3:] == [f"{to} {host} {host}." for to in addresses for host in HOSTS]
    assert list(view) == ["/etc/hosts"]


def test_an_older_line_for_a_host_goes(machine: Machine) -> None:
    """A line that gives one of Douyin's hosts another address does not come first."""
    view = machine(hosts="127.0.0.1 localhost\n10.9.8.7 open.douyin.com # pinned\n")

    assert "10.9.8.7" not in view["/etc/hosts"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hosts: files dns", "hosts: files dns"),
        ("hosts:  dns [!UNAVAIL=return] files", "hosts: files dns [!UNAVAIL=return]"),
        ("hosts: resolve myhostname", "hosts: files resolve myhostname"),
        ("passwd: files systemd", "passwd: files systemd"),
    ],
)
def test_the_hosts_file_is_asked_first(before: str, after: str, machine: Machine) -> None:
    """Whatever the machine's order, the hosts file comes first."""
    assert machine(nsswitch=before)["/etc/nsswitch.conf"] == f"{after}\n"


def test_a_name_cache_is_out_of_sight(machine: Machine) -> None:
    """A cache that was filled outside cannot answer inside."""
    assert machine(nscd="")["/run/nscd"] == ""


def test_what_the_machine_trusts_gains_this_run(machine: Machine) -> None:
    """The machine's own bundle has this run's authority at its end."""
    view = machine(trusted="THEIRS")

    assert view[_namespace.TRUST_BUNDLES[0]] == "THEIRS\nOURS\n"


def test_what_python_packages_trust_gains_this_run(machine: Machine, tmp_path: Path) -> None:
    """A bundle that Python's packages bring has this run's authority at its end."""
    bundle = tmp_path / "cacert.pem"
    bundle.write_text("PYTHONS")

    view = machine(bundle=str(bundle))

    assert view[str(bundle)] == "PYTHONS\nOURS\n"
    assert bundle.read_text() == "PYTHONS"


def test_a_view_in_which_names_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    """A machine that does not heed its hosts file is found out before a command begins."""
    need(hosts_files(), "a hosts file for one command: run as root")
    made = make_view("127.64.1.2", tmp_path)

    assert find_obstacle(made) == ""
    assert "names are looked up elsewhere" in find_obstacle(View("127.64.1.3", made.mounts))


def test_living_processes_have_addresses_of_their_own() -> None:
    """Each process number gives another loopback address, and none the one that all use."""
    addresses = {loopback_address(pid) for pid in range(1, 1 << 17)}

    assert len(addresses) == (1 << 17) - 1
    assert all(address.startswith("127.") for address in addresses)
    assert "127.0.0.1" not in addresses
    assert loopback_address((1 << 22) - 1).split(".")[1] == "127"


def test_a_command_without_any_environment() -> None:
    """Inside the view even a client whose environment was taken away comes here, and trusts."""
    need(hosts_files(), "a hosts file for one command: run as root")
    need(
        Path(_namespace.TRUST_BUNDLES[0]).exists(),
        "a machine that keeps its bundle where Debian does",
    )
    url = "https://open.douyin.com/oauth/client_token/"

    done = run("run", "--", "env", "-i", "PATH=/usr/bin:/bin", "curl", "-sS", url)

    assert '"error_code":10002' in done.stdout, done.stderr
