"""A call that nothing answers: what was meant, if that is clear, and how it could be answered."""

from __future__ import annotations

import json
from typing import Any

import httpx
import msgspec
import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core import resources
from mockdouyin.core.errors import NotFoundError
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.unserved_paths import operations
from mockdouyin.scenario import yaml_source
from tests.support.helpers import UNSERVED, client_token, sandbox, send

LEFT = [
    (method, path)
    for method, paths in operations().items()
    for path in sorted(paths)
    if CATALOGUE.find(method, path) is None
]
"""The calls of Douyin's that are not emulated."""

RULE, SCENARIO = "mockdouyin rule add '", "endpoints:\n"

QRCODE, TOKEN = "/api/apps/qrcode", "/api/apps/v2/token"

MEANT = {
    # The docs' own names.
    "/api/apps/createQRCode": QRCODE,
    "/api/apps/create_qr_code": QRCODE,
    "/api/apps/v2/getToken": TOKEN,
    # Spelt differently, or badly.
    "/api/apps/qr_code": QRCODE,
    "/api/apps/v3/token": TOKEN,
    "/api/apps/v2/tokens": TOKEN,
    "/api/apps/jscode2sesion": "/api/apps/jscode2session",
    "/oauth/acces_token/": "/oauth/access_token/",
    "/oauth/accessToken": "/oauth/access_token/",
    "/oauth/client-token": "/oauth/client_token/",
    "/oauth/userinfo/v1": "/oauth/userinfo/",
    "/item/comment/replay/": "/item/comment/reply/",
    "/api/apps/v1/url_link/generat": "/api/apps/v1/url_link/generate/",
    "/goodlife/v1/trade/order/querry": "/goodlife/v1/trade/order/query/",
    # With another prefix, or another version.
    "/ecpay/v1/create_order": "/api/apps/ecpay/v1/create_order",
    "/api/apps/ecpay/v2/create_order": "/api/apps/ecpay/v1/create_order",
    "/goodlife/v2/shop/poi/query": "/goodlife/v1/shop/poi/query/",
    "/proxy/oauth/userinfo/": "/oauth/userinfo/",
    # Of another platform, or of none.
    **dict.fromkeys(
        [
            *("/token", "/v1/token", "/v2/token", "/api/token", "/cgi-bin/token"),
            *("/oauth/token", "/oauth2/token", "/oauth/v2/token", "/sns/oauth2/access_token"),
            *("/createQRCode", "/wxa/getwxacode", "/cgi-bin/wxaapp/createwxaqrcode"),
            *("/sns/jscode2session", "/v3/pay/transactions/jsapi", "/gateway.do"),
            *("/users/me", "/v1/users", "/api/v1/users/list", "/graphql", "/health", "/login"),
            *("/favicon.ico", "/index.php", "/.env", "/search", "/api/search", "/webhook"),
            *("/api/apps/ecpay/v1/delete_order", "/api/apps/v1/url_link/delete"),
            *("/oauth/revoke_token/", "/video/share/", "/get", "/api/apps/create"),
        ],
        "",
    ),
}
"""A path that nobody answers, and the path that it means, if any."""


@pytest.mark.parametrize("path", MEANT)
def test_what_a_path_means(path: str) -> None:
    """Only what is close in meaning is suggested: another spelling, prefix or version."""
    body = send(sandbox(), "PATCH", path).body.decode()

    suggested = body.partition("did you mean ")[2].partition("?")[0].rpartition(" ")[2]
    assert body.startswith(f"mockdouyin: no endpoint PATCH {path};")
    assert suggested == MEANT[path]


def test_names_are_judged_alike() -> None:
    """`errors` of a name that there is not suggests what is close in meaning, or nothing."""
    told = {}
    for name in ("createQRCode", "notfy", "createToken2", "refund_everything", UNSERVED):
        with pytest.raises(NotFoundError) as refusal:
            execute(sandbox(), "errors", query={"endpoint": name})
        told[name] = str(refusal.value).partition("; ")[2]

    assert told == {
        "createQRCode": "did you mean qrcode?",
        "notfy": "did you mean notify?",
        "createToken2": "`mockdouyin endpoints` lists them",
        "refund_everything": "`mockdouyin endpoints` lists them",
        UNSERVED: "Douyin has this path, mockdouyin does not answer it yet",
    }


def ways(body: str) -> tuple[Any, str]:
    """Return the rule and the declaration that a 404 has, parsed as YAML and as it is."""
    _, _, rest = body.partition(RULE)
    rule, _, more = rest.partition("'\n")
    _, _, scenario = more.partition(SCENARIO)
    return yaml_source.read(rule, "rule", None).value, SCENARIO + scenario


