"""Callbacks of guaranteed payment: which answers acknowledge one, and why another does not."""

from __future__ import annotations

import pytest

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING
from mockdouyin.domain.payment_callbacks import ECPAY

DELIVERY = Delivery("1", "ecpay_payment", "tt", "", "http://127.0.0.1/", {}, b"")
WANTED = '; {"err_no":0,"err_tips":"success"} acknowledges'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "the body is empty"),
        ("success", "the body is not JSON"),
        ("Warning: a notice of PHP's {}", "the body is not JSON"),
        (
            '\ufeff{"err_no":0}',
            "the body is not JSON: it begins with an invisible byte order mark",
        ),
        ("\x1f\udc8b\x08", "the body is compressed by gzip, which the request did not ask for"),
        ("\udcff\udcfe{\0", "the body is UTF-16, not UTF-8"),
        ('[{"err_no":0}]', "the body is JSON but not an object"),
        ('"{}"', "the body is JSON but not an object"),
        ('{"errno":0}', "the body has no err_no"),
        ('{"err_no":"0"}', 'err_no is "0", where the number 0 is due'),
        ('{"err_no":false}', "err_no is false, where the number 0 is due"),
        ('{"err_no":null}', "err_no is null, where the number 0 is due"),
        ('{"err_no":400}', "err_no is not 0"),
    ],
)
def test_what_does_not_acknowledge(body: str, why: str) -> None:
    """The reason is what the receiver has to change, and ends with what acknowledges."""
    problem = ECPAY.problem(Attempt(status=200, body=body), DELIVERY).render("en")

    assert problem.startswith(why)
    assert problem.endswith(WANTED)


def test_an_answer_that_is_cut_does_not_acknowledge() -> None:
    """A page of debugging output after the answer is too long to be read."""
    cut = Attempt(status=200, body='{"err_no":0' + " " * 100, truncated=True)

    assert "too long: 111 bytes of it are read" in ECPAY.problem(cut, DELIVERY).render("en")


@pytest.mark.parametrize("body", ['{"err_no":0}', '\r\n{"err_no":0.0,"data":{}}\n'])
def test_what_acknowledges(body: str) -> None:
    """The number 0 does, whatever stands beside it."""
    assert ECPAY.problem(Attempt(status=200, body=body), DELIVERY) == NOTHING
