"""How other terminals find a run: its file, and files that are ignored."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.intercept.runs import Run, announce, find_token, list_runs
from tests.cli.shell import run
from tests.support.helpers import need

ONE = Run("http://127.0.0.1:1111", "token-1", 1, ["node", "server.js"])
TWO = Run("http://127.0.0.1:2222", "token-2", 2, ["mvn", "test"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of runs, which does not exist yet."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "mockdouyin"


def test_runs_are_found_while_they_last(folder: Path) -> None:
    """Each run is found with its token until it ends, and nothing is left in the end."""
    with announce(ONE):
        with announce(TWO):
            assert list_runs() == [ONE, TWO]
            assert find_token("http://localhost:2222/@w/") == "token-2"
        assert list_runs() == [ONE]
        assert find_token(TWO.url) == ""

    assert not folder.exists()


def test_a_command_of_several_lines() -> None:
    """A run is named in one line, whatever its command is."""
    assert str(ONE._replace(command=["sh", "-c", "a\n\x1b[2Jb"])) == (
        "http://127.0.0.1:1111 (sh -c a  [2Jb, process 1)"
    )


def test_nobody_else_can_read_it(folder: Path) -> None:
    """The file is its user's alone, and so is the folder."""
    with announce(ONE):
        [file] = folder.iterdir()

        assert folder.stat().st_mode & 0o777 == 0o700
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_run_that_was_killed(folder: Path) -> None:
    """The file of a killed run is ignored and removed."""
    need(hasattr(os, "geteuid"), "a system with locks")
    folder.mkdir(0o700)
    left = folder / "left.json"
    left.touch(0o600)
    left.write_text(json.dumps(TWO._asdict()))

    with announce(ONE):
        assert list_runs() == [ONE]

    assert not folder.exists()


@pytest.mark.parametrize("kind", ["link", "open folder", "file"])
def test_a_folder_that_is_not_ours_alone(kind: str, folder: Path, tmp_path: Path) -> None:
    """Where somebody else may have made the folder, nothing is written or believed."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o700)
    planted = elsewhere / "planted.json"
    if kind == "link":
        folder.symlink_to(elsewhere)
    elif kind == "open folder":
        folder.mkdir()
        folder.chmod(0o777)
        planted = folder / "planted.json"
    else:
        folder.touch()
    planted.touch(0o600)
    planted.write_text(json.dumps(TWO._asdict()))
    before = planted.stat()

    with announce(ONE):  # in the temporary folder
        assert list_runs() == [ONE]
        if kind != "file":
            assert list(folder.glob("*")) == [folder / planted.name]

    assert planted.stat().st_mtime_ns == before.st_mtime_ns


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a folder of this test as the last resort."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))


def test_no_folder_can_be_had(folder: Path, tmp_path: Path) -> None:
    """Where no folder takes it, it says so, and how others find the run all the same."""
    folder.touch()
    (tmp_path / "tmp" / f"mockdouyin-{os.geteuid()}").touch()

    with pytest.raises(MockDouyinError, match="need --url, and --token"), announce(ONE):
        pass


def test_files_that_are_no_runs(folder: Path, tmp_path: Path) -> None:
    """A link, a FIFO, a folder, a file of anybody's and one of nonsense hang and fool nothing."""
    need(hasattr(os, "mkfifo"), "FIFOs")
    with announce(ONE):
        secret = tmp_path / "secret.json"
        secret.touch(0o600)
        secret.write_text(json.dumps(TWO._asdict()))
        (folder / "link.json").symlink_to(secret)
        os.mkfifo(folder / "fifo.json", 0o600)
        (folder / "folder.json").mkdir()
        (folder / "open.json").write_text(json.dumps(TWO._asdict()))
        (folder / "open.json").chmod(0o644)
        (folder / "nonsense.json").touch(0o600)
        (folder / "nonsense.json").write_text('["url"]')

        assert list_runs() == [ONE]
    assert secret.exists()


def test_many_that_begin_and_end_together(folder: Path) -> None:
    """A folder that one run removes as it ends does not keep another from beginning."""
    for _ in range(50):
        with announce(ONE):
            pass
        with announce(TWO):
            assert list_runs() == [TWO]


def test_a_run_cannot_be_found(tmp_path: Path) -> None:
    """A run that others cannot find says so and runs all the same."""
    (tmp_path / "mockdouyin").touch()
    (tmp_path / f"mockdouyin-{os.geteuid()}").touch()

    done = run(*("run", "--", "echo", "ran"), TMPDIR=str(tmp_path), XDG_RUNTIME_DIR=str(tmp_path))

    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert "other terminals cannot find this run" in done.stderr
