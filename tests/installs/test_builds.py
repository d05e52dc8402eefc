"""What `make dist` and `make binary` build: it is complete, and the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mockdouyin.core.version import __version__
from tests.installs.installed import ROOT, build
from tests.support.helpers import need

FROM_THE_SDIST = (
    "tests/core/test_clock.py",
    "tests/examples/test_first.py",
    "tests/test_containers.py::test_every_host_is_an_alias",
    "tests/test_makefile.py::test_no_python",
)
"""Tests that read the package, its data and the files beside it."""


@pytest.fixture(scope="session")
def sdist(builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    [archive] = builds.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / f"mockdouyin-{__version__}"


def test_names(builds: Path) -> None:
    """Wheel and sdist have the package's version in their names."""
    name = f"mockdouyin-{__version__}"
    assert sorted(path.name for path in builds.iterdir()) == [
        f"{name}-py3-none-any.whl",
        f"{name}.tar.gz",
    ]


def test_the_sdist_has_every_file(sdist: Path) -> None:
    """Whatever is under version control is in the sdist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    need(listed.returncode == 0, "git, and a checkout of it")
    tracked = {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}

    assert len(tracked) > 1000
    assert {name for name in tracked if not (sdist / name).is_file()} == set()


def test_the_sdist_builds_the_same_again(sdist: Path, builds: Path, tmp_path: Path) -> None:
    """Both are built of the unpacked sdist, elsewhere and later, and are the same bytes."""
    again = build(sdist, tmp_path)

    assert [path.name for path in again] == sorted(path.name for path in builds.iterdir())
    for path in again:
        assert path.read_bytes() == (builds / path.name).read_bytes()


def test_the_sdist_has_its_tests(sdist: Path) -> None:
    """Tests run in the unpacked sdist, on the package beside them."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FROM_THE_SDIST],
        cwd=sdist,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(sdist)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_the_fixture(environment: Path, tmp_path: Path) -> None:
    """The fixture `douyin` is there in an environment with the wheel, without a line of setup."""
    (tmp_path / "test_mine.py").write_text(
        "def test_login(douyin):\n    assert douyin.phone().login()['code']\n"
    )
    done = subprocess.run(
        [environment / "python", "-m", "pytest", "-q"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_wheel_is_what_runs(environment: Path, tmp_path: Path) -> None:
    """The environment of these tests has the wheel's package and none of the checkout's."""
    done = subprocess.run(
        [environment / "python", "-c", "import mockdouyin; print(mockdouyin.__file__)"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith(str(environment.parent))


def test_the_executable_is_complete(binary_path: Path, wheel: Path) -> None:
    """The executable has every module and data file of the wheel, but what only tests import."""
    readers = pytest.importorskip("PyInstaller.archive.readers")
    archive = readers.CArchiveReader(str(binary_path))
    code = archive.open_embedded_archive("PYZ.pyz")
    apart = ("mockdouyin/testing/", "mockdouyin/inproc/", "mockdouyin/pytest_plugin.py")
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("mockdouyin/")}
    names = {name for name in names if not name.startswith((*apart, "mockdouyin/__main__"))}
    modules = {name for name in names if name.endswith(".py")}
    dotted = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in modules
    }

    assert len(modules) > 400
    assert dotted - set(code.toc) == set()
    assert (names - modules) - set(archive.toc) == set()


def test_the_executable_has_nothing_of_tests(binary_path: Path) -> None:
    """Neither Tk nor pytest nor a client that only tests use is in the executable."""
    readers = pytest.importorskip("PyInstaller.archive.readers")
    archive = readers.CArchiveReader(str(binary_path))
    code = archive.open_embedded_archive("PYZ.pyz")
    tops = {name.partition(".")[0] for name in code.toc}

    assert {"uvicorn", "faker", "hiredis", "cryptography"} <= tops
    assert (
        tops & {"tkinter", "pytest", "_pytest", "httpx", "requests", "rich", "setuptools"} == set()
    )
