"""Linux: a private view of /etc for one process and its children, with Douyin's hosts in it.

For clients that ignore proxies, and for those that trust what the machine trusts, whatever their
environment says. The machine's own files are never touched: other ones are mounted over them in a
mount namespace of the process's own.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from shutil import which

from mockdouyin.core import files
from mockdouyin.endpoints import HOSTS

_NEWNS, _NEWUSER = 0x00020000, 0x10000000
_BIND, _REC, _PRIVATE = 0x1000, 0x4000, 0x40000

_LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is shown with something added."""

TRUSTED = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where the families of Linux keep what a machine trusts."""

Mounts = Sequence[tuple[str, str]]
"""What to show, and in place of what."""


def loopback_address(pid: int) -> str:
    """Give a loopback address for one run: each living process has another."""
    return f"127.{64 + (pid >> 16 & 63)}.{pid >> 8 & 255}.{pid & 255}"


def files_for(address: str, folder: Path, program: str = "") -> Mounts:
    """Write the files of the private view; tell where each belongs."""
    return [*_names(address, folder), *_trust(folder, [*TRUSTED, *_of_python(program)])]


def _of_python(program: str) -> Iterator[Path]:
    """Find the bundles that Python's packages bring, of the Pythons that a command may mean.

    `requests` and `httpx` trust those alone when they are told not to heed the environment.
    """
    found = [which(name) for name in (program, "python3", "python") if name]
    roots = [Path(path).parent.parent for path in found if path]
    for root in (Path(os.environ.get("VIRTUAL_ENV") or ".venv"), Path("venv"), *roots):
        yield from root.glob("lib/python3*/site-packages/certifi/cacert.pem")


def _trust(folder: Path, bundles: Iterable[str | Path]) -> Mounts:
    """Add this run's authority to bundles: not every client lets the environment name one."""
    ours, mounts = _lines(folder / "ca.pem"), []
    for number, place in enumerate(dict.fromkeys(map(os.path.realpath, bundles))):
        if theirs := _lines(place):
            file = folder / f"trusted-{number}.pem"
            file.write_text("\n".join([*theirs, *ours, ""]), "utf-8")
            mounts.append((str(file), place))
    return mounts


def _names(address: str, folder: Path) -> Mounts:
    """Give Douyin's hosts this address, in a hosts file that is asked before anything else."""
    hosts = folder / "hosts"
    others = [line for line in _lines("/etc/hosts") if not set(line.split()) & set(HOSTS)]
    hosts.write_text("\n".join([*others, f"{address} {' '.join(HOSTS)}", ""]))
    mounts = [(str(hosts), "/etc/hosts")]
    if _lines("/etc/nsswitch.conf"):
        switch = folder / "nsswitch.conf"
        switch.write_text("\n".join(map(_files_first, _lines("/etc/nsswitch.conf"))) + "\n")
        mounts.append((str(switch), "/etc/nsswitch.conf"))
    if os.path.isdir("/run/nscd"):  # a cache that was filled outside would answer for the file
        (folder / "nscd").mkdir(exist_ok=True)
        mounts.append((str(folder / "nscd"), "/run/nscd"))
    return mounts


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
