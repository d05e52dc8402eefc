"""The variables that lead clients here: one by one, and beside what was set before."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, own_store_warning, variables
from tests.support.helpers import need

FOLDER = Path("/tmp/run")
REACH = ProxyEndpoint("http://127.0.0.1:8600", "127.0.0.1:8601", FOLDER)
ODD = [Path("/tmp/my folder"), Path("/tmp/O'Brien"), Path('/tmp/a"b'), Path("/tmp/'\"both\" x'")]


def test_every_spelling_of_the_proxy() -> None:
    """Each variable that a client may read names the proxy, in capitals and without."""
    made = variables(REACH, {})

    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        assert made[name] == made[name.lower()] == "http://127.0.0.1:8601"
    assert made["MOCKDOUYIN_URL"] == "http://127.0.0.1:8600"


def test_a_world_is_the_proxys_user() -> None:
    """Another world than the default one is told by the proxy's user name."""
    made = variables(REACH._replace(world="小 红"), {})

    assert made["HTTPS_PROXY"] == "http://%E5%B0%8F%20%E7%BA%A2@127.0.0.1:8601"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "localhost,127.0.0.1,::1"),
        ("intra.example.com, .corp", "intra.example.com,.corp,localhost,127.0.0.1,::1"),
        ("*", "localhost,127.0.0.1,::1"),
        ("open.douyin.com,.douyin.com,douyin.com:443", "localhost,127.0.0.1,::1"),
        ("*.bytedance.com,com", "localhost,127.0.0.1,::1"),
        ("notdouyin.com,localhost", "notdouyin.com,localhost,127.0.0.1,::1"),
    ],
)
def test_what_needs_no_proxy(before: str, after: str) -> None:
    """What was reached directly still is, but for Douyin's hosts; so is this machine."""
    made = variables(REACH, {"NO_PROXY": before})

    assert made["NO_PROXY"] == made["no_proxy"] == after


def test_bun_preloads_the_hook() -> None:
    """Bun, which reads no NODE_OPTIONS, loads the hook too; what was set before stays."""
    made = variables(REACH, {"BUN_OPTIONS": "--smol"}, "bun")

    assert made["BUN_OPTIONS"] == "--smol --preload=/tmp/run/node-hook.cjs"
    assert made["NODE_EXTRA_CA_CERTS"] == "/tmp/run/node-extra.pem"


def test_ruby_loads_its_hook() -> None:
    """Ruby, which goes past a proxy where a name leads to this machine, is kept from it."""
    made = variables(REACH, {"RUBYOPT": "-W0"}, "ruby")

    assert made["RUBYOPT"] == "-W0 -r/tmp/run/ruby-hook.rb"


@pytest.mark.parametrize("folder", ODD, ids=str)
@pytest.mark.parametrize(("runtime", "name"), [("bun", "BUN_OPTIONS"), ("ruby", "RUBYOPT")])
def test_what_bun_and_ruby_cannot_read(runtime: str, name: str, folder: Path) -> None:
    """Both split their options at spaces and read no quotes: such a folder is not named there."""
    assert name not in variables(REACH._replace(folder=folder), {}, runtime)


def test_a_servers_token() -> None:
    """A server that asks for a token has it among the variables, any other has not."""
    token = "MOCKDOUYIN_CONTROL_TOKEN"

    assert variables(REACH._replace(token="secret"), {}, "go")[token] == "secret"
    assert token not in variables(REACH, {}, "go")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (["mono", "App.exe"], "Mono"),
        (["sh", "-c", "make && /usr/bin/mono App.exe"], "Mono"),
        (["node", "mono.js"], ""),
    ],
)
def test_programs_that_cannot_be_led(command: list[str], names: str) -> None:
    """A program that trusts a store of its own is named before it is started."""
    assert own_store_warning(command).render("en").startswith(names)
    assert bool(own_store_warning(command)) == bool(names)


def test_options_are_added_to() -> None:
    """Options for Node and Java, and PHP's folders, stand after those that were there."""
    before = {
        "NODE_OPTIONS": "--max-old-space-size=512",
        "JAVA_TOOL_OPTIONS": "-Xmx1g",
        "PHP_INI_SCAN_DIR": "/etc/php/mine",
    }
    made = variables(REACH, before)

    hook = '--require "/tmp/run/node-hook.cjs"'
    assert made["NODE_OPTIONS"] == f"--max-old-space-size=512 {hook}"
    assert made["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Dhttps.proxyHost=127.0.0.1 ")
    assert made["PHP_INI_SCAN_DIR"] == "/etc/php/mine:/tmp/run/php"


def test_php_keeps_its_own_folder() -> None:
    """Where nothing was set, PHP's own folder comes first: an empty name means it."""
    assert variables(REACH, {})["PHP_INI_SCAN_DIR"] == ":/tmp/run/php"


@pytest.mark.parametrize("folder", [FOLDER, *ODD], ids=str)
def test_set_again_nothing_changes(folder: Path) -> None:
    """The variables of an environment that has them already are the same."""
    before = {"NO_PROXY": "corp", "NODE_OPTIONS": "--trace-warnings", "PATH": "/bin"}
    made = variables(REACH._replace(folder=folder), before)

    assert variables(REACH._replace(folder=folder), {**before, **made}) == made


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_one_runtime_gets_a_part(runtime: str) -> None:
    """The variables for one runtime are among those for all, and name the proxy and a file."""
    made = variables(REACH, {}, runtime)

    assert made.items() <= variables(REACH, {}).items()
    assert "HTTPS_PROXY" in made
    assert any(str(FOLDER) in value for value in made.values())


@pytest.mark.parametrize("folder", ODD, ids=str)
def test_java_reads_its_options_whole(folder: Path) -> None:
    """Java's quotes keep a path in one piece, whatever is in it; so a shell reads them too."""
    made = variables(REACH._replace(folder=folder), {}, "java")["JAVA_TOOL_OPTIONS"]

    assert f"-Djavax.net.ssl.trustStore={folder / 'truststore.p12'}" in shlex.split(made)


def test_java_itself_reads_its_options() -> None:
    """A real Java gets the path of its trust store as it is."""
    need(shutil.which("java"), "java")
    made = variables(REACH._replace(folder=ODD[-1]), {}, "java")
    done = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"],
        env={"PATH": "/usr/bin:/bin", **made},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"javax.net.ssl.trustStore = {ODD[-1] / 'truststore.p12'}\n" in done.stderr
