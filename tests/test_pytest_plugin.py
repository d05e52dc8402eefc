"""The fixtures, as a user's own test suite meets them."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer

pytest_plugins = ["pytester"]

HEAD = """
import json, urllib.request
import pytest

def token(douyin, base=None):
    app = douyin.app("web")
    query = f"client_key={app.client_key}&client_secret={app.client_secret}"
    url = f"{base or douyin.url}/oauth/client_token/?{query}&grant_type=client_credential"
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)["data"]
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Run a test file in an interpreter of its own."""
    pytester.makepyfile(HEAD + source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_every_test_has_a_world_of_its_own(pytester: pytest.Pytester) -> None:
    """Two tests have two worlds on one server, named after them, with fresh credentials."""
    result = run(
        pytester,
        """
seen = {}

@pytest.mark.parametrize("number", [1, 2])
def test_one(douyin, douyin_server, number):
    assert "test-one" in douyin.world
    assert len(douyin.journal) == 0
    assert token(douyin)["error_code"] == 0
    seen[number] = (douyin.world, douyin.app().client_key, douyin_server.url)

def test_apart():
    (world1, key1, url1), (world2, key2, url2) = seen.values()
    assert world1 != world2 and key1 != key2 and url1 == url2
""",
    )

    result.assert_outcomes(passed=3)


def test_a_world_is_found_without_its_prefix(pytester: pytest.Pytester) -> None:
    """An application that knows the plain address alone meets the world by its app key."""
    result = run(
        pytester,
        """
def test_plain(douyin, douyin_server):
    assert token(douyin, douyin_server.url)["error_code"] == 0
    assert douyin.journal[-1].endpoint == "oauth.client_token"
""",
    )

    result.assert_outcomes(passed=1)


def test_what_the_world_offers(pytester: pytest.Pytester) -> None:
    """Phone, clock, rules, consent, people, apps, settings and journal are at hand."""
    result = run(
        pytester,
        """
def test_all(douyin):
    login = douyin.phone("小红", app="mini_game").login()
    assert login["errMsg"] == "login:ok"
    assert douyin.phone(douyin.person("小红")).login()["isLogin"]
    assert douyin.clock.freeze("2026-01-01T00:00:00+08:00") == "2026-01-01T00:00:00+08:00"
    assert douyin.clock.advance("5m") == douyin.clock.now == "2026-01-01T00:05:00+08:00"
    douyin.clock.resume()
    rule = douyin.rule("client_token", error="bad_client_key", times=1)
    assert token(douyin)["error_code"] == 10003
    assert token(douyin)["error_code"] == 0
    assert douyin.journal.of("client_token")[0].rule == rule.id
    assert douyin.journal[-1].reply.body.data.error_code == 0
    assert len(douyin.journal.wait("client_token", count=2)) == 2
    assert douyin.authorize("user_info", state="s").location.endswith("&state=s&scopes=user_info")
    assert douyin.revoke().scopes == ["user_info"]
    assert douyin.settings(limits="enforce").limits == "enforce"
    assert douyin.add_person("甲").nickname
    assert douyin.add_app("shop", kind="web").client_key.startswith("aw")
    assert douyin.people[0].name == "小明"
    with pytest.raises(AttributeError, match="nickname"):
        douyin.people[0].nicknam
    with pytest.raises(LookupError, match="mini_program"):
        douyin.app("mini")
    with pytest.raises(LookupError, match="小明"):
        douyin.person("小名")