def test_a_known_call_is_named() -> None:
    """Of a call of Douyin's the title and the docs page are told, in both languages."""
    box, path = sandbox(), "/api/apps/trade/v2/book/book_result_callback"

    english = send(box, "POST", path).body.decode()
    chinese = send(box, "POST", path, headers={"Accept-Language": "zh-CN"}).body.decode()

    page = "reservation/appointment-result-callback)"
    assert english.startswith(f"mockdouyin: Douyin has POST {path} (预约接单结果回调, https://")
    assert page in english
    assert "mockdouyin does not answer it yet" in english
    assert chinese.startswith(f"mockdouyin: 抖音有 POST {path}（预约接单结果回调，https://")
    assert "尚未实现" in chinese
    assert "用规则响应，可直接粘贴" in chinese
    assert ways(chinese) == ways(english)


def test_every_rule_can_be_pasted() -> None:
    """For each call of Douyin's that is not emulated, the rule that is printed answers it."""
    box = sandbox()
    for method, path in LEFT:
        rule, _ = ways(send(box, method, path).body.decode())
        execute(box, "add_rule", body=rule)

        reply = send(box, method, path)

        assert reply.status == 200
        assert json.loads(reply.body) == rule["reply"]["json"]


def test_every_declaration_can_be_pasted() -> None:
    """The declaration that is printed is a scenario without mistakes, which answers the call."""
    box = sandbox()
    token = client_token(box)
    for number, (method, path) in enumerate(LEFT):
        _, declared = ways(send(box, method, path).body.decode())
        scenario = Scenario.parse(f"name: pasted\n{declared}")
        [endpoint] = scenario.endpoints.values()
        assert endpoint.call == f"{method} {path}"
        if number % 10:
            continue
        pasted = sandbox(scenario=scenario)

        reply = send(pasted, method, path, headers={"access-token": token})

        assert reply.status == 200
        assert [each.endpoint.full_name for each in pasted.default.journal if each.endpoint] == [
            *scenario.endpoints
        ]


def test_what_is_not_known_has_ways_too() -> None:
    """A path that is newer than our list can be answered as well."""
    box = sandbox()
    body = send(box, "POST", "/api/brand/new/v9/thing").body.decode()
    rule, declared = ways(body)

    assert rule["on"] == "POST /api/brand/new/v9/thing"
    assert Scenario.parse(f"name: x\n{declared}").endpoints.keys() == {"mine.call"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("TRACE", "/api/brand/new"),
        ("GET", "/api/it's"),
        ("GET", "/api/<b>"),
        ("GET", "/a" * 101),
        ("GET", UNSERVED),
        ("GET", "/oauth/acces_token/"),
    ],
)
def test_where_nothing_can_be_pasted(method: str, path: str) -> None:
    """What no endpoint can have, and what is a mistake in another call, gets no such advice."""
    reply = send(sandbox(), method, path)

    assert reply.status == 404
    assert b"endpoints:\n" not in reply.body


def test_a_secret_in_a_path_gives_no_name() -> None:
    """What the journal hides in a path is not in the advice either."""
    box = sandbox()
    send(box, "POST", "/api/secret/5ecre7/x")

    [row] = execute(box, "journal")["exchanges"]
    assert "5ecre7" not in json.dumps(row)


def test_over_http(http: httpx.Client) -> None:
    """A client of a server is told the same, as plain text."""
    reply = http.post(UNSERVED, headers={"accept-language": "en"})

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text == send(sandbox(), "POST", UNSERVED).body.decode()


def test_the_journal_has_one_line() -> None:
    """The advice is for the one who called: the reason in the journal stays short."""
    box = sandbox()
    send(box, "POST", UNSERVED)

    [row] = execute(box, "journal")["exchanges"]
    assert "\n" not in row["why"]
    assert row["why"].startswith(f"Douyin has POST {UNSERVED} (")


def test_what_is_known_is_of_calls_that_are_left() -> None:
    """The list of titles and pages names calls that Douyin has and mockdouyin has not."""
    known = msgspec.json.decode(resources.text("not_emulated.json"))

    assert known.keys() <= {f"{method} {path}" for method, path in LEFT}


def test_declared_endpoints_are_meant_too(box: Sandbox) -> None:
    """A world's own endpoints take part: a misspelling of one is no new endpoint."""
    declared = {"shelf.list_books": {"call": "GET /api/shelf/v1/list_books", "token": "none"}}
    execute(box, "use_scenario", body={"scenario": {"name": "x", "endpoints": declared}})

    body = send(box, "GET", "/api/shelf/v1/listBooks").body.decode()

    assert "did you mean GET /api/shelf/v1/list_books?" in body
    assert "endpoints:\n" not in body
