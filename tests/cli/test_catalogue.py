"""`endpoints` and `errors`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS
from tests.cli.conftest import complaint_of, json_of, lines_of


def test_everything_has_a_chinese_title() -> None:
    """Families and endpoints say in Chinese what they are: in their file, or in titles.json."""
    named = {family.name: family.title for family in CATALOGUE.families}
    named |= {endpoint.full_name: endpoint.title for endpoint in CATALOGUE}

    assert [name for name, title in named.items() if not re.search("[\u4e00-\u9fff]", title)] == []


def test_endpoints_shows_the_families() -> None:
    """Each family stands in a line with how many endpoints it has, and what they are for."""
    lines = [" ".join(line.split()) for line in lines_of("endpoints")]

    for family in {each.family for each in CATALOGUE}:
        served = [each for each in CATALOGUE if each.family is family]
        assert f"{family.name} {len(served)} {family.title}" in lines
    assert any(f"{len(CATALOGUE.endpoints)} endpoints" in line for line in lines)


def test_endpoints_names_everything() -> None:
    """Every endpoint stands in a line with all that is told of it; every tt API in one."""
    lines = [" ".join(line.split()) for line in lines_of("endpoints", "--all")]

    for endpoint in CATALOGUE:
        for path in endpoint.paths:
            call = f"{', '.join(endpoint.methods)} {path}"
            told = (endpoint.full_name, endpoint.basis, endpoint.state, call, endpoint.title)
            assert " ".join(told) in lines
    for name in APIS:
        assert any(line.split()[:1] == [name] for line in lines)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("share", ["share.share_id"]),
        ("/oauth/userinfo/", ["oauth.user_info"]),
        ("刷新 refresh_token", ["oauth.renew_refresh_token"]),
        ("OPEN_ticket", ["tickets.open_ticket"]),
    ],
)
def test_endpoints_of_a_family_or_with_a_text(text: str, names: list[str]) -> None:
    """A family is listed by its name; otherwise what has the text in it."""
    rows = json_of("endpoints", "--json", text)["endpoints"]

    assert [row["name"] for row in rows] == names


def test_endpoints_that_there_are_not() -> None:
    """A text that nothing has is refused, with the family that is meant."""
    assert "'couponss' in it; did you mean coupons?" in complaint_of("endpoints", "couponss")


def test_endpoints_for_machines() -> None:
    """The JSON is that of the control API."""
    answer = json_of("endpoints", "--json")

    assert [each["name"] for each in answer["endpoints"]] == list(CATALOGUE.endpoints)
    assert answer["endpoints"][0]["hosts"] == ["developer.toutiao.com", "open-sandbox.douyin.com"]


def test_endpoints_as_markdown() -> None:
    """There is a row for each endpoint, below its family and below all the numbers."""
    lines = lines_of("endpoints", "--markdown")

    assert lines[0] == "| | full | generic | shape only | all |"
    assert lines[5].endswith(f" | **{len(CATALOGUE.endpoints)}** |")
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == len(CATALOGUE.endpoints)
    assert lines[7] == "### mini_program"
    assert rows[0] == (
        "| `code_to_session` | POST `/api/apps/v2/jscode2session` | 登录凭证校验（code2Session）"
        " | documented | full |"
    )


def test_errors_lists_every_case() -> None:
    """Without a name, every error of every endpoint is listed."""
    rows = json_of("errors", "--json")["errors"]

    assert len(rows) == sum(len(endpoint.errors) for endpoint in CATALOGUE)
    assert set(rows[0]) >= {"endpoint", "code", "name", "text", "basis", "doc"}


@pytest.mark.parametrize("name", ["oauth.client_token", "client_token", "/oauth/client_token/"])
def test_errors_of_one_endpoint(name: str) -> None:
    """An endpoint is named in full, in short, or by its path."""
    lines = lines_of("errors", name)

    assert lines[0] == "oauth.client_token"
    (line,) = (line for line in lines if " bad_client_key " in line)
    assert line.split(maxsplit=4) == [
        *("10003", "bad_client_key", "observed", "配置无效"),
        "no app has this client_key",
    ]


def test_errors_of_a_number() -> None:
    """A number that a client received is looked up in all endpoints."""
    rows = json_of("errors", "40018", "--json")["errors"]

    assert {row["code"] for row in rows} == {40018}
    assert "mini_program.code_to_session" in {row["endpoint"] for row in rows}
    assert lines_of("errors", "--", "-1")
    assert complaint_of("errors", "40000000", "--lang", "zh").startswith("没有错误 40000000；")


def test_errors_says_how_to_provoke_them() -> None:
    """At the end stand the triggers, with a number of the endpoint that was asked about."""
    tail = "\n".join(lines_of("errors", "client_token")[-4:])

    assert "mockdouyin rule add '{on: oauth.client_token, error: 10020, times: 1}'" in tail
    assert "Aweme-Negative-Test: 10020" in tail
    assert "mock-error-10020" in tail


def test_errors_in_chinese() -> None:
    """What leads to an error, and how to provoke it, is in the language that was asked for."""
    lines = lines_of("errors", "client_token", "--lang", "zh")

    assert any(line.endswith("  client_secret 与应用不匹配") for line in lines)
    assert any(line.endswith("  （只能主动触发）") for line in lines)
    assert lines[-4] == "最后一列是出现这个错误的原因。主动触发的办法（用错误码或名称）："
    assert lines[-2].startswith("  请求头         Aweme-Negative-Test: ")


def test_errors_of_a_tt_api_say_how_to_provoke_them() -> None:
    """The failures of a tt API come with a rule and a call that bring one about."""
    lines = lines_of("errors", "phone.login")

    assert lines[0] == "phone.login"
    assert any("113001" in line and "host_login_fail" in line for line in lines)
    assert "mockdouyin phone login --arg fail=" in lines[-1]


def test_errors_of_an_unknown_endpoint() -> None:
    """A slip of the pen is answered with the nearest name."""
    assert "did you mean" in complaint_of("errors", "code_to_sesion")


def test_errors_of_what_a_scenario_declares(tmp_path: Path) -> None:
    """`errors --scenario` knows the endpoints that a scenario declares."""
    story = tmp_path / "story.yaml"
    endpoint = {"call": "GET /api/shelf/v1/list", "takes": {"genre*": "text"}}
    story.write_text(json.dumps({"name": "x", "endpoints": {"shelf.list": endpoint}}))

    lines = lines_of("errors", "shelf.list", "--scenario", str(story))

    assert lines[0] == "shelf.list"
    assert any("mock-error-" in line for line in lines)
