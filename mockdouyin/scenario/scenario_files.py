"""Where scenarios are: the built-in ones, and files; found by name and read as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from mockdouyin.core import files, resources
from mockdouyin.core.errors import NotFoundError, suggestion
from mockdouyin.scenario._error_texts import (
    NO_SCENARIO,
    NO_SCENARIO_FILE,
    NOT_CALLED_SO,
    SCENARIO_UNREADABLE,
)

MAX_FILE_BYTES = 1024 * 1024
"""Bytes of a scenario file."""

SUFFIXES = (".yaml", ".yml", ".json")
"""What the name of a scenario file ends with."""

Finder = Callable[[str], Path]
"""Returns the file of a scenario by its name, or raises NotFoundError."""


def names() -> list[str]:
    """Return the names of the built-in scenarios."""
    return sorted(_built_in())


@cache
def _built_in() -> dict[str, Path]:
    return {path.stem: path for path in resources.folder("scenarios").glob("*.yaml")}


def read_text(path: Path, where: str) -> str:
    """Return the text of a scenario file."""
    try:
        return files.read_text(path, MAX_FILE_BYTES)
    except OSError as error:
        raise NotFoundError(
            SCENARIO_UNREADABLE(where=_shorten(where), strerror=error.strerror or str(error))
        ) from None


def find(where: str, folder: Path | None = None) -> Path:
    """Return the file of a scenario: a built-in one, or one in the folder."""
    built_in = _built_in().get(where)
    if built_in is not None:
        return built_in
    path = (folder or Path()) / where
    if where and _exists(path):
        return path
    if looks_like_a_file(where):
        near = suggestion(where, names(), ask=False)
        raise NotFoundError(NO_SCENARIO_FILE(where=_shorten(where), near=near))
    raise NotFoundError(NO_SCENARIO(where=_shorten(where), hint=suggestion(where, names())))


def find_known(where: str, allowed: Mapping[str, Path]) -> Path:
    """Return the file of a scenario that a client of the server may name: built-in, or allowed.

    A name is never taken for a path, so that nobody can read files through a server.
    """
    path = _built_in().get(where) or allowed.get(where)
    if path is None:
        says = NOT_CALLED_SO if looks_like_a_file(where) else NO_SCENARIO
        hint = suggestion(where, [*allowed, *names()])
        raise NotFoundError(says(where=_shorten(where), hint=hint))
    return path


def looks_like_a_file(where: str) -> bool:
    """Return whether a text is a file's name or path rather than the name of a scenario."""
    return Path(where).suffix in SUFFIXES or bool(set(where) & {"/", "\\"})


def beside(path: Path) -> Finder:
    """Return a finder of built-in scenarios, and of files in the same folder."""
    return partial(find, folder=path.parent)


def _exists(path: Path) -> bool:
    try:
        os.stat(path)
    except PermissionError:
        return True  # reading it will report the reason
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return False
    return True


def _shorten(where: str) -> str:
    return where if len(where) <= 100 else where[:100] + "…"
