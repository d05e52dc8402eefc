"""The dashboard over HTTP: its page, its files, and who gets them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mockdouyin.server import _dashboard_files
from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer

PAGE = {"accept": "text/html,application/xhtml+xml", "accept-language": "zh-CN,zh;q=0.9"}
FILES = sorted(
    str(path.relative_to(_dashboard_files.FOLDER))
    for path in _dashboard_files.FOLDER.rglob("*")
    if path.is_file()
)
TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def test_a_browser_is_led_there() -> None:
    """Whoever opens the server's address in a browser sees the dashboard."""
    with ThreadedServer() as server:
        told = httpx.get(server.url + "/", headers=PAGE)
        page = httpx.get(server.url + "/", headers=PAGE, follow_redirects=True)
        short = httpx.get(server.url + "/_mock", headers=PAGE, follow_redirects=True)

    assert (told.status_code, told.headers["location"]) == (307, "/_mock/")
    assert page.url.path == short.url.path == "/_mock/"
    assert page.text == short.text
    assert "ui/app.js" in page.text


def test_a_program_gets_the_404_as_ever() -> None:
    """A request at / that does not ask for HTML gets a 404."""
    with ThreadedServer() as server:
        for reply in (httpx.get(server.url + "/"), httpx.get(server.url + "/?a=1")):
            assert reply.status_code == 404
            assert reply.text.startswith("mockdouyin: no endpoint GET /")
        assert httpx.post(server.url + "/", headers=PAGE).status_code == 404


def test_every_file_has_its_type_and_the_policy() -> None:
    """Each file says what it is, runs nothing of others, and is sent once."""
    with ThreadedServer() as server, httpx.Client(base_url=server.url) as client:
        for name in FILES:
            path = "/_mock/" if name == "index.html" else f"/_mock/ui/{name}"
            reply = client.get(path)
            again = client.get(path, headers={"if-none-match": reply.headers["etag"]})

            assert (reply.status_code, again.status_code, again.content) == (200, 304, b""), name
            assert reply.headers["content-type"] == TYPES[name.rpartition(".")[2]], name
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["referrer-policy"] == "no-referrer"
            policy = reply.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "../access.py", "%2e%2e/access.py", "a/b/c.js", "app.py", "/etc/passwd", ""],
)
def test_nothing_else_is_a_file_of_it(name: str) -> None:
    """No spelling of a name leads to a file that is not the dashboard's."""
    with ThreadedServer() as server:
        assert httpx.get(f"{server.url}/_mock/ui/{name}").status_code == 404


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_modules_are_short_and_make_no_markup(name: str) -> None:
    """A module has 200 lines at most, and no string becomes markup or code."""
    text = (_dashboard_files.FOLDER / name).read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 200
    assert text.startswith("// ")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg|127\.0\.0\.1)", text)


def test_both_languages_say_everything() -> None:
    """What is said in Chinese is said in English, and every text that is asked for is there."""

    def keys(name: str) -> set[str]:
        words = json.loads((_dashboard_files.FOLDER / name).read_text(encoding="utf-8"))
        return {f"{part}.{key}" for part, texts in words.items() for key in texts}

    zh, en = keys("zh.json"), keys("en.json")
    scripts = [name for name in FILES if name.endswith(".js")]
    text = "".join(
        (_dashboard_files.FOLDER / name).read_text(encoding="utf-8") for name in scripts
    )
    asked = set(re.findall(r"\bt\(\s*\"([a-z_]+\.\w+)\"", text))

    assert zh == {key for key in en if not key.endswith("_one")}
    assert asked - zh == set()


def test_the_page_names_every_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The page lets a browser ask for all modules at once, a new one after a reload."""
    folder = tmp_path / "dashboard"
    shutil.copytree(_dashboard_files.FOLDER, folder)
    monkeypatch.setattr(_dashboard_files, "FOLDER", folder)
    modules = {name for name in FILES if name.endswith(".js")}

    def named(page: httpx.Response) -> list[str]:
        return re.findall(r'<link rel="modulepreload" href="ui/([a-z0-9_/.]+)">', page.text)

    with ThreadedServer() as server:
        before = httpx.get(server.url + "/_mock/")
        (folder / "timeline" / "other.js").write_text("// other", encoding="utf-8")
        after = httpx.get(
            server.url + "/_mock/", headers={"if-none-match": before.headers["etag"]}
        )

    assert sorted(modules) == named(before)
    assert sorted({*modules, "timeline/other.js"}) == named(after)


WATCHED_START = """
import sys
from urllib.request import urlopen

seen = []

def hear(event, given):
    if event in ("open", "os.scandir", "os.listdir") and "/server/dashboard" in str(given[0]):
        seen.append(given[0])

sys.addaudithook(hear)
from mockdouyin.server.serving import ThreadedServer

with ThreadedServer() as server:
    urlopen(server.url + "/_mock/rows").read()
    print(len(seen))
    urlopen(server.url + "/_mock/ui/app.js").read()
    print(len(seen))
"""


def test_nothing_of_it_is_read_until_somebody_opens_it() -> None:
    """A server starts, and answers others, without a look at the dashboard's files."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_START], capture_output=True, text=True, check=True
    )
    before, after = map(int, done.stdout.split())

    assert (before, after) == (0, 1)


def test_strangers_get_the_files_and_no_data() -> None:
    """The files need no token; everything that the page asks for does."""
    with ThreadedServer(access=Access("a-token")) as server:
        page = httpx.get(server.url + "/_mock/", headers=PAGE)
        script = httpx.get(server.url + "/_mock/ui/app.js")
        rows = httpx.get(server.url + "/_mock/rows")

    assert (page.status_code, script.status_code, rows.status_code) == (200, 200, 401)
    assert "小明" not in page.text


@pytest.mark.parametrize(
    "headers",
    [{"host": "rebound.example.test"}, {"origin": "https://evil.example.test"}],
)
def test_pages_of_others_get_nothing(headers: dict[str, str]) -> None:
    """A rebound name and a page of another origin are refused the page and its files."""
    with ThreadedServer() as server:
        for path in ("/", "/_mock/", "/_mock/ui/app.js"):
            assert httpx.get(server.url + path, headers={**PAGE, **headers}).status_code == 403


def test_an_installation_without_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the folder is missing, the page says so and all else works."""
    monkeypatch.setattr(_dashboard_files, "FOLDER", tmp_path / "dashboard")
    with ThreadedServer() as server:
        page = httpx.get(server.url + "/_mock/", headers=PAGE)

        assert page.status_code == 404
        assert "has no dashboard" in page.text
        assert httpx.get(server.url + "/_mock/rows").status_code == 200


def test_a_file_that_changed_is_sent_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever works on the dashboard reloads the page, and not the server."""
    folder = tmp_path / "dashboard"
    shutil.copytree(_dashboard_files.FOLDER, folder)
    monkeypatch.setattr(_dashboard_files, "FOLDER", folder)
    with ThreadedServer() as server:
        before = httpx.get(server.url + "/_mock/ui/tokens.css")
        (folder / "tokens.css").write_text("/* other */", encoding="utf-8")
        after = httpx.get(
            server.url + "/_mock/ui/tokens.css", headers={"if-none-match": before.headers["etag"]}
        )

    assert (after.status_code, after.text) == (200, "/* other */")
