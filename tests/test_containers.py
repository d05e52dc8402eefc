"""The Dockerfile and the compose file fit the rest of the project."""

from __future__ import annotations

import fnmatch
import json
import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, variables
from tests.cli.shell import serve
from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def command() -> list[str]:
    """Return the command that the container runs."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("CMD ")]
    words: list[str] = json.loads(line.removeprefix("CMD "))
    return words


def test_every_host_is_an_alias() -> None:
    """In the containers' network each of Douyin's hosts leads to mockdouyin."""
    assert COMPOSE["services"]["douyin"]["networks"]["default"]["aliases"] == HOSTS


def test_what_is_copied_can_be_installed(tmp_path: Path) -> None:
    """A wheel can be built from what .dockerignore lets through, and it is complete."""
    allowed = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    for name in allowed:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, tmp_path / name)

    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert fnmatch.filter(map(str, tmp_path.glob("dist/*")), "*.whl")


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
