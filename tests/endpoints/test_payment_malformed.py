"""What is malformed at guaranteed payment is refused once it is known whose call it is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.http import Request
from mockdouyin.endpoints import WRITTEN
from mockdouyin.endpoints._payment_calls import SignedFields
from tests.endpoints.calls import Ask, Scene, compact, good
from tests.endpoints.calls_merchant import MERCHANTS as SAAS
from tests.endpoints.calls_merchant import queried
from tests.endpoints.calls_payment import operation, paid, signed
from tests.support.ecpay import sign

ORDER = {"total_amount": 1990, "subject": "月度会员", "body": "30 天", "valid_time": 900}
WRONG: tuple[Any, ...] = ("abc", 1.5, True, {}, [1])

POSTED = [
    each
    for each in WRITTEN
    if issubclass(each.types.fields, SignedFields) and "POST" in each.methods
]


def last_why(scene: Scene) -> str:
    """Return why the last call was refused."""
    return list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize("name", [each.full_name for each in POSTED])
def test_first_the_app_then_the_sign_then_the_types(name: str) -> None:
    """The number of a wrong type comes only where app and sign are right."""
    endpoint = WRITTEN.endpoints[name]
    kinds = msgspec.structs.fields(endpoint.types.fields)
    identity = ("app_id", "thirdparty_id", "sign", "access_token", "component_access_token")
    field = next(e.name for e in kinds if e.type in (str, int) and e.name not in identity)
    scene = Scene()
    wrong = good(scene, name).having(**{field: {"a": 1}})

    answers = [scene.ask(each) for each in (wrong, wrong.having(sign="0" * 32))]

    assert [each["err_no"] for each in answers] == [endpoint.malformed, 2008]
    if "app_id" in (wrong.fields or {}):
        unknown = scene.ask(wrong.having(app_id="tt" + "f" * 18))
        assert unknown["err_no"] == endpoint.case("bad_appid").code


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_type_spoils_a_new_number_alone(wrong: Any) -> None:
    """A number without an order is spoilt by it; one that has an order keeps it."""
    scene = Scene()
    made = operation(scene, "create_order", out_order_no="A-1", **ORDER)
    bad = {**ORDER, "total_amount": wrong}

    assert operation(scene, "create_order", out_order_no="A-1", **bad) == made
    assert operation(scene, "create_order", out_order_no="A-2", **bad)["err_no"] == 2010
    assert "total_amount should be a whole number" in last_why(scene)
    assert operation(scene, "create_order", out_order_no="A-2", **ORDER)["err_no"] == 2010


def test_a_number_that_is_no_text_is_said_so() -> None:
    """The reason names the type of out_order_no, and not that it is missing."""
    scene = Scene()

    assert operation(scene, "create_order", out_order_no=1, **ORDER)["err_no"] == 2010
    assert "out_order_no should be text" in last_why(scene)


def test_a_body_that_cannot_be_read_is_2010() -> None:
    """Nobody can be found in it, so nothing else is checked."""
    scene = Scene()
    path = "/api/apps/ecpay/v1/create_order"
    reply = scene.box.handle(Request("POST", path, b"", [], b'{"app_id": '))

    assert msgspec.json.decode(reply.body)["err_no"] == 2010
    assert "JSON" in last_why(scene)


@pytest.mark.parametrize("bad", [{"total_amount": "abc"}, {"body": "x" * 70_000}])
def test_it_comes_to_the_world_of_its_app(bad: dict[str, Any]) -> None:
    """A wrong type, or a text that is too long, does not lead a call to the world `default`."""
    box = Sandbox(clock=ManualClock, seed=7)
    scene = Scene(box)
    world = box.worlds.create("other")
    app = world.find_app(None, "mini_program")
    fields = {"app_id": app.client_key, "out_order_no": "A-1", **ORDER, **bad}
    path = "/api/apps/ecpay/v1/create_order"

    box.handle(Request("POST", path, b"", [], compact(fields)))

    assert (world.journal.total, scene.world.journal.total) == (1, 0)


def test_what_old_clients_send_at_a_refund_means_nothing() -> None:
    """Their total_amount is signed along, and its type does not matter."""
    scene = Scene()
    ask = good(scene, "ecpay.create_refund")

    for number, value in enumerate(("1990", 19.9, "x", {"a": [1]}, None)):
        again = ask.having(out_refund_no=f"R-{number}", refund_amount=1, total_amount=value)
        assert scene.ask(again)["err_no"] == 0


@pytest.mark.parametrize(("asked", "lasts"), [(-1, 300), (10**11, 172_800), (10**30, 172_800)])
def test_any_time_is_moved_to_its_bound(asked: int, lasts: int) -> None:
    """However far out of bounds valid_time is, there is no error."""
    scene = Scene()
    fields = {**ORDER, "valid_time": asked}
    assert operation(scene, "create_order", out_order_no="A-1", **fields)["err_no"] == 0

    scene.advance(lasts + 1)
    found = scene.ask(signed(scene, "/api/apps/ecpay/v1/query_order", out_order_no="A-1"))
    assert found["payment_info"]["order_status"] == "TIMEOUT"


# Where a world is strict.


@pytest.mark.parametrize("strict", [False, True])
def test_numbers_as_text(strict: bool) -> None:
    """They are signed alike and read, unless the setting refuses them after the sign."""
    scene = Scene(strict_payments=strict)
    number = 2010 if strict else 0
    paid(scene, "PAID")
    refund = {"out_order_no": "PAID", "out_refund_no": "R-1", "reason": "r"}
    settle = {"out_order_no": "PAID", "out_settle_no": "S-1", "settle_desc": "d"}
    shares = '[{"merchant_uid":"70000000000000000002","amount":"60"}]'
    account = {"merchant_uid": "70000000000000000001", "channel_type": "wx", "out_order_id": "W-1"}

    answers = [
        operation(scene, "create_order", out_order_no="A-1", **{**ORDER, "total_amount": "1990"}),
        operation(scene, "create_refund", **refund, refund_amount="1"),
        operation(scene, "settle", **settle, settle_params=shares),
        scene.ask(
            signed(scene, f"{SAAS}merchant_withdraw", **account, withdraw_amount="1"),
        ),
    ]

    assert [each["err_no"] for each in answers] == [number] * 4
    wrong = operation(scene, "create_order", sign="0" * 32, **{**ORDER, "total_amount": "1990"})
    assert wrong["err_no"] == 2008


def test_what_is_text_anyway_stays_text() -> None:
    """A strict world takes empty numbers for absent, and the query of a bill is all text."""
    scene = Scene(strict_payments=True)
    fields = {**ORDER, "disable_msg": "", "out_order_no": "A-1"}
    query = {"start_date": "20260101", "end_date": "20260101", "bill_type": "payment"}

    assert operation(scene, "create_order", **fields)["err_no"] == 0
    assert scene.send(queried(scene, "/api/apps/bill", **query)).body.startswith("序号".encode())


@pytest.mark.parametrize("strict", [False, True])
def test_a_sign_over_json_text(strict: bool) -> None:
    """It is accepted like one over Go's %v, unless the setting refuses it and says why."""
    scene = Scene(strict_payments=strict)
    app = scene.app("mini_program")
    fees = {"original_delivery_fee": 15, "actual_delivery_fee": 10}
    fields = {"app_id": app.client_key, "out_order_no": "A-1", **ORDER, "expand_order_info": fees}
    text = {**fields, "expand_order_info": compact(fees).decode()}
    asked = {**fields, "sign": sign(text, app.payment.salt)}

    answer = scene.ask(Ask("POST", "/api/apps/ecpay/v1/create_order", fields=asked))

    assert answer["err_no"] == (2008 if strict else 0)
    assert ("Go's %v" in last_why(scene)) == strict
    go = {**fields, "out_order_no": "A-2"}
    assert operation(scene, "create_order", **go)["err_no"] == 0


@pytest.mark.parametrize(("value", "number"), [(0, 0), (1, 0), (2, 2010), (-1, 2010)])
def test_a_flag_is_0_or_1(value: int, number: int) -> None:
    """disable_msg, at orders and at refunds."""
    scene = Scene()
    fields = {**ORDER, "out_order_no": "A-1", "disable_msg": value}
    refund = good(scene, "ecpay.create_refund").having(disable_msg=value)

    assert operation(scene, "create_order", **fields)["err_no"] == number
    assert scene.ask(refund)["err_no"] == number
