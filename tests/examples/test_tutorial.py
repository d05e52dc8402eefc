"""The tests of the tutorial pass in a project of their own, and fail when the backend is wrong."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tests.support.backends import run_program

TUTORIAL = ROOT / "examples" / "tutorial"


def pytest_in(folder: Path) -> str:
    """Run the project's tests as its developer does; return what pytest prints."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_app.py")
    return run_program(*command, cwd=folder).stdout


@pytest.mark.parametrize(
    ("right", "wrong", "result"),
    [
        ("", "", "4 passed"),
        ('session_keys[openid] = answer["data"]["session_key"]', "", "2 failed, 2 passed"),
        ('if answer["err_no"] != 0', "if False", "2 failed, 2 passed"),
    ],
    ids=["as it is", "forgets the session_key", "looks at no err_no"],
)
def test_the_tutorials_tests(tmp_path: Path, right: str, wrong: str, result: str) -> None:
    """app.py passes test_app.py; without one of its lines it does not."""
    shutil.copy(TUTORIAL / "test_app.py", tmp_path)
    source = (TUTORIAL / "app.py").read_text(encoding="utf-8")
    assert right in source
    (tmp_path / "app.py").write_text(source.replace(right, wrong or "pass") if right else source)

    said = pytest_in(tmp_path)

    assert result in said, said
