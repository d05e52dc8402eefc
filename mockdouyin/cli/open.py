"""`open`: open an address of Douyin's in the browser, on a running server."""

from __future__ import annotations

import webbrowser
from urllib.parse import quote, urlsplit

import click

from mockdouyin.cli._commands import Remote, command, fail, with_remote
from mockdouyin.cli._error_texts import (
    CUT_ADDRESS,
    EMPTY_PATH,
    NO_BROWSER,
    NOT_A_HOST,
    NOT_FOR_BROWSER,
    NOTHING_TO_OPEN,
)
from mockdouyin.cli._help import option
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import MockDouyinError, meant, suggestion
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.unserved_paths import meant_path
from mockdouyin.sandbox.worlds import DEFAULT_WORLD


@command(
    "open",
    zh="在浏览器打开抖音的地址（如授权链接），由本服务响应。\n\n"
    "URL 是你的应用输出的地址，带抖音的域名；路径和 query 保持不变。要加引号，否"
    "则 shell 在第一个 & 处截断。",
    en="Open a Douyin address, such as a consent link, on this server.\n\n"
    "It opens in the browser. URL is what your application printed, with Douyin's"
    " own host; its path and query stay as they are. Put it in quotes, or the"
    " shell cuts it at its first &.",
    example="mockdouyin open 'https://open.douyin.com/platform/oauth/connect?client_key=…'",
)
@click.argument("address", metavar="URL")
@option(
    "--print",
    "only_print",
    is_flag=True,
    zh="只输出地址，不打开浏览器。",
    en="Print the address instead of opening it.",
)
@with_remote
def open_(remote: Remote, *, address: str, only_print: bool) -> None:
    """Open a Douyin address, such as a consent link, on this server."""
    local = local_address(address, remote.control.url, remote.world)
    if not only_print:
        remote.operation("health")
    click.echo(local)
    if not only_print and not webbrowser.open(local):
        fail(say(NO_BROWSER))


def local_address(address: str, server: str, world: str) -> str:
    """Return an address of Douyin's as one of a world on a server."""
    parts = urlsplit(address.strip())
    known = {*CATALOGUE.hosts, urlsplit(server).hostname or ""}
    if parts.scheme not in ("http", "https", "") or (parts.scheme and not parts.hostname):
        raise MockDouyinError(NOT_FOR_BROWSER(scheme=parts.scheme))
    if parts.hostname and parts.hostname not in known:
        hint = suggestion(parts.hostname, CATALOGUE.hosts)
        raise MockDouyinError(NOT_A_HOST(hostname=parts.hostname, hint=hint))
    if ("GET", parts.path) not in CATALOGUE.routes:
        near = meant_path(parts.path)
        hint = meant(near if ("GET", near) in CATALOGUE.routes else None)
        raise MockDouyinError(NOTHING_TO_OPEN(path=parts.path or EMPTY_PATH(), hint=hint))
    consent = CATALOGUE.endpoints["oauth.connect"]
    is_parameter = parts.query.partition("=")[0] in consent.types.fields.__struct_fields__
    if CATALOGUE.routes["GET", parts.path] is consent and is_parameter and "&" not in parts.query:
        raise MockDouyinError(CUT_ADDRESS())
    prefix = "" if world == DEFAULT_WORLD else f"/@{quote(world, safe='')}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{server.rstrip('/')}{prefix}{parts.path}{query}"
