"""Real clients of every usual runtime: Douyin's real addresses lead them here, or a base URL.

Run where nothing is missing, it writes the table of docs/clients.md and of its Chinese twin.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mockdouyin import Sandbox
from mockdouyin.endpoints import CATALOGUE
from tests.cli.shell import environment
from tests.clients import pages
from tests.clients.watched import ABSOLUTE, BASE_URL, HOOK, HOSTS, PROXY
from tests.intercept.users import shut
from tests.support.helpers import GAME, PROGRAM, WEB, need

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / "build" / "clients"
PATIENCE = 120.0
"""Seconds; Go compiles its standard library the first time."""

ENDPOINTS = {(m, path): e.full_name for e in CATALOGUE for path in e.paths for m in e.methods}


class Came(NamedTuple):
    """What a run of a client came to."""

    printed: list[Any]
    notes: list[list[str]]
    """Way in, method and path of each request."""


Check = Callable[[list[Any]], None]
Version = Callable[[], str]


class Client(NamedTuple):
    """One client, and how it has to come here."""

    name: str
    command: Sequence[str]
    ways: Sequence[str]
    """The way in; more than one where that depends on the runtime's version."""
    version: Version
    check: Check


def says(*command: str) -> Version:
    """Return the version that a program prints."""

    def ask() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = re.search(r"\d+(\.\d+)+", done.stdout)
        assert found, done
        return found[0]

    return ask


def in_python(package: str = "") -> Version:
    """Return the version of a package, and of Python."""
    here = "Python {}.{}.{}".format(*sys.version_info)
    return lambda: f"{version(package)}, {here}" if package else here


def in_node(package: str = "") -> Version:
    """Return the version of a package, and of Node."""

    def ask() -> str:
        node = f"Node {says('node', '--version')()}"
        told = BUILD / "node_modules" / package / "package.json"
        return f"{json.loads(told.read_text())['version']}, {node}" if package else node

    return ask


def person(of: str) -> str:
    """Return the first person's open_id for an app."""
    world = Sandbox().default
    return world.people.open_id(world.apps[of], "小明")


def usual(printed: list[Any]) -> None:
    """Expect a login, the same code refused, and a client token."""
    session, again, token = printed
    assert (session["err_no"], session["data"]["openid"]) == (0, person(PROGRAM.client_key))
    assert (again["err_no"], again["err_tips"]) == (40018, "bad code")
    assert (token["message"], token["data"]["error_code"]) == ("success", 0)
    assert token["data"]["access_token"].startswith("clt.")


def every_flow(printed: list[Any]) -> None:
    """Expect what the official SDK's eight flows come to, in its own types."""
    [came] = printed
    assert came["session"]["data"]["openid"] == person(PROGRAM.client_key)
    assert came["again"]["code"] == "40018"
    assert came["appToken"] == {}  # the SDK's own type looks for the token beside `data`
    assert came["clientToken"]["data"]["accessToken"].startswith("clt.")
    assert came["granted"]["data"]["openId"] == person(WEB.client_key)
    assert came["user"]["data"]["nickname"] == "小明同学"
    assert came["user"]["data"]["openId"] == person(WEB.client_key)
    assert came["ticket"]["data"]["ticket"]
    assert came["share"]["data"]["shareId"].isdigit()
    assert came["player"]["openid"] == person(GAME.client_key)
    assert came["notified"]["errNo"] == "0"


def both_tokens(printed: list[Any]) -> None:
    """Expect both tokens of the credential package, and the error's number in its words."""
    [came] = printed
    assert came["clientToken"]["accessToken"].startswith("clt.")
    assert came["appToken"]["accessToken"].startswith("0801")
    assert came["wrong"].startswith("biz code not 0, code=10013,")


def shell(name: str, *arguments: str) -> list[str]:
    """Run a shell script."""
    return ["sh", str(HERE / "shell" / name), *arguments]


def python(name: str, *arguments: str) -> list[str]:
    """Run a program of Python's."""
    return [sys.executable, str(HERE / "python" / f"use_{name}.py"), *arguments]


def java(name: str, *arguments: str) -> list[str]:
    """Run a program of Java's from its source."""
    return ["java", str(HERE / "java" / f"{name}.java"), *arguments]


