"""Made pages and parts are fresh and whole, and the Chinese ones are Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

import mockdouyin
from mockdouyin.control import OPERATIONS
from mockdouyin.core.env_vars import COMMON, OWN
from mockdouyin.core.events import EVENT_KINDS
from mockdouyin.core.http import Fault
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import LANGUAGES, Language
from mockdouyin.domain.effects import Effect
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.findings import RULES
from mockdouyin.phone import APIS
from mockdouyin.scenario.rule import Rule, SheetDecision, StubReply
from mockdouyin.scenario.scenario import Scenario
from mockdouyin.webhook_check.kinds import KINDS
from tests.docs.made import (
    PAGES,
    commands,
    errors,
    fresh,
    made_page,
    operations,
    pages_with_parts,
    parts,
    path_of,
    rules,
)

HAN = re.compile("[一-鿿]")
HEADING = re.compile(r"^#{1,3} (.+)$", re.M)


def page(name: str, language: Language = "en") -> str:
    """Return a page of the reference as it stands in the repository."""
    return path_of(name, language).read_text(encoding="utf-8")


def titles(name: str, language: Language) -> list[str]:
    """Return the headings of a page."""
    return HEADING.findall(page(name, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str, language: Language) -> None:
    """A page of the reference says what the code says; `python -m tests.docs` makes it anew."""
    assert page(name, language) == made_page(name, language)


@pytest.mark.parametrize("path", list(pages_with_parts()), ids=lambda path: path.name)
def test_the_parts_of_a_page_are_fresh(path: Path) -> None:
    """So do the made parts of another page."""
    assert fresh(path) == path.read_text(encoding="utf-8")


def test_every_part_stands_on_a_page() -> None:
    """No part is made that nobody reads."""
    text = "".join(path.read_text(encoding="utf-8") for path in pages_with_parts())

    assert [name for name in parts.PARTS if f"<!-- {name}: " not in text] == []


def is_ours(function: Callable[..., object]) -> bool:
    """Whether a function is the product's; other tests of this process declare events too."""
    return function.__module__.startswith("mockdouyin.")


def expected() -> dict[str, list[str]]:
    """Return the headings that each page has to have."""
    probes = [f"`{probe.name}`" for kind in KINDS.values() for probe in kind.probes]
    keys = [*Rule.__struct_fields__, *(f"reply.{name}" for name in StubReply.__struct_fields__)]
    values = [*Effect, *Fault, *SheetDecision]
    numbers = {(case.code, case.name) for each in CATALOGUE for case in each.errors}
    failures = {case.name for api in APIS.values() for case in api.fails}
    return {
        "commands": [f"`{path}`" for path, _ in commands.commands()],
        "operations": [f"`{name}`" for name in OPERATIONS],
        "settings": [f"`{name}`" for name in Settings.__struct_fields__],
        "rules": [f"`{name}`" for name in (*keys, *values)],
        "events": [f"`{name}`" for name, kind in EVENT_KINDS.items() if is_ours(kind.content)],
        "errors": [
            *(f"{code} `{name}`" for code, name in numbers),
            *(f"tt `{name}`" for name in failures),
        ],
        "findings": [f"`{name}`" for name in RULES],
        "probes": probes,
        "environment": [f"`{name}`" for name in (*OWN, *COMMON)],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_its_section(language: Language) -> None:
    """Each command, operation, setting, rule key, event, error, … has a section, in both"
    " languages."""
    wanted = expected()

    assert {*wanted, "index"} == {*PAGES}
    for name, names in wanted.items():
        assert len(names) > 5
        assert sorted(set(names) - set(titles(name, language))) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_is_listed(language: Language) -> None:
    """Each option of a command stands in the command's section."""
    sections = dict(sections_of(page("commands", language)))

    for path, command in commands.commands():
        for option in commands.options_of(command):
            if option.hidden or set(option.opts) & {"--lang", "--help"}:
                continue
            assert all(name in sections[f"`{path}`"] for name in option.opts), (path, option.opts)


def test_every_field_that_an_operation_takes_is_listed() -> None:
    """What an operation takes stands in its section, each field with what it means."""
    sections = dict(sections_of(page("operations", "zh")))

    for operation in OPERATIONS.values():
        kind = operation.takes
        if not hasattr(kind, "__struct_fields__") or kind is Rule:
            continue
        for field in msgspec.structs.fields(kind):
            said = re.search(
                rf"^\* `{field.encode_name}`（.*）：.+", sections[f"`{operation.name}`"], re.M
            )
            assert said, (operation.name, field.name)


@pytest.mark.parametrize("number", ["40018", "53030", "2190008", "28001007"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_found(number: str, language: Language) -> None:
    """Who searches for a number, Douyin's or a login library's, finds a heading with it."""
    assert any(title.startswith(number) for title in titles("errors", language))


def test_the_anchors_of_errors_are_unique() -> None:
    """A link to an error or a family leads to one place."""
    anchors = re.findall(r'<a id="([^"]+)">', page("errors"))

    assert len(anchors) == len(set(anchors)) > 200
    assert set(re.findall(r"\]\(#([^)]+)\)", page("errors"))) <= set(anchors)
    assert len(errors.known_errors()) > 200


def test_every_variable_of_ours_is_described() -> None:
    """No variable with our name is read without standing on the page."""
    folder = Path(mockdouyin.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))

    assert set(re.findall(r"\bMOCKDOUYIN_[A-Z_]*[A-Z]", code)) == set(OWN)


@pytest.mark.parametrize("key", rules.EXAMPLES)
def test_the_example_of_a_rule_is_one(key: str) -> None:
    """The example of a key is a rule that has it and can be set."""
    [rule] = Scenario.parse(f"name: example\nrules:\n  - {rules.EXAMPLES[key]}\n").rules

    assert (
        getattr(rule, key)
        != msgspec.structs.fields(Rule)[list(Rule.__struct_fields__).index(key)].default
    )


def test_every_type_that_is_linked_is_there() -> None:
    """A link to a type of an answer leads to its section."""
    text = page("operations")

    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    linked = set(re.findall(r"\(#(type-[^)]+)\)", text))
    assert linked <= anchors
    assert {f"`{kind.__name__}`" for kind in operations.types_shown()} <= set(
        titles("operations", "en")
    )


def sections_of(text: str) -> Iterator[tuple[str, str]]:
    """Iterate over the sections of a page: the heading, and what is below it."""
    _, *rest = HEADING.split(text)
    yield from zip(rest[::2], rest[1::2], strict=True)


@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_is_chinese(name: str) -> None:
    """No section and no row of a Chinese page is in English alone."""
    text = re.sub(r"```.*?```|<!--.*?-->|<a id=.*?</a>", "", page(name, "zh"), flags=re.S)

    for heading, body in sections_of(text):
        for line in body.splitlines():
            words = re.sub(r"`[^`]*`|<[^>]*>|\[[^]]*\]\([^)]*\)|“[^”]*”", "", line)
            if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", words):
                assert HAN.search(words), (heading, line)
        told = re.sub(r"`[^`]*`", "", f"{heading} {body}")
        assert HAN.search(told), heading
