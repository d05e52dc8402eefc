"""The Makefile's first steps: the Python it needs, and what it does with a broken .venv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.helpers import need

ROOT = Path(__file__).resolve().parents[1]
OLD = """#!/bin/sh
case "$1" in
  --version) echo Python 3.9.18;;
  -c) exit 1;;
  *) echo "it was asked for $*"; mkdir -p .venv;;
esac
"""


@pytest.fixture(autouse=True)
def make() -> None:
    """Require make."""
    need(shutil.which("make"), "make")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a fresh clone, as far as make can see."""
    clone = tmp_path / "a clone"
    clone.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, clone)
    return clone


def run(clone: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run make there, without the variables of a make that started this test."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *args],
        cwd=clone,
        env={name: text for name, text in environment.items() if name != "MFLAGS"}
        | {"MOCKDOUYIN_LANG": "en"}
        | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("target", ["serve", "test", "check"])
def test_an_old_python(target: str, clone: Path, tmp_path: Path) -> None:
    """A Python that is too old is an error of one line, before anything is made."""
    old = tmp_path / "python3.9"
    old.write_text(OLD)
    old.chmod(0o755)

    done = run(clone, target, f"PYTHON={old}")

    [line] = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert line.startswith(f"mockdouyin: {old} is Python 3.9.18, and 3.11 or newer is needed")
    assert (done.returncode, done.stdout) == (2, "")
    assert not (clone / ".venv").exists()


def test_no_python(clone: Path) -> None:
    """So is a missing Python."""
    done = run(clone, "serve", "PYTHON=python3.99")

    [line] = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert line.startswith("mockdouyin: there is no python3.99 here")
    assert not (clone / ".venv").exists()


def venv(clone: Path) -> Path:
    """Make a .venv by hand that works, with all installed."""
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "pip").write_text(f"#!{programs}/python\n")
    for stamp in ("serve", "dev", "dist", "binary"):
        (clone / ".venv" / stamp).touch()
    return programs


def test_a_venv_that_works_stays(clone: Path) -> None:
    """A working .venv is used as it is, and the path of the command is printed."""
    venv(clone)

    done = run(clone, "-n", "serve")

    assert "making .venv" not in done.stdout
    assert "the command is .venv/bin/mockdouyin" in done.stdout
    assert "make shell" in done.stdout
    assert (clone / ".venv" / "bin" / "pip").exists()


def test_a_shell_with_the_command(clone: Path, tmp_path: Path) -> None:
    """`make shell` starts the user's own shell, which finds the command by its name."""
    program = venv(clone) / "mockdouyin"
    program.write_text("#!/bin/sh\necho this is it\n")
    program.chmod(0o755)
    shell = tmp_path / "my shell"
    shell.write_text("#!/bin/sh\nmockdouyin\n")
    shell.chmod(0o755)

    done = run(clone, "shell", SHELL=str(shell))

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "this is it"
    assert "the command is mockdouyin in this shell" in done.stdout


def test_a_failed_last_command_of_the_shell_is_no_error_of_make(
    clone: Path, tmp_path: Path
) -> None:
    """Leaving the shell of `make shell` ends well, whatever was called in it last."""
    venv(clone)
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\nexit 2\n")
    shell.chmod(0o755)

    done = run(clone, "shell", SHELL=str(shell))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"MOCKDOUYIN_LANG": "zh"}, "命令是 .venv/bin/mockdouyin"),
        ({"MOCKDOUYIN_LANG": "", "LC_ALL": "zh_CN.UTF-8"}, "命令是 .venv/bin/mockdouyin"),
        ({"MOCKDOUYIN_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "the command is .venv"),
        ({"MOCKDOUYIN_LANG": "", "LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "the command is .venv"),
    ],
)
def test_make_speaks_the_language_of_the_commands(
    variables: dict[str, str], says: str, clone: Path
) -> None:
    """What make prints is in the language that the commands would choose."""
    venv(clone)

    assert says in run(clone, "-n", "serve", **variables).stdout


def test_no_python_in_chinese(clone: Path) -> None:
    """A missing Python is told in Chinese, too."""
    done = run(clone, "serve", "PYTHON=python3.99", MOCKDOUYIN_LANG="zh")

    assert "mockdouyin: 没有 python3.99" in done.stderr


def test_old_builds_are_removed(clone: Path) -> None:
    """`make dist` leaves no wheel of an earlier version beside the new one, and the executable."""
    (venv(clone) / "python").unlink()
    fake = '#!/bin/sh\ntest "$1" = -c || echo "runs $*"\n'
    (clone / ".venv" / "bin" / "python").write_text(fake)
    (clone / ".venv" / "bin" / "python").chmod(0o755)
    built = clone / "dist"
    built.mkdir()
    for name in ("mockdouyin-0.1.0-py3-none-any.whl", "mockdouyin-0.1.0.tar.gz", "mockdouyin"):
        (built / name).touch()

    done = run(clone, "dist")

    assert done.stdout.splitlines()[-1] == "runs -m hatchling build"
    assert [path.name for path in built.iterdir()] == ["mockdouyin"]


@pytest.mark.parametrize("fault", ["its Python is gone", "half made", "moved", "too old", "empty"])
def test_a_venv_that_does_not_work_is_made_again(fault: str, clone: Path) -> None:
    """A broken .venv is removed, and a new one made with all that it needs."""
    programs = venv(clone)
    if fault == "its Python is gone":
        (programs / "python").unlink()
        (programs / "python").symlink_to("/nowhere/python3")
    elif fault == "half made":
        (programs / "pip").unlink()
    elif fault == "moved":
        (programs / "pip").write_text("#!/elsewhere/.venv/bin/python\n")
    elif fault == "too old":
        (programs / "python").unlink()
        (programs / "python").write_text(OLD)
        (programs / "python").chmod(0o755)
    else:
        shutil.rmtree(clone / ".venv")
        (clone / ".venv").mkdir()

    done = run(clone, "-n", "serve")

    assert "mockdouyin: .venv does not work and is made again" in done.stdout
    assert "making .venv with python3, once" in done.stdout
    assert "installing into .venv" in done.stdout
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("version", ["(3, 9, 18)", "(3, 10, 13)"])
def test_the_package_on_an_old_python(version: str) -> None:
    """`python -m mockdouyin` with an old Python says so in one line."""
    program = (
        f"import sys; sys.argv = ['-m']; sys.version_info = {version}; sys.path.insert(0, '.');"
        "sys.version = '.'.join(map(str, sys.version_info)) + ' (main)'; import mockdouyin"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    text = ".".join(version.strip("()").split(", "))
    assert done.stderr == f"mockdouyin needs Python 3.11 or newer; this is {text}\n"
    assert done.returncode == 1
