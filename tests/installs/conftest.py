"""The builds, which are made once, and the installed commands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.installs.installed import ROOT, Command, build, make_environment
from tests.support.helpers import need

BINARY = ROOT / "dist" / "mockdouyin"


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel and an sdist of this checkout."""
    folder = tmp_path_factory.mktemp("builds")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def wheel(builds: Path) -> Path:
    """Return the wheel."""
    [wheel] = builds.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """Return the commands of a clean environment with the wheel and its extras."""
    folder = tmp_path_factory.mktemp("environment")
    return make_environment(folder, wheel, "pytest", "redis")


def newest_source() -> float:
    """Return when the package was changed last."""
    folders = (ROOT / "mockdouyin", ROOT / "fixtures", ROOT / "scenarios", ROOT / "binary")
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix != ".pyc")
    return max(path.stat().st_mtime for path in files if path.is_file())


@pytest.fixture(scope="session")
def binary_path() -> Path:
    """Require an executable that was built of these sources."""
    need(sys.platform.startswith("linux"), "Linux: the executable is for it")
    is_new = BINARY.exists() and BINARY.stat().st_mtime >= newest_source()
    need(is_new, "`make binary`: there is no dist/mockdouyin, or it is older than the sources")
    return BINARY


@pytest.fixture
def binary(binary_path: Path, tmp_path: Path) -> Command:
    """Return the executable in an empty folder."""
    return Command(binary_path, tmp_path)


@pytest.fixture(params=["wheel", "binary"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> Command:
    """Return the command as the wheel installs it, then as the executable."""
    if request.param == "wheel":
        return Command(request.getfixturevalue("environment") / "mockdouyin", tmp_path)
    return Command(request.getfixturevalue("binary_path"), tmp_path)
