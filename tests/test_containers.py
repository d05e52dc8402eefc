"""The Dockerfile and the compose file fit the rest of the project."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from mockdouyin.core.version import __version__
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, variables
from tests.cli.shell import serve
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def command() -> list[str]:
    """Return the command that the container runs."""
    [words] = [rest for name, rest in instructions() if name == "CMD"]
    found: list[str] = json.loads(words)
    return found


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with what follows them, each on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def stage(number: int) -> list[tuple[str, str]]:
    """Return the instructions of one stage, from its FROM to the next."""
    given = instructions()
    starts = [n for n, (name, _) in enumerate(given) if name == "FROM"]
    return given[starts[number] : [*starts, len(given)][number + 1]]


def shell(line: str, places: dict[str, Path]) -> str:
    """Return a RUN line as it is run in a folder of ours: without mounts, and at our paths."""
    words = re.sub(r"--mount=\S+\s+", "", line)
    for name, path in places.items():
        words = re.sub(rf"(?<![\w/.]){name}(?=[/\s]|$)", str(path), words)
    return words


def test_every_host_is_an_alias() -> None:
    """In the containers' network each of Douyin's hosts leads to mockdouyin."""
    assert COMPOSE["services"]["douyin"]["networks"]["default"]["aliases"] == HOSTS


def test_the_instructions_are_docker_s() -> None:
    """Every instruction is one of Docker's, in their order, and the user is not root."""
    known = {"ARG", "FROM", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    names = [name for name, _ in instructions()]
    assert set(names) == {*known, "ENTRYPOINT"}
    assert names.index("FROM") == 1  # after the ARG that names the image
    assert [rest for name, rest in instructions() if name == "USER"] == ["mockdouyin"]
    assert {name for name, _ in stage(1)} & {"COPY", "ADD"} == set()  # one layer, by mounts
    for name in ("VOLUME", "CMD", "ENTRYPOINT"):
        [rest] = [rest for each, rest in instructions() if each == name]
        assert all(isinstance(word, str) for word in json.loads(rest))


def test_mirrors_are_empty_unless_given() -> None:
    """The argument for a package mirror is known to both stages, and empty; no host is named."""
    for number in (0, 1):
        assert ("ARG", "PIP_INDEX_URL=") in stage(number)
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"https?://(?!127\.0\.0\.1)\S+", text) == []
    given = COMPOSE["services"]["douyin"]["build"]["args"]
    assert given == {"PIP_INDEX_URL": "${PIP_INDEX_URL:-}"}


def test_the_state_is_in_a_volume() -> None:
    """What is kept over restarts lies in a volume that the user of the image may write to."""
    words = command()
    file = Path(words[words.index("--state") + 1])
    [volume] = [json.loads(rest) for name, rest in instructions() if name == "VOLUME"]
    made = next(rest for name, rest in stage(1) if name == "RUN" and "install -d" in rest)

    assert volume == [str(file.parent)]
    assert f"install -d -o mockdouyin /certificates {file.parent}" in made
    assert f"state:{file.parent}" in COMPOSE["services"]["douyin"]["volumes"]
    assert set(COMPOSE["volumes"]) == {"certificates", "state"}


def test_the_profile_with_redis(tmp_path: Path, redis_server: RedisServer) -> None:
    """Only the profile starts Redis; what it runs is a command that starts, with our Redis."""
    services = COMPOSE["services"]
    shared = services["douyin-shared"]
    assert {name for name, each in services.items() if each.get("profiles") == ["redis"]} == {
        "douyin-shared",
        "redis",
    }
    assert shared["build"] == services["douyin"]["build"]
    assert set(shared["depends_on"]) == {"redis"}

    place = {"0.0.0.0": "127.0.0.1", "redis://redis:6379/0": redis_server.url}
    words = [place.get(word, word) for word in shared["command"]]
    with serve(tmp_path, *words[1:]) as server:
        assert httpx.get(f"{server.url}/_mock/health").status_code == 200
        assert server.stop() == 0


