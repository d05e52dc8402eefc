"""The pytest plugin: `douyin`, a world of its own for every test, and the ways to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockdouyin.control.client import Control
    from mockdouyin.testing.fixture import Douyin

_RAISED = pytest.StashKey[bool]()
_WANTED = ("scenario", "seed", "settings", "shared_keys", "strict")

# Ours is imported inside the fixtures: a project that does not use them pays nothing.


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --douyin-url and the ini option douyin_strict."""
    group = parser.getgroup("mockdouyin")
    group.addoption(
        "--douyin-url",
        default=os.environ.get("MOCKDOUYIN_TEST_URL", os.environ.get("MOCKDOUYIN_URL")),
        metavar="URL",
        help="use the mockdouyin server that runs at URL, in place of one for each process;"
        " an empty one is none. Without it: MOCKDOUYIN_TEST_URL, or MOCKDOUYIN_URL as"
        " `mockdouyin run` sets it",
    )
    parser.addini(
        "douyin_strict",
        "fail a test for its rules that struck nothing, and its calls that nothing answered",
        type="bool",
        default=True,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "douyin(scenario=NAME_OR_FILE, seed=N, settings={…}, shared_keys=BOOL, strict=BOOL):"
        " what the test's world starts from, and whether its leftovers fail the test",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Note that a test failed or was skipped: its world's leftovers say nothing then."""
    if call.excinfo is not None:
        item.stash[_RAISED] = True


@pytest.fixture(scope="session")
def douyin_server(request: pytest.FixtureRequest) -> Iterator[Control]:
    """Give the server behind the worlds: `.url`, and `.order(name, …)` for anything else."""
    url = request.config.getoption("--douyin-url")
    if url:
        from mockdouyin.control.http_client import HttpControl
        from mockdouyin.core.env_vars import TOKEN_VARIABLE
        from mockdouyin.intercept.runs import find_token

        token = find_token(url) or os.environ.get(TOKEN_VARIABLE, "")
        remote = HttpControl(url.partition("/@")[0], token=token)
        remote.order("health")
        yield remote
        remote.close()
        return
    from mockdouyin.testing.local_server import LocalServer

    local = LocalServer()
    yield local
    local.close()


@pytest.fixture
def douyin(request: pytest.FixtureRequest, douyin_server: Control) -> Iterator[Douyin]:
    """Give a fresh world with an app of each kind and a few people."""
    from mockdouyin.testing.fixture import Douyin, format_unmet

    request.node.stash[_RAISED] = False  # a test that is run again begins anew
    wanted = _wanted(request)
    strict = wanted.pop("strict", request.config.getini("douyin_strict"))
    made = douyin_server.order("create_world", body={"name": _name(request), **wanted})
    douyin = Douyin(douyin_server, made["world"])
    douyin.strict = strict
    douyin.setter = f"test {request.node.nodeid}"[:200]
    yield douyin
    left = douyin_server.order("drop_world", world=douyin.world)
    if douyin.strict and not request.node.stash[_RAISED] and (says := format_unmet(left)):
        pytest.fail(f"{says}\n(not with @pytest.mark.douyin(strict=False))", pytrace=False)


@pytest.fixture
def douyin_respx(douyin: Douyin) -> Iterator[Douyin]:
    """Give the same world, with httpx's calls to Douyin's real hosts answered from it."""
    from mockdouyin.inproc.respx import OpenRouter, install

    with OpenRouter(assert_all_called=False) as router:
        install(router, douyin)
        douyin.router = router
        yield douyin


@pytest.fixture
def douyin_requests(douyin: Douyin) -> Iterator[Douyin]:
    """Give the same world, with requests' calls to Douyin's real hosts answered from it."""
    from mockdouyin.inproc.requests import installed

    with installed(douyin):
        yield douyin


def _name(request: pytest.FixtureRequest) -> str:
    """Name a world after its test and run, so that runs on one server never meet."""
    test = re.sub(r"[^A-Za-z0-9]+", "-", request.node.nodeid.rpartition("/")[2])
    return f"{test[-120:].strip('-')}-{os.urandom(4).hex()}"


def _wanted(request: pytest.FixtureRequest) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for marker in request.node.iter_markers("douyin"):
        wanted = {**marker.kwargs, **wanted}
    strange = sorted(set(wanted) - set(_WANTED))
    if strange:
        pytest.fail(f"mark.douyin takes {', '.join(_WANTED)}, not {strange[0]}")
    scenario = wanted.get("scenario")
    if isinstance(scenario, str | os.PathLike) and (path := _file(request, scenario)) is not None:
        wanted["scenario"] = _content(path)
    return wanted


def _file(request: pytest.FixtureRequest, scenario: str | os.PathLike[str]) -> Path | None:
    """Return the scenario's file, beside the test or below the root; None for a built-in one."""
    folders = dict.fromkeys((request.path.parent, request.config.rootpath))
    for folder in folders:
        path = folder / scenario
        if path.is_file():
            return path
    if isinstance(scenario, os.PathLike) or Path(scenario).suffix in (".yaml", ".yml", ".json"):
        places = " or ".join(map(str, folders))
        pytest.fail(f"mark.douyin: there is no scenario file {scenario} in {places}")
    return None


def _content(path: Path) -> dict[str, Any]:
    """Read a scenario file here: the server may run elsewhere."""
    import msgspec

    from mockdouyin.core.settings import encode
    from mockdouyin.scenario import Scenario

    content: dict[str, Any] = msgspec.to_builtins(Scenario.load(path), enc_hook=encode)
    return content
