"""The user's own app credentials: `--app`, `--app-file` and MOCKDOUYIN_APPS."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from mockdouyin.core import files
from mockdouyin.core.apps import KINDS, AppSpec, guess_kind
from mockdouyin.core.bounds import key_problem
from mockdouyin.core.env_vars import APPS_VARIABLE
from mockdouyin.core.errors import MockDouyinError

_MAX_FILE = 64 * 1024
"""Bytes of the largest file of apps."""

_FORM = "KEY:SECRET or KEY:SECRET:KIND"


def parse_app(text: str, where: str = "--app") -> AppSpec:
    """Parse KEY:SECRET or KEY:SECRET:KIND. No error shows the secret."""
    key, *rest = text.split(":")
    kind = rest[1] if len(rest) == 2 else None
    if not key or len(rest) not in (1, 2) or not rest[0]:
        raise click.UsageError(f"{where} takes {_FORM}; a secret has no colon in it")
    for what, part in (("key", key), ("secret", rest[0])):
        if says := key_problem(part):
            raise click.UsageError(f"{where} {ascii(key[:60])}: the {what} {says}")
    if kind is not None and kind not in KINDS:
        raise click.UsageError(f"{where} takes {_FORM}; KIND is {', '.join(KINDS)}")
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
            raise click.UsageError(f"{where}: the app {key} is there twice")
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
        raise MockDouyinError(f"--app-file {file}: {error.strerror or error}") from None
    return [
        (f"--app-file {file}:{number}", line.strip())
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
