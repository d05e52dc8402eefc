"""Consent: what Douyin checks before it asks a person, and where it sends them afterwards."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.store import Unit
from mockdouyin.core.tokens import authorize, granted
from mockdouyin.core.world import WorldState


class Asked(NamedTuple):
    """What an app asks a person for."""

    app: App
    scope: str
    redirect_uri: str
    state: str

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes, each once."""
        return tuple(dict.fromkeys(s.strip() for s in self.scope.split(",") if s.strip()))


class ConsentError(MockDouyinError):
    """The consent page shows this instead of asking; nobody is redirected."""

    def __init__(self, code: int, text: str, why: str) -> None:
        super().__init__(f"Douyin would refuse with {code} {text}: {why}")
        self.code = code
        self.text = text


def check(world: WorldState, asked: Asked) -> None:
    """Refuse what Douyin refuses before a person is asked."""
    app = asked.app
    if not asked.scopes:
        raise ConsentError(10002, "参数错误", "scope is missing")
    lacking = [scope for scope in asked.scopes if scope not in app.scopes]
    if lacking:
        raise ConsentError(
            10004,
            "应用权限不足，请申请对应的scope权限",
            f"app {app.name!r} lacks the scope {lacking[0]}",
        )
    if not fits_redirect(app, asked.redirect_uri, world.settings.redirect_check):
        raise ConsentError(
            10006,
            '非法重定向URI, 需要与APP配置中的"授权回调域"一致。',
            f"the redirect_uri is none of {', '.join(app.redirect_uris) or 'none registered'}"
            f" (redirect_check: {world.settings.redirect_check})",
        )


def fits_redirect(app: App, uri: str, rule: str) -> bool:
    """Whether a redirect_uri may be used: http or https, and as the rule says."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if rule == "domain":
        return any(urlsplit(known).hostname == host for known in app.redirect_uris)
    if uri.partition("#")[0] in [known.partition("#")[0] for known in app.redirect_uris]:
        return True
    return rule == "loopback" and is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allow(world: WorldState, unit: Unit, asked: Asked, person: str) -> tuple[str, str]:
    """Let the person consent: give the address that they are sent back to, and the code."""
    code = authorize(world, unit, asked.app, person, asked.scopes)
    head, _, fragment = asked.redirect_uri.partition("#")
    joint = "&" if "?" in head else "?"
    scopes = ",".join(granted(asked.scopes))
    state = quote(asked.state, safe="")
    location = f"{head}{joint}code={code}&state={state}&scopes={scopes}"
    return location + (f"#{fragment}" if fragment else ""), code
