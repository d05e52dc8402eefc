"""What all commands have in common."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mockdouyin import __version__
from mockdouyin.cli import cli
from mockdouyin.cli._commands import Command
from tests.cli.conftest import complaint_of, invoke, lines_of
from tests.cli.shell import COMMAND, environment, run

NOBODY = "http://127.0.0.1:9"


def every_command(command: click.Command = cli, path: str = "") -> Iterator[tuple[str, Command]]:
    """Walk through the commands and those below them."""
    assert isinstance(command, Command)
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_command(below, f"{path} {name}".strip())


EVERY = dict(every_command())


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path or "mockdouyin")
def test_help_ends_with_an_example(path: str) -> None:
    """Every command says what it does, and shows one example of itself."""
    lines = lines_of(*path.split(), "--help")

    assert lines[-2] == "Example:"
    assert lines[-1].strip().startswith(f"mockdouyin {path}".strip())
    assert EVERY[path].help


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path or "mockdouyin")
def test_the_example_is_one_that_the_command_takes(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example of a command has its options and arguments right."""
    monkeypatch.chdir(tmp_path)
    Path("request.json").touch()
    words = shlex.split(EVERY[path].example.partition(" > ")[0])[1:]
    own = words[len(path.split()) :]
    command = EVERY[path] if path else cli

    command.make_context(path or "mockdouyin", own, resilient_parsing=False)


@pytest.mark.parametrize(
    "args",
    [
        "nonsense",
        "--nonsense",
        "serve --nonsense",
        "serve --port many",
        "serve --port 70000",
        "serve --seed x",
        "serve --scenario no-such-scenario",
        "serve --scenario /",
        "serve --app justakey",
        "serve --app key:",
        "serve --app :secret",
        "serve --app key:secret:robot",
        "serve --app key:secret:web:more",
        "serve --app key:secret --app key:other",
        "serve --ready-file /no/such/folder/ready",
        "serve --ready-file /",
        "serve --port 0 --host 203.0.113.7",
        "serve --port 0 --host no.such.host.invalid",
        "code --url nonsense",
        "code --url http://[::1",
        "code --url http://127.0.0.1:99999",
        "code --url 'http://exa mple'",
        f"code --url {NOBODY}",
        "phone",
        f"phone --url {NOBODY} login",
        "phone login --arg nonsense",
        "phone login --arg =x",
        "decrypt",
        "decrypt --session-key x --iv y z",
        "endpoints nonsense",
        "errors code_to_sesion",
        "scenarios nonsense",
        "scenarios show",
        "scenarios show no-such-scenario",
        "scenarios lint",
        "scenarios lint no-such-file.yaml",
        "journal --endpoint code_to_sesion",
        "journal --limit x",
        "journal --limit 0",
        f"journal --url {NOBODY}",
        f"journal --follow --url {NOBODY}",
        f"clock --url {NOBODY}",
        "clock advance",
        "clock advance -5m",
        f"clock freeze --at nonsense --url {NOBODY}",
        "rule nonsense",
        "rule add",
        "rule add '{on: x' --on y",
        "rule add '{on: x'",
        "rule add 'on: [a, {b'",
        "rule add '!!python/object:os.system {}'",
        "rule add x",
        "rule add --on x --times many",
        "rule add --on x --fault bang",
        "rule add --on x --when nonsense",
        f"rule list --url {NOBODY}",
        f"rule clear --url {NOBODY}",
        f"reset --url {NOBODY}",
        "code \udcff",
        "phone '\udc80'",
    ],
)
def test_bad_input_is_one_line(args: str) -> None:
    """Whatever is wrong is said in one line on stderr, with exit code 2; no signal is caught."""
    assert complaint_of(*shlex.split(args))
    assert signal.set_wakeup_fd(-1) == -1


def test_usage_errors_name_the_help() -> None:
    """A usage error names the command's --help."""
    assert complaint_of("phone").endswith("; see `mockdouyin phone --help`")


@pytest.mark.parametrize(
    "given",
    ["key:5ecre7:robot", "5ecre7", "key:s:5ecre7", "key:5ecre7:web:more", "key:5ecre7\udcff"],
)
def test_no_secret_is_echoed(given: str) -> None:
    """A malformed --app is complained about without the secret in it."""
    assert "5ecre7" not in complaint_of("serve", "--app", given)
    assert "5ecre7" not in complaint_of("run", "--app", given, "--", "true")


def test_no_secret_of_the_environment_is_echoed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A malformed app in the variable is complained about by the variable's name."""
    monkeypatch.setenv("MOCKDOUYIN_APPS", "ttone:fine 5ecre7")

    said = complaint_of("serve", "--port", "0")

    assert said.startswith("MOCKDOUYIN_APPS takes KEY:SECRET")
    assert "5ecre7" not in said


def test_bare_call_prints_the_help() -> None:
    """`mockdouyin` alone lists the commands."""
    assert lines_of() == lines_of("--help")


def test_version() -> None:
    """`--version` prints name and version."""
    assert lines_of("--version") == [f"mockdouyin {__version__}"]


def test_module_is_the_command_line() -> None:
    """`python -m mockdouyin` is the command line under its own name."""
    result = run("--help")

    assert result.returncode == 0
    assert result.stdout.startswith("Usage: mockdouyin ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(shell: str) -> None:
    """The completion script of each shell is there for the asking."""
    result = run(_MOCKDOUYIN_COMPLETE=f"{shell}_source")

    assert result.returncode == 0
    assert "_MOCKDOUYIN_COMPLETE" in result.stdout


def test_completion_knows_the_commands() -> None:
    """A shell completes the names of commands."""
    result = run(_MOCKDOUYIN_COMPLETE="bash_complete", COMP_WORDS="mockdouyin sc", COMP_CWORD="1")

    assert result.stdout.split() == ["plain,scenarios"]


def test_broken_pipe_is_quiet(tmp_path: Path) -> None:
    """Nobody is bothered when the reader of a long output has seen enough."""
    complaints = tmp_path / "stderr"
    with complaints.open("w") as err:
        writer = subprocess.Popen(
            [*COMMAND, "errors", "--json"], stdout=subprocess.PIPE, stderr=err, env=environment()
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.stdout.close()
        writer.wait()

    assert complaints.read_text() == ""


def test_a_console_without_chinese_gets_escapes() -> None:
    """On a console that cannot write Chinese, Chinese is escaped."""
    result = run("errors", "client_token", PYTHONIOENCODING="latin-1")

    assert result.returncode == 0
    assert r"\u914d\u7f6e\u65e0\u6548" in result.stdout


def test_start_loads_no_server() -> None:
    """Only `serve` pays for the server's modules."""
    heavy = "('starlette', 'uvicorn', 'asyncio', 'faker', 'mockdouyin.server', 'http.client')"
    code = f"import sys, mockdouyin.cli; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.check_output([sys.executable, "-c", code], env=environment(), text=True)

    assert loaded.strip() == "[]"


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is interrupted leaves without a word, with a shell's exit code for it."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockdouyin.cli.catalogue._ask", interrupted)
    result = invoke("errors")

    assert result.exit_code == 130
    assert result.output.strip() == ""
