"""What makes the clients of each runtime come here: environment variables, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.endpoints import HOSTS

Variables = dict[str, str]

DEFAULT_WORLD = "default"


class ProxyEndpoint(NamedTuple):
    """How a server that intercepts is reached."""

    url: str
    """The server's own base URL."""
    proxy: str
    """`host:port` of its proxy."""
    folder: Path
    """Where its certificates are, in the forms that clients take."""
    world: str = DEFAULT_WORLD
    token: str = ""
    """What its control API asks for, if it asks."""

    @property
    def proxy_url(self) -> str:
        """The proxy as a client is told of it; its user name tells the world."""
        user = "" if self.world == DEFAULT_WORLD else f"{quote(self.world, safe='')}@"
        return f"http://{user}{self.proxy}"


def variables(
    reach: ProxyEndpoint, before: Mapping[str, str], runtime: str | None = None
) -> Variables:
    """Give the variables for one runtime, or for all; what was set before goes on to hold."""
    chosen = RUNTIMES.values() if runtime is None else [RUNTIMES[runtime]]
    made = {"MOCKDOUYIN_URL": reach.url, **_proxies(reach, before)}
    if reach.token:
        made[TOKEN_VARIABLE] = reach.token
    for of_runtime in chosen:
        made.update(of_runtime(reach, before))
    return made


def _proxies(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
    made = {name: reach.proxy_url for upper in names for name in (upper, upper.lower())}
    direct = _direct(before.get("no_proxy") or before.get("NO_PROXY") or "")
    return {**made, "NO_PROXY": direct, "no_proxy": direct}


def _direct(before: str) -> str:
    """Give what is reached with no proxy: what was, but for Douyin's hosts; and this machine."""
    entries = [entry.strip() for entry in before.split(",")]
    kept = [entry for entry in entries if entry and entry != "*" and not _is_douyin(entry)]
    return ",".join(dict.fromkeys([*kept, "localhost", "127.0.0.1", "::1"]))


def _is_douyin(entry: str) -> bool:
    name = entry.lower().lstrip("*").lstrip(".").partition(":")[0]
    return any(host == name or host.endswith("." + name) for host in HOSTS)


def _openssl(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {"SSL_CERT_FILE": str(reach.folder / "bundle.pem")}


def _curl(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        **_openssl(reach, before),
        "CURL_CA_BUNDLE": str(reach.folder / "bundle.pem"),
        "WGETRC": str(reach.folder / "wgetrc"),
    }


def _python(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    bundle = str(reach.folder / "bundle.pem")
    names = ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")
    return {**_openssl(reach, before), **dict.fromkeys(names, bundle)}


def _node(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    hook = str(reach.folder / "node-hook.cjs").replace("\\", "\\\\").replace('"', '\\"')
    return {
        "NODE_EXTRA_CA_CERTS": str(reach.folder / "node-extra.pem"),
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": _with(before.get("NODE_OPTIONS", ""), f'--require "{hook}"'),
        "DENO_CERT": str(reach.folder / "ca.pem"),
    }


def _bun(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        "NODE_EXTRA_CA_CERTS": str(reach.folder / "node-extra.pem"),
        **_unquoted("BUN_OPTIONS", f"--preload={reach.folder / 'node-hook.cjs'}", before),
    }


def _ruby(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    return {
        **_openssl(reach, before),
        **_unquoted("RUBYOPT", f"-r{reach.folder / 'ruby-hook.rb'}", before),
    }


def _unquoted(name: str, option: str, before: Mapping[str, str]) -> Variables:
    """Add to a variable that is split at spaces and knows no quotes; some folders cannot be."""
    if re.search(r"[\s\"'\\]", option):
        return {}
    return {name: _with(before.get(name, ""), option)}


def _java(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    host, _, port = reach.proxy.rpartition(":")
    host = host.strip("[]")
    store = reach.folder / "truststore.p12"
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
    """Quote as Java reads it: each kind of quote keeps the other, and nothing escapes."""
    if not re.search(r"[\s\"']", option):
        return option
    parts = re.split('(")', option)
    return "".join("'\"'" if part == '"' else f'"{part}"' for part in parts if part)


def _php(reach: ProxyEndpoint, before: Mapping[str, str]) -> Variables:
    ours = f"{os.pathsep}{reach.folder / 'php'}"  # before it, nothing: PHP's own folder
    scanned = before.get("PHP_INI_SCAN_DIR", "")
    return {
        **_curl(reach, before),
        "PHP_INI_SCAN_DIR": scanned if scanned.endswith(ours) else scanned + ours,
    }


def _with(before: str, ours: str) -> str:
    """Add to a variable that holds options; adding again adds nothing."""
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

UNLED = {
    "mono": "Mono",
    "chromium": "Chromium",
    "google-chrome": "Chrome",
    "firefox": "Firefox",
}
"""Programs that trust a store of their own, which nothing here reaches; by their names."""


def unled(command: Sequence[str]) -> str:
    """Say which of a command's programs cannot be led here, if it names one."""
    words = {Path(part).name for word in command for part in word.split()}
    found = [name for program, name in UNLED.items() if program in words]
    return f"{' and '.join(found)} trusts a store of its own and cannot be led" if found else ""