CURL, JAVA, GO = says("curl", "--version"), says("java", "--version"), says("go", "version")
GO_RUN = ["go", "run", str(HERE / "go" / "main.go")]
PHP = says("php", "--version")
PHP_RUN = {name: ["php", str(HERE / "php" / f"{name}.php")] for name in ("curl", "streams")}
BY_NODE = (HOOK, PROXY)
"""Node 24 begins to obey proxies by itself."""

CLIENTS = [
    Client("@open-dy/open_api_sdk", ["node", "sdk.cjs"], [HOOK],
           in_node("@open-dy/open_api_sdk"), every_flow),
    Client("@open-dy/open_api_credential", ["node", "credential.cjs"], [PROXY],
           in_node("@open-dy/open_api_credential"), both_tokens),
    Client("axios", ["node", "axios.mjs", "axios"], [PROXY], in_node("axios"), usual),
    Client("axios 1.6.0", ["node", "axios.mjs", "axios-1.6.0"], [ABSOLUTE],
           in_node("axios-1.6.0"), usual),
    Client("Node's fetch", ["node", "fetch.mjs"], BY_NODE, in_node(), usual),
    Client("Node's https", ["node", "https.cjs"], BY_NODE, in_node(), usual),
    Client("undici", ["node", "undici.mjs"], [HOOK], in_node("undici"), usual),
    Client("got", ["node", "got.mjs"], BY_NODE, in_node("got"), usual),
    Client("node-fetch", ["node", "node-fetch.mjs"], BY_NODE, in_node("node-fetch"), usual),
    Client("curl", shell("curl.sh"), [PROXY], CURL, usual),
    Client("curl --noproxy", shell("curl.sh", "--noproxy", "*"), [HOSTS], CURL, usual),
    Client("curl --http2, base URL", shell("curl-http2.sh"), [BASE_URL], CURL, usual),
    Client("wget", shell("wget.sh"), [PROXY], says("wget", "--version"), usual),
    Client("requests", python("requests"), [PROXY], in_python("requests"), usual),
    Client("requests, trust_env off", python("requests", "direct"), [HOSTS],
           in_python("requests"), usual),
    Client("httpx", python("httpx"), [PROXY], in_python("httpx"), usual),
    Client("httpx, trust_env off", python("httpx", "direct"), [HOSTS], in_python("httpx"), usual),
    Client("aiohttp", python("aiohttp"), [HOSTS], in_python("aiohttp"), usual),
    Client("aiohttp, trust_env", python("aiohttp", "trust_env"), [PROXY],
           in_python("aiohttp"), usual),
    Client("urllib", python("urllib"), [PROXY], in_python(), usual),
    Client("urllib3", python("urllib3"), [HOSTS], in_python("urllib3"), usual),
    Client("http.client", python("http_client"), [HOSTS], in_python(), usual),
    Client("PHP's curl", PHP_RUN["curl"], [PROXY], PHP, usual),
    Client("PHP's streams", PHP_RUN["streams"], [HOSTS], PHP, usual),
    Client("Java's HttpClient", java("UseHttpClient"), [PROXY], JAVA, usual),
    Client("Java's HttpClient, NO_PROXY", java("UseHttpClient", "direct"), [HOSTS], JAVA, usual),
    Client("Java's HttpClient, base URL", java("UseHttpClient", "base"), [BASE_URL], JAVA, usual),
    Client("Java's HttpURLConnection", java("UseHttpURLConnection"), [PROXY], JAVA, usual),
    Client("Java's HttpURLConnection, NO_PROXY", java("UseHttpURLConnection", "direct"),
           [HOSTS], JAVA, usual),
    Client("Go's net/http", GO_RUN, [PROXY], GO, usual),
    Client("Go's net/http, no Proxy", [*GO_RUN, "direct"], [HOSTS], GO, usual),
    Client("Ruby's Net::HTTP", ["ruby", str(HERE / "ruby" / "net_http.rb")], [PROXY],
           says("ruby", "--version"), usual),
    Client("Perl's HTTP::Tiny", ["perl", str(HERE / "perl" / "http_tiny.pl")], [PROXY],
           says("perl", "-MHTTP::Tiny", "-e", "print HTTP::Tiny->VERSION"), usual),
]  # fmt: skip

