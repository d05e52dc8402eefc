"""The user's own app credentials: `--app`, `--app-file` and MOCKDOUYIN_APPS."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mockdouyin.cli._error_texts import (
    APP_FILE,
    APP_FORM,
    APP_KIND,
    APP_PART,
    APP_TWICE,
    FORM,
    THE_KEY,
    THE_SECRET,
)
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core import files
from mockdouyin.core.apps import KINDS, AppSpec, guess_kind
from mockdouyin.core.bounds import key_problem
from mockdouyin.core.env_vars import APPS_VARIABLE
from mockdouyin.core.errors import MockDouyinError

_MAX_FILE = 64 * 1024
"""Bytes of the largest file of apps."""


def parse_app(text: str, where: str = "--app") -> AppSpec:
    """Parse KEY:SECRET or KEY:SECRET:KIND. No error shows the secret."""
    key, *rest = text.split(":")
    kind = rest[1] if len(rest) == 2 else None
    if not key or len(rest) not in (1, 2) or not rest[0]:
        raise UsageError(APP_FORM(where=where, form=FORM()))
    for what, part in ((THE_KEY(), key), (THE_SECRET(), rest[0])):
        if says := key_problem(part):
            raise UsageError(APP_PART(where=where, key=ascii(key[:60]), what=what, says=says))
    if kind is not None and kind not in KINDS:
        raise UsageError(APP_KIND(where=where, form=FORM(), kinds=list(KINDS)))
    return AppSpec(kind=kind or guess_kind(key), client_key=key, client_secret=rest[0])


def parse_apps(
    texts: Iterable[str], file: Path | None = None, variable: str = ""
) -> dict[str, AppSpec]:
    """Return the apps of --app and of a file by key, and those that only the variable has."""
    apps: dict[str, AppSpec] = {}
    for where, text in [*(("--app", text) for text in texts), *_file_lines(file)]:
        spec = parse_app(text, where)
        key = spec.client_key or ""
        if key in apps:
            raise UsageError(APP_TWICE(where=where, key=key))
        apps[key] = spec
    for text in variable.split():
        spec = parse_app(text, APPS_VARIABLE)
        apps.setdefault(spec.client_key or "", spec)
    return apps


def _file_lines(file: Path | None) -> list[tuple[str, str]]:
    """Return the file's lines, each with its place; empty lines and # comments are skipped."""
    if file is None:
        return []
    try:
        lines = files.read_text(file, _MAX_FILE).splitlines()
    except OSError as error:
        raise MockDouyinError(
            APP_FILE(file=str(file), strerror=error.strerror or str(error))
        ) from None
    return [
        (f"--app-file {file}:{number}", line.strip())
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
