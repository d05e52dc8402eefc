"""Pages for people: the sandbox's pages, which are data, rendered as HTML without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec.structs import replace

from mockdouyin.core.apps import KINDS
from mockdouyin.core.errors import report_bug
from mockdouyin.core.http import Page, Reply, complaint
from mockdouyin.core.scopes import scope_names
from mockdouyin.core.typed import thread_safe

MAX_QR_BYTES = 1200
"""Bytes of text in a QR code: a denser code cannot be scanned off a screen, and takes long to
draw."""


_FOLDER = Path(__file__).parent

_STYLE = (_FOLDER / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


class Words(msgspec.Struct, frozen=True):
    """The texts of all pages in one language."""

    texts: dict[str, str]
    hints: dict[str, str]
    """What to do about a refusal, by its error code."""


WORDS = msgspec.json.decode(
    (_FOLDER / "texts.json").read_bytes(), type=thread_safe(dict[str, Words])
)
"""The texts of all pages, by language."""

# No form-action: it would also forbid the redirect to the application that answers the form.
# Nothing is loaded from anywhere, and no script runs.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{_STYLE_HASH}'",
        "img-src data:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with none at all, the form's Origin would be null
    (b"cache-control", b"no-store"),
    (b"vary", b"accept-language"),
)

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def render(reply: Reply) -> Reply:
    """Return a reply with its page rendered as HTML."""
    if reply.page is None:
        return reply
    kept = tuple(head for head in reply.headers if head[0] != b"content-type")
    try:
        body = _html(reply.page).encode()
    except Exception as error:  # noqa: BLE001 - a bug of ours is reported as one
        return complaint(500, report_bug(error).render(reply.page.language))
    return replace(reply, body=body, headers=(*_HEADERS, *kept))


def _html(page: Page) -> str:
    words = WORDS[page.language]
    template = _templates().get_template(f"{page.name}.html")
    return template.render(
        it=page.content,
        t=words.texts,
        language=_LANGUAGES[page.language],
        lang=page.language,
        style=Markup(_STYLE),  # noqa: S704 - a file of ours
        app_name=lambda name: words.texts[f"demo_{name}"] if name in KINDS else name,
        scope_name=lambda scope: _scope_name(scope, page.language),
        hint=lambda code: words.hints.get(str(code), ""),
        qr=qr_svg,
    )


def _scope_name(scope: str, language: str) -> str:
    known = scope_names().get(scope)
    return "" if known is None else (known.zh if language == "zh" else known.en)


def qr_svg(text: str, title: str) -> Markup:
    """Return a QR code as inline SVG, or nothing if the text is too long for one."""
    if len(text.encode()) > MAX_QR_BYTES:
        return Markup()
    code = segno.make_qr(text, error="l", boost_error=False)
    svg = code.svg_inline(
        border=2, omitsize=True, dark="#161823", light="#fff", title=title, svgclass="qr"
    )
    return Markup(svg)  # noqa: S704 - segno escapes the title, and draws the text


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared: Mapping[str, Any] = {"new_person": "+new", "shown_people": 6}
    environment.globals.update(shared)
    return environment
