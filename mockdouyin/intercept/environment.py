"""The environment variables by which the clients of each runtime are intercepted."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from mockdouyin.core.env_vars import TOKEN_VARIABLE, URL_VARIABLE
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._texts import OWN_STORE

Variables = dict[str, str]

DEFAULT_WORLD = "default"


class ProxyEndpoint(NamedTuple):
    """The addresses and files of an intercepting server, as clients need them."""

    url: str
    """The server's own base URL."""
    proxy: str
    """`host:port` of its proxy."""
    folder: Path
    """The folder with its certificates, in the formats of all clients."""
    world: str = DEFAULT_WORLD
    token: str = ""
    """The token of its control API, if it needs one."""

    @property
    def proxy_url(self) -> str:
        """The proxy's URL for clients, with the world as its user name."""
        user = "" if self.world == DEFAULT_WORLD else f"{quote(self.world, safe='')}@"
        return f"http://{user}{self.proxy}"


def variables(
    endpoint: ProxyEndpoint, before: Mapping[str, str], runtime: str | None = None
) -> Variables:
    """Return the variables for one runtime, or for all; they extend what was set before."""
    chosen = RUNTIMES.values() if runtime is None else [RUNTIMES[runtime]]
    made = {URL_VARIABLE: endpoint.url, **_proxies(endpoint, before)}
    if endpoint.token:
        made[TOKEN_VARIABLE] = endpoint.token
    for runtime_variables in chosen:
        made.update(runtime_variables(endpoint, before))
    return made


def _proxies(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
    made = {name: endpoint.proxy_url for upper in names for name in (upper, upper.lower())}
    no_proxy = _no_proxy(before.get("no_proxy") or before.get("NO_PROXY") or "")
    return {**made, "NO_PROXY": no_proxy, "no_proxy": no_proxy}


def _no_proxy(before: str) -> str:
    """Return NO_PROXY without Douyin's hosts, and with this machine."""
    entries = [entry.strip() for entry in before.split(",")]
    kept = [entry for entry in entries if entry and entry != "*" and not _is_douyin(entry)]
    return ",".join(dict.fromkeys([*kept, "localhost", "127.0.0.1", "::1"]))


def _is_douyin(entry: str) -> bool:
    name = entry.lower().lstrip("*").lstrip(".").partition(":")[0]
    return any(host == name or host.endswith("." + name) for host in HOSTS)


def _openssl(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {"SSL_CERT_FILE": str(endpoint.folder / "bundle.pem")}


def _curl(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        **_openssl(endpoint, before),
        "CURL_CA_BUNDLE": str(endpoint.folder / "bundle.pem"),
        "WGETRC": str(endpoint.folder / "wgetrc"),
    }


def _python(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    bundle = str(endpoint.folder / "bundle.pem")
    names = ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
    return {**_openssl(endpoint, before), **dict.fromkeys(names, bundle)}


def _node(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    hook = str(endpoint.folder / "node-hook.cjs").replace("\\", "\\\\").replace('"', '\\"')
    return {
        "NODE_EXTRA_CA_CERTS": str(endpoint.folder / "node-extra.pem"),
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": _with(before.get("NODE_OPTIONS", ""), f'--require "{hook}"'),
        "DENO_CERT": str(endpoint.folder / "ca.pem"),
    }


def _bun(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        "NODE_EXTRA_CA_CERTS": str(endpoint.folder / "node-extra.pem"),
        **_unquoted("BUN_OPTIONS", f"--preload={endpoint.folder / 'node-hook.cjs'}", before),
    }


def _ruby(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        **_openssl(endpoint, before),
        **_unquoted("RUBYOPT", f"-r{endpoint.folder / 'ruby-hook.rb'}", before),
    }


def _unquoted(name: str, option: str, before: Mapping[str, str]) -> Variables:
    """Add an option to a variable that has no quoting: one with a space is left out."""
    if re.search(r"[\s\"'\\]", option):
        return {}
    return {name: _with(before.get(name, ""), option)}


def _java(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    host, _, port = endpoint.proxy.rpartition(":")
    host = host.strip("[]")
    store = endpoint.folder / "truststore.p12"
    settings = {
        "https.proxyHost": host,
        "https.proxyPort": port,
        "http.proxyHost": host,
        "http.proxyPort": port,
        "http.nonProxyHosts": "localhost|127.*|[::1]",
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": "changeit",
    }
    ours = " ".join(_java_option(f"-D{name}={value}") for name, value in settings.items())
    return {"JAVA_TOOL_OPTIONS": _with(before.get("JAVA_TOOL_OPTIONS", ""), ours)}


def _java_option(option: str) -> str:
    """Quote an option for JAVA_TOOL_OPTIONS, which has two kinds of quotes and no escapes."""
    if not re.search(r"[\s\"']", option):
        return option
    parts = re.split('(")', option)
    return "".join("'\"'" if part == '"' else f'"{part}"' for part in parts if part)


def _php(endpoint: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    ours = f"{os.pathsep}{endpoint.folder / 'php'}"  # the empty entry is PHP's own folder
    scanned = before.get("PHP_INI_SCAN_DIR", "")
    return {
        **_curl(endpoint, before),
        "PHP_INI_SCAN_DIR": scanned if scanned.endswith(ours) else scanned + ours,
    }


def _with(before: str, ours: str) -> str:
    """Append to a variable that holds options, unless ours are in it already."""
    return before if ours in before else f"{before} {ours}".strip()


RUNTIMES: dict[str, Callable[[ProxyEndpoint, Mapping[str, str]], Variables]] = {
    "python": _python,
    "node": _node,
    "bun": _bun,
    "java": _java,
    "go": _openssl,
    "php": _php,
    "ruby": _ruby,
    "dotnet": _openssl,
    "curl": _curl,
}

OWN_STORE_PROGRAMS = {
    "mono": "Mono",
    "chromium": "Chromium",
    "google-chrome": "Chrome",
    "firefox": "Firefox",
}
"""Programs with a trust store of their own, which no variable changes, by executable name."""


def own_store_warning(command: Sequence[str]) -> Text:
    """Return a warning if a command names programs that cannot be intercepted."""
    words = {Path(part).name for word in command for part in word.split()}
    found = [name for program, name in OWN_STORE_PROGRAMS.items() if program in words]
    return OWN_STORE(names=found) if found else NOTHING
