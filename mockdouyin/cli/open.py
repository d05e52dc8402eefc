"""`open`: a Douyin address that an application printed, in the browser and on this server."""

from __future__ import annotations

import webbrowser
from urllib.parse import quote, urlsplit

import click

from mockdouyin.cli._commands import Command, Remote, connected, fail
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox.worlds import DEFAULT_WORLD


@click.command(
    cls=Command,
    name="open",
    example="mockdouyin open 'https://open.douyin.com/platform/oauth/connect?client_key=…'",
)
@click.argument("address", metavar="URL")
@click.option("--print", "only_print", is_flag=True, help="Print the address, and open nothing.")
@connected
def open_(remote: Remote, *, address: str, only_print: bool) -> None:
    """Open a Douyin address, a consent link say, in the browser: on this server.

    The link is what your application printed, with Douyin's own host; path and query stay as they
    are. Quote it, or the shell will cut it at its first &.
    """
    local = here(address, remote.control.url, remote.world)
    if not only_print:
        remote.order("health")
    click.echo(local)
    if not only_print and not webbrowser.open(local):
        fail("there is no browser here to open it in; --print only prints the address")


def here(address: str, server: str, world: str) -> str:
    """Give the address on a server, and in a world of it."""
    parts = urlsplit(address.strip())
    known = {*CATALOGUE.hosts, urlsplit(server).hostname or ""}
    if parts.scheme not in ("http", "https", "") or (parts.scheme and not parts.hostname):
        raise MockDouyinError(f"{parts.scheme}: addresses do not open in a browser")
    if parts.hostname and parts.hostname not in known:
        hint = did_you_mean(parts.hostname, CATALOGUE.hosts)
        raise MockDouyinError(f"{parts.hostname} is no host of Douyin's{hint}")
    if ("GET", parts.path) not in CATALOGUE.routes:
        paths = [path for method, path in CATALOGUE.routes if method == "GET"]
        hint = did_you_mean(parts.path, paths, ask=False)
        raise MockDouyinError(f"nothing can be opened at {parts.path or 'an empty path'}{hint}")
    consent = CATALOGUE.endpoints["oauth.connect"]
    asked = parts.query.partition("=")[0] in consent.fields.__struct_fields__
    if CATALOGUE.routes["GET", parts.path] is consent and asked and "&" not in parts.query:
        raise MockDouyinError(
            "the address ends after its first parameter: the shell cut it at &; put it in quotes"
        )
    place = "" if world == DEFAULT_WORLD else f"/@{quote(world, safe='')}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{server.rstrip('/')}{place}{parts.path}{query}"
