"""The pytest plugin: the fixture `douyin`, a fresh world for every test, and its companions."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockdouyin.control.client import Control
    from mockdouyin.core.texts import Language
    from mockdouyin.testing.fixture import Douyin

_DID_NOT_PASS = pytest.StashKey[bool]()
_MARKER_ARGUMENTS = ("scenario", "seed", "settings", "shared_keys", "strict")

# The rest of mockdouyin is imported inside the fixtures: pytest loads this module in every project
# of the environment, also in those that do not use it.


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --douyin-url and the ini option douyin_strict."""
    group = parser.getgroup("mockdouyin")
    group.addoption(
        "--douyin-url",
        default=os.environ.get("MOCKDOUYIN_TEST_URL", os.environ.get("MOCKDOUYIN_URL")),
        metavar="URL",
        help="use the mockdouyin server at URL instead of starting one per process; an empty URL"
        " starts one. Default: MOCKDOUYIN_TEST_URL, or MOCKDOUYIN_URL as `mockdouyin run` sets it",
    )
    parser.addini(
        "douyin_strict",
        "fail a test for its unused rules and unanswered calls",
        type="bool",
        default=True,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "douyin(scenario=NAME_OR_FILE, seed=N, settings={…}, shared_keys=BOOL, strict=BOOL):"
        " what the test's world starts from, and whether unused rules and unanswered calls fail"
        " the test",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Record that a test failed or was skipped: unused rules and the like say nothing then.

    A failure's report lists what the platform refused, because the answer does not say why.
    """
    if call.excinfo is not None:
        item.stash[_DID_NOT_PASS] = True
    report = yield
    douyin = getattr(item, "funcargs", {}).get("douyin")
    if report.failed and report.when == "call" and douyin is not None:
        report.sections += _refusals(douyin)
    return report


def _refusals(douyin: Douyin) -> list[tuple[str, str]]:
    from mockdouyin.core.errors import MockDouyinError
    from mockdouyin.testing import _texts as texts
    from mockdouyin.testing.fixture import Douyin, format_refusals

    if not isinstance(douyin, Douyin):
        return []  # a fixture of the project's own
    try:
        lines = format_refusals(douyin)
    except MockDouyinError:  # the test dropped its world, or the server has gone
        return []
    return [(texts.REFUSED_CALLS().render(_language()), "\n".join(lines))] if lines else []


def _language() -> Language:
    from mockdouyin.core.env_vars import LANGUAGE_VARIABLE
    from mockdouyin.core.texts import first_language

    return first_language([os.environ.get(LANGUAGE_VARIABLE, "")])


@contextmanager
def _told_briefly() -> Iterator[None]:
    """Fail a test for its own mistake in a line, in its language, with no code of ours."""
    from mockdouyin.core.errors import MockDouyinError

    try:
        yield
    except MockDouyinError as error:
        says = f"mockdouyin: {error.render(_language())}"
        raise pytest.fail.Exception(says, pytrace=False) from None


@pytest.fixture(scope="session")
def douyin_server(request: pytest.FixtureRequest) -> Iterator[Control]:
    """Yield the server behind the worlds: `.url`, and `.operation(name, …)` for anything else."""
    url = request.config.getoption("--douyin-url")
    if url:
        from mockdouyin.control.http_client import HttpControl
        from mockdouyin.core.env_vars import TOKEN_VARIABLE
        from mockdouyin.intercept.runs import find_token

        token = find_token(url) or os.environ.get(TOKEN_VARIABLE, "")
        with _told_briefly():
            remote = HttpControl(url.partition("/@")[0], token=token, language=_language())
            remote.operation("health")  # fail here, and not in the first test
        yield remote
        remote.close()
        return
    from mockdouyin.testing.local_server import LocalServer

    local = LocalServer()
    local.sandbox.language = _language()
    yield local
    local.close()


@pytest.fixture
def douyin(request: pytest.FixtureRequest, douyin_server: Control) -> Iterator[Douyin]:
    """Yield a fresh world with an app of each kind and a few people."""
    from mockdouyin.testing.fixture import Douyin, format_unmet

    request.node.stash[_DID_NOT_PASS] = False  # for a test that is run again
    with _told_briefly():
        arguments = _marker_arguments(request)
        strict = arguments.pop("strict", request.config.getini("douyin_strict"))
        made = douyin_server.operation(
            "create_world", body={"name": _world_name(request), **arguments}
        )
    douyin = Douyin(douyin_server, made["world"])
    douyin.strict = strict
    douyin.language = _language()
    douyin.setter = f"test {request.node.nodeid}"[:200]
    yield douyin
    unmet = douyin_server.operation("drop_world", world=douyin.world)
    says = format_unmet(unmet, _language())
    if says and douyin.strict and not request.node.stash[_DID_NOT_PASS]:
        pytest.fail(says, pytrace=False)


@pytest.fixture
def douyin_respx(douyin: Douyin) -> Iterator[Douyin]:
    """Yield the same world, with httpx's calls to Douyin's real hosts answered from it."""
    with _told_briefly():
        from mockdouyin.inproc.respx import PassThroughRouter, install

    with PassThroughRouter(assert_all_called=False) as router:
        install(router, douyin)
        douyin.router = router
        yield douyin


@pytest.fixture
def douyin_requests(douyin: Douyin) -> Iterator[Douyin]:
    """Yield the same world, with requests' calls to Douyin's real hosts answered from it."""
    with _told_briefly():
        from mockdouyin.inproc.requests import installed

    with installed(douyin):
        yield douyin


def _world_name(request: pytest.FixtureRequest) -> str:
    """Return a name from the test and a random part, so that runs on one server never collide."""
    test = re.sub(r"[^A-Za-z0-9]+", "-", request.node.nodeid.rpartition("/")[2])
    return f"{test[-120:].strip('-')}-{os.urandom(4).hex()}"


def _marker_arguments(request: pytest.FixtureRequest) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for marker in request.node.iter_markers("douyin"):
        arguments = {**marker.kwargs, **arguments}
    unknown = sorted(set(arguments) - set(_MARKER_ARGUMENTS))
    if unknown:
        from mockdouyin.core.errors import MockDouyinError
        from mockdouyin.testing import _texts as texts

        known = list(_MARKER_ARGUMENTS)
        raise MockDouyinError(texts.MARK_TAKES(known=known, unknown=unknown[0]))
    scenario = arguments.get("scenario")
    if (
        isinstance(scenario, str | os.PathLike)
        and (path := _scenario_file(request, scenario)) is not None
    ):
        arguments["scenario"] = _load_scenario(path)
    return arguments


def _scenario_file(
    request: pytest.FixtureRequest, scenario: str | os.PathLike[str]
) -> Path | None:
    """Return the scenario's file, beside the test or below the root; None for a built-in one."""
    folders = dict.fromkeys((request.path.parent, request.config.rootpath))
    for folder in folders:
        path = folder / scenario
        if path.is_file():
            return path
    from mockdouyin.scenario.scenario_files import SUFFIXES

    if isinstance(scenario, os.PathLike) or Path(scenario).suffix in SUFFIXES:
        from mockdouyin.core.errors import MockDouyinError
        from mockdouyin.testing import _texts as texts

        places = [str(folder) for folder in folders]
        raise MockDouyinError(texts.NO_SCENARIO_FILE(scenario=str(scenario), places=places))
    return None


def _load_scenario(path: Path) -> dict[str, Any]:
    """Load a scenario file in this process: the server may run on another machine."""
    import msgspec

    from mockdouyin.core.settings import encode
    from mockdouyin.scenario import Scenario

    content: dict[str, Any] = msgspec.to_builtins(Scenario.load(path), enc_hook=encode)
    return content
