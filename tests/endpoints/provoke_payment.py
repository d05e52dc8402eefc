"""What leads to the errors of guaranteed payment."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.core.apps import App, Payment
from mockdouyin.core.endpoint import Endpoint
from tests.endpoints.calls import Ask, Scene, good
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


@by(("ecpay", "bad_params"))
def _the_number_is_missing(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(out_order_no=None))


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
