"""Linux: a private view of /etc for one process and its children, with Douyin's hosts in it.

For clients that ignore proxies, and for those that trust what the machine trusts, whatever their
environment says. The machine's own files are never touched: other ones are mounted over them in a
mount namespace of the process's own, which an ordinary user makes inside a user namespace.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mockdouyin.core import files
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._certificate_bundles import python_bundles

_NEWNS, _NEWUSER = 0x00020000, 0x10000000
_BIND, _REC, _PRIVATE = 0x1000, 0x4000, 0x40000

_LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is shown with something added."""

NOWHERE = "127.255.255.255"
"""Loopback's broadcast address: no connection to it succeeds, whatever listens on 0.0.0.0."""

TRUSTED = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where the families of Linux keep what a machine trusts."""

Mounts = Sequence[tuple[str, str]]
"""What to show, and in place of what."""


class View(NamedTuple):
    """What a command sees in place of the machine's own files."""

    address: str
    """Where every name of Douyin's leads."""
    mounts: Mounts


def loopback_address(pid: int) -> str:
    """Give a loopback address for one run: each living process has another."""
    return f"127.{64 + (pid >> 16 & 63)}.{pid >> 8 & 255}.{pid & 255}"


def view_for(address: str, folder: Path, command: Sequence[str] = ()) -> View:
    """Write the files of the private view, and say where each belongs."""
    bundles: list[str | Path] = [*TRUSTED, *python_bundles(command)]
    return View(address, [*_names(address, folder), *_trust(folder, bundles)])


def _trust(folder: Path, bundles: Iterable[str | Path]) -> Mounts:
    """Add this run's authority to bundles: not every client lets the environment name one."""
    ours, mounts = _lines(folder / "ca.pem"), []
    written: dict[str, Path] = {}  # most environments of a machine have the same bundle
    for place in dict.fromkeys(map(os.path.realpath, bundles)):
        if theirs := _lines(place):
            text = "\n".join([*theirs, *ours, ""])
            if text not in written:
                written[text] = folder / f"trusted-{len(written)}.pem"
                written[text].write_text(text, "utf-8")
            mounts.append((str(written[text]), place))
    return mounts


def _names(address: str, folder: Path) -> Mounts:
    """Give Douyin's hosts this address, in a hosts file that is asked before anything else."""
    hosts = folder / "hosts"
    others = [line for line in _lines("/etc/hosts") if not set(line.split()) & set(HOSTS)]
    hosts.write_text("\n".join([*others, *_entries(address), ""]))
    mounts = [(str(hosts), "/etc/hosts")]
    if _lines("/etc/nsswitch.conf"):
        switch = folder / "nsswitch.conf"
        switch.write_text("\n".join(map(_files_first, _lines("/etc/nsswitch.conf"))) + "\n")
        mounts.append((str(switch), "/etc/nsswitch.conf"))
    if os.path.isdir("/run/nscd"):  # a cache that was filled outside would answer for the file
        (folder / "nscd").mkdir(exist_ok=True)
        mounts.append((str(folder / "nscd"), "/run/nscd"))
    return mounts


def _entries(address: str) -> Iterator[str]:
    """Write the lines of the hosts file.

    A name without an IPv6 address, or one written with a final dot, would still be looked up by
    DNS, and found: each has both, and in both spellings.
    """
    for place in (address, f"::ffff:{address}"):
        for host in HOSTS:
            yield f"{place} {host} {host}."


def _lines(path: str | Path) -> list[str]:
    try:
        return files.read(path, _LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _files_first(line: str) -> str:
    """Let the hosts file be asked before anything else."""
    name, _, sources = line.partition(":")
    if name.strip() != "hosts":
        return line
    others = [source for source in sources.split() if source != "files"]
    return " ".join(["hosts: files", *others])


def refusal(view: View) -> str:
    """Return why this machine does not allow the view; it is tried in a process that ends at once.

    Half a namespace cannot be left again, so a command that may run without one must not be where
    it is tried.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, _tried(view).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as said:
        why = said.read()
    ended = os.waitpid(pid, 0)[1]
    return why if why or ended == 0 else "the attempt was killed"


def _tried(view: View) -> str:
    try:
        enter(view.mounts)
    except OSError as error:
        return error.strerror or str(error)
    return "" if _leads(view.address) else "names are looked up elsewhere before /etc/hosts"


def _leads(address: str) -> bool:
    """Whether all of Douyin's names lead to an address: a machine may look elsewhere first."""
    expected = {address, f"::ffff:{address}"}
    try:
        return all(
            found[4][0] in expected
            for host in HOSTS
            for family in (socket.AF_INET, socket.AF_INET6)
            for found in socket.getaddrinfo(host, 443, family, socket.SOCK_STREAM)
        )
    except OSError:
        return False


def enter(mounts: Mounts) -> None:
    """Move this process into a namespace of its own, and mount; OSError where it may not."""
    if not sys.platform.startswith("linux"):
        raise OSError(0, "only Linux has mount namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(_NEWNS) != 0:
        _check(libc.unshare(_NEWUSER | _NEWNS))
        # The same user inside as outside; a group may only be mapped once groups are fixed.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _check(libc.mount(b"none", b"/", None, _REC | _PRIVATE, None))
    for source, target in mounts:
        _check(libc.mount(os.fsencode(source), os.fsencode(target), None, _BIND, None))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def remedy() -> str:
    """Say what lets this machine make namespaces."""
    for setting, wrong, right in _SWITCHES:
        if _lines(f"/proc/sys/{setting.replace('.', '/')}") == [wrong]:
            return f"as root: `sysctl -w {setting}={right}`"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "start the container with --cap-add SYS_ADMIN --security-opt apparmor=unconfined"
    return "as root it may be allowed"


_SWITCHES = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
)
"""What keeps ordinary users from namespaces, as Ubuntu, Debian and RHEL have it."""
