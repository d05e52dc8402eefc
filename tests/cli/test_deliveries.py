"""`deliveries`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.cli.shell import COMMAND, environment
from tests.support.helpers import WEB
from tests.support.receivers import Receiver, says

NOON = "2026-11-20 12:00:00+08"
LATER = "2026-11-20 12:00:10+08"


@pytest.fixture
def receiver(server: ThreadedServer) -> Iterator[Receiver]:
    """Yield the receiver of the web app's events, at a server whose clock stands still at noon."""
    lines_of("clock", "freeze", "--at", "2026-11-20T12:00:00+08:00")
    with Receiver(says("oops", 500)) as running:
        set_hook(server, running.url)
        yield running


def set_hook(server: ThreadedServer, url: str) -> None:
    """Set the web app's webhook, with no handshake."""
    body = {"webhook": {"url": url}, "verify": False}
    httpx.patch(server.url + "/_mock/apps/web", json=body).raise_for_status()


def key(number: int) -> str:
    """Return the id of the web app's delivery with this number."""
    return f"{WEB.client_key}-{number}"


def test_each_with_its_attempts(receiver: Receiver) -> None:
    """A delivery has a line, and below it each attempt: when, what came back, why it is none."""
    invoke("trigger", "create_video", "--person", "小红")
    receiver.respond = says("fine")
    lines_of("clock", "advance", "10s")
    invoke("trigger", "authorize")

    first, failed, retried, second, sent = lines_of("deliveries")

    assert first == f"{key(1)}  create_video  web  小红  {receiver.url}  delivered"
    assert failed.startswith(f"  {NOON}  HTTP 500  ")
    assert failed.endswith("  not accepted: HTTP 500, where 200 is due")
    assert retried.startswith(f"  {LATER}  HTTP 200  ")
    assert retried.endswith("  accepted")
    assert second == f"{key(2)}  authorize     web  小明  {receiver.url}  delivered"
    assert sent.startswith(f"  {LATER}  HTTP 200  ")


def test_one_that_is_retried(receiver: Receiver) -> None:
    """What was not accepted says when it is tried next, in the language that was asked for."""
    invoke("trigger", "create_video")

    head = f"{key(1)}  create_video  web  小明  {receiver.url}  "
    assert lines_of("deliveries")[0] == f"{head}not delivered, next try at {LATER}"
    chinese, attempt = lines_of("deliveries", "--lang", "zh")
    assert chinese == f"{head}未送达，{LATER} 重试"
    assert attempt.endswith("  未被接受：应返回 200，实际是 HTTP 500")


@pytest.mark.usefixtures("receiver")
def test_one_that_nobody_answered(server: ThreadedServer) -> None:
    """Where no answer came, the line says so and why."""
    invoke("trigger", "create_video", "--to", "http://127.0.0.1:9/x")

    head, attempt = lines_of("deliveries")
    assert head == f"{key(1)}  create_video  web  小明  http://127.0.0.1:9/x  failed"
    assert attempt.startswith(f"  {NOON}  no answer  ")
    assert "Connection refused" in attempt


def test_only_some(receiver: Receiver) -> None:
    """--event, --person, --app and --failed leave the others out; --limit the earlier ones."""
    invoke("trigger", "create_video", "--person", "小红")
    receiver.respond = says("fine")
    invoke("trigger", "create_video")
    invoke("trigger", "authorize")

    def ids(*args: str) -> list[str]:
        return [each["id"] for each in json_of("deliveries", "--json", *args)["deliveries"]]

    assert ids() == [key(1), key(2), key(3)]
    assert ids("--event", "create_video") == [key(1), key(2)]
    assert ids("--person", "小明") == [key(2), key(3)]
    assert ids("--failed") == [key(1)]
    assert ids("--app", "web", "--limit", "1") == [key(3)]
    some = invoke("deliveries", "--limit", "2")
    assert some.stdout.splitlines()[0].startswith(key(2))
    assert some.stderr == "there are earlier ones; a --limit above 2 shows them\n"


def test_bodies(receiver: Receiver) -> None:
    """--bodies prints headers and body as they were sent, and the answer, unable to do harm."""
    receiver.respond = says("a\x1b[31m\r\nb", 500)
    invoke("trigger", "create_video")

    _, *sent, _, answer = lines_of("deliveries", "--bodies")

    heard = receiver.only
    assert f"    X-Douyin-Signature: {heard.headers['x-douyin-signature']}" in sent
    assert sent[-1] == f"    {heard.body.decode()}"
    assert answer == r"    a\x1b[31m\r\nb"


def test_none(receiver: Receiver) -> None:
    """That there is none, or none of this kind, is one line beside the output."""
    nothing = invoke("deliveries")
    chinese = invoke("deliveries", "--lang", "zh")
    invoke("trigger", "create_video")
    others = invoke("deliveries", "--person", "小红")

    assert [each.exit_code for each in (nothing, chinese, others)] == [0, 0, 0]
    assert nothing.output == "no webhook or callback was sent or waits in world 'default'\n"
    assert chinese.output == "世界 'default' 没有发送过 webhook 或支付回调，也没有待发送的\n"
    assert others.output == "no webhook or callback in world 'default' matches; it has 1\n"
    assert nothing.stdout == others.stdout == ""


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--event", "creat_video"), "no event 'creat_video'; did you mean create_video?"),
        (("--person", "Ana"), "no person 'Ana' in this world; did you mean Anna?"),
        (("--app", "wbe"), "no app 'wbe' in world 'default'; did you mean web?"),
        (("--world", "defualt"), "no world 'defualt'; did you mean default?"),
    ],
)
def test_what_is_not_there(args: tuple[str, str], says: str) -> None:
    """A name that nothing has is refused with the nearest one."""
    assert complaint_of("deliveries", *args) == says


def test_a_reader_that_has_seen_enough(receiver: Receiver, server: ThreadedServer) -> None:
    """A closed pipe ends a long list without a word."""
    content = {"x": "x" * 60_000}
    for _ in range(20):
        body = {"event": "create_video", "to": receiver.url, "content": content}
        httpx.post(server.url + "/_mock/events", json=body)

    process = subprocess.Popen(
        [*COMMAND, "deliveries", "--bodies", "--url", server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()

    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_what_machines_get(receiver: Receiver) -> None:
    """--json prints what the control API answers."""
    invoke("trigger", "create_video")

    answer = json_of("deliveries", "--json")

    [one] = answer["deliveries"]
    assert (answer["total"], answer["more"]) == (1, False)
    assert json.loads(one["body"])["event"] == "create_video"
    assert [each["status"] for each in one["attempts"]] == [500]
    assert one["state"] == "waiting"
