"""What docs/troubleshooting.md quotes is what is printed when one does what it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import ROOT, run, serve
from tests.support.ports import free_port

PAGES = {"en": "troubleshooting.md", "zh": "troubleshooting.zh.md"}
KEYS = {
    "appid": "ttd0c500000000000001",
    "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
}
ORDER = {
    "app_id": KEYS["appid"],
    "out_order_no": "1",
    "total_amount": 1,
    "subject": "a",
    "body": "a",
    "valid_time": 900,
    "notify_url": "http://127.0.0.1:9000/n",
    "sign": "0123",
}

each_language = pytest.mark.parametrize("lang", PAGES)


def quotes(text: str, lang: str = "en") -> bool:
    """Tell whether the page has a text; on the page an ellipsis stands for anything."""
    page = (ROOT / "docs" / PAGES[lang]).read_text(encoding="utf-8")
    lines = [re.escape(line).replace("…", ".*") for line in re.split(r"\n| \| |\| ", page)]
    return bool(text) and (text in page or any(re.fullmatch(line, text) for line in lines))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server, and yield its address."""
    with ThreadedServer() as running:
        yield running.url


def why(server: str, path: str, body: dict[str, object], lang: str) -> str:
    """Send a request to Douyin, and return why it was refused."""
    httpx.post(f"{server}{path}", json=body)
    rows = httpx.get(f"{server}/_mock/rows?limit=1&lang={lang}").json()["rows"]
    return str(rows[0]["why"])


@each_language
@pytest.mark.parametrize(
    "body",
    [
        {**KEYS, "code": "of a real phone"},
        {**KEYS, "appid": "tt0123456789abcdef", "code": "x"},
        {**KEYS, "secret": "wrong", "code": "x"},
    ],
    ids=["code", "appid", "secret"],
)
def test_logins_that_are_refused(server: str, body: dict[str, object], lang: str) -> None:
    """The reasons of refused logins are on the page."""
    reason = why(server, "/api/apps/v2/jscode2session", body, lang)

    assert quotes(reason, lang), reason


@each_language
def test_a_code_twice_and_too_late(server: str, lang: str) -> None:
    """The reasons of a code that was used and of one that expired are on the page."""
    path = "/api/apps/v2/jscode2session"
    code = httpx.post(f"{server}/_mock/phone/login").json()["code"]
    httpx.post(f"{server}{path}", json={**KEYS, "code": code})
    used = why(server, path, {**KEYS, "code": code}, lang)
    httpx.post(f"{server}/_mock/clock/freeze")
    late = httpx.post(f"{server}/_mock/phone/login").json()["code"]
    httpx.post(f"{server}/_mock/clock/advance", json={"by": "5m2s"})
    expired = why(server, path, {**KEYS, "code": late}, lang)
    httpx.post(f"{server}/_mock/reset")

    assert quotes(used, lang), used
    assert quotes(expired, lang), expired


@each_language
def test_a_wrong_sign(server: str, lang: str) -> None:
    """The reason of a payment call with a wrong sign is on the page."""
    reason = why(server, "/api/apps/ecpay/v1/create_order", dict(ORDER), lang)

    assert quotes(reason, lang), reason


@each_language
@pytest.mark.parametrize("host", ["127.0.0.1:9", "8.8.8.8", "169.254.169.254"])
def test_webhooks_that_do_not_arrive(server: str, host: str, lang: str) -> None:
    """Why a webhook was not delivered is on the page."""
    body = {"event": "create_video", "to": f"http://{host}/hook", "once": True}
    delivery = httpx.post(f"{server}/_mock/events?lang={lang}", json=body).json()
    problem = delivery["attempts"][-1]["problem"]

    assert quotes(problem, lang), problem


@each_language
def test_a_control_api_that_refuses(server: str, lang: str) -> None:
    """Refusals of unknown hosts and of other origins are on the page."""
    for headers in ({"Host": "dev.example.com"}, {"Origin": "http://evil.example"}):
        reply = httpx.get(f"{server}/_mock/journal", headers={**headers, "Accept-Language": lang})

        assert reply.status_code == 403
        assert quotes(reply.json()["error"], lang), reply.text


@each_language
def test_a_path_that_is_not_there(server: str, lang: str) -> None:
    """What an unknown path is told is on the page, up to what is suggested."""
    path = "/api/apps/v2/jscode2sesion"
    reply = httpx.post(f"{server}{path}", headers={"Accept-Language": lang})

    assert reply.status_code == 404
    said = reply.text.removeprefix("mockdouyin: ").partition(" POST ")
    assert quotes(said[0], lang), reply.text
    assert quotes(f"POST {path}", lang)


@each_language
def test_commands_that_find_no_server(server: str, tmp_path: Path, lang: str) -> None:
    """No server, a port in use and a missing token are told as on the page."""
    absent = f"http://127.0.0.1:{free_port()}"
    port = server.rpartition(":")[2]
    nothing = run("journal", "--url", absent, MOCKDOUYIN_LANG=lang).stderr
    busy = run("serve", "--port", port, MOCKDOUYIN_LANG=lang).stderr
    with serve(tmp_path, "--control-token", "fake-token-for-a-test") as served:
        token = run("journal", "--url", served.url, MOCKDOUYIN_LANG=lang).stderr

    assert quotes(nothing.replace(absent, "http://127.0.0.1:8600").strip(), lang), nothing
    assert quotes(busy.replace(port, "8600").strip(), lang), busy
    assert quotes(token.strip(), lang), token


@each_language
def test_a_run_that_is_not_safe(lang: str) -> None:
    """What `run` says when it starts nothing is on the page, but for the list of clients."""
    said = run("run", "--no-hosts", "--", "true", MOCKDOUYIN_LANG=lang).stderr.strip()

    assert quotes(re.sub(r"(?<=[(（])curl .*?(?=[)）])", "…", said), lang), said


@each_language
def test_a_key_that_does_not_fit(server: str, lang: str) -> None:
    """What `decrypt` says of an older session_key is on the page."""
    logins = [httpx.post(f"{server}/_mock/phone/login").json()["code"] for _ in range(2)]
    session = httpx.post(
        f"{server}/api/apps/v2/jscode2session", json={**KEYS, "code": logins[0]}
    ).json()["data"]["session_key"]
    sealed = httpx.post(f"{server}/_mock/phone/getPhoneNumber").json()["detail"]

    words = ("--session-key", session, "--iv", sealed["iv"], sealed["encryptedData"])
    said = run("decrypt", *words, MOCKDOUYIN_LANG=lang).stderr.strip()

    assert quotes(said, lang), said


@each_language
def test_a_webhook_that_is_not_set(server: str, lang: str) -> None:
    """What `trigger` says of an app without a webhook is on the page."""
    said = run("trigger", "create_video", "--url", server, MOCKDOUYIN_LANG=lang).stderr.strip()

    assert quotes(said.removeprefix("mockdouyin: "), lang), said
