"""Who may steer a server, as the command line says it: tokens, names, and where it is reached."""

from __future__ import annotations

import json
import re
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import httpx
import pytest

from mockdouyin.cli import _foreground
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.server.access import Access
from mockdouyin.server.listening import lan_addresses
from mockdouyin.server.parts import SandboxParts
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of
from tests.cli.shell import COMMAND, environment, run, serve
from tests.support.helpers import need
from tests.support.receivers import Receiver, says

VARIABLE = "MOCKDOUYIN_CONTROL_TOKEN"
EVERYWHERE = ("--host", "0.0.0.0")


def steers(url: str, token: str = "", host: str = "") -> int:
    """Ask for the clock, and give the status."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if host:
        headers["host"] = host
    return httpx.get(f"{url}/_mock/clock", headers=headers).status_code


def test_other_machines_are_told_how(tmp_path: Path) -> None:
    """Where others reach it, it prints its addresses there, and a token that it made."""
    with serve(tmp_path, *EVERYWHERE) as served:
        served.prints("Ctrl-C stops it")
        [token] = re.findall(rf"export {VARIABLE}=(\S+)", served.out)
        port = served.url.rpartition(":")[2]

        for address in lan_addresses("0.0.0.0"):
            assert f"http://{address}:{port}" in served.out
        assert served.out.splitlines()[0].endswith(served.url)
        assert [steers(served.url), steers(served.url, "x"), steers(served.url, token)] == [
            401,
            401,
            200,
        ]
        assert served.ready["token"] == token
        assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600


def test_lan_addresses() -> None:
    """Only what listens on every address has addresses besides its own, and no loopback ones."""
    assert lan_addresses("127.0.0.1") == lan_addresses("192.168.1.5") == []
    for every in ("0.0.0.0", "::"):
        assert not {"127.0.0.1", "::1", "0.0.0.0", "::"} & set(lan_addresses(every))


def test_on_loopback_there_is_no_token(tmp_path: Path) -> None:
    """On this machine alone nothing is printed, wanted, or kept private."""
    with serve(tmp_path) as served:
        served.prints("Ctrl-C stops it")
        assert VARIABLE not in served.out
        assert "token" not in served.ready
        assert steers(served.url) == 200
        assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o644


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_token_of_ones_own(tmp_path: Path, way: str) -> None:
    """A token that was given is wanted on loopback too, and is not printed."""
    args = ("--control-token", "my-own-token") if way == "option" else ()
    more = {VARIABLE: "my-own-token"} if way == "variable" else {}
    with serve(tmp_path, *args, **more) as served:
        served.prints("Ctrl-C stops it")
        assert "my-own-token" not in served.out
        assert "(as you gave it)" in served.out
        assert [steers(served.url), steers(served.url, "my-own-token")] == [401, 200]


def test_the_option_before_the_variable(tmp_path: Path) -> None:
    """The option outdoes the variable; an empty variable is none."""
    with serve(tmp_path, "--control-token", "given", **{VARIABLE: "other"}) as served:
        assert [steers(served.url, "other"), steers(served.url, "given")] == [401, 200]
    with serve(tmp_path, **{VARIABLE: ""}) as served:
        assert steers(served.url) == 200


def test_a_token_that_no_header_can_carry() -> None:
    """A token with spaces, line ends or letters beyond ASCII is refused before anything starts."""
    for token in ("two words", "line\n", "密码"):
        result = run("serve", "--port", "0", "--control-token", token)
        assert result.returncode == 2
        assert "ASCII" in result.stderr


def test_a_quiet_server_tells_its_token_once(tmp_path: Path) -> None:
    """Without a greeting, and with no ready file to read it from, the token is on stderr."""
    command = [*COMMAND, "serve", "--quiet", *EVERYWHERE, "--port", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment(), cwd=tmp_path
    ) as quiet:
        assert quiet.stderr is not None
        line = quiet.stderr.readline()
        quiet.send_signal(signal.SIGTERM)

    assert re.fullmatch(r"mockdouyin: .* control token is \S{32}\n", line)


def test_the_printed_lines_work_with_a_token(tmp_path: Path) -> None:
    """Pasted into a shell, the greeting's lines export the token and log someone in."""
    need(shutil.which("curl"), "install curl")
    with serve(tmp_path, *EVERYWHERE) as served:
        served.prints("Ctrl-C stops it")
        pasted = [line for line in served.out.splitlines() if line.startswith("    ")]
        answer = subprocess.check_output(["sh", "-c", "\n".join(pasted)], text=True)

    assert json.loads(answer)["err_tips"] == "success"


