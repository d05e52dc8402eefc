"""Requests as people have them at hand are read: curl, raw HTTP, HAR, bodies and links."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockdouyin.control._captured import read_request
from mockdouyin.control._curl import split_words
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Request
from tests.attacks.steps import steps
from tests.support.helpers import need

URL = "https://developer.toutiao.com/api/apps/ecpay/v1/query_order"
BODY = '{"app_id":"tt0","subject":"it\'s \\"中\\" $HOME","sign":"x"}'

QUOTED = shlex.quote(BODY)
ESCAPED = BODY.replace("\\", "\\\\")
DOUBLE = ESCAPED.replace('"', '\\"').replace("$", "\\$")
ANSI = ESCAPED.replace("'", "\\'").replace("中", "\\u4e2d")
CMD = ESCAPED.replace('"', '\\^"')
PIECES = """'{"app_id":'"\\"tt0\\""',"subject":"it'\\''s \\"中\\" $HOME","sign":"x"}'"""

TICKED = BODY.replace('"', '`"').replace("$", "`$")
FETCHED = json.dumps({"headers": {"x-a": "b"}, "body": BODY, "method": "POST"}, indent=2)

SCRIPTS = {
    "a script": f"#!/bin/bash\nset -e\n# create the order\ncurl {URL} -d {QUOTED}\n",
    "a prompt with a name": f"me@host:~/shop$ curl {URL} -d {QUOTED}",
    "PowerShell's prompt": f"PS C:\\> curl.exe {URL} `\n  -d {QUOTED}",
    "variables": f"LANG=C SALT=a curl {URL} -d {QUOTED}",
    "another command": f"time curl {URL} -d {QUOTED}",
    "Markdown": f"```sh\ncurl {URL} -d {QUOTED}\n```\n",
    "long options": f"curl --request=POST --url={URL} --data={QUOTED}",
    "a here-document": f"curl {URL} --data @- <<EOF\n{BODY}\nEOF\necho done\n",
    "a quoted here-document": f"cat <<'END' | curl {URL} --data-binary @-\n{BODY}\nEND\n",
    "a pipe": f"echo {QUOTED} | curl {URL} -d @-",
    "a long pipe": f"echo {QUOTED}{' ' * 3000}| curl {URL} -d @-",
    "doubled quotes": f'curl {URL} -d "{ESCAPED.replace(chr(34), chr(34) * 2)}"',
    "escaped in single quotes": "curl "
    + URL
    + " -d '{"
    + ESCAPED[1:].replace('"', '\\"').replace("'", "'\\''")
    + "'",
    "Invoke-WebRequest": f'Invoke-WebRequest -Uri "{URL}" `\n-Method "POST" `\n-Body "{TICKED}"',
    "Invoke-RestMethod": "Invoke-RestMethod {} -Method Post -Body '{}'".format(
        f"-Uri '{URL}'", BODY.replace("'", "''")
    ),
    "fetch": f'fetch("{URL}", {FETCHED});',
    "await fetch": f'await fetch("{URL}", {FETCHED})',
    "an .http file": f"### create\nPOST {URL}\nX-A: b\n\n{BODY}\n\n###\nGET http://h/next\n",
    "curl -v": f"> POST {URL} HTTP/1.1\n> X-A: b\n>\n{BODY}\n",
    "chunks": f"POST {URL} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"4\r\n{BODY[:4]}\r\n{len(BODY[4:].encode()):x}\r\n{BODY[4:]}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_people_paste(script: str) -> None:
    """A request is read from whatever stands around it, and in whatever tool's own form."""
    request = read_request(SCRIPTS[script])

    assert (request.method, request.path) == ("POST", "/api/apps/ecpay/v1/query_order")
    assert json.loads(request.body) == json.loads(BODY)


@pytest.mark.parametrize(
    "text",
    [
        '{"subject":"how to curl http://h/ -d x","sign":"x"}',
        "subject=a&sign=how to curl http://h/",
        "POST /p?x=1 HTTP/1.1\n\nuse curl http://h/ for it",
    ],
)
def test_the_word_curl_makes_no_command(text: str) -> None:
    """A body that speaks of curl is a body."""
    assert b"curl" in read_request(text).body


SHELLS = {
    "single quotes": f"curl -X POST '{URL}' -d {QUOTED}",
    "several lines": f"curl '{URL}' \\\n  -H 'X-A: b' \\\r\n --data-raw {QUOTED}",
    "double quotes": f'curl "{URL}" --data "{DOUBLE}"',
    "a browser's": f"curl '{URL}' --data-raw $'{ANSI}' --compressed",
    "cmd.exe": f'curl ^"{URL}^" ^\r\n  --data-raw ^"{CMD}^"',
    "options together": f"curl -sSLXPOST -d{QUOTED} {URL} | jq . ; echo done",
    "a prompt": f"$ curl --url {URL} --json {QUOTED} > out.json",
    "its path": f"/usr/bin/curl -k --max-time 5 -A x -u a:b {URL} --data-binary {QUOTED}",
    "pieces": f"curl {URL} -d {PIECES}",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_curl_in_many_quotings(shell: str) -> None:
    """The same request is read however its command line is quoted."""
    request = read_request(SHELLS[shell])

    assert (request.method, request.path) == ("POST", "/api/apps/ecpay/v1/query_order")
    assert request.host == "developer.toutiao.com"
    assert request.body.decode() == BODY


@pytest.mark.parametrize(
    "text", [t for n, t in SHELLS.items() if n not in ("cmd.exe", "a prompt")]
)
def test_words_are_those_of_a_shell(text: str) -> None:
    """Words are split as bash splits them."""
    need(shutil.which("bash"), "bash")
    first = text.partition(" | ")[0].replace("\r\n", "\n")
    script = "curl() { printf '%s\\0' curl \"$@\"; }; " + first.replace("/usr/bin/curl", "curl")
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )

    words = done.stdout.decode().split("\0")[:-1]
    assert [w.replace("/usr/bin/", "") for w in split_words(first)] == words


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_any_words_are_read_as_they_were_quoted(words: list[str]) -> None:
    """Whatever Python's shlex quotes, comes back."""
    line = shlex.join(["curl", *words])

    if '^"' not in line:
        assert list(split_words(line)) == ["curl", *words]


def test_curl_sends_what_it_is_told_to() -> None:
    """Data is joined by &, encoded where asked for, and goes to the query with -G."""
    posted = read_request(
        "curl -d a=1 --data-urlencode 'b=中 &' --data-urlencode '=x y' http://h/p"
    )
    got = read_request("curl -G -d a=1 -d b=2 'http://h/p?c=3' -H 'X-A:  v '")

    assert (posted.method, posted.body) == ("POST", b"a=1&b=%E4%B8%AD+%26&x+y")
    assert (got.method, got.query, got.body) == ("GET", b"c=3&a=1&b=2", b"")
    assert got.header(b"x-a") == "v"
    assert read_request("curl -X put http://h/p").method == "PUT"
    assert read_request("curl -I http://h/p").method == "HEAD"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("curl 'http://h/p", "a quote that is not closed"),
        ('curl -d "a', "a quote that is not closed"),
        ("curl -d $'a\\", "a quote that is not closed"),
        ("curl -X POST", "no URL"),
        ("curl http://h/p -d @body.json", "the body is in @body.json"),
        ("curl http://h/p --data-urlencode a@b.txt", "the body is in a@b.txt"),
        ("curl http://h/p -F a=b", "multipart"),
        ("curl 'http://[h/p'", "is not a URL"),
        ("", "the text is empty"),
        (" \n", "the text is empty"),
        ("POST / HTTP/1.1\nno header\n\nx", "'no header' is not a header line"),
        ('{"log":{"entries":[]}}', "the HAR has 0 entries; there is no 1"),
        ('{"log":{"entries":[1]}}', "no whole request"),
        ('{"request":{"url":1,"method":"GET"}}', "no whole request"),
        ('{"request":{"url":"http://h/","method":"GET","headers":[1]}}', "no whole request"),
        ('{"request":{"url":"http://h/","method":"GET","postData":[]}}', ""),
        ('{"request":{"url":"http://h/","method":"GET","headers":null,"postData":null}}', ""),
        ('fetch("http://h/", {body: sign(a)})', "second argument of fetch is not JSON"),
        ("Invoke-WebRequest -Method POST", "no URL"),
        ("curl http://h/ -d @-", "the body is in @-"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, says: str) -> None:
    """A text that is no whole request is refused in words, if it is at all."""
    if not says:
        assert read_request(text).body == b""
        return
    with pytest.raises(MockDouyinError, match=says.replace("[", r"\[")):
        read_request(text)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_raw_http(end: str) -> None:
    """The body of a raw request is what stands after the empty line, as long as it says."""
    head = [f"POST {URL}?a=1 HTTP/1.1", "Host: x", "X-Douyin-Signature: abc"]
    plain = end.join([*head, "", BODY + end])
    measured = end.join([*head, f"Content-Length: {len(BODY.encode())}", "", BODY + end + "more"])

    for text in (plain, measured):
        request = read_request(text)
        assert (request.method, request.query) == ("POST", b"a=1")
        assert request.header(b"x-douyin-signature") == "abc"
        assert request.body.decode() == BODY
    assert read_request(f"GET /a?b=1{end}").query == b"b=1"


def test_har() -> None:
    """The entry of a HAR file that is asked for, or a value that is one."""
    asked = {
        "method": "POST",
        "url": URL,
        "headers": [{"name": "X-A", "value": "b"}],
        "postData": {"mimeType": "application/json", "text": BODY},
    }
    first = {"request": {"method": "GET", "url": "http://h/first"}}
    har = json.dumps({"log": {"entries": [first, {"request": asked}]}})
    coded = {**asked, "postData": {"text": "YQ==", "encoding": "base64"}}

    form = {**asked, "postData": {"params": [{"name": "a", "value": "1 2"}, {"name": "b"}]}}

    assert read_request(har).path == "/first"
    assert read_request(har, wanted=lambda each: bool(each.body)).body.decode() == BODY
    assert read_request(har, wanted=lambda each: False).path == "/first"
    assert read_request(json.dumps(asked)).body.decode() == BODY
    assert read_request(json.dumps(form)).body == b"a=1+2&b="
    assert read_request(har, entry=2).body.decode() == BODY
    assert read_request(json.dumps({"request": asked})).header(b"x-a") == "b"
    assert read_request(json.dumps({"request": coded})).body == b"a"
    with pytest.raises(MockDouyinError, match="2 entries; there is no 3"):
        read_request(har, entry=3)


def test_a_bare_body() -> None:
    """A body alone is taken as it is, without the line end of its file."""
    assert read_request(BODY + "\n").body.decode() == BODY
    assert read_request("\ufeff" + BODY).body.decode() == BODY
    assert read_request("a=1&sign=2\r\n", path="/p", method="get") == Request(
        "GET", "/p", b"", [], b"a=1&sign=2"
    )


def test_a_link() -> None:
    """A share link is read by its query."""
    link = "snssdk1128://openplatform/share?nonce_str=a&signature=b"

    assert read_request(link + "\n").query == b"nonce_str=a&signature=b"


@pytest.mark.parametrize(
    "text",
    [
        "curl " + "'" * 200_001,
        "curl " + "a " * 100_000,
        "curl " + '"\\' * 100_000,
        "curl " + "\\\n" * 100_000,
        "curl -d '" + "x" * 900_000 + "' http://h/",
        "POST / HTTP/1.1\n" + "a: b\n" * 50_000,
        "{" * 900_000,
        "http://" * 100_000,
        " " * 500_000 + "curl",
        "curl x -d @- " + "<<E\n" * 100_000,
        "echo " + "a " * 100_000 + "| curl x -d @-",
        "# x\n" * 100_000 + "curl x",
        'fetch("' + "\\a" * 200_000,
        "Invoke-WebRequest -Uri x -Body " + '"' * 400_000,
        "POST / HTTP/1.1\n\n" + "\n\n   " * 100_000 + "### x",
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n" + "1\na\n" * 50_000,
        "> \n" * 200_000,
    ],
    ids=range(17),
)
def test_no_text_takes_many_steps(text: str) -> None:
    """However odd a text is, it is read or refused in steps that grow with its length."""

    def read() -> None:
        try:
            read_request(text)
        except MockDouyinError:
            return

    assert steps(read) < 4_000_000