""",
    )

    result.assert_outcomes(passed=1)


RECEIVER = """
import hashlib, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((json.loads(body), body, self.headers["X-Douyin-Signature"]))
        content = json.loads(body)["content"]
        answer = json.dumps(content if "challenge" in content else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass

@pytest.fixture
def hook():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.heard = []
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
"""


def test_webhooks_and_sharing(pytester: pytest.Pytester) -> None:
    """A webhook is set, events are sent and listed, a share is built, examined and published."""
    result = run(
        pytester,
        RECEIVER
        + """
def test_all(douyin, hook):
    secret = douyin.app("web").client_secret
    app = douyin.webhook(hook.url, events=["create_video"])
    assert (app.webhook.url, app.webhook.verified) == (hook.url, True)
    sent = douyin.trigger("new_video_digg", person="小红", content={"action_type": 2})
    assert (sent.state, sent.attempts[0].status) == ("delivered", 200)

    schema = douyin.share(video_path="https://app.example.test/a.mp4", title="你好")
    assert douyin.verify(schema).ok
    assert douyin.verify(schema + "&x=1").problems[0].part == "x"
    published = douyin.publish(schema, "小红")
    douyin.clock.advance("0s")

    assert [each.event for each in douyin.deliveries] == [
        "verify_webhook", "new_video_digg", "create_video"
    ]
    assert douyin.deliveries[-1].id == published.delivery
    assert {each.state for each in douyin.deliveries} == {"delivered"}
    for event, body, signature in hook.heard:
        assert hashlib.sha1(secret.encode() + body).hexdigest() == signature
    assert hook.heard[-1][0]["content"]["item_id"] == published.item_id
    assert json.loads(hook.heard[1][0]["content"])["action_type"] == 2

def test_refusals(douyin, hook):
    with pytest.raises(Exception, match="does not take the link: x: no such parameter"):
        douyin.publish(douyin.share() + "&x=1")
    with pytest.raises(Exception, match="did you mean create_video"):
        douyin.trigger("creat_video", to=hook.url)
    with pytest.raises(Exception, match="has no webhook"):
        douyin.trigger("create_video")
    with pytest.raises(Exception, match="is not accepted"):
        douyin.webhook("http://127.0.0.1:9/hook")
    unseen = douyin.webhook("http://127.0.0.1:9/hook", verify=False, app="mini_game")
    assert unseen.webhook.url == "http://127.0.0.1:9/hook"
    assert douyin.trigger("create_video", to=hook.url, secret="S").state == "delivered"
    body, signature = hook.heard[-1][1:]
    assert hashlib.sha1(b"S" + body).hexdigest() == signature
""",
    )

    result.assert_outcomes(passed=2)


def test_a_scenario_in_the_test_declares_endpoints(pytester: pytest.Pytester) -> None:
    """The marker takes content: an endpoint that it declares answers, and rules are set on it."""
    result = run(
        pytester,
        """
POINTS = {
    "points.query": {
        "call": "GET /api/points/v1/query", "token": "none", "gives": {"points": "int 0..100"}
    }
}

@pytest.mark.douyin(scenario={"endpoints": POINTS})
def test_declared(douyin):
    def ask():
        with urllib.request.urlopen(douyin.url + "/api/points/v1/query") as reply:
            return json.load(reply)
    assert 0 <= ask()["data"]["points"] <= 100
    douyin.rule("points.query", error="rate_limited", times=1)
    assert ask()["err_no"] == 28003018
    assert [each.endpoint for each in douyin.journal] == ["points.query"] * 2

def test_elsewhere(douyin):
    douyin.strict = False
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(douyin.url + "/api/points/v1/query")
""",
    )

    result.assert_outcomes(passed=2)


def test_the_marker_chooses_the_scenario(pytester: pytest.Pytester) -> None:
    """The marker starts a world from a built-in scenario, a file beside the test, and a seed."""
    (pytester.path / "own.yaml").write_text(
        "name: own\nrules: [{on: client_token, error: 10001}]\n", encoding="utf-8"
    )
    result = run(
        pytester,
        """
@pytest.mark.douyin(scenario="bad-gateway")
def test_built_in(douyin):
    with pytest.raises(urllib.error.HTTPError, match="502"):
        token(douyin)

@pytest.mark.douyin(scenario="own.yaml", seed=5)
def test_file(douyin):
    assert token(douyin)["error_code"] == 10001

@pytest.mark.douyin(settings={"token_style": "long"})
def test_settings(douyin):
    assert len(token(douyin)["access_token"]) > 150

@pytest.mark.douyin(scenari="x")
def test_slip(douyin):
    pass
""",
    )

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*mark.douyin takes scenario, seed, *, not scenari*"])


def test_a_server_elsewhere(pytester: pytest.Pytester) -> None:
    """With --douyin-url the same tests use a server that runs already, and leave nothing there."""
    source = """
@pytest.mark.parametrize("number", range(4))
def test_one(douyin, number):
    assert token(douyin)["error_code"] == 0
    assert len(douyin.journal) == 1
    douyin.clock.advance("2h1m")
"""
    with ThreadedServer() as server:
        result = run(pytester, source, "--douyin-url", server.url)
        worlds = [world.name for world in server.sandbox.worlds]

    result.assert_outcomes(passed=4)
    assert worlds == ["default"]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_a_file_is_read_where_the_test_runs(pytester: pytest.Pytester, elsewhere: bool) -> None:
    """A file beside the test or below the root is read here, with what it extends, near or far."""
    (pytester.path / "stories").mkdir()
    for name, text in {
        "base.yaml": "name: base\nrules: [{on: client_token, error: 10001}]\n",
        "stories/own.yaml": "name: own\nextends: ../base.yaml\n",
    }.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    source = """
from pathlib import Path

@pytest.mark.douyin(scenario="stories/own.yaml")
def test_text(douyin):
    assert token(douyin)["error_code"] == 10001

@pytest.mark.douyin(scenario=Path("stories") / "own.yaml")
def test_path(douyin):
    assert token(douyin)["error_code"] == 10001

@pytest.mark.douyin(scenario=Path(__file__).parent / "stories" / "own.yaml")
def test_absolute(douyin):
    assert token(douyin)["error_code"] == 10001

@pytest.mark.douyin(scenario="stories/won.yaml")
def test_missing(douyin):
    pass

@pytest.mark.douyin(scenario="bad-gatway")
def test_slip(douyin):
    pass
"""
    with ThreadedServer() as server:
        result = run(pytester, source, *(("--douyin-url", server.url) if elsewhere else ()))

    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["*mark.douyin: there is no scenario file stories/won.yaml in *"])
    result.stdout.fnmatch_lines(["*did you mean bad-gateway*"])


def test_a_server_that_is_not_there(pytester: pytest.Pytester) -> None:
    """With a --douyin-url where nothing listens, the tests say what to do."""
    result = run(pytester, "def test_one(douyin): pass\n", "--douyin-url", "http://127.0.0.1:9")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no server answers at http://127.0.0.1:9*mockdouyin serve*"])


def test_a_server_that_the_environment_names(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under `mockdouyin run` the fixture uses its server, unless it is told otherwise."""
    source = """
def test_one(douyin_server, douyin):
    assert token(douyin)["error_code"] == 0
    print("at", douyin_server.url)
"""
    with ThreadedServer(access=Access("a-token")) as server:
        monkeypatch.setenv("MOCKDOUYIN_URL", f"{server.url}/@default")
        monkeypatch.setenv("MOCKDOUYIN_CONTROL_TOKEN", "a-token")
        there = run(pytester, source, "-s")
        own = run(pytester, source, "-s", "--douyin-url", "")

    there.assert_outcomes(passed=1)
    there.stdout.fnmatch_lines([f"*at {server.url}*"])
    own.assert_outcomes(passed=1)
    own.stdout.no_fnmatch_line(f"*at {server.url}*")


RESPX = """
import asyncio
import httpx
import respx

URL = "https://open.douyin.com/oauth/client_token/"

def keys(douyin):
    app = douyin.app("web")
    given = {"client_key": app.client_key, "client_secret": app.client_secret}
    return {**given, "grant_type": "client_credential"}

def test_sync(douyin_respx, douyin):
    assert douyin_respx is douyin
    assert httpx.post(URL, json=keys(douyin)).json()["data"]["error_code"] == 0
    assert douyin.journal[-1].host == "open.douyin.com"
    assert douyin.router["mockdouyin"].call_count == 1
    douyin.rule("client_token", fault="reset", times=1)
    with pytest.raises(httpx.ReadError):
        httpx.post(URL, json=keys(douyin))

def test_async(douyin_respx):
    async def ask(client):
        return (await client.post(URL, json=keys(douyin_respx))).json()["data"]["log_id"]

    async def main():
        async with httpx.AsyncClient() as client:
            return await asyncio.gather(*[ask(client) for _ in range(8)])

    assert len(set(asyncio.run(main()))) == 8

def test_others(douyin_respx):
    douyin_respx.strict = False  # for the call that nothing answers
    assert token(douyin_respx)["error_code"] == 0
    assert httpx.get(douyin_respx.url + "/x").status_code == 404
    douyin_respx.router.get("https://partner.test/").respond(202)
    assert httpx.get("https://partner.test/").status_code == 202

def test_page(douyin_respx):
    query = {"client_key": douyin_respx.app("web").client_key, "scope": "user_info",
             "response_type": "code", "redirect_uri": douyin_respx.app("web").redirect_uris[0]}
    page = httpx.get("https://open.douyin.com/platform/oauth/connect/", params=query)
    assert page.text.startswith("<!doctype html>")

def test_waiting_while_another_thread_calls(douyin_respx):
    import threading
    caller = threading.Timer(0.05, lambda: httpx.post(URL, json=keys(douyin_respx)))
    caller.start()
    assert douyin_respx.journal.wait("client_token", timeout=5)[0].verdict == "ok"
    caller.join()

def test_after():
    assert not any(mocker.routers for mocker in respx.mocks.Mocker.registry.values())
"""


def test_respx(pytester: pytest.Pytester) -> None:
    """With douyin_respx httpx's calls to Douyin's hosts meet the test's world, others go on."""
    run(pytester, RESPX).assert_outcomes(passed=6)


def test_respx_with_a_server_elsewhere(pytester: pytest.Pytester) -> None:
    """The same holds where the world lives in another process."""
    with ThreadedServer() as server:
        result = run(pytester, RESPX, "--douyin-url", server.url)

    result.assert_outcomes(passed=6)


REQUESTS = """
import pytest, requests

URL = "https://Open.Douyin.com/oauth/client_token/"

def keys(douyin):
    app = douyin.app("web")
    return {"client_key": app.client_key, "client_secret": app.client_secret,
            "grant_type": "client_credential"}

def test_plain(douyin_requests, douyin):
    assert douyin_requests is douyin
    assert requests.post(URL, json=keys(douyin)).json()["data"]["error_code"] == 0
    assert douyin.journal[-1].host == "open.douyin.com"

def test_a_session_of_the_application(douyin_requests):
    with requests.Session() as session:
        assert session.post(URL, json=keys(douyin_requests)).json()["message"] == "success"
    assert len(douyin_requests.journal) == 1

def test_others(douyin_requests):
    with pytest.raises(requests.ConnectionError, match="refused"):
        requests.get("http://127.0.0.1:9/", timeout=1)
    assert requests.get(douyin_requests.url + "/oauth/userinfo/").status_code == 200

def test_after():
    assert requests.Session.get_adapter.__module__ == "requests.sessions"
"""


@pytest.mark.parametrize("elsewhere", [False, True])
def test_requests(pytester: pytest.Pytester, elsewhere: bool) -> None:
    """With douyin_requests requests' calls to Douyin's hosts meet the test's world, others go on.

    So they do where the world lives in another process.
    """
    if not elsewhere:
        run(pytester, REQUESTS).assert_outcomes(passed=4)
        return
    with ThreadedServer() as server:
        run(pytester, REQUESTS, "--douyin-url", server.url).assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ('douyin.rule("client_tokn", error=10003)', "unknown endpoint 'client_tokn'"),
        ("douyin.phone().logn()", "no phone API 'logn'; did you mean login?"),
        ("douyin.phone().pay('N1')", "tt.pay takes one dict or named arguments, not str"),
        ("douyin.phone().pay({}, {})", "tt.pay takes one dict or named arguments, not tuple"),
        ('douyin.app("shop")', "no app of kind or name 'shop'"),
        ("douyin.people[0].phon", "no attribute 'phon'; there is name"),
        ('douyin.clock.advance("-5m")', "time cannot go back"),
    ],
)
def test_a_mistake_shows_the_tests_own_line(
    pytester: pytest.Pytester, mistake: str, says: str
) -> None:
    """What a test asks for wrongly is told at its own line, with no line of ours."""
    result = run(pytester, f"def test_it(douyin):\n    {mistake}\n", "--tb=short")

    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert says in text
    assert f"    {mistake}" in text
    assert "mockdouyin/testing/fixture.py" not in text
    assert "sandbox/" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_failure_lists_what_was_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """The answer does not say why it is a refusal: the report of a test that failed does."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", language)
    result = run(
        pytester,
        """
