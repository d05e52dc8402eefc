"""Taking Douyin's hosts over: an authority, a proxy, and a folder with what clients need."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.intercept._trust_files import TrustFiles
from mockdouyin.intercept.environment import ProxyEndpoint
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.listening import is_loopback, place_of

SocketAddress = tuple[str, int]
"""An address of this machine, and a port."""


class InterceptionSetup:
    """All of one run, all its own; nothing is left of it when it is closed."""

    def __init__(
        self,
        proxy: SocketAddress = ("127.0.0.1", 0),
        places: Collection[SocketAddress] = (),
        *,
        offline: bool = False,
        folder: Path | None = None,
    ) -> None:
        self._authority = Authority(HOSTS)
        self._host = proxy[0]
        closed = "nothing leaves (--offline)" if offline else ""
        if not is_loopback(self._host):
            closed = closed or "a proxy that other machines can reach leads to Douyin's hosts only"
        self.interceptor = Proxy(self._authority.context(), HOSTS, [proxy, *places], closed=closed)
        self._folder = TrustFiles(folder)

    def open(self, sandbox: Sandbox, url: str) -> ProxyEndpoint:
        """Write what clients need, once the proxy listens, and let the control API tell of it."""
        proxy = place_of(self._host, self.interceptor.port)
        reach = ProxyEndpoint(url, proxy, self._folder.path)
        self._folder.fill(self._authority, self.interceptor.port)
        sandbox.interception = self._described(reach)
        return reach

    def _described(self, reach: ProxyEndpoint) -> dict[str, Any]:
        return {
            "proxy": reach.proxy,
            "folder": str(reach.folder),
            "hosts": HOSTS,
            "certificate": self._authority.pem.decode(),
            "key_hash": self._authority.key_hash,
        }

    def close(self) -> None:
        """Leave nothing behind."""
        self._folder.remove()
