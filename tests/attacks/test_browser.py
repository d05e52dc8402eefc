"""Foreign pages in a real browser: what they try, and DNS rebinding."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mockdouyin.core.http import Headers
from mockdouyin.server.access import Access, AccessRefusal
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import FLAGS, Application
from tests.support.consent_page import CONNECT, asked, token_of
from tests.support.helpers import need
from tests.support.receivers import Receiver, says
from tests.support.waiting import until

NAMES = "--host-resolver-rules=MAP *.example 127.0.0.1"
"""As a name server of the attacker's would have it, once it has been asked a second time."""


class Watching(Access):
    """The access policy, which records each request and its decision."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str, int]] = []

    def check(
        self, method: str, path: str, headers: Headers, addresses: Collection[str]
    ) -> AccessRefusal | None:
        """Check a request, and record the decision."""
        refusal = super().check(method, path, headers, addresses)
        self.seen.append((method, path, refusal.status if refusal else 200))
        return refusal


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser in which every name of `.example` is this machine's."""
    chromium = shutil.which("chromium")
    need(chromium, "needs Chromium and a font: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, NAMES])
        yield running
        running.close()


class Scene:
    """A server, an attacker's site, a receiver in the intranet, and a person's browser."""

    def __init__(self, browser: Browser, server: ThreadedServer, receiver: Receiver) -> None:
        self.server, self.receiver = server, receiver
        self.port = server.url.rpartition(":")[2]
        self.site = Application()
        self.context = browser.new_context()
        self.page = self.context.new_page()

    def open(self, host: str) -> Page:
        """Open the site under a name."""
        self.page.goto(f"http://{host}:{self.site.callback.split(':')[2].partition('/')[0]}/")
        return self.page

    @property
    def policy(self) -> Watching:
        """What watches the control API."""
        access = self.server.access
        assert isinstance(access, Watching)
        return access

    def nothing_happened(self, way: str) -> None:
        """Every request of this way was refused, and had no effect."""
        until(lambda: self.policy.seen, f"a request by {way}")
        assert {status for _, _, status in self.policy.seen} == {403}, (way, self.policy.seen)
        self.policy.seen.clear()
        assert [world.name for world in self.server.sandbox.worlds] == ["default"]
        assert list(self.server.sandbox.default.rules) == []
        assert self.receiver.received == []

    def close(self) -> None:
        """Close what was opened."""
        self.context.close()
        self.site.close()


@pytest.fixture
def scene(browser: Browser) -> Iterator[Scene]:
    """Yield the scene."""
    with Receiver(says("ok")) as receiver, ThreadedServer(access=Watching()) as server:
        made = Scene(browser, server, receiver)
        yield made
        made.close()


EVENT = """JSON.stringify({event: "create_video", to: to, secret: "s"})"""
STAYS = {
    "fetch without CORS": f"""fetch(url + "/_mock/events", {{method: "POST", mode: "no-cors",
        headers: {{"content-type": "text/plain"}}, body: {EVENT}}})""",
    "fetch with credentials": f"""fetch(url + "/_mock/events", {{method: "POST", mode: "no-cors",
        credentials: "include", body: {EVENT}}})""",
    "fetch of JSON": f"""fetch(url + "/_mock/events", {{method: "POST",
        headers: {{"content-type": "application/json"}}, body: {EVENT}}})""",
    "another method": """fetch(url + "/_mock/worlds/default", {method: "DELETE"})""",
    "a header": """fetch(url + "/_mock/journal?reveal=true", {headers: {authorization: "x"}})""",
    "reading": """fetch(url + "/_mock/journal?reveal=true")""",
    "a beacon": f"""navigator.sendBeacon(url + "/_mock/events", {EVENT})""",
    "a request of old": f"""{{const old = new XMLHttpRequest();
        old.open("POST", url + "/_mock/events"); old.send({EVENT})}}""",
    "a picture": """new Image().src = url + "/_mock/apps" """,
    "a script": """{const script = document.createElement("script");
        script.src = url + "/_mock/apps"; document.body.append(script)}""",
    "a frame": """{const frame = document.createElement("iframe");
        frame.src = url + "/_mock/journal?reveal=true"; document.body.append(frame)}""",
    "a sandboxed frame": """{const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts";
        frame.srcdoc = `<script>fetch("${url}/_mock/clock/freeze", {method: "POST"})</script>`;
        document.body.append(frame)}""",
    "a stream": """new EventSource(url + "/_mock/journal")""",
}
LEAVES = {
    "a form": """{const form = document.createElement("form");
        form.method = "POST"; form.action = url + "/_mock/worlds"; form.enctype = "text/plain";
        form.innerHTML = `<input name='{"name": "mine", "x": "' value='"}'>`;
        document.body.append(form); form.submit()}""",
    "a form with parts": """{const form = document.createElement("form");
        form.method = "POST"; form.action = url + "/_mock/reset";
        form.enctype = "multipart/form-data"; document.body.append(form); form.submit()}""",
    "leaving for it": """location = url + "/_mock/journal?reveal=true" """,
}
HOSTS = ["evil.example", "127.0.0.1", "localhost"]
"""A page of the web, one at another port, and one under another name of this machine."""


@pytest.mark.parametrize("host", HOSTS)
def test_a_page_steers_and_reads_nothing(scene: Scene, host: str) -> None:
    """Whatever a page of another origin has its browser send, the server refuses."""
    told = {"url": scene.server.url, "to": scene.receiver.url}
    page = scene.open(host)
    for way, code in {**STAYS, **LEAVES}.items():
        # Nothing is awaited: some answers are errors to the page, and some never come.
        page.evaluate(f"({{url, to}}) => {{ {code} }}", told)

        scene.nothing_happened(way)
        if way in LEAVES:
            page.wait_for_url(f"{scene.server.url}/**")
            page = scene.open(host)


REBOUND = {
    "reading": """fetch("/_mock/journal?reveal=true").then(answer => answer.status)""",
    "steering": f"""fetch("/_mock/events", {{method: "POST",
        headers: {{"content-type": "application/json"}}, body: {EVENT}}})
        .then(answer => answer.status)""",
}


@pytest.mark.parametrize("way", REBOUND)
def test_a_rebound_name(scene: Scene, way: str) -> None:
    """A page whose own name leads here by now is of the same origin, and refused all the same."""
    scene.page.goto(f"http://rebound.example:{scene.port}/anything")
    status = scene.page.evaluate(f"to => {REBOUND[way]}", scene.receiver.url)

    assert status == 403
    scene.nothing_happened(way)


def test_a_page_of_this_machine_uses_a_phone(scene: Scene) -> None:
    """A page at another port, a mini-program in the making, logs in by a phone."""
    page = scene.open("localhost")
    code = page.evaluate(
        """url => fetch(url + "/_mock/phone/login", {method: "POST", body: "{}",
            headers: {"content-type": "application/json"}})
            .then(answer => answer.json()).then(told => told.code)""",
        scene.server.url,
    )

    assert code
    assert scene.policy.seen == [
        ("OPTIONS", "/_mock/phone/login", 200),
        ("POST", "/_mock/phone/login", 200),
    ]


def test_the_servers_own_addresses_open(scene: Scene) -> None:
    """An address of the control API that is typed into the browser is shown."""
    answer = scene.page.goto(f"{scene.server.url}/_mock/journal")
    assert answer is not None

    assert answer.status == 200


FORM = """form => {
    const sent = document.createElement("form");
    sent.method = "POST"; sent.action = form.action; sent.target = form.target;
    for (const [name, value] of Object.entries(form.fields)) {
        const field = document.createElement("input");
        field.name = name; field.value = value; sent.append(field);
    }
    document.body.append(sent); sent.submit();
}"""


@pytest.mark.parametrize("host", HOSTS)
def test_login_csrf(scene: Scene, host: str) -> None:
    """A site that has a valid form of the consent page cannot have another browser send it."""
    query = asked(redirect_uri=scene.site.callback)
    address = f"{scene.server.url}{CONNECT}?{urlencode(query)}"
    token = token_of(httpx.get(address).text)
    fields = {"decision": "allow", "person": "小红", "form_token": token}
    page = scene.open(host)

    page.evaluate(FORM, {"action": address, "target": "_self", "fields": fields})
    page.wait_for_url(f"{scene.server.url}/**")

    assert token
    assert "10002" in page.content()
    assert scene.site.callbacks == []