def test_failed(douyin):
    token(douyin)
    urllib.request.urlopen(f"{douyin.url}/oauth/client_token/?client_key=nobody")
    assert douyin.phone().pay({"order": "A-1"})["code"] == 0

def test_all_was_well(douyin):
    token(douyin)
    assert False

def test_passed(douyin):
    assert douyin.phone().pay({"order": "A-1"}, decision="cancel")["errNo"] == 10401

def test_world_is_gone(douyin):
    douyin.phone().pay()
    douyin.operation("drop_world")
    assert False
""",
        "-rP",
    )

    text = result.stdout.str()
    title, why = {
        "en": ("mockdouyin: what did not succeed in this test", "has no such order"),
        "zh": ("mockdouyin：这个用例里没有成功的请求和调用", "没有这个订单"),
    }[language]
    assert text.count(title) == 1
    listed = text.partition(title)[2]
    assert "#2  GET /oauth/client_token/  refused  10002" in listed
    assert why in listed


def test_a_mistake_of_the_marker_is_told_once(pytester: pytest.Pytester) -> None:
    """A scenario that is not there is told in one line, without the exceptions that led to it."""
    source = "@pytest.mark.douyin(scenario='payment-suceeds')\ndef test_it(douyin): pass\n"
    result = run(pytester, source)

    text = result.stdout.str()
    assert "mockdouyin: no scenario 'payment-suceeds'; did you mean payment-succeeds?" in text
    assert "During handling" not in text


CHINESE_OF_MISTAKES = {
    'douyin.rule("client_tokn", error=10003)': "没有接口 'client_tokn'",
    'douyin.phone("小刚").login()': "没有用户 '小刚'",
    'douyin.app("shop")': "没有类型、名称或 client_key 为 'shop' 的应用",
    'douyin.person("小刚")': "没有用户 '小刚'",
    'douyin.clock.advance("soon")': "'soon' 不是时长",
    'douyin.operation("remove_rule", path={"id": "r"})': "没有规则 'r'",
    'douyin.operation("journel")': "控制接口没有操作 'journel'（是否应为 journal？）",
    'next(douyin_server.follow(world="nowhere"))': "没有世界 'nowhere'",
}


@pytest.mark.parametrize("elsewhere", [False, True])
def test_mistakes_are_told_in_chinese(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    """What a test asks for wrongly is told in MOCKDOUYIN_LANG, wherever its world lives."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", "zh")
    tests = (
        f"def test_{n}(douyin, douyin_server):\n    {it}\n"
        for n, it in enumerate(CHINESE_OF_MISTAKES)
    )
    with ExitStack() as stack:
        server = stack.enter_context(ThreadedServer()) if elsewhere else None
        given = ["--douyin-url", server.url] if server else []
        result = run(pytester, "\n".join(tests), "--tb=short", *given)

    result.assert_outcomes(failed=len(CHINESE_OF_MISTAKES))
    text = result.stdout.str()
    assert [says for says in CHINESE_OF_MISTAKES.values() if says not in text] == []