def test_what_is_copied_can_be_installed(tmp_path: Path) -> None:
    """The first stage's RUN makes a wheel of what .dockerignore lets through.

    An empty argument for the mirror does no harm.
    """
    source, wheels = tmp_path / "src", tmp_path / "wheels"
    source.mkdir()
    allowed = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for name in allowed:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / name)

    [line] = [rest for name, rest in stage(0) if name == "RUN"]
    # Our environment has the build's requirements: no index is needed.
    line = line.replace("pip wheel", f"{sys.executable} -m pip wheel --no-build-isolation")
    done = subprocess.run(
        shell(line, {"/wheels": wheels, "/src": source}),
        shell=True,
        env={"PATH": "/usr/bin:/bin", "PIP_INDEX_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert [path.name for path in wheels.iterdir()] == [
        f"mockdouyin-{__version__}-py3-none-any.whl"
    ]


def test_the_second_stage_installs_the_wheel_with_redis(tmp_path: Path) -> None:
    """The second stage's RUN has pip install the one wheel that is mounted, with hiredis."""
    [line] = [rest for name, rest in stage(1) if name == "RUN"]
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "mockdouyin-1-py3-none-any.whl").touch()
    for name in ("pip", "useradd", "install"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@"\n')
        program.chmod(0o755)
    places = {"/wheels": tmp_path / "wheels", "/constraints.txt": ROOT / "constraints.txt"}
    done = subprocess.run(
        ["/bin/sh", "-c", shell(line, places)],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    pip, user, folders = done.stdout.splitlines()
    wheel = tmp_path / "wheels" / "mockdouyin-1-py3-none-any.whl"
    constraints = f"--constraint {ROOT / 'constraints.txt'}"
    assert pip == f"pip install --no-cache-dir {constraints} {wheel}[redis]"
    assert user == "useradd --system mockdouyin"
    assert folders == "install -d -o mockdouyin /certificates /state"


def test_the_application_trusts_what_is_written() -> None:
    """The variables of the example are those that `env` gives, with the volume's paths."""
    reach = ProxyEndpoint("http://127.0.0.1:8600", "127.0.0.1:8601", Path("/certificates"))
    made = variables(reach, {})
    given = COMPOSE["services"]["application"]["environment"]

    assert {"curl", "python", "node", "php", "java"} <= set(RUNTIMES)
    for name in ("CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PHP_INI_SCAN_DIR"):
        assert given[name] == made[name]
    assert set(given["JAVA_TOOL_OPTIONS"].split()) < set(made["JAVA_TOOL_OPTIONS"].split())
    assert given["NODE_EXTRA_CA_CERTS"] == "/certificates/ca.pem"


def test_the_health_check_needs_no_token(tmp_path: Path) -> None:
    """Image and compose file ask for health, which a server without a known token answers too."""
    checked: list[str] = COMPOSE["services"]["douyin"]["healthcheck"]["test"]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8").partition("HEALTHCHECK")[2]
    assert json.loads(image.partition("CMD ")[2].splitlines()[0]) == checked[1:]
    assert checked[:2] == ["CMD", "python"]

    with serve(tmp_path, "--host", "0.0.0.0") as server:
        codes = []
        for url in (server.url, "http://127.0.0.1:9"):
            words = [word.replace("http://127.0.0.1:8600", url) for word in checked[2:]]
            done = subprocess.run([sys.executable, *words], capture_output=True, check=False)
            codes.append(done.returncode)
        refused = httpx.get(f"{server.url}/_mock/clock").status_code
        assert server.stop() == 0

    assert codes == [0, 1]
    assert refused == 401


def test_the_token_comes_from_outside() -> None:
    """The compose file passes the variable on, and an empty one counts as unset."""
    given = COMPOSE["services"]["douyin"]["environment"]

    assert given == {"MOCKDOUYIN_CONTROL_TOKEN": "${MOCKDOUYIN_CONTROL_TOKEN:-}"}


def test_the_command_answers_for_douyin(tmp_path: Path) -> None:
    """What the container runs answers at ports of its own, over TLS and in clear, as Douyin."""
    here, certificates = "127.94.0.7", tmp_path / "certificates"
    tls, clear = free_port(here), free_port(here)
    place = {"0.0.0.0": here, "443": str(tls), "80": str(clear)}
    place["/certificates"] = str(certificates)
    place["/state/mockdouyin.state"] = str(tmp_path / "mockdouyin.state")
    words = [place.get(word, word) for word in command()]
    assert set(place) <= set(command())

    with serve(tmp_path, *words[1:], "--proxy-port", "0") as server:
        trusting = ssl.create_default_context(cafile=certificates / "ca.pem")
        name = {"sni_hostname": "open.douyin.com"}
        host = {"host": "open.douyin.com"}
        with httpx.Client(verify=trusting, headers=host) as http:
            over_tls = http.get(f"https://{here}:{tls}/js/getticket/", extensions=name)
            in_clear = http.get(f"http://{here}:{clear}/js/getticket/")
        assert server.stop() == 0

    assert [reply.json()["data"]["error_code"] for reply in (over_tls, in_clear)] == [28001003] * 2
    assert list(certificates.iterdir()) == []
