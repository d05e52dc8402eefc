"""`scenarios`."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockdouyin.scenario.scenario_files import names
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of


def test_list() -> None:
    """Bare, it lists every built-in scenario with what it is about."""
    lines = lines_of("scenarios")

    assert [line.split()[0] for line in lines] == names()
    assert all(len(line.split()) > 3 for line in lines)
    assert lines_of("scenarios", "list") == lines


def test_list_for_machines() -> None:
    """The JSON has name and text of each."""
    listed = json_of("scenarios", "list", "--json")["scenarios"]

    assert [each["name"] for each in listed] == names()
    assert all(each["about"] for each in listed)


@pytest.mark.parametrize("name", names())
def test_show_is_a_start_for_ones_own(name: str, tmp_path: Path) -> None:
    """What `show` prints is a scenario file."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("\n".join(lines_of("scenarios", "show", name)), encoding="utf-8")

    assert lines_of("scenarios", "lint", str(mine)) == [f"{mine}: good"]


def test_lint_names_every_mistake(tmp_path: Path) -> None:
    """Every mistake of every file is printed with file, line and column; exit code 2."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("name: good\n")
    bad.write_text("name: bad\nrulse: []\nrules:\n  - {on: client_tokn, error: 10003}\n")

    result = invoke("scenarios", "lint", str(good), str(bad))

    assert result.exit_code == 2
    assert result.stdout == f"{good}: good\n"
    first, second = result.stderr.splitlines()
    assert first.startswith(f"{bad}:2:1: ")
    assert first.endswith("did you mean rules?")
    assert second.startswith(f"{bad}:4:")
    assert second.endswith("did you mean client_token?")


def test_lint_sees_what_only_a_world_would(tmp_path: Path) -> None:
    """A file that is valid but cannot be served is refused too."""
    (tmp_path / "base.yaml").write_text("name: base\napps: {a: {client_key: ttsame}}\n")
    twin = tmp_path / "twin.yaml"
    twin.write_text("name: twin\nextends: base.yaml\napps: {b: {client_key: ttsame}}\n")

    (line,) = invoke("scenarios", "lint", str(twin)).stderr.splitlines()
    assert line.startswith(f"{twin}: ")
    assert "'ttsame'" in line


def test_schema() -> None:
    """The JSON Schema by which editors complete a scenario is printed."""
    assert json_of("scenarios", "schema")["$schema"].startswith("https://json-schema.org/")


def test_unknown_scenario() -> None:
    """A slip of the pen is answered with the nearest name."""
    assert "did you mean flaky-login?" in complaint_of("scenarios", "show", "flaky-logn")
