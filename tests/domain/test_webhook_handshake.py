"""What counts as an echo of verify_webhook's challenge, and what is said of everything else."""

from __future__ import annotations

import pytest

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING
from mockdouyin.core.webhooks import settle
from mockdouyin.domain.webhook_handshake import Challenge, read_echo

N = 19655498
JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "content_type", "challenge"),
    [
        (b'{"challenge":19655498}', JSON, N),
        (b' {"challenge" : 19655498}\n', "Application/JSON;charset=UTF-8", N),
        (b'{"challenge":"19655498"}', JSON, str(N)),
        (b'{"challenge": 19655498}', JSON, str(N)),
        (b'{"challenge":9223372036854775807}', JSON, 2**63 - 1),
    ],
)
def test_accepted(body: bytes, content_type: str, challenge: Challenge) -> None:
    """The challenge alone in a JSON object is an echo."""
    assert read_echo(200, content_type, body, challenge) == (True, True, NOTHING)


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (b'{"challenge":"19655498"}', "went out as a number and came back as text"),
        (b'{"challenge":19655498,"code":0}', "beside the challenge the body has 'code'"),
    ],
)
def test_unusual(body: bytes, remark: str) -> None:
    """Numeric text is accepted, and so is company, with a remark."""
    echo = read_echo(200, JSON, body, N)

    assert echo.accepted
    assert remark in echo.remark.render("en")


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (b'{"code":0,"data":{"challenge":19655498}}', "wrapped: it stands at data.challenge"),
        (b'[{"challenge":19655498}]', "wrapped: it stands at [0].challenge"),
        (b'{"Challenge":19655498}', "wrapped: it stands at Challenge"),
        (b"19655498", "the body is the bare challenge"),
        (b'"19655498"', "the body is the bare challenge"),
        (b"'19655498'", "the body is the bare challenge"),
    ],
)
def test_seen_but_not_accepted(body: bytes, remark: str) -> None:
    """A challenge in another place is no echo, but shows that the message was believed."""
    echo = read_echo(200, JSON, body, N)

    assert (echo.accepted, echo.seen) == (False, True)
    assert remark in echo.remark.render("en")
    assert '{"challenge":19655498}' in echo.remark.render("en")


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (b"", "the body is empty"),
        (b" \r\n", "the body is empty"),
        (b"success", "the body is not JSON"),
        (b"\xff\xfe\x00", "the body is UTF-16"),
        (b'\xef\xbb\xbf{"challenge":1}', "it begins with an invisible byte order mark"),
        (b"\x1f\x8b\x08\x00", "the body is compressed by gzip"),
        (b"[" * 60_000, "the body is not JSON"),
        (b"[]", "JSON but not an object"),
        (b"null", "JSON but not an object"),
        (b'{"err_no":0}', "the body has no challenge"),
        (b'{"challenge":19655499}', "came back as 19655499"),
        (b'{"challenge":19655498.0}', "came back as 19655498.0"),
        (b'{"challenge":"019655498"}', 'came back as "019655498"'),
        ('{"challenge":"１９６５５４９８"}'.encode(), "came back as"),
        (b'{"challenge":null}', "came back as null"),
        (b'{"challenge":{"challenge":1}}', "came back as"),
    ],
)
def test_absent(body: bytes, remark: str) -> None:
    """Everything else has no challenge in it, and the remark says what it has."""
    echo = read_echo(200, JSON, body, N)

    assert (echo.accepted, echo.seen) == (False, False)
    assert remark in echo.remark.render("en")


def test_true_is_not_one() -> None:
    """A boolean is no number."""
    assert not read_echo(200, JSON, b'{"challenge":true}', 1).seen


@pytest.mark.parametrize("content_type", ["", "text/html", "text/json", "application/jsonp"])
def test_content_type(content_type: str) -> None:
    """The answer must call itself JSON; that it does not is said beside what else is wrong."""
    right = read_echo(200, content_type, b'{"challenge":19655498}', N)
    bare = read_echo(200, content_type, b"19655498", N)

    assert (right.accepted, right.seen) == (False, True)
    assert "Content-Type" in right.remark.render("en")
    assert "Content-Type" in bare.remark.render("en")
    assert "bare" in bare.remark.render("en")


@pytest.mark.parametrize("status", [199, 301, 401, 500])
def test_status(status: int) -> None:
    """Only an answer of 2xx is one."""
    echo = read_echo(status, JSON, b'{"challenge":19655498}', N)

    assert (echo.accepted, echo.seen) == (False, False)
    assert echo.remark.render("en") == f"HTTP {status}, where 200 is due"
    assert echo.remark.render("zh") == f"应返回 200，实际是 HTTP {status}"


def test_in_chinese() -> None:
    """What is wrong with an answer is told in Chinese, too, all of it in one sentence."""
    echo = read_echo(200, "text/html", b'{"code":0,"data":{"challenge":19655498}}', N)

    assert echo.remark.render("zh") == (
        "Content-Type 是 'text/html'，应为 application/json；同时，challenge 外面多了一层：位于"
        ' data.challenge，body 里应只有 {"challenge":19655498}'
    )


def challenged(body: bytes, answer: str, event: str = "verify_webhook") -> Delivery:
    """Return a delivery that was answered with this JSON."""
    sent = Delivery(id="1", event=event, app="a", person="p", url="u", headers={}, body=body)
    return settle(sent, Attempt(status=200, body=answer, content_type=JSON))


@pytest.mark.parametrize(
    "body",
    [b'{"content":{"challenge":19655498}}', b'{"content":"{\\"challenge\\":19655498}"}\n'],
)
def test_the_echo_is_the_acknowledgement(body: bytes) -> None:
    """verify_webhook is delivered by its challenge, and retried after any other answer."""
    right = challenged(body, '{"challenge":19655498}')
    wrong = challenged(body, '{"challenge":1}')

    assert (right.state, right.attempts[-1].problem) == ("delivered", NOTHING)
    assert wrong.state == "waiting"
    assert (
        wrong.attempts[-1]
        .problem.render("en")
        .startswith("the challenge came back as 1, it must be")
    )
    assert challenged(body, '{"challenge":1}', "create_video").state == "delivered"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b'{"content":"x"}', b'{"content":{}}', b'{"content":{"challenge":[1]}}'],
)
def test_a_body_without_a_challenge(body: bytes) -> None:
    """A tester's own body that holds no challenge is accepted with any 2xx."""
    assert challenged(body, "ok").state == "delivered"
