"""Linux: a private view of /etc for one process and its children, with Douyin's hosts in it.

It is for clients that ignore proxies, and for those that trust the machine's bundle whatever their
environment says. The machine's own files are not touched: others are mounted over them in a mount
namespace of the process, which an ordinary user creates inside a user namespace.
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
from mockdouyin.core.texts import Text
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept import _texts
from mockdouyin.intercept._certificate_bundles import python_bundles

_NEWNS, _NEWUSER = 0x00020000, 0x10000000
_BIND, _REC, _PRIVATE = 0x1000, 0x4000, 0x40000

_MAX_FILE = 16 * 1024 * 1024
"""Bytes of a system file that is copied into the view."""

NOWHERE = "127.255.255.255"
"""Loopback's broadcast address: no connection to it succeeds, even if 0.0.0.0 is listened on."""

TRUST_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where the Linux distributions keep the machine's trusted certificates."""

Mounts = Sequence[tuple[str, str]]
"""Pairs of a source file and the file that it replaces."""


class View(NamedTuple):
    """The files that a command sees in place of the machine's own."""

    address: str
    """The address of every Douyin host."""
    mounts: Mounts


def loopback_address(pid: int) -> str:
    """Return a loopback address for one run; it differs for each living process."""
    return f"127.{64 + (pid >> 16 & 63)}.{pid >> 8 & 255}.{pid & 255}"


def make_view(address: str, folder: Path, command: Sequence[str] = ()) -> View:
    """Write the files of the private view, and return where each is to be mounted."""
    bundles: list[str | Path] = [*TRUST_BUNDLES, *python_bundles(command)]
    return View(address, [*_write_names(address, folder), *_write_bundles(folder, bundles)])


def _write_bundles(folder: Path, bundles: Iterable[str | Path]) -> Mounts:
    """Write copies of the bundles with this run's authority: some clients read no variable."""
    ours, mounts = _lines(folder / "ca.pem"), []
    written: dict[str, Path] = {}  # by content: most environments have the same bundle
    for target in dict.fromkeys(map(os.path.realpath, bundles)):
        if theirs := _lines(target):
            text = "\n".join([*theirs, *ours, ""])
            if text not in written:
                written[text] = folder / f"trusted-{len(written)}.pem"
                written[text].write_text(text, "utf-8")
            mounts.append((str(written[text]), target))
    return mounts


def _write_names(address: str, folder: Path) -> Mounts:
    """Write a hosts file with this address for Douyin's hosts, and make it the first source."""
    hosts = folder / "hosts"
    others = [line for line in _lines("/etc/hosts") if not set(line.split()) & set(HOSTS)]
    hosts.write_text("\n".join([*others, *_entries(address), ""]))
    mounts = [(str(hosts), "/etc/hosts")]
    if _lines("/etc/nsswitch.conf"):
        switch = folder / "nsswitch.conf"
        switch.write_text("\n".join(map(_files_first, _lines("/etc/nsswitch.conf"))) + "\n")
        mounts.append((str(switch), "/etc/nsswitch.conf"))
    if os.path.isdir("/run/nscd"):  # hides nscd's socket: its cache would answer first
        (folder / "nscd").mkdir(exist_ok=True)
        mounts.append((str(folder / "nscd"), "/run/nscd"))
    return mounts


def _entries(address: str) -> Iterator[str]:
    """Yield the lines of the hosts file."""
    # A name without an IPv6 address, or one spelled with a final dot, would still be looked up by
    # DNS, and found there: so each host has both kinds of address in both spellings.
    for each in (address, f"::ffff:{address}"):
        for host in HOSTS:
            yield f"{each} {host} {host}."


def _lines(path: str | Path) -> list[str]:
    try:
        return files.read(path, _MAX_FILE).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _files_first(line: str) -> str:
    """Put `files` first in the hosts line of nsswitch.conf."""
    name, _, sources = line.partition(":")
    if name.strip() != "hosts":
        return line
    others = [source for source in sources.split() if source != "files"]
    return " ".join(["hosts: files", *others])


def find_obstacle(view: View) -> str:
    """Return why this machine does not allow the view, or an empty string.

    It is tried in a process that exits at once. A namespace that was entered halfway cannot be
    left, so it must not be tried in a process that may go on without one.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, _try_view(view).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        why = pipe.read()
    status = os.waitpid(pid, 0)[1]
    return why if why or status == 0 else _texts.KILLED.en


def _try_view(view: View) -> str:
    try:
        enter(view.mounts)
    except OSError as error:
        return error.strerror or str(error)
    return "" if _resolves_to(view.address) else _texts.LOOKED_UP_ELSEWHERE.en


def _resolves_to(address: str) -> bool:
    """Whether the system's resolver finds this address, and no other, for all Douyin hosts."""
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
    """Move this process into its own namespace and mount the files; raise OSError if refused."""
    if not sys.platform.startswith("linux"):
        raise OSError(0, "only Linux has mount namespaces")
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(_NEWNS) != 0:  # only root may do it outside a user namespace
        _check(libc.unshare(_NEWUSER | _NEWNS))
        # The same user inside as outside. The kernel takes a gid_map only after "deny".
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    # Without this the mounts would spread to the namespace that this one was copied from.
    _check(libc.mount(b"none", b"/", None, _REC | _PRIVATE, None))
    for source, target in mounts:
        _check(libc.mount(os.fsencode(source), os.fsencode(target), None, _BIND, None))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def remedy() -> Text:
    """Return what to do so that this machine allows namespaces."""
    for setting, wrong, right in _SWITCHES:
        if _lines(f"/proc/sys/{setting.replace('.', '/')}") == [wrong]:
            return _texts.SYSCTL(setting=setting, value=right)
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return _texts.CONTAINER()
    return _texts.AS_ROOT()


_SWITCHES = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
)
"""Kernel settings that forbid namespaces to ordinary users, as on Ubuntu, Debian and RHEL."""
