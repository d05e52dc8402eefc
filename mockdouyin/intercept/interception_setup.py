"""The setup of interception: a certificate authority, a proxy, and a folder of client files."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from mockdouyin.core.texts import NOTHING
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._error_texts import DOUYIN_ONLY, OFFLINE
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.intercept._trust_files import TrustFiles
from mockdouyin.intercept.client_settings import client_settings
from mockdouyin.intercept.environment import ProxyEndpoint
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.listening import host_and_port, is_loopback

SocketAddress = tuple[str, int]
"""A local address and a port."""


class InterceptionSetup:
    """The authority, proxy and files of one run; closing it removes the files."""

    def __init__(
        self,
        proxy: SocketAddress = ("127.0.0.1", 0),
        direct: Collection[SocketAddress] = (),
        *,
        offline: bool = False,
        folder: Path | None = None,
    ) -> None:
        self._authority = Authority(HOSTS)
        self._host = proxy[0]
        closed = OFFLINE() if offline else NOTHING
        if not is_loopback(self._host):
            closed = closed or DOUYIN_ONLY()
        context = self._authority.context()
        self.proxy: Proxy = Proxy(context, HOSTS, [proxy, *direct], closed=closed)
        self._trust_files = TrustFiles(folder)

    def open(self, sandbox: Sandbox, url: str) -> ProxyEndpoint:
        """Write the clients' files, and publish the setup through the control API.

        Call it once the proxy listens: its port is part of the files.
        """
        proxy = host_and_port(self._host, self.proxy.port)
        endpoint = ProxyEndpoint(url, proxy, self._trust_files.path)
        self._trust_files.write(self._authority, self.proxy.port)
        sandbox.interception = self._describe(endpoint)
        sandbox.client_settings = partial(client_settings, endpoint, self._authority.key_hash)
        return endpoint

    def _describe(self, endpoint: ProxyEndpoint) -> dict[str, Any]:
        return {
            "proxy": endpoint.proxy,
            "folder": str(endpoint.folder),
            "hosts": HOSTS,
            "certificate": self._authority.pem.decode(),
            "key_hash": self._authority.key_hash,
        }

    def close(self) -> None:
        """Remove the files."""
        self._trust_files.remove()
