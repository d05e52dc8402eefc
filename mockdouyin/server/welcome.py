"""The welcome page at /: the demo apps, and commands to try first."""

from __future__ import annotations

import json
import shlex
from urllib.parse import quote, urlencode

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.core.http import TEXT_TYPE, Page, Reply, Request
from mockdouyin.core.pages import language_of
from mockdouyin.sandbox import World


class WelcomeApp(msgspec.Struct, frozen=True):
    """An app and its credentials; the secret is empty where it is not the demo's."""

    name: str
    key: str
    secret: str


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page."""

    url: str
    version: str
    locked: str
    """Why this browser may not use the control API; the page has no credentials then."""
    apps: tuple[WelcomeApp, ...] = ()
    people: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    """Shell commands: a login, and the exchange of its code."""
    consent: str = ""
    """The path of a consent page."""


def welcome_page(world: World, request: Request, url: str, *, locked: str = "") -> Reply:
    """Return the welcome page of a world's server."""
    from mockdouyin.core.version import __version__

    content = Welcome(url=url, version=__version__, locked=locked)
    if not locked:
        apps = list(world.apps.values())
        demo = [app for app in apps if is_demo(world, app)]
        content = msgspec.structs.replace(
            content,
            apps=tuple(_row(world, app) for app in apps),
            people=tuple(world.people)[:_MAX_PEOPLE],
            login=next((_login(url, app) for app in demo if app.kind == "mini_program"), ()),
            consent=next((_consent(app) for app in apps if app.kind == "web"), ""),
        )
    text = f"mockdouyin {__version__}: a Douyin open platform at {url}\n"
    page = Page("welcome", language_of(request), content)
    return Reply(200, text.encode(), (TEXT_TYPE,), page=page)


_MAX_PEOPLE = 12


def _row(world: World, app: App) -> WelcomeApp:
    name = app.kind if app.name == app.client_key else app.name
    return WelcomeApp(name, app.client_key, app.client_secret if is_demo(world, app) else "")


def is_demo(world: World, app: App) -> bool:
    """Whether an app's secret was generated here; one that the user gave may be a real one."""
    spec = world.scenario.apps.get(app.name)
    return not app.any_secret and (spec is None or spec.client_secret is None)


def _login(url: str, app: App) -> tuple[str, ...]:
    return tuple(curl_lines(url, app, needs_token=False))


def curl_lines(url: str, app: App, *, needs_token: bool) -> list[str]:
    """Return two commands to paste into a shell: a login, and the exchange of its code."""
    token = f' -H "Authorization: Bearer ${TOKEN_VARIABLE}"' if needs_token else ""
    login = shlex.quote(json.dumps({"app": app.client_key}))
    body = json.dumps(
        {"appid": app.client_key, "secret": app.client_secret, "code": "'$code'"},
        separators=(",", ":"),
    )
    # The shell's quotes end before $code and begin again after it, so that it is expanded.
    return [
        f"code=$(curl -s {url}/_mock/phone/login -d {login}{token}"
        r""" | sed 's/.*"code":"\([^"]*\)".*/\1/')""",
        f"curl -s {url}/api/apps/v2/jscode2session"
        f" -H 'Content-Type: application/json' -d '{body}'",
    ]


def _consent(app: App) -> str:
    """Return a consent link of an app, as its own backend would build it."""
    if not app.redirect_uris:
        return ""
    query = {
        "client_key": app.client_key,
        "response_type": "code",
        "scope": "user_info",
        "redirect_uri": app.redirect_uris[0],
        "state": "demo",
    }
    return "/platform/oauth/connect/?" + urlencode(query, quote_via=quote)
