"""The search for certifi's bundles."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockdouyin.intercept import _certificate_bundles
from mockdouyin.intercept._certificate_bundles import python_bundles


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a project's folder, beside an empty home, with no Python on the path."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "WORKON_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_certificate_bundles, "which", lambda name: None)
    return project


def environment(root: Path) -> Path:
    """Make the one file of a virtual environment that counts here."""
    bundle = root / "lib" / "python3.12" / "site-packages" / "certifi" / "cacert.pem"
    bundle.parent.mkdir(parents=True)
    bundle.touch()
    return bundle


def found(*command: str) -> set[Path]:
    """Find what lies outside the machine's own Python."""
    return {path.resolve() for path in python_bundles(command) if "/usr/" not in str(path)}


@pytest.mark.parametrize(
    "place",
    [
        "env",
        ".venv",
        "any name",
        "backend/.venv",
        ".tox/py312",
        ".nox/tests-3-12",
        "../venv",
        "../home/.virtualenvs/shop",
        "../home/.cache/pypoetry/virtualenvs/shop-x1-py3.12",
        "../home/.local/share/virtualenvs/shop-x1",
        "../home/.pyenv/versions/3.12.1",
        "../home/miniconda3/envs/shop",
        "../home/.local",
    ],
)
def test_environments_that_no_command_names(place: str, here: Path) -> None:
    """Whatever a shell script or make will start, its environment's bundle is found."""
    bundle = environment(here / place)

    assert found("make", "test") == {bundle.resolve()}


@pytest.mark.parametrize(
    "command",
    [
        ["{}/bin/python", "app.py"],
        ["sh", "-c", "cd src && exec {}/bin/python -m app"],
        ["sh", "-c", 'PORT=1 "{}/bin/gunicorn" app;true'],
    ],
)
def test_an_environment_that_the_command_names(command: list[str], here: Path) -> None:
    """A program's path, in a script's text too, leads to its environment wherever that is."""
    root = here.parent / "elsewhere" / "deep" / "env"
    bundle = environment(root)

    assert found(*(word.format(root) for word in command)) == {bundle}


def test_an_environment_that_is_active(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does the environment that was activated in the shell."""
    bundle = environment(here.parent / "active" / "one")
    monkeypatch.setenv("VIRTUAL_ENV", str(here.parent / "active" / "one"))

    assert found("flask", "run") == {bundle}


def test_the_current_folder_is_gone(here: Path) -> None:
    """A command is run from a folder that was removed as from any other."""
    here.rmdir()

    assert found("true") == set()