def test_respx_is_not_there(pytester: pytest.Pytester) -> None:
    """Without respx the fixture says what to install."""
    source = "import sys; sys.modules['respx'] = None\ndef test_one(douyin_respx): pass\n"
    result = run(pytester, source)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*this door needs respx; pip install respx*"])


def test_what_a_fixture_lacks_is_told_in_chinese(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library, a file or an argument that is not there is told in MOCKDOUYIN_LANG."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", "zh")
    (pytester.path / "bad.yaml").write_text("name: bad\nrulez: []\n", encoding="utf-8")
    source = """
import sys; sys.modules['respx'] = None
def test_library(douyin_respx): pass
@pytest.mark.douyin(scenari="x")
def test_argument(douyin): pass
@pytest.mark.douyin(scenario="won.yaml")
def test_file(douyin): pass
@pytest.mark.douyin(scenario="bad.yaml")
def test_mistake(douyin): pass
"""
    result = run(pytester, source)

    result.assert_outcomes(errors=4)
    text = result.stdout.str()
    said = ["需要 respx：", "没有 scenari", "没有场景文件 won.yaml", "没有 rulez 这个键"]
    assert [each for each in said if each not in text] == []
    assert "mockdouyin/pytest_plugin.py" not in text
    assert "scenario/scenario.py" not in text


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_every_operation_of_the_control_api(pytester: pytest.Pytester, elsewhere: bool) -> None:
    """World and server call any operation by its name; `order` is another name for `operation`."""
    source = """
def test_one(douyin, douyin_server):
    clock = douyin.clock.freeze("2026-01-01T00:00:00+08:00")
    assert douyin.operation("clock") == douyin.order("clock")
    for call in (douyin_server.operation, douyin_server.order):
        assert call("clock", world=douyin.world)["now"] == clock
    with pytest.raises(Exception, match="no delivery 'x'"):
        douyin.operation("replay", path={"id": "x"})
"""
    with ThreadedServer() as server:
        result = run(pytester, source, *(("--douyin-url", server.url) if elsewhere else ()))

    result.assert_outcomes(passed=1)


