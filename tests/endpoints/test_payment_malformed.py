"""What is malformed at guaranteed payment is refused once it is known whose call it is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.http import Request
from mockdouyin.endpoints import WRITTEN
from mockdouyin.endpoints._payment_calls import SignedFields
from tests.endpoints.calls import Scene, compact, good
from tests.endpoints.calls_payment import operation, signed

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
