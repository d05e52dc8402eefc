"""What `serve` prints: a greeting with something to try, then one line for each request."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mockdouyin.cli._exchange_lines import of_exchange, render
from mockdouyin.cli._output import table, wants_colour
from mockdouyin.cli._plan import Plan
from mockdouyin.core.apps import App
from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.core.journal import Exchange
from mockdouyin.core.version import __version__
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.server.welcome import curl_lines, is_demo

if TYPE_CHECKING:
    from mockdouyin.server.serving import Server


class Console:
    """Prints one line for each request, in one go for all that came together."""

    def __init__(
        self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop, *, err: bool = False
    ) -> None:
        self._loop = loop
        self._err = err
        self._colour = wants_colour()
        self._waiting: list[tuple[World, Exchange]] = []
        self._open = True
        for world in sandbox.worlds.loaded():
            self._watch(world)
        sandbox.worlds.listeners.append(self._watch)

    def _watch(self, world: World) -> None:
        def note(exchange: Exchange) -> None:
            if not self._waiting:
                self._loop.call_soon_threadsafe(self.flush)
            self._waiting.append((world, exchange))

        world.journal.listeners.append(note)

    def flush(self) -> None:
        """Print what waits."""
        waiting, self._waiting = self._waiting, []
        self.say(
            "\n".join(
                render(of_exchange(exchange, world.mask(), moved=world.clock.moved), self._colour)
                for world, exchange in waiting
            )
        )

    def say(self, text: str) -> None:
        """Print; once nobody reads any more, the server goes on in silence."""
        if text and self._open:
            try:
                click.echo(text, color=self._colour, err=self._err)
            except OSError:
                self._open = False


def greeting(plan: Plan, sandbox: Sandbox, server: Server, note: str = "") -> Iterator[str]:
    """Tell where it listens, who is there, and what to try first."""
    world, url = sandbox.default, server.url
    yield f"mockdouyin {__version__} listens on {url}"
    yield from _reached(server)
    yield ""
    if plan.names:
        about = f"Scenario {', '.join(plan.names)}: {world.scenario.about}".rstrip(": ")
        yield from textwrap.wrap(about, 96, initial_indent="  ", subsequent_indent="    ")
    if note:
        yield f"  {note}"
    if sandbox.interception is not None:
        proxy = sandbox.interception["proxy"]
        yield f"  Douyin's own hosts are answered too, by the proxy http://{proxy}."
        yield '  For clients started in this shell: eval "$(mockdouyin env)"'
    count = len(world.scenario.events)
    if count:
        yield f"  {count} event{'s' if count > 1 else ''} of the scenario will be sent in time."
    if world.settings.unknown_apps == "accept" and world.settings.unknown_codes == "accept":
        yield "  Any app key, any secret of it and any login code are accepted."
    yield from table(app_rows(world), "  ")
    yield f"  people  {', '.join(world.people)}"
    mine = [app for app in world.apps.values() if is_demo(world, app)]
    tried = next((app for app in mine if app.kind == "mini_program"), None)
    if tried is not None:
        yield from _subscription(tried)
        yield ""
        yield "  Log someone in, then exchange the code as your backend does:"
        needs_token = bool(server.access.token)
        yield from (f"    {line}" for line in curl_lines(url, tried, needs_token=needs_token))
    yield ""
    yield "  Ctrl-C stops it; `mockdouyin --help` tells what else can be done meanwhile."


def _reached(server: Server) -> Iterator[str]:
    """Tell where other machines reach it, and with which token it is steered."""
    elsewhere = server.elsewhere
    if elsewhere:
        yield f"  other machines reach it at {', '.join(elsewhere)}"
    if not server.access.token:
        return
    yield "  /_mock wants its control token; commands, tests and the lines below take it from"
    token = server.access.token if server.access.is_made else "(as you gave it)"
    yield f"    export {TOKEN_VARIABLE}={token}"


def _subscription(app: App) -> Iterator[str]:
    """Name the template of subscription messages, which nobody could guess."""
    for template_id, template in app.templates.items():
        yield f"  template of messages  {template_id}, field {'、'.join(template.fields)}"


def app_rows(world: World) -> Iterator[tuple[str, ...]]:
    """Give each app's name, key and secret, under a head."""
    yield "app", "key", "secret"
    for app in world.apps.values():
        secret = app.client_secret if is_demo(world, app) else "(as you gave it)"
        known = app.name in (app.kind, app.client_key)
        name = app.kind if known else f"{app.name} ({app.kind})"
        yield name, app.client_key, secret
