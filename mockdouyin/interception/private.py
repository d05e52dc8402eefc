"""A private server for one command: the sandbox, the proxy before it, what the command needs."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange
from mockdouyin.interception.child import Child
from mockdouyin.interception.environment import variables
from mockdouyin.interception.namespace import Mounts, files_for, loopback_address
from mockdouyin.interception.takeover import Takeover
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.listening import listen
from mockdouyin.server.serving import ThreadedServer

PORTS = (443, 80)
"""Where a client that ignores proxies looks for Douyin."""

_SO = "so clients that ignore proxies reach the real Douyin; Node is led here all the same"


class PrivateServer:
    """Answers for Douyin's hosts to one command and its children."""

    def __init__(self, sandbox: Sandbox, *, offline: bool = False, hosts: bool = True) -> None:
        self.limits: list[str] = []
        """What this machine does not allow, and what to do about it."""
        self._address = self._own_address() if hosts else ""
        places = [(self._address, port) for port in PORTS] if self._address else []
        self._takeover = Takeover(places=places, offline=offline)
        self._interceptor = self._takeover.interceptor
        self.server = ThreadedServer(sandbox, interceptor=self._interceptor)

    def _own_address(self) -> str:
        """Give a loopback address whose ports 443 and 80 this run may have."""
        if not sys.platform.startswith("linux"):
            self.limits.append(f"only Linux has hosts files for one command alone, {_SO}")
            return ""
        address = loopback_address(os.getpid())
        try:
            for port in PORTS:
                listen(address, port).close()
        except MockDouyinError:
            self.limits.append(
                f"this user may not listen on the ports 443 and 80, {_SO}. As root:"
                " `sysctl net.ipv4.ip_unprivileged_port_start=80`; or --no-hosts"
            )
            return ""
        return address

    def __enter__(self) -> Self:
        try:
            self.server.start()
            self._reach = self._takeover.open(self.server.sandbox, self.server.url)
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

    def let_go(self, child: Child) -> None:
        """Let the command begin, led here."""
        mounts: Mounts = ()
        if self._address:
            mounts = files_for(self._address, self._reach.folder, child.command[0])
        refused = child.begin({**os.environ, **variables(self._reach, os.environ)}, mounts)
        if refused:
            self.limits.append(
                f"a hosts file for this command alone is not allowed here ({refused}), {_SO}."
                " In a container: --cap-add SYS_ADMIN; elsewhere: run it as root; or --no-hosts"
            )

    def _missed(self) -> Iterator[str]:
        for world in self.server.sandbox.worlds:
            mask = world.mask()
            yield from (mask(_unanswered(each)) for each in world.journal.unanswered)

    def report(self) -> Iterator[str]:
        """Tell what the command asked for and did not get."""
        for text, count in Counter(self._missed()).items():
            yield f"no endpoint answers {text}{_times(count)}"
        for place, count in sorted(self._interceptor.passage.refused.items()):
            yield f"{place}{_times(count)}: not let through, as nothing leaves (--offline)"
        for host, count in sorted(self._interceptor.distrusted.items()):
            yield (
                f"{host}{_times(count)}: the client broke the connection off; it does not trust"
                " this run's certificate authority, which is in the file that SSL_CERT_FILE names"
            )


def _unanswered(exchange: Exchange) -> str:
    request = exchange.request
    host = request.host or request.header(b"host")
    hint = exchange.why.partition("; ")[2]
    return f"{request.method} {host}{request.path}{hint and '; '}{hint}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