def test_a_rule_says_which_test_set_it(pytester: pytest.Pytester) -> None:
    """Whoever finds a rule on a server that many use can see whose it is."""
    result = run(
        pytester,
        """
@pytest.mark.douyin(strict=False)
def test_one(douyin):
    douyin.rule("client_token", error=10003)
    [rule] = douyin.order("rules")["rules"]
    assert rule["set_by"] == "test test_a_rule_says_which_test_set_it.py::test_one"
""",
    )

    result.assert_outcomes(passed=1)


def test_a_phone_that_asks(pytester: pytest.Pytester) -> None:
    """A call in a thread waits until the test answers its sheet; who is asked too late is told."""
    result = run(
        pytester,
        """
from concurrent.futures import ThreadPoolExecutor
from mockdouyin import MockDouyinError

def test_asked(douyin):
    douyin.rule("phone.*", sheet="ask", times=2)
    with ThreadPoolExecutor() as threads:
        located = threads.submit(douyin.phone("小明").getLocation)
        answered = douyin.phone("小明").answer(allow=False)
        assert located.result() == answered.result == {
            "errMsg": "getLocation:fail auth deny", "errNo": 10502
        }
        asked = threads.submit(douyin.phone().requestSubscribeMessage)
        [template] = douyin.app().templates
        assert douyin.phone().answer(answers={template: "reject"}).result[template] == "reject"
        assert asked.result()["errMsg"] == "requestSubscribeMessage:ok"
    assert douyin.sheets == []
    with pytest.raises(MockDouyinError, match="no sheet waits"):
        douyin.phone().answer(allow=True, timeout=0)
""",
    )

    result.assert_outcomes(passed=1)
