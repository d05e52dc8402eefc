"""`share`: a link is built, examined and published with a running server."""

from __future__ import annotations

import json

import msgspec
import pytest

from mockdouyin.core.apps import Webhook
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.helpers import PROGRAM, WEB
from tests.support.receivers import Receiver, says

VIDEO = "https://app.example.test/a.mp4?a=1&b=2"


@pytest.mark.usefixtures("server")
def test_a_built_link_is_taken() -> None:
    """What build prints, verify takes: exit code 0."""
    (schema,) = lines_of("share", "build", "--video", VIDEO, "--title", "你好 & 再见")

    assert schema.startswith("snssdk1128://openplatform/share?share_type=h5&client_key=aw")
    assert lines_of("share", "verify", schema) == ["The Douyin app accepts it."]
    verdict = json_of("share", "verify", schema, "--json")
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    assert verdict["fields"]["video_path"] == VIDEO
    assert verdict["fields"]["title"] == "你好 & 再见"


@pytest.mark.usefixtures("server")
def test_every_option_of_build() -> None:
    """Each part of a link has its option; several pictures make an album."""
    made = json_of(
        *("share", "build", "--app", "mini_program", "--image", "https://a.example.test/1"),
        *("--images", "https://a.example.test/2", "--images", "https://a.example.test/3"),
        *("--hashtag", "测试", "--hashtag", "b", "--state", "my-own", "--json"),
    )

    fields = made["fields"]
    assert fields["client_key"] == PROGRAM.client_key
    assert fields["image_path"] == "https://a.example.test/1"
    assert json.loads(fields["image_list_path"]) == [
        f"https://a.example.test/{number}" for number in (2, 3)
    ]
    assert json.loads(fields["hashtag_list"]) == ["测试", "b"]
    assert fields["state"] == "my-own"
    assert json_of("share", "verify", made["schema"], "--json")["ok"]


@pytest.mark.usefixtures("server")
def test_a_wrong_link_is_explained() -> None:
    """Each problem prints with what was seen and what was expected; exit code 1."""
    (schema,) = lines_of("share", "build")
    wrong = schema.replace("&timestamp", "×tamp").replace("share_type=h5&", "")

    result = invoke("share", "verify", wrong)
    told = invoke("share", "verify", wrong, "--json")

    assert (result.exit_code, told.exit_code) == (1, 1)
    assert result.stdout.splitlines() == [
        "timestamp: an HTML page read the &times of &timestamp as ×; write &amp;timestamp there",
        "  seen      ×tamp=",
        "  expected  &timestamp=",
        "share_type: it has to be h5",
        "  seen      (nothing)",
        "  expected  h5",
    ]
    assert [p["part"] for p in json.loads(told.stdout)["problems"]] == ["timestamp", "share_type"]


@pytest.mark.usefixtures("server")
def test_a_wrong_link_in_chinese() -> None:
    """Each problem is told in the language that was asked for."""
    (schema,) = lines_of("share", "build")
    lang = ("--lang", "zh")

    assert lines_of("share", "verify", schema, *lang) == ["抖音 App 接受这个链接。"]
    result = invoke("share", "verify", schema.replace("share_type=h5&", ""), *lang)
    assert result.stdout.splitlines() == [
        "share_type: share_type 只能是 h5",
        "  看到  （无）",
        "  应为  h5",
    ]


@pytest.mark.usefixtures("server")
def test_a_link_cannot_steer_the_terminal() -> None:
    """Control characters of a link are escaped where it is shown."""
    result = invoke("share", "verify", "snssdk1128://openplatform/share?a=\x1b[2J")

    assert result.exit_code == 1
    assert "\x1b" not in result.stdout


def test_publish(server: ThreadedServer) -> None:
    """A person publishes: the work has its ids, and create_video reaches the receiver."""
    world = server.sandbox.default
    app = world.apps[WEB.client_key]
    with Receiver(says("ok")) as receiver:
        world.register(msgspec.structs.replace(app, webhook=Webhook(url=receiver.url)))
        (schema,) = lines_of("share", "build", "--video", VIDEO)
        published = json_of("share", "publish", schema, "--person", "小红")
        lines_of("clock", "advance", "0s")

    assert published["person"] == "小红"
    assert receiver.only.is_signed(WEB.client_secret)
    event = receiver.only.payload
    assert event["event"] == "create_video"
    assert event["from_user_id"] == world.people.open_id(app, "小红")
    names = ("share_id", "item_id", "video_id")
    assert [event["content"][name] for name in names] == [published[name] for name in names]


@pytest.mark.usefixtures("server")
def test_what_cannot_be_published() -> None:
    """A link that is not accepted, or that nobody can open, is an error of one line."""
    (schema,) = lines_of("share", "build")

    refused = complaint_of("share", "publish", schema + "&x=1")
    assert refused.startswith("the Douyin app does not take the link: x: no such parameter")
    assert "no person '小名'" in complaint_of("share", "publish", schema, "--person", "小名")
    link = "snssdk1128://webview?url=x"
    assert "none of this world's share links" in complaint_of("share", "publish", link)
    assert "no app 'nobody'" in complaint_of("share", "build", "--app", "nobody")


@pytest.mark.parametrize("command", [("build",), ("verify", "x"), ("publish", "x")])
def test_a_server_is_needed(command: tuple[str, ...]) -> None:
    """Without a running server each command says how to start one."""
    says = complaint_of("share", *command, "--url", "http://127.0.0.1:9")

    assert "start one with `mockdouyin serve`" in says


@pytest.mark.parametrize("path", [(), ("build",), ("verify",), ("publish",)])
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    """Each command's help ends with an example."""
    lines = lines_of("share", *path, "--help")

    assert lines[-2] == "Example:"
    assert lines[-1].strip().startswith("mockdouyin share")