EXTENSIONS = {
    "PHP's curl": (["php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"], "php-curl"),
    "Perl's HTTP::Tiny": (["perl", "-MIO::Socket::SSL", "-e1"], "libio-socket-ssl-perl"),
}
"""What is not there with the runtime itself, how to ask, and Debian's package of it."""


@cache
def hosts_files() -> bool:
    """Whether this machine allows a command its own hosts file with our server behind it."""
    command = [sys.executable, "-m", "mockdouyin", "run", "--allow-real", "--", "true"]
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return "and by a hosts file of their own" in done.stderr


def need_everything(client: Client) -> None:
    """Skip, or fail, where the machine lacks what a client needs."""
    program = client.command[0]
    if program == "sh":
        program = Path(client.command[1]).stem.partition("-")[0]
    need(shutil.which(program), f"{client.name} needs {program}")
    if client.name in EXTENSIONS:
        ask, package = EXTENSIONS[client.name]
        need(subprocess.run(ask, capture_output=True, check=False).returncode == 0, package)
    if program == "node":
        need((BUILD / "node_modules").exists(), "Node's packages: make clients")
    if HOSTS in client.ways:
        need(hosts_files(), "a hosts file for one command: run as root")


def run(client: Client, folder: Path) -> Came:
    """Run one client by `mockdouyin run`, with the front end's part before it."""
    command = list(client.command)
    if command[0] == "node":  # its packages are where it looks for them: beside the program
        (folder / "node_modules").symlink_to(BUILD / "node_modules")
        command[1] = str(shutil.copy(HERE / "node" / command[1], folder))
    notes = folder / "notes"
    notes.touch()
    go = {"GOCACHE": str(BUILD / "go"), "GOFLAGS": "-mod=mod", "GOPROXY": "off"}
    done = subprocess.run(
        ([] if HOSTS in client.ways else shut())  # which sees to it that nothing gets out
        + [sys.executable, str(HERE / "watched.py"), "run"]
        + ([] if HOSTS in client.ways else ["--no-hosts", "--allow-real"])
        + ["--", sys.executable, str(HERE / "front.py"), *command],
        env=environment(WAYS=str(notes), GOTOOLCHAIN="local", **go),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    return Came(printed, [json.loads(line) for line in notes.read_text().splitlines()])


def what_it_did(came: Came) -> str:
    """Return which endpoints were called, and how often."""
    counted = Counter(ENDPOINTS[method, path] for _, method, path in came.notes)
    return ", ".join(f"`{name}`" + (f" ×{n}" if n > 1 else "") for name, n in counted.items())


def store(client: Client, row: str, testrun: str) -> None:
    """Keep one row; whoever keeps the last of a test run writes the table."""
    folder = BUILD / "rows" / testrun
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / f"{CLIENTS.index(client)}.row").write_text(row, "utf-8")
        rows = [folder / f"{number}.row" for number in range(len(CLIENTS))]
        if all(each.exists() for each in rows):
            pages.write([each.read_text("utf-8") for each in rows])


@pytest.mark.parametrize("client", CLIENTS, ids=[each.name for each in CLIENTS])
def test_a_client_is_led_here(client: Client, tmp_path: Path, testrun_uid: str) -> None:
    """A client is answered here by the way it takes, its code unchanged for all but one way."""
    need_everything(client)

    came = run(client, tmp_path)

    client.check(came.printed)
    [way] = {note[0] for note in came.notes}
    assert way in client.ways
    row = f"| {client.name} | {client.version()} | {way} | {what_it_did(came)} |"
    store(client, row, testrun_uid)


def test_the_table_names_every_client() -> None:
    """The page's table has the clients that are tried, in their order."""
    named = [row.split(" | ")[0].removeprefix("| ") for row in pages.rows_of(pages.PAGE)]

    assert named == [client.name for client in CLIENTS]


def test_the_tables_agree() -> None:
    """The Chinese page has the rows of the English one, in Chinese."""
    rows = pages.rows_of(pages.TWIN)

    assert rows == [pages.in_chinese(row) for row in pages.rows_of(pages.PAGE)]
    assert [row for row in rows if re.search("[a-z]{2} [a-z]{2}", row)] == []
