"""What `serve` prints: a greeting with something to try, then a line for whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mockdouyin.cli import _greeting_texts as texts
from mockdouyin.cli._first_commands import curl_lines, is_demo
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._output import table, wants_colour
from mockdouyin.cli._row_lines import row_line
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.cli._texts import say
from mockdouyin.control.rows import show_row
from mockdouyin.core.apps import App
from mockdouyin.core.columns import wrap
from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.core.journal import Entry
from mockdouyin.core.version import __version__
from mockdouyin.sandbox import Sandbox, World

if TYPE_CHECKING:
    from mockdouyin.server.serving import Server


class Console:
    """Prints a line for each request and act; those of one turn of the loop go out together."""

    def __init__(
        self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop, *, err: bool = False
    ) -> None:
        self._loop = loop
        self._sandbox = sandbox
        self._err = err
        self._colour = wants_colour()
        self._waiting: list[tuple[World, Entry]] = []
        self._open = True
        for world in sandbox.worlds.loaded():
            self._watch(world)
        sandbox.worlds.listeners.append(self._watch)

    def _watch(self, world: World) -> None:
        def note(entry: Entry) -> None:
            if not self._waiting:
                self._loop.call_soon_threadsafe(self.flush)
            self._waiting.append((world, entry))

        world.journal.listeners.append(note)

    def flush(self) -> None:
        """Print the lines of what waits."""
        waiting, self._waiting = self._waiting, []
        self.write("\n".join(self._line(world, entry) for world, entry in waiting))

    def _line(self, world: World, entry: Entry) -> str:
        row = show_row(entry, world.mask(), self._sandbox.language)
        return row_line(
            row,
            world.name,
            colour=self._colour,
            moved=world.clock.moved,
            catalogue=self._sandbox.catalogue,
        )

    def write(self, text: str) -> None:
        """Print text; after the output was closed, the server goes on silently."""
        if text and self._open:
            try:
                click.echo(text, color=self._colour, err=self._err)
            except OSError:
                self._open = False


def greeting(
    options: SandboxOptions, sandbox: Sandbox, server: Server, note: str = ""
) -> Iterator[str]:
    """Yield the greeting: where the server listens, its apps and people, what to try first."""
    world, url = sandbox.default, server.url
    yield say(texts.LISTENS, version=__version__, url=url)
    yield from _reachable_from(server)
    yield ""
    yield from _about(options, sandbox, note)
    yield from table(app_rows(world), "  ")
    yield "  " + say(texts.PEOPLE, names=list(world.people))
    demos = [app for app in world.apps.values() if is_demo(world, app)]
    app = next((app for app in demos if app.kind == "mini_program"), None)
    if app is not None:
        yield from _templates(app)
        yield "  " + say(texts.PAYMENT, salt=app.payment.salt, token=app.payment.token)
        yield ""
        yield "  " + say(texts.TRY_IT)
        needs_token = bool(server.access.token)
        yield from (f"    {line}" for line in curl_lines(url, app, needs_token=needs_token))
    yield ""
    yield "  " + say(texts.STOP)


def _about(options: SandboxOptions, sandbox: Sandbox, note: str) -> Iterator[str]:
    """Yield what is special about this server: its scenario, its state, its proxy."""
    world = sandbox.default
    if options.scenarios:
        names, about = ", ".join(options.scenarios), world.scenario.told(chosen_language())
        told = say(texts.SCENARIO_TELLS, names=names, about=about) if about else ""
        first, *more = wrap(told or say(texts.SCENARIO, names=names), 94)
        yield f"  {first}"
        yield from (f"    {line}" for line in more)
    if note:
        yield f"  {note}"
    if sandbox.interception is not None:
        yield "  " + say(texts.PROXY, proxy=sandbox.interception["proxy"])
        yield "  " + say(texts.HOW_TO_LEAD)
    if count := len(world.scenario.events):
        yield "  " + (say(texts.EVENTS, count=count) if count > 1 else say(texts.ONE_EVENT))
    if world.settings.unknown_apps == "accept" and world.settings.unknown_codes == "accept":
        yield "  " + say(texts.ACCEPTS_ANY)


def _reachable_from(server: Server) -> Iterator[str]:
    """Yield the URLs for other machines, and the control token if one is needed."""
    elsewhere = server.lan_urls
    if elsewhere:
        yield "  " + say(texts.ELSEWHERE, urls=list(elsewhere))
    if not server.access.token:
        return
    yield "  " + say(texts.NEEDS_TOKEN)
    token = server.access.token if server.access.is_generated else say(texts.AS_YOU_GAVE)
    yield f"    export {TOKEN_VARIABLE}={token}"


def _templates(app: App) -> Iterator[str]:
    """Yield the templates of subscription messages, whose ids nobody could guess."""
    for template_id, template in app.templates.items():
        fields = "、".join(template.fields)
        yield "  " + say(texts.TEMPLATE, id=template_id, fields=fields)


def app_rows(world: World) -> Iterator[tuple[str, ...]]:
    """Yield a header row, then each app's name, key and secret; only demo secrets are shown."""
    yield say(texts.APP), say(texts.KEY), say(texts.SECRET)
    for app in world.apps.values():
        secret = app.client_secret if is_demo(world, app) else say(texts.AS_YOU_GAVE)
        known = app.name in (app.kind, app.client_key)
        name = app.kind if known else f"{app.name} ({app.kind})"
        yield name, app.client_key, secret
