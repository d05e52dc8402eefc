"""`doctor`."""

from __future__ import annotations

import json

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN

LOGIN = "/api/apps/v2/jscode2session"


def log_in(server: ThreadedServer, times: int = 1, world: str = "", **more: str) -> None:
    """Exchange one login code, as often as that."""
    code = json_of("code", "--world", world or "default")["code"]
    for _ in range(times):
        httpx.post(server.url + world + LOGIN, json={**PROGRAM_LOGIN, "code": code, **more})


def exchanges(server: ThreadedServer) -> list[int]:
    """Return the numbers of the exchanges in the journal."""
    found = httpx.get(f"{server.url}/_mock/journal").json()["exchanges"]
    return [each["id"] for each in found]


def test_nothing_to_complain_about(server: ThreadedServer) -> None:
    """Without findings, the output says so and how many exchanges were examined."""
    assert lines_of("doctor", "--fail") == ["Nothing to complain about in 0 exchanges."]
    log_in(server)

    assert lines_of("doctor", "--fail") == ["Nothing to complain about in 1 exchange."]


def test_findings_for_people(server: ThreadedServer) -> None:
    """Each finding says what is wrong, where it was seen, what to do and where it stands."""
    log_in(server, times=2, anonymousCode="x")

    reused, *_, empty, unread, says, seen, fix, source, _, last = lines_of("doctor")
    assert (reused, empty, unread) == ("code_reused", "", "unread_field")
    assert says.startswith("  anonymousCode was sent to mini_program.code_to_session twice")
    _, second = exchanges(server)
    assert seen.startswith(f"    seen    #{second}  ")
    assert seen.endswith(f"  POST {LOGIN}  refused 40018 bad code")
    assert fix == "    fix     Send it as anonymous_code."
    assert source.startswith("    source  https://developer.open-douyin.com/docs/")
    assert last == "2 findings in 2 exchanges; the whole of one: mockdouyin show 3"


def test_findings_in_chinese(server: ThreadedServer) -> None:
    """All of it is in the language that was asked for; what Douyin answered stays as it was."""
    assert lines_of("doctor", "--lang", "zh") == ["检查了 0 次请求，没有发现问题。"]
    log_in(server, times=2, anonymousCode="x")

    reused, says, seen, fix, source, *_, unread, send_as, _, _, last = (
        line for line in lines_of("doctor", "--lang", "zh") if line
    )
    assert reused == "code_reused"
    assert says.startswith(
        "  用已经发过的 code 又调用了 mini_program.code_to_session 1 次（40018 bad code："
    )
    assert seen.startswith("    看到  #")
    assert fix.startswith("    改法  一个 code 只换一次，把结果存下来")
    assert source.startswith("    依据  https://developer.open-douyin.com/docs/")
    assert source.endswith("（实测）")
    assert unread.endswith("传了 anonymousCode 2 次，该接口不读取它（是否应为 anonymous_code？）")
    assert send_as
    assert last == "检查了 2 次请求，有 2 处问题；完整的请求和响应：mockdouyin show 3"


def test_findings_for_machines(server: ThreadedServer) -> None:
    """--json prints the answer of the control API, with nothing secret in it."""
    log_in(server, times=2)

    answer = json_of("doctor", "--json")
    assert answer == httpx.get(f"{server.url}/_mock/findings").json()
    [finding] = answer["findings"]
    assert list(finding) == ["rule", "level", "says", "exchange", "source", "fix"]
    assert finding["exchange"]["id"] == exchanges(server)[1]
    assert PROGRAM.client_secret not in json.dumps(answer)


def test_failing(server: ThreadedServer) -> None:
    """With --fail a finding is exit code 1, as a pipeline wants it; without, it is 0."""
    log_in(server, times=2)

    assert invoke("doctor").exit_code == 0
    assert invoke("doctor", "--fail").exit_code == 1
    assert invoke("doctor", "--fail", "--json").exit_code == 1
    assert invoke("doctor", "--fail", "--rule", "wrong_host").exit_code == 0


def order(server: ThreadedServer, number: str) -> None:
    """Make an order whose callback goes to this machine."""
    fields = {
        "app_id": PROGRAM.client_key,
        "out_order_no": number,
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "notify_url": f"http://127.0.0.1:9000/{number}",
    }
    signed = {**fields, "sign": sign(fields, PROGRAM.payment.salt)}
    httpx.post(f"{server.url}/api/apps/ecpay/v1/create_order", json=signed)


def test_a_note(server: ThreadedServer) -> None:
    """What is right here is listed as a note, and fails nothing."""
    order(server, "A-1")

    rule, says, seen, fix, _, empty, none, last = lines_of("doctor", "--fail")
    assert (rule, empty) == ("local_notify_url (note)", "")
    assert says.startswith("  notify_url http://127.0.0.1:9000/A-1 works here; the platform takes")
    assert "create_order" in seen
    assert fix.startswith("    fix     Nothing for now.")
    assert none == "Nothing to complain about in 1 exchange."
    assert last.startswith("1 note: ")
    assert invoke("doctor", "--fail", "--json").exit_code == 0
    rule, *_, none, last = lines_of("doctor", "--fail", "--lang", "zh")
    assert rule == "local_notify_url（提示）"
    assert none == "检查了 1 次请求，没有发现问题。"
    assert last.startswith("另有 1 条提示：")


def test_notes_after_mistakes(server: ThreadedServer) -> None:
    """Mistakes come first and alone are counted as findings."""
    order(server, "A-1")
    order(server, "A-2")
    log_in(server, times=2)

    lines = lines_of("doctor")
    assert lines[0] == "code_reused"
    assert lines.index("local_notify_url (note)") > 0
    assert lines[-2].startswith("1 finding in 4 exchanges; ")
    assert lines[-1].startswith("2 notes: ")
    assert invoke("doctor", "--fail").exit_code == 1


@pytest.mark.usefixtures("server")
def test_an_unknown_rule() -> None:
    """A rule that is not there is refused."""
    assert "did you mean stale_token?" in complaint_of("doctor", "--rule", "stale_tokens")


def test_a_world_of_its_own(server: ThreadedServer) -> None:
    """--world looks at that world alone, and a strange name cannot steer the terminal."""
    httpx.post(f"{server.url}/_mock/worlds", json={"name": "mine"})
    httpx.post(f"{server.url}/@mine{LOGIN}", json={"\x1b[31mred": 1})

    assert lines_of("doctor") == ["Nothing to complain about in 0 exchanges."]
    assert lines_of("doctor", "--world", "mine")[1].startswith("  \\x1b[31mred was sent to ")
