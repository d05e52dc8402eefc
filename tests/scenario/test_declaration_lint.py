"""Every mistake in what a scenario declares is found, at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from mockdouyin import Scenario
from mockdouyin.cli import cli
from mockdouyin.core.errors import ScenarioError
from mockdouyin.endpoints import catalog
from mockdouyin.endpoints.declared.family import DeclaredFamily
from mockdouyin.endpoints.declared.operation import EndpointSource
from mockdouyin.endpoints.own_actions import OWN
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import yaml_source
from mockdouyin.scenario._endpoint_mistakes import (
    KnownResource,
    mistakes_of_endpoint,
    mistakes_of_resource,
)

HEAD = """\
name: x
resources:
  gift: {key: gift_id, shape: {gift_id: id, name: text, stock: int}}
endpoints:
"""
"""Four lines before the endpoint: it begins at 5:3."""


def found(text: str) -> list[str]:
    """Return the mistakes of a scenario without the name of the file."""
    try:
        Scenario.parse(text, "s")
    except ScenarioError as error:
        return [line.removeprefix("s:") for line in str(error).splitlines()]
    return []


@pytest.mark.parametrize(
    ("endpoint", "says"),
    [
        ("a.b: {call: GET /a/b, takes: {n: itn}}", "5:36: 'itn' is no format; did you mean int?"),
        ("a.b: {call: GET /a/b, takes: {n: {m: [itn]}}}", "5:41: 'itn' is no format"),
        ("a.b: {call: GET /a/b, takes: {n: [int, many]}}", "5:42: 'many' is no range"),
        ("a.b: {call: GET /a/b, takes: {n: [int, 1..5, 2]}}", "5:36: a list is [item] or"),
        ("a.b: {call: GET /a/b, takes: {n: int 5..1}}", "5:36: the range of 'int 5..1' ends"),
        ("a.b: {call: GET /a/b, takes: {n: int 1-5}}", "5:36: '1-5' is no number: write int 0.."),
        ("a.b: {call: GET /a/b, takes: {n: text a||b}}", "5:36: 'text a||b' has an empty choice"),
        ("a.b: {call: GET /a/b, takes: {n: 5}}", "5:36: 5 is no shape"),
        ("a.b: {call: GET /a/b, takes: {n: int, n*: id}}", "5:41: there is a field 'n' already"),
        ("a.b: {call: GET /a/b, takes: {n: $gift}}", "5:36: '$gift' is for replies"),
        ("a.b: {call: GET /a/b, gives: {n: =m}}", "5:36: takes has no parameter 'm'"),
        ("a.b: {call: GET /a/b, gives: {n: $gift}}", "5:36: the call has no outcome $gift"),
        ("a.b: {call: GET /a/b, gives: {n: count rows}}", "5:36: there is no list 'rows' beside"),
        (
            "a.b: {call: GET /a/b, gives: {n: sum r.p, r: [{q: int}]}}",
            "5:36: an item of r has no number 'p'; known: q",
        ),
        (
            "a.b: {call: GET /a/b, gives: {l: [$gift], n: $totl}, does: {list: gift}}",
            "5:48: the call has no outcome $totl; did you mean total?",
        ),
        (
            "a.b: {call: GET /a/b, gives: {n: $gift.nme}, does: {list: gift}}",
            "5:36: gift has no field 'nme'; did you mean name?",
        ),
        ("a.b: {call: GET /a/b, gives: {'<itn>': text}}", "5:33: 'itn' is no format"),
        ("a.b: {call: GET /a/b, gives: {'<=m>': text}}", "5:33: takes has no parameter 'm'"),
        (
            "a.b: {call: GET /a/b, does: {create: gift, each: rows}}",
            "5:52: takes has no parameter 'rows'",
        ),
        (
            "a.b: {call: GET /a/b, takes: {n: [int]}, does: {list: gift, where: {nam: =n}}}",
            "5:76: the resource has no field 'nam'; did you mean name?",
        ),
        (
            "a.b: {call: GET /a/b, does: {create: gift, sets: {name: =m.n}}}",
            "5:59: takes has no parameter 'm'",
        ),
        ("a.b: {call: GET /a/b, envelope: E, gives: [int]}", "5:45: the envelope E has fields be"),
        ("a.b: {call: GET /a/b, envelope: M}", "5:35: there is no envelope 'M'"),
        ("a.b: {call: GET /a/b, envelope: LIVE}", "5:35: there is no envelope 'LIVE'; did you"),
        ("a.b: {call: GET /a/b, token: clint}", "5:32: unknown token 'clint'; did you mean"),
        ("a.b: {call: GET /a/b, tokn: client}", "5:25: unknown key tokn; did you mean token?"),
        ("a.b: {call: GET /a/b, does: {list: gif}}", "5:38: there is no resource 'gif'; did you"),
        ("a.b: {call: GET /a/b, does: {}}", "5:31: `does` has one of create, get, list"),
        ("a.b: {call: GET /a/b, does: {get: gift}}", "5:31: get needs the parameter gift_id"),
        (
            "a.b: {call: GET /a/b, does: {list: gift, where: [nam]}}",
            "5:52: takes has no parameter 'nam'",
        ),
        (
            "a.b: {call: GET /a/b, takes: {gift_id: id}, does: {update: gift, sets: {stok: 1}}}",
            "5:75: the resource has no field 'stok'; did you mean stock?",
        ),
        (
            "a.b: {call: GET /a/b, takes: {gift_id: id}, does: {update: gift, adds: {stock: =n}}}",
            "5:82: takes has no parameter 'n'",
        ),
        (
            "a.b: {call: GET /a/b, takes: {gift_id: id}, does: {delete: gift, missing: none}}",
            "5:77: there is no error 'none'",
        ),
        ("a.b: {call: GET /a/b, errors: [bad]}", "5:34: 'bad' is no error: write its number"),
        ("a.b: {call: GET /a/b, errors: [1 a x, 2 a y]}", "5:41: there is an error 'a' already"),
        ("a.b: {call: FETCH /a/b}", "5:15: 'FETCH /a/b' is no call: write its method and its"),
        ("a.b: {call: GET a/b}", "5:15: 'GET a/b' is no call"),
        ("a.b: {call: 'GET /a/b?c=d'}", "5:15: '/a/b?c=d' is no path of an endpoint"),
        ("a.b: {call: GET /_mock/rules}", "5:15: '/_mock/rules' is no path"),
        ("a.b: {call: GET /a/b GET /a/b}", "5:15: 'GET /a/b GET /a/b' is no call"),
        ("a.b: {call: GET /a/b /a/b/}", "5:15: GET /a/b is a call of a.b already"),
        ("a.b: {about: nothing}", "5:8: a.b needs call"),
        ("query: {call: GET /a/b}", "5:3: 'query' is no name of an endpoint: write family.name"),
        ("phone.login: {call: GET /a/b}", "5:3: 'phone.login' is no name of an endpoint"),
        (
            "a.b: {call: POST /oauth/client_token}",
            "5:15: POST /oauth/client_token is emulated, by oauth.client_token: add `replaces:",
        ),
        ("a.b: {call: GET /a/b, replaces: true}", "5:25: GET /a/b is not emulated: leave `repla"),
        ("oauth.client_token: {call: GET /a/b}", "5:3: oauth.client_token is emulated, at "),
        (
            "oauth.client_token: {call: GET /oauth/client_token/, replaces: true}",
            "5:3: oauth.client_token is emulated, at ",
        ),
    ],
)
def test_a_mistake_in_an_endpoint(endpoint: str, says: str) -> None:
    """It is told at its own place, and nothing else is."""
    [line] = found(f"{HEAD}  {endpoint}\n")

    assert line.startswith(says)


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        ("{key: idd, shape: {id: id}}", "3:12: the key 'idd' is no plain field of shape; did"),
        ("{key: id, shape: {id: [id]}}", "3:12: the key 'id' is no plain field of shape"),
        ("{key: id, shape: {id: idd}}", "3:28: 'idd' is no format; did you mean id?"),
        ("{key: id, shape: {id: =id}}", "3:28: '=id' is for replies"),
        ("{key: id, shape: {id: id}, starts: {s: 1}}", "3:42: the resource has no field 's'"),
        ("{key: id, shape: {id: id}, given: 101}", "3:40: given is from 0 to 100, not 101"),
        ("{key: id, shape: {id: id}, of: shop}", "3:37: unknown of 'shop'; known: app"),
        (
            "{key: id, shape: {id: id}, later: {field: s, from: 0, to: 1, after: 5m}}",
            "3:48: the resource has no field 's'",
        ),
        (
            "{key: id, shape: {id: id, s: int}, later: {field: s, from: 0, to: 1, after: soon}}",
            "3:82: 'soon' is not a duration",
        ),
    ],
)
def test_a_mistake_in_a_resource(resource: str, says: str) -> None:
    """It is told at its own place, and nothing else is."""
    [line] = found(f"name: x\nresources:\n  r: {resource}\n")

    assert line.startswith(says)


def test_names_of_resources() -> None:
    """A resource has a name that `$name` can show, and not that of a total."""
    text = "name: x\nresources:\n  a.b: {key: id, shape: {id: id}}\n"

    for name in ("a.b", "Gift", "total", "a b"):
        [line] = found(text.replace("a.b", name))
        assert line.startswith(f"3:3: {name!r} is no name of a resource")


def test_one_call_is_declared_twice() -> None:
    """The second endpoint with a call is told whose it is, with or without a last slash."""
    text = HEAD + "  a.b: {call: GET POST /a/b}\n  a.c: {call: POST /a/b/}\n"

    assert found(text) == ["6:15: POST /a/b is a call of a.b already"]


def test_all_of_them_at_once() -> None:
    """One mistake hides no other; a rule on a declared endpoint with a mistake adds none."""
    text = (
        HEAD
        + "  a.b: {call: GET /a/b, takes: {n: itn, m: txt}, envelope: Q}\n"
        + "  a.c: {call: GET /a/c}\n"
        + "rules:\n"
        + "  - {on: a.b, error: not_found}\n"
        + "  - {on: a.c, error: not_fond}\n"
        + "  - {on: a.d, error: not_found}\n"
    )

    assert [line.partition(" ")[0] for line in found(text)] == [
        *("5:36:", "5:44:", "5:60:"),
        *("9:22:", "10:10:"),
    ]


def test_the_command_names_file_line_and_column(tmp_path: Path) -> None:
    """`mockdouyin scenarios lint` tells each mistake on a line, and exits with 2."""
    story = tmp_path / "story.yaml"
    story.write_text(f"{HEAD}  a.b: {{call: GET /a/b, takes: {{n: itn}}}}\n", encoding="utf-8")

    done = CliRunner().invoke(cli, ["scenarios", "lint", str(story)])

    assert done.exit_code == 2
    assert done.stderr.startswith(f"{story}:5:36: 'itn' is no format; did you mean int?")


def test_too_many_endpoints() -> None:
    """Their number is bounded before they are looked at."""
    many = "".join(f"  a.n{n}: {{call: GET /a/n{n}}}\n" for n in range(501))

    assert found(f"name: x\nendpoints:\n{many}") == [
        "3:3: 501 endpoints; a scenario has 500 at most"
    ]


def test_long_ones_are_cut_short() -> None:
    """A shape has a length, and no more than a hundred mistakes are told."""
    long = f"  a.b: {{call: GET /a/b, takes: {{n: int {'1|' * 600}2}}}}\n"
    many = ", ".join(f"n{n}: itn" for n in range(5000))

    assert found(HEAD + long) == ["5:36: a shape has 1000 characters at most, not 1205"]
    assert len(found(f"{HEAD}  a.b: {{call: GET /a/b, takes: {{{many}}}}}\n")) == 100


def test_what_is_inherited_is_known(tmp_path: Path) -> None:
    """A file may use a resource of what it extends, and not declare its calls again."""
    (tmp_path / "base.yaml").write_text(f"{HEAD}  a.b: {{call: GET /a/b}}\n", encoding="utf-8")
    upper = tmp_path / "upper.yaml"
    upper.write_text(
        "name: u\nextends: base.yaml\nendpoints:\n"
        "  a.c: {call: GET /a/c, does: {list: gift}}\n"
        "  a.d: {call: GET /a/b}\n",
        encoding="utf-8",
    )

    with pytest.raises(ScenarioError) as refused:
        Scenario.load(upper)

    assert str(refused.value) == f"{upper}:5:15: GET /a/b is a call of a.b already"


@pytest.mark.parametrize("family", [*catalog.families()], ids=lambda family: family.name)
def test_what_the_catalogue_says_is_good(family: DeclaredFamily) -> None:
    """The files of the catalogue, in the same notation, have none of these mistakes."""
    source = family.source
    resources = {name: KnownResource.of(each.source) for name, each in family.resources.items()}
    wrong = [
        (name, mistake.path, mistake.says.render("en"))
        for name, resource in resources.items()
        for mistake in mistakes_of_resource(name, resource)
    ]
    for name, operation in source.operations.items():
        names = operation.__struct_fields__
        given = {each: getattr(operation, each) for each in names if each not in ("state", "note")}
        given["envelope"] = operation.envelope or source.envelope
        given["errors"] = (*source.errors, *operation.errors)
        if f"{family.name}.{name}" in OWN:
            given["gives"] = None  # what a function returns is more than `does` can say
        for mistake in mistakes_of_endpoint(
            f"{family.name}.{name}", EndpointSource(**given), resources
        ):
            wrong.append((name, mistake.path, mistake.says.render("en")))

    assert wrong == []


def test_the_schema_knows_them() -> None:
    """The JSON Schema accepts the example, and refuses a key that there is not."""
    validator = Draft202012Validator(files.json_schema())
    text = files.source_text("declared-endpoints")
    good = yaml_source.read(text, "s").value
    bad = yaml_source.read(text.replace("takes:", "take:"), "s").value

    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors(bad)) != []
    source = files.json_schema()["$defs"]["EndpointSource"]
    assert all(each.get("description") for each in source["properties"].values())
    assert "N-share" in source["properties"]["envelope"]["examples"]
