"""`serve --ready-file PATH`: a file that says where a server answers, once it does."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mockdouyin.cli._error_texts import READY_FILE
from mockdouyin.core.errors import MockDouyinError


def remove_ready_file(path: Path | None) -> None:
    """Remove the file of an earlier server, if there is one."""
    if path is not None:
        with _one_line_errors(path):
            path.unlink(missing_ok=True)


def write_ready_file(path: Path, content: dict[str, str | int]) -> None:
    """Write the file atomically: nobody sees half of it. With a token, only its owner reads it."""
    with _one_line_errors(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(content) + "\n")
            os.chmod(name, 0o600 if "token" in content else 0o644)
            os.replace(name, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


@contextlib.contextmanager
def _one_line_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MockDouyinError(READY_FILE(path=str(path), strerror=error.strerror or "")) from None
