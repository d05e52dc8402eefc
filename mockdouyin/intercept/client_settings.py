"""The settings that lead clients here, as text in the syntax of a shell."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.intercept._error_texts import NO_SHELL
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, Variables, variables


def browser_command(url: str, key_hash: str) -> str:
    """Return the command that starts a throw-away Chromium which trusts this authority."""
    return (
        'chromium --user-data-dir="$(mktemp -d)" --no-first-run'
        f" --proxy-pac-url={url}/_mock/proxy.pac"
        f" --ignore-certificate-errors-spki-list={key_hash}"
    )


def _sh(values: Variables) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def _fish(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    return "\n".join(f"set -gx {name} {quoted(value)}" for name, value in values.items())


def _powershell(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    return "\n".join(f"$env:{name} = {quoted(value)}" for name, value in values.items())


def _dotenv(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value + "'" if "'" not in value else json.dumps(value)

    return "\n".join(f"{name}={quoted(value)}" for name, value in values.items())


def _json(values: Variables) -> str:
    return json.dumps(values, indent=2)


SHELLS: dict[str, Callable[[Variables], str]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "dotenv": _dotenv,
    "json": _json,
}


def client_settings(
    endpoint: ProxyEndpoint, key_hash: str, world: str, shell: str
) -> dict[str, Any]:
    """Return what `mockdouyin env` prints for each runtime, where nothing was set before."""
    if shell not in SHELLS:
        raise MockDouyinError(NO_SHELL(shell=shell[:60], known=list(SHELLS)))
    own = endpoint._replace(world=world)
    return {
        "runtimes": {name: SHELLS[shell](variables(own, {}, name)) for name in RUNTIMES},
        "browser": browser_command(endpoint.url, key_hash),
    }
