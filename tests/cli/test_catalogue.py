"""`endpoints` and `errors`."""

from __future__ import annotations

import pytest

from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS
from tests.cli.conftest import complaint_of, json_of, lines_of


def test_endpoints_names_everything() -> None:
    """Every endpoint stands in a line with its basis, method and path; every tt API in one."""
    lines = [line.split() for line in lines_of("endpoints")]

    for endpoint in CATALOGUE:
        for path in endpoint.paths:
            methods = ", ".join(endpoint.methods).split()
            assert [endpoint.full_name, endpoint.basis, *methods, path] in lines
    for name in APIS:
        assert any(line[:1] == [name] for line in lines)


def test_endpoints_for_machines() -> None:
    """The JSON is that of the control API."""
    answer = json_of("endpoints", "--json")

    assert [each["name"] for each in answer["endpoints"]] == list(CATALOGUE.endpoints)
    assert answer["endpoints"][0]["hosts"] == ["developer.toutiao.com", "open-sandbox.douyin.com"]


def test_endpoints_as_markdown() -> None:
    """The README's table has a row for each endpoint."""
    head, rule, *rows = lines_of("endpoints", "--markdown")

    assert head == "| Method | Path | Host | Name | Basis |"
    assert rule == "|---|---|---|---|---|"
    assert len(rows) == len(CATALOGUE.endpoints)
    assert rows[0] == (
        "| POST | `/api/apps/v2/jscode2session` | developer.toutiao.com<br>open-sandbox.douyin.com"
        " | `mini_program.code_to_session` | documented |"
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
    assert lines[-4] == "最后一列是出现这个错误的原因。主动触发的办法（用编号或名称）："
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
