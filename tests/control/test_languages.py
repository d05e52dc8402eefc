"""What the control API says of itself is in the language that is asked for."""

from __future__ import annotations

import re
from typing import Any

from mockdouyin import Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import Language
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files

HAN = re.compile("[一-鿿]")


def ask(name: str, language: Language, **query: str) -> dict[str, Any]:
    """Call an operation of a fresh server in a language."""
    reply: dict[str, Any] = execute(Sandbox(seed=1), name, query=query, language=language)
    return reply


def test_the_openapi_document_is_in_both_languages() -> None:
    """Summaries of operations, settings and the values of an enum are Chinese for who asks so."""
    for language in ("en", "zh"):
        made = ask("openapi", language, part="control")
        summaries = [way["summary"] for path in made["paths"].values() for way in path.values()]
        schemas = made["components"]["schemas"]
        settings = [schemas["Settings"]["properties"][name] for name in Settings.__struct_fields__]
        effects = schemas["Effect"]["x-enumDescriptions"]
        told = [*summaries, *(each["description"] for each in settings), *effects.values()]

        assert len(summaries) >= len(OPERATIONS)
        assert set(effects) == set(schemas["Effect"]["enum"])
        assert all(
            bool(HAN.search(text)) is (language == "zh") for text in told if "(" not in text
        )


def test_scenarios_events_and_errors_are_in_both_languages() -> None:
    """So is what happens in a scenario, what an event tells, and what to do about an error."""
    chinese = ask("scenarios", "zh")["scenarios"]
    english = ask("scenarios", "en")["scenarios"]

    assert [each["name"] for each in chinese] == scenario_files.names()
    assert all(HAN.search(each["about"]) for each in chinese)
    assert english[-1]["about"] == files.read(english[-1]["name"]).told("en")
    assert all(HAN.search(each["about"]) for each in ask("events", "zh")["events"])
    assert not any(HAN.search(each["about"]) for each in ask("events", "en")["events"])
    for language in ("en", "zh"):
        for error in ask("errors", language)["errors"]:
            assert bool(HAN.search(error["means"])) is (language == "zh"), error
            assert error["fix"], error


def test_a_scenario_says_itself_in_chinese() -> None:
    """The world's scenario is told in the language that is asked for."""
    sandbox = Sandbox(files.load("flaky-login"), seed=1)
    for language in ("en", "zh"):
        reply = execute(sandbox, "world_scenario", language=language)

        assert reply["about"] == files.read("flaky-login").told(language)
