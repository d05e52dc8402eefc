"""A private server for one command: the sandbox, the proxy before it, what the command needs."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._namespace import NOWHERE, loopback_address, remedy, view_for
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.intercept.child_process import ChildProcess
from mockdouyin.intercept.environment import unled, variables
from mockdouyin.intercept.setup import InterceptionSetup
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.access import Access, new_token
from mockdouyin.server.listening import listen
from mockdouyin.server.serving import ThreadedServer

PORTS = (443, 80)
"""Where a client that ignores proxies looks for Douyin."""

IGNORING = (
    "clients that ignore proxies (curl --noproxy, PHP's streams, aiohttp, urllib3, a Java or Go"
    " client with a proxy setting of its own)"
)


class NotLedError(MockDouyinError):
    """Some clients would reach the real Douyin, so the command was not started."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(
            f"the command was not started: {why}, so {IGNORING} would reach the real Douyin"
            f" with your app's secret. {fix}{'; or ' if fix else ''}--allow-real starts it all"
            " the same"
        )


class PrivateServer:
    """Answers for Douyin's hosts to one command and its children."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        port: int = 0,
        offline: bool = False,
        hosts: bool = True,
        allow_real: bool = False,
        webhook_hosts: Iterable[str] = (),
    ) -> None:
        self.token = new_token()
        """What the control API asks for: this command's, and its user's."""
        self.led = ""
        """How the command's clients are led here, and what becomes of the others."""
        self._allow_real = allow_real
        self._no_view = "" if hosts else "--no-hosts gives it no hosts file of its own"
        if not sys.platform.startswith("linux"):
            self._no_view = "only on Linux can it have a hosts file of its own"
        self._address, self._closed = ("", "") if self._no_view else _own_address()
        listens = bool(self._address) and not self._closed
        places = [(self._address, each) for each in PORTS] if listens else []
        self._takeover = InterceptionSetup(places=places, offline=offline)
        self.server = ThreadedServer(
            sandbox,
            port,
            self._takeover.interceptor,
            access=Access(self.token),
            webhook_hosts=webhook_hosts,
        )

    @property
    def interceptor(self) -> Proxy:
        """What the command's clients reach in place of Douyin."""
        return self._takeover.interceptor

    def __enter__(self) -> Self:
        try:
            self.server.start()
            reach = self._takeover.open(self.server.sandbox, self.server.url)
            self._reach = reach._replace(token=self.token)
        except BaseException:
            self._takeover.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.stop()
        self._takeover.close()

    def lead(self, child: ChildProcess) -> None:
        """Lead the command here; NotLedError where not every client of its would be led."""
        fix = ""
        if not self._no_view:
            view = view_for(self._address, self._reach.folder, child.command)
            if refused := child.look_through(view):
                self._no_view = f"this machine allows it no hosts file of its own ({refused})"
                fix = remedy()
        if self._no_view and not self._allow_real:
            raise NotLedError(self._no_view, fix)
        self.led = "".join(self._told(child.command))

    def begin(self, child: ChildProcess) -> None:
        """Start the command."""
        child.begin({**os.environ, **variables(self._reach, os.environ)})

    def _told(self, command: Sequence[str]) -> Iterator[str]:
        yield f"Douyin's {len(HOSTS)} hosts lead here for this command and its children alone"
        yield ", by proxy, certificates and hooks in their environment"
        if self._no_view:
            yield f" only: {self._no_view}, so {IGNORING} reach the REAL Douyin (--allow-real)"
        elif self._closed:
            yield f"; clients that ignore proxies get {self._closed}"
        else:
            yield ", and by a hosts file of their own"
        if names := unled(command):
            yield f"; {names}"


def _own_address() -> tuple[str, str]:
    """Return a loopback address for this run, and what clients get there if not its server."""
    address = loopback_address(os.getpid())
    try:
        for port in PORTS:
            listen(address, port).close()
    except MockDouyinError:
        if any(_answers(address, port) for port in PORTS):
            return NOWHERE, "no connection, as another server has every address's port 443 or 80"
        return address, (
            '"connection refused" (as root `sysctl -w net.ipv4.ip_unprivileged_port_start=80` lets'
            " them in)"
        )
    return address, ""


def _answers(address: str, port: int) -> bool:
    """Whether somebody else listens there: on all addresses, that is."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
