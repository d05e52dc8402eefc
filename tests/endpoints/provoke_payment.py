"""What leads to the errors of guaranteed payment."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.core.apps import App, Payment
from mockdouyin.core.endpoint import Endpoint
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.calls_payment import RECEIVER, sharing
from tests.endpoints.provoke import Provoked, by

PROVIDER = "tt00000000000000aa01"


def _called(endpoint: Endpoint) -> tuple[Scene, Ask]:
    scene = Scene()
    return scene, good(scene, endpoint.full_name)


@by(("ecpay", "bad_signature"))
def _a_value_was_changed_after_signing(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(sign="0" * 32), good=ask)


@by(("ecpay", "bad_appid"))
def _nobody_has_the_app_id(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(app_id="tt00000000000000ff01"), good=ask)


@by(("ecpay", "bad_provider"))
def _nobody_has_the_provider(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(thirdparty_id=PROVIDER), good=ask)


@by(("ecpay", "provider_not_authorized"))
def _the_provider_is_another_apps(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    payment = Payment(thirdparty_id=PROVIDER, thirdparty_salt="fa4e")
    game: App = scene.app("mini_game")
    scene.amend("mini_game", payment=replace(game.payment, **_given(payment)))
    return Provoked(scene, ask.having(thirdparty_id=PROVIDER), good=ask)


def _given(payment: Payment) -> dict[str, str]:
    return {"thirdparty_id": payment.thirdparty_id, "thirdparty_salt": payment.thirdparty_salt}


NUMBERS = ("out_refund_no", "out_settle_no", "out_return_no", "out_order_no")
"""The app's own numbers; the first that a call has is the one that it is about."""


def _numbered(ask: Ask, number: str | None) -> Ask:
    """Return a call with another number, or without one."""
    name = next(name for name in NUMBERS if name in (ask.fields or {}))
    return ask.having(**{name: number})


@by(("ecpay", "bad_params"))
def _the_number_is_missing(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, _numbered(ask, None))


@by(("ecpay", "rate_limited"))
def _it_is_over_the_limit_of_a_second(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    scene.set(limits="enforce")
    key = scene.app("mini_program").client_key
    scene.called(f"{endpoint.full_name} {key}", 1000, 1.0)
    return Provoked(scene, ask)


@by("no_such_order")
def _the_app_has_no_such_order(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(out_order_no="NO-SUCH-ORDER"), good=ask)


@by("no_such_refund", ("ecpay.query_settle", "no_such_settlement"))
@by(("ecpay.query_return", "no_such_return"))
def _there_is_nothing_of_this_number(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, _numbered(ask, "NO-SUCH-NUMBER"), good=ask)


@by(("ecpay.create_return", "no_such_settlement"))
def _the_settlement_is_unknown(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(out_settle_no="NO-SUCH-NUMBER"), good=ask)


@by("nothing_to_settle")
def _more_is_shared_than_was_paid(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(settle_params=sharing((RECEIVER, 1990))), good=ask)


@by("bad_return_no")
def _the_number_has_65_characters(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(out_return_no="R" * 65), good=ask)


@by(("trade.query_order_v2", "no_order"))
def _there_is_no_such_order_of_a_phone(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(order_id="ot1"), good=ask)


@by(("order_push.push", "bad_params"))
def _the_time_is_in_seconds(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    seconds = int(scene.world.clock.now())
    return Provoked(scene, ask.having(update_time=seconds), good=ask)


@by(("order_push.delete", "bad_params"))
def _the_order_was_never_pushed(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(order_id="NO-SUCH-ORDER"), good=ask)


@by(("order_push.push", "bad_open_id"))
def _the_open_id_is_of_the_web_app(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(open_id=scene.open_id("web")), good=ask)