def test_workers_have_one_token(tmp_path: Path, redis_url: str) -> None:
    """The supervisor makes the token, once: every worker wants the same."""
    with serve(tmp_path, *EVERYWHERE, "--store", redis_url, "--workers", "2") as served:
        token = served.ready["token"]
        assert {steers(served.url, token) for _ in range(12)} == {200}
        assert {steers(served.url) for _ in range(12)} == {401}
        assert served.out.count(token) == 1
        assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600


def test_a_name_of_the_server(tmp_path: Path) -> None:
    """By a name that was given, as often as one likes, it can be steered; by others it cannot."""
    with serve(tmp_path, "--name", "douyin.test", "--name", "Other.test") as served:
        hosts = ("douyin.test", "other.test:80", "third.test")
        assert [steers(served.url, host=host) for host in hosts] == [200, 200, 403]


@pytest.mark.parametrize("name", ["http://douyin.test", "douyin.test:8600", "a b", ""])
def test_a_name_is_a_host_alone(name: str) -> None:
    """A --name that is not a bare host is refused, with an example."""
    result = run("serve", "--port", "0", "--name", name)

    assert result.returncode == 2
    assert "--name takes a host alone, such as" in result.stderr


def test_commands_show_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands take the token from --token, before or after the subcommand, or the variable."""
    with ThreadedServer(access=Access("right")) as server:
        monkeypatch.setenv("MOCKDOUYIN_URL", server.url)
        refused = complaint_of("clock", "--token", "wrong")
        ways = [("clock", "--token", "right"), ("rule", "--token", "right", "list", "--json")]
        answers = [json_of(*ways[1])]
        monkeypatch.setenv(VARIABLE, "right")
        answers += [json_of("journal", "--json"), json_of("code")]

    assert VARIABLE in refused
    assert all(answer is not None for answer in answers)


def test_a_strange_token_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that no header can carry is complained of, and not shown."""
    monkeypatch.setenv(VARIABLE, "se\ncret")

    said = complaint_of("clock")
    assert "no header can carry" in said
    assert "cret" not in said


def test_a_far_fixture_shows_the_token(tmp_path: Path) -> None:
    """With --douyin-url the fixture takes the server's token from the variable."""
    test = tmp_path / "test_it.py"
    test.write_text("def test_it(douyin):\n    assert douyin.phone().login()['code']\n")
    with ThreadedServer(access=Access("right")) as server:
        command = [*COMMAND[:1], "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
        command += ["--douyin-url", server.url, "--rootdir", str(tmp_path)]
        codes = [
            subprocess.run(
                command, capture_output=True, env={**environment(), VARIABLE: token}, check=False
            ).returncode
            for token in ("right", "wrong")
        ]

    assert codes == [0, 1]


def test_webhook_hosts_are_told_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve --allow-host`, as often as one likes, tells the sandbox where webhooks may go."""
    given: list[SandboxOptions] = []
    monkeypatch.setattr(_foreground, "run_server", lambda options, _: given.append(options))

    invoke("serve", "--allow-host", "Hooks.Example.com.", "--allow-host", "2001:DB8::1")

    assert given[0].webhook_hosts == ("hooks.example.com", "2001:db8::1")


def test_webhook_hosts_are_told_to_a_private_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """`run --allow-host` tells its sandbox the same."""
    told: list[tuple[str, ...]] = []
    parts = SandboxOptions.parts

    def note(options: SandboxOptions) -> SandboxParts:
        told.append(options.webhook_hosts)
        return parts(options)

    monkeypatch.setattr(SandboxOptions, "parts", note)

    invoke("run", "--quiet", "--allow-real", "--allow-host", "Hooks.Example.com.", "--", "true")

    assert told == [("hooks.example.com",)]


def test_an_allowed_host_is_a_host_alone() -> None:
    """An --allow-host that is not a bare host is refused, by each command that has the option."""
    option = ("--allow-host", "https://hooks.example.com/x")
    for args in (
        ("serve", "--port", "0", *option),
        ("trigger", "x", "--to", "http://a/", "--secret", "s", *option),
        ("run", *option, "--", "true"),
    ):
        result = run(*args)
        assert result.returncode == 2
        assert "--allow-host takes a host alone, such as" in result.stderr


def test_trigger_allows_a_host_of_its_own() -> None:
    """`trigger` without a server has --allow-host; with one, the server's own list counts."""
    with Receiver(says("ok")) as receiver:
        sent = run(
            "trigger", "create_video", "--to", receiver.url, "--secret", "s", "--allow-host", "a.b"
        )
    refused = run("trigger", "create_video", "--allow-host", "a.b")

    assert sent.returncode == 0, sent.stderr
    assert "mockdouyin serve --allow-host" in refused.stderr
