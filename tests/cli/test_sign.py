"""`sign check`: with a given key, the demo apps' keys, or those of a running server."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from mockdouyin.core.apps import AppSpec, PaymentSpec, make_app
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM

FIELDS = {"app_id": "tt0123456789abcdef", "out_order_no": "中-1", "total_amount": 1990}


def written(signature: str) -> str:
    """Write a request with this sign."""
    return json.dumps({**FIELDS, "sign": signature}, ensure_ascii=False)


def test_a_right_signature() -> None:
    """From standard input, with a given SALT: exit code 0."""
    body = written(sign(FIELDS, "my-salt"))

    lines = lines_of("sign", "check", "--salt", "my-salt", input=body)

    assert lines[0] == "The signature is right."
    assert lines[-1].split() == ["signed", "1990&<SALT>&中-1"]
    assert "my-salt" not in "\n".join(lines)


def test_a_wrong_signature(tmp_path: Path) -> None:
    """From a file: exit code 1, and the mistake in the language of the user."""
    file = tmp_path / "order.sh"
    wrong = hashlib.md5("中-1&1990&my-salt".encode()).hexdigest()
    file.write_text(f"curl -d '{written(wrong)}' https://developer.toutiao.com/x", "utf-8")

    english = invoke("sign", "check", "--salt", "my-salt", str(file))
    chinese = invoke("sign", "check", "--lang", "zh", "--salt", "my-salt", str(file))
    told = invoke("sign", "check", "--json", "--salt", "my-salt", str(file))

    assert english.exit_code == chinese.exit_code == told.exit_code == 1
    assert english.stdout.splitlines()[:2] == [
        "The signature is wrong.",
        "the values are not sorted",
    ]
    assert chinese.stdout.splitlines()[:2] == ["签名不正确", "参数值没有排序"]
    assert json.loads(told.stdout)["matches"][0]["recipes"] == ["unsorted"]


@pytest.mark.parametrize("option", ["--key", "--salt", "--token", "--secret", "--ticket"])
def test_a_key_has_the_name_that_its_kind_gives_it(option: str) -> None:
    """Each name of the option is for the same."""
    body = written(sign(FIELDS, "k"))

    assert json_of("sign", "check", option, "k", "--json", input=body)["right"]


def test_the_demo_apps_need_no_key() -> None:
    """A request of the demo mini-program is checked with its fixed SALT, without a server."""
    fields = {**FIELDS, "app_id": PROGRAM.client_key}
    body = json.dumps({**fields, "sign": sign(fields, PROGRAM.payment.salt)})

    assert json_of("sign", "check", "--json", input=body)["right"]


def test_a_server_has_the_keys(server: ThreadedServer) -> None:
    """The SALT of an app is taken from the server that is named."""
    world = server.sandbox.default
    spec = AppSpec(client_key=FIELDS["app_id"], payment=PaymentSpec(salt="kept"))  # type: ignore[arg-type]
    world.register(make_app("shop", spec, world.ids))
    body = written(sign(FIELDS, "kept"))

    assert json_of("sign", "check", "--json", "--url", server.url, input=body)["right"]
    assert json_of("sign", "check", "--json", input=body)["right"]  # MOCKDOUYIN_URL names it
    other = invoke("sign", "check", "--key", "other", "--url", server.url, input=body)
    assert other.exit_code == 1


@pytest.mark.parametrize(
    ("args", "content", "says"),
    [
        ((), "", "the text is empty"),
        ((), written("x"), "no app 'tt0123456789abcdef'"),
        (("--kind", "x"), "{}", "no kind of signature 'x'"),
        (("--entry", "2"), '{"log":{"entries":[]}}', "the HAR has 0 entries"),
        (("no-such-file",), "", "no-such-file"),
        (("--url", "http://127.0.0.1:9"), written("x"), "start one with `mockdouyin serve`"),
    ],
)
def test_bad_input(args: tuple[str, ...], content: str, says: str) -> None:
    """What cannot be checked is one line, exit code 2."""
    assert says in complaint_of("sign", "check", *args, input=content)


def test_input_that_is_no_text() -> None:
    """Bytes that are not UTF-8, and too many, are refused."""
    assert "not UTF-8 text" in complaint_of("sign", "check", input=b"\xff\xfe")
    assert "more than 1048576 bytes" in complaint_of("sign", "check", input=b"x" * 1048577)


def test_a_request_cannot_steer_the_terminal() -> None:
    """Control characters are escaped where they are shown."""
    body = json.dumps({**FIELDS, "a": "\x1b[2J", "sign": "\x1b[2J"})

    result = invoke("sign", "check", "--salt", "s", input=body)

    assert result.exit_code == 1
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("path", [(), ("check",)])
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    """Each command's help ends with an example."""
    lines = lines_of("sign", *path, "--help")

    assert lines[-2] == "Example:"
    assert lines[-1].strip().startswith("mockdouyin sign")
