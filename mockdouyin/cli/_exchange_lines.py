"""One exchange in one line, on the console of `serve` and in `journal`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import click

from mockdouyin.cli._output import printable
from mockdouyin.core.clock import beijing
from mockdouyin.core.journal import Exchange
from mockdouyin.core.texts import Language
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

_COLOURS = {"ok": "green", "refused": "yellow", "bent": "magenta", "unknown": "yellow"}


class ExchangeLine(NamedTuple):
    """The parts of one exchange's line."""

    time: str
    world: str
    call: str
    endpoint: str
    app: str
    person: str
    verdict: str
    detail: str
    why: str


def line_from_exchange(
    exchange: Exchange,
    mask: Callable[[str], str],
    language: Language,
    *,
    moved: bool = False,
) -> ExchangeLine:
    """Return the line of an exchange in this process.

    Times are the world's, in Beijing's time zone; if its clock was moved, the date is shown too.
    """
    error, reply, endpoint = exchange.error, exchange.reply, exchange.endpoint
    path = exchange.request.path
    return ExchangeLine(
        _time(int(exchange.time), moved),
        exchange.world,
        # The path of a known endpoint holds no secrets, and masking is the slow part here.
        f"{exchange.request.method} {path if endpoint else mask(path)}",
        endpoint.full_name if endpoint else "",
        exchange.app,
        exchange.person,
        exchange.verdict,
        _detail(
            f"{error.code} {error.text}" if error else "",
            reply.status,
            str(reply.fault or ""),
            exchange.rule if exchange.rule != exchange.why.parameters.get("rule") else "",
        ),
        mask(exchange.why.render(language)) if exchange.why else "",
    )


@lru_cache(maxsize=64)
def _time(second: int, moved: bool) -> str:
    time = beijing(second)
    return f"{time:%Y-%m-%d %H:%M:%S}+08 (moved)" if moved else f"{time:%H:%M:%S}+08"


def line_from_json(shown: dict[str, Any]) -> ExchangeLine:
    """Return the line of an exchange that the control API returned."""
    endpoint, error = shown["endpoint"] or "", shown["error"]
    return ExchangeLine(
        shown["time"][11:19] + "+08",
        shown["world"],
        f"{shown['method']} {shown['path']}",
        endpoint,
        shown["app"],
        shown["person"],
        shown["verdict"],
        _detail(
            f"{error['code']} {_text(endpoint, error['name'])}" if error else "",
            shown["status"],
            shown["fault"] or "",
            shown["rule"] if shown["rule"] and shown["rule"] not in shown["why"] else "",
        ),
        shown["why"],
    )


def _text(endpoint: str, name: str) -> str:
    known = CATALOGUE.endpoints.get(endpoint)
    case = known.find_case(name) if known else None
    return case.text if case else name


def _detail(error: str, status: int, fault: str, rule: str) -> str:
    parts = [error] if error else []
    if fault:
        parts.append(fault)
    elif status != 200:
        parts.append(f"HTTP {status}")
    if rule:
        parts.append(f"by {rule}")
    return " ".join(parts)


def render(line: ExchangeLine, colour: bool) -> str:
    """Return the line as text, coloured or not."""
    verdict = f"{line.verdict} {line.detail}".rstrip()
    time = line.time
    if colour:
        verdict = click.style(printable(verdict), fg=_COLOURS.get(line.verdict, "red"))
        time = click.style(time, dim=True)
    parts = [
        time,
        f"[{line.world}]" if line.world != DEFAULT_WORLD else "",
        printable(line.call),
        f"→ {line.endpoint}" if line.endpoint else "",
        printable(line.app),
        printable(line.person),
        verdict if colour else printable(verdict),
    ]
    text = "  ".join(part for part in parts if part)
    return f"{text}: {printable(line.why, 400)}" if line.why else text
