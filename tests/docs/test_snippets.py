"""Every snippet of the docs is proved: run where it can be, else checked as far as it can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docsite.twins import english_of
from tests.docs import checks
from tests.docs.pages import PAGES, Block, PageError, name_of, news, read
from tests.docs.python_blocks import run_python
from tests.docs.shell import run_page

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def of(page: Path) -> list[Block]:
    """Return the blocks of a page, of a Chinese twin those that differ from the English ones."""
    original = english_of(page)
    if original == page or not original.exists():
        return read(page)
    return news(read(page), read(original))


def problems(page: Path) -> list[str]:
    """Return what is wrong with the blocks of a page, block by block."""
    found = []
    for block in of(page):
        try:
            checks.check(block)
        except PageError as error:
            found.append(str(error))
    return found


def must_hold(run: Callable[[], None]) -> None:
    """Fail with what is wrong on the page, without where the tests noticed it."""
    said = ""
    try:
        run()
    except PageError as error:
        said = str(error)
    if said:
        pytest.fail(said, pytrace=False)


@each_page
def test_blocks_are_what_they_say(page: Path) -> None:
    """Each block has a language and is of it, stands in the file it names, and lints."""
    found = problems(page)

    if found:
        pytest.fail("\n".join(found), pytrace=False)


@each_page
def test_commands_run(page: Path, tmp_path: Path) -> None:
    """The commands of a page run in their order, and print what the page says."""
    must_hold(lambda: run_page(of(page), tmp_path))


@each_page
def test_python_runs(page: Path, tmp_path: Path) -> None:
    """The Python of a page runs, as tests where it has some."""
    must_hold(lambda: run_python(of(page), tmp_path))
