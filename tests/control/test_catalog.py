"""Operations on the server as a whole: its scenarios, and the settings that lead clients here."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.intercept.interception_setup import InterceptionSetup
from mockdouyin.scenario import scenario, scenario_files
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import sandbox


def test_the_scenarios_that_a_world_can_begin_with() -> None:
    """All built-in scenarios are listed with what happens in them and their YAML."""
    box = sandbox()
    listed = execute(box, "scenarios")["scenarios"]

    assert [each["name"] for each in listed] == scenario_files.names()
    flaky = next(each for each in listed if each["name"] == "flaky-login")
    assert flaky["about"].startswith("The first login is refused")
    assert flaky["text"] == scenario.source_text("flaky-login")
    made = execute(box, "create_world", body={"scenario": flaky["name"]})
    execute(box, "add_rule", world=made["world"], body={"on": "notify", "status": 502})
    rules = execute(box, "rules", world=made["world"])
    assert (rules["scenario"], rules["outside"], len(rules["rules"])) == ("flaky-login", 1, 3)


def test_of_a_file_only_the_name_is_told(tmp_path: Path) -> None:
    """A file that the server was started with is listed without anything that is in it."""
    box = sandbox()
    box.scenarios["mine.yaml"] = tmp_path / "mine.yaml"

    first = execute(box, "scenarios")["scenarios"][0]

    assert first == {"name": "mine.yaml", "about": "", "text": None}


def test_settings_of_clients_where_nothing_is_intercepted() -> None:
    """There are none: a client has to be given the base URL."""
    assert execute(sandbox(), "environment") == {"shell": "sh", "runtimes": {}, "browser": ""}


def test_settings_of_clients_are_those_of_the_world(tmp_path: Path) -> None:
    """Each runtime's settings lead to this world, in the syntax that was asked for."""
    box = sandbox()
    box.worlds.create("shop")
    setup = InterceptionSetup(folder=tmp_path / "files")
    with ThreadedServer(box, proxy=setup.proxy) as server:
        setup.open(box, server.url)
        here = execute(box, "environment", world="shop", query={"shell": "dotenv"})
        with pytest.raises(MockDouyinError, match="no shell 'tcsh'; there is sh, fish"):
            execute(box, "environment", query={"shell": "tcsh"})
    setup.close()

    assert "HTTPS_PROXY='http://shop@127.0.0.1:" in here["runtimes"]["python"]
    assert "REQUESTS_CA_BUNDLE=" in here["runtimes"]["python"]
    assert "NODE_EXTRA_CA_CERTS=" in here["runtimes"]["node"]
    assert here["browser"].startswith("chromium ")


def test_the_document_says_what_settings_mean() -> None:
    """Each field of the settings and of a rule is described in the OpenAPI document."""
    schemas = execute(sandbox(), "openapi")["components"]["schemas"]

    for name in ("Settings", "Rule"):
        assert all(each.get("description") for each in schemas[name]["properties"].values())
    lifetime = schemas["Settings"]["properties"]["app_token_lifetime"]
    assert lifetime["description"].startswith("How long an app token")
