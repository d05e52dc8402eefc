"""The private server of one command: the sandbox, its proxy and the command's environment."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import NOTHING, Text, as_text
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept import _texts
from mockdouyin.intercept._namespace import NOWHERE, loopback_address, make_view, remedy
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.intercept.child_process import ChildProcess
from mockdouyin.intercept.environment import own_store_warning, variables
from mockdouyin.intercept.interception_setup import InterceptionSetup
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.access import Access, new_token
from mockdouyin.server.listening import listen
from mockdouyin.server.serving import ThreadedServer

PORTS = (443, 80)
"""The ports to which a client that ignores proxies connects."""

IGNORING = _texts.IGNORING()


class NotLedError(MockDouyinError):
    """The command was not started, because some clients would reach the real Douyin."""

    def __init__(self, why: Text, fix: Text = NOTHING) -> None:
        instead = _texts.FIX_OR(fix=fix) if fix else NOTHING
        super().__init__(_texts.NOT_STARTED(why=why, ignoring=IGNORING, fix=instead))


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
    ) -> None:
        self.token: str = new_token()
        """The token of the control API."""
        self.summary: Text = NOTHING
        """One line on which clients of the command are intercepted, and what happens to others."""
        self._allow_real = allow_real
        self._why_no_view = NOTHING if hosts else _texts.NO_HOSTS()
        if not sys.platform.startswith("linux"):
            self._why_no_view = _texts.ONLY_ON_LINUX()
        self._address, self._not_listening = ("", NOTHING) if self._why_no_view else _own_address()
        listens = bool(self._address) and not self._not_listening
        direct = [(self._address, port) for port in PORTS] if listens else []
        self._setup = InterceptionSetup(direct=direct, offline=offline)
        self.server: ThreadedServer = ThreadedServer(
            sandbox,
            port,
            self._setup.proxy,
            access=Access(self.token),
        )

    @property
    def proxy(self) -> Proxy:
        """The proxy that answers the command's clients in place of Douyin."""
        return self._setup.proxy

    def __enter__(self) -> Self:
        try:
            self.server.start()
            endpoint = self._setup.open(self.server.sandbox, self.server.url)
            self._endpoint = endpoint._replace(token=self.token)
        except BaseException:
            self._setup.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.stop()
        self._setup.close()

    def redirect(self, child: ChildProcess) -> None:
        """Point Douyin's hosts here for the command; raise NotLedError if that is incomplete."""
        fix = NOTHING
        if not self._why_no_view:
            view = make_view(self._address, self._endpoint.folder, child.command)
            if refused := child.enter_view(view):
                self._why_no_view = _texts.NOT_ALLOWED(why=_why(refused))
                fix = remedy()
        if self._why_no_view and not self._allow_real:
            raise NotLedError(self._why_no_view, fix)
        self.summary = self._describe(child.command)

    def start(self, child: ChildProcess) -> None:
        """Start the command."""
        child.start({**os.environ, **variables(self._endpoint, os.environ)})

    def _describe(self, command: Sequence[str]) -> Text:
        if self._why_no_view:
            how = _texts.LED_BY_PROXY(why=self._why_no_view, ignoring=IGNORING)
        elif self._not_listening:
            how = _texts.LED_BY_CLOSED_DOOR(get=self._not_listening)
        else:
            how = _texts.LED_BY_HOSTS()
        return _texts.LED(count=len(HOSTS), how=how, warning=own_store_warning(command))


def _why(refused: str) -> Text:
    """Return what the child process says, which knows no texts, in both languages."""
    return _texts.OBSTACLES.get(refused) or as_text(refused)


def _own_address() -> tuple[str, Text]:
    """Return a loopback address for this run, and what clients get there if we cannot listen."""
    address = loopback_address(os.getpid())
    try:
        for port in PORTS:
            listen(address, port).close()
    except MockDouyinError:
        # A server on 0.0.0.0 would answer at this address too, with whatever it serves.
        if any(_answers(address, port) for port in PORTS):
            return NOWHERE, _texts.NO_CONNECTION()
        return address, _texts.REFUSED()
    return address, NOTHING


def _answers(address: str, port: int) -> bool:
    """Whether another server listens there, as one on all addresses does."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
