"""What `serve` makes of its scenarios, apps and switches."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from mockdouyin.cli._app_options import parse_apps
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.core.apps import AppKind
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.sandbox import World
from tests.support.helpers import PROGRAM, WEB


def options_of(*names: str | Path, apps: tuple[str, ...] = ()) -> SandboxOptions:
    """Return the options of a command line."""
    return SandboxOptions(tuple(map(str, names)), parse_apps(apps), {}, None)


def write(path: Path, text: str) -> Path:
    """Write a scenario file."""
    path.write_text(f"name: {path.stem}\n{text}", encoding="utf-8")
    return path


def apps_of(world: World) -> dict[str, AppKind]:
    """Return the kinds by key, in order."""
    return {app.client_key: app.kind for app in world.apps.values()}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ttmine:s", "mini_program"),
        ("awmine:s", "web"),
        ("whatever:s", "mini_program"),
        ("ttmine:s:mini_game", "mini_game"),
        ("ttmine:s:web", "web"),
    ],
)
def test_kind_of_an_app(text: str, kind: AppKind) -> None:
    """An app is of the kind that is named, else of the one that its key looks like."""
    (spec,) = parse_apps((text,)).values()

    assert (spec.kind, spec.client_secret) == (kind, "s")


def test_ones_own_app_is_meant_where_none_is_named() -> None:
    """The user's own app comes before the demo app of its kind, which stays."""
    world = options_of(apps=("ttmine:s",)).make_sandbox().default

    assert world.find_app(None, "mini_program").client_key == "ttmine"
    assert apps_of(world).keys() >= {"ttmine", PROGRAM.client_key, WEB.client_key}
    assert world.apps[PROGRAM.client_key].client_secret == PROGRAM.client_secret


def test_a_demo_key_with_a_secret_of_ones_own() -> None:
    """The user's own secret replaces that of the demo app whose key it is for."""
    world = options_of(apps=(f"{PROGRAM.client_key}:other",)).make_sandbox().default

    assert world.apps[PROGRAM.client_key].client_secret == "other"
    assert len(world.apps) == 3


def test_further_scenarios_lie_over_the_first(tmp_path: Path) -> None:
    """A further scenario's rules go first; its settings, apps and people replace by name."""
    first = write(
        tmp_path / "first.yaml",
        "settings: {login_code_lifetime: 1m, unknown_people: 2}\n"
        "apps: {shop: {client_key: ttone}}\nrules: [{on: client_token, error: 10002}]\n",
    )
    second = write(
        tmp_path / "second.yaml",
        "settings: {unknown_people: 3}\napps: {shop: {client_key: tttwo}}\n"
        "rules: [{on: client_token, error: 10003}]\n",
    )
    world = options_of(first, second).make_sandbox().default

    assert [armed.rule.error for armed in world.rules] == [10003, 10002]
    assert float(world.settings.login_code_lifetime) == 60
    assert world.settings.unknown_people == 3
    assert "ttone" not in world.apps
    assert "tttwo" in world.apps


def test_every_file_is_known(tmp_path: Path) -> None:
    """The files that are watched are those named and those that they extend."""
    base = write(tmp_path / "base.yaml", "extends: flaky-login\n")
    mine = write(tmp_path / "mine.yaml", "extends: base.yaml\n")

    names = [path.name for path in options_of(mine, "default").watched_files()]
    assert names == ["mine.yaml", "base.yaml", "flaky-login.yaml", "default.yaml"]
    assert options_of(mine).watched_files()[1] == base


def test_loading_again_keeps_what_is_not_in_the_file(tmp_path: Path) -> None:
    """Apps of the command line and the counts of unchanged rules outlive a changed file."""
    kept = "{on: client_token, times: 1, error: 10002}"
    mine = write(tmp_path / "mine.yaml", f"rules: [{kept}]\n")
    options = options_of(mine, apps=("ttmine:s",))
    world = options.make_sandbox().default
    (rule,) = world.rules
    unit = world.store.unit(world.clock.now())
    rule.count_call(unit, world.ids)
    unit.commit()

    write(mine, f"rules: [{kept}, {{on: client_token, error: 10003}}]\n")
    again = options.load_scenario()
    world.load(again, options.settings_for(again))

    shown = [each.show(world.store.unit(world.clock.now())) for each in world.rules]
    assert [(each["error"], each["hits"]) for each in shown] == [(10002, 1), (10003, 0)]
    assert world.find_app(None, "mini_program").client_key == "ttmine"


def test_apps_out_of_a_file(tmp_path: Path) -> None:
    """A file has an app on each line; empty lines and comments are none."""
    listed = tmp_path / "apps"
    listed.write_text("# ours\n\nttone:s1\n  awtwo:s2:web  \r\n", encoding="utf-8")

    apps = parse_apps(("ttmine:s",), listed)

    assert {key: spec.client_secret for key, spec in apps.items()} == {
        "ttmine": "s",
        "ttone": "s1",
        "awtwo": "s2",
    }


def test_apps_out_of_the_environment() -> None:
    """The variable names apps that neither an option nor a file has; theirs go first."""
    apps = parse_apps(("ttmine:s",), variable=" ttmine:old\tawtwo:s2\n")

    assert {key: spec.client_secret for key, spec in apps.items()} == {
        "ttmine": "s",
        "awtwo": "s2",
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("5ecre7", ":1 takes KEY:SECRET"),
        ("ttone:s\nclient_secret=5ecre7", ":2 takes KEY:SECRET"),
        ("ttone:5ec:re7", ":1 takes KEY:SECRET or KEY:SECRET:KIND; KIND is mini_program,"),
        ("ttone:5e:c:re7", ":1 takes KEY:SECRET or KEY:SECRET:KIND; a secret has no colon"),
        ("ttone:5ecre7\nttone:5ecre7", ":2: the app ttone is there twice"),
    ],
)
def test_a_malformed_line_is_not_quoted(content: str, says: str, tmp_path: Path) -> None:
    """A mistake in a file of apps, or in the variable, is named by its place and not quoted."""
    (tmp_path / "apps").write_text(content, encoding="utf-8")

    with pytest.raises(click.UsageError) as told:
        parse_apps((), tmp_path / "apps")
    assert f"--app-file {tmp_path / 'apps'}{says}" in told.value.message
    assert "5ec" not in told.value.message
    assert "re7" not in told.value.message


def test_a_file_of_apps_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, or a folder in its place, is named in the error."""
    for name, says in {"nowhere": "No such file", ".": "it is a folder"}.items():
        with pytest.raises(MockDouyinError, match=f"--app-file {tmp_path / name}: {says}"):
            parse_apps((), tmp_path / name)
