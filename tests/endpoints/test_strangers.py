"""What is one app's is not another's: neither told to it, nor linked to what it asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mockdouyin.core.apps import App, AppSpec, make_app
from mockdouyin.endpoints import CATALOGUE
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.calls_merchant import SignedQuery, account, earned, linked, opened
from tests.endpoints.calls_payment import (
    DONE,
    RECEIVER,
    SignedAsk,
    operation,
    order_detail,
    ordered,
    paid,
    pushing,
    returned,
    settled,
    signed,
)

OF_PROVIDERS = ("add_merchant", "add_sub_merchant")
"""The calls of a service provider for itself, which name no app."""

NAMES = [
    each.full_name
    for each in CATALOGUE
    if each.family.name in ("ecpay", "merchant", "order_push") and each.name not in OF_PROVIDERS
]

MAKING = ("create_order", "push", "app_add_sub_merchant", "create_merchant", "image_upload")
"""The calls that make something of the caller's own, whatever they name."""


def second_app(scene: Scene) -> App:
    """Register another mini-program; return it."""
    made = make_app("另一个小程序", AppSpec(kind="mini_program"), scene.world.ids)
    scene.world.transact(lambda: scene.world.register(made))
    return made


def token_of(scene: Scene, app: App, path: str, **fields: str) -> str:
    """Return a token that an app has fetched."""
    asked = {**fields, "grant_type": "client_credential"}
    return str(scene.ask(Ask("POST", path, fields=asked))["data"]["access_token"])


def from_app(scene: Scene, app: App, ask: Ask) -> Ask:
    """Return a call as another app makes it: with its own key, sign, tokens and open_ids."""
    own: dict[str, Any] = {"app_id": app.client_key}
    own |= dict.fromkeys(("open_id", "openid"), scene.world.people.open_id(app, "小明"))
    given = {*ask.query, *(ask.fields or {})}
    if "access_token" in given:
        keys = {"appid": app.client_key, "secret": app.client_secret}
        own["access_token"] = token_of(scene, app, "/api/apps/v2/token", **keys)
    changed = ask.having(**{name: own[name] for name in own if name in given})
    if "access-token" in ask.headers:
        keys = {"client_key": app.client_key, "client_secret": app.client_secret}
        token = token_of(scene, app, "/oauth/stable_client_token/", **keys)
        changed = changed.under(access_token=token)
    if isinstance(changed, SignedAsk | SignedQuery):
        return replace(changed, salt=app.payment.salt)
    return changed


def links_to(scene: Scene, app: App) -> set[str]:
    """Return the kinds of an app's links that the last thing in the journal has."""
    last = scene.world.journal.newest()[-1]
    return {link.kind for link in last.links if link.app == app.client_key}


def is_refused(scene: Scene) -> bool:
    """Whether the last call was refused."""
    return list(scene.world.journal)[-1].verdict == "refused"


@pytest.mark.parametrize("name", NAMES)
def test_another_apps_numbers(name: str) -> None:
    """A good call, made by another app, is not linked to the first one; a query is refused."""
    scene = Scene()
    first, second = scene.app("mini_program"), second_app(scene)
    ask = from_app(scene, second, good(scene, name))

    scene.send(ask)

    assert links_to(scene, first) == set()
    is_making = name.partition(".")[2] in MAKING
    assert is_refused(scene) != (is_making or name == "ecpay.bill"), scene.send(ask).body


def platform_numbers(scene: Scene) -> dict[str, str]:
    """Return the platform's numbers of an order, a settlement and a return."""
    order = paid(scene)
    order_id = operation(scene, "query_order", out_order_no=order)["order_id"]
    settlement = settled(scene, order)
    settle_no = operation(scene, "query_settle", out_settle_no=settlement)["settle_info"]
    scene.advance(DONE)
    back = operation(scene, "query_return", out_return_no=returned(scene, settlement))
    return {
        "order_id": order_id,
        "settle_no": settle_no["settle_no"],
        "return_no": back["return_info"]["return_no"],
    }


def test_the_platforms_numbers() -> None:
    """By a return_no or a settle_no of another app nothing is found, and nothing linked."""
    scene = Scene()
    first, second = scene.app("mini_program"), second_app(scene)
    numbers = platform_numbers(scene)
    query = signed(scene, "/api/apps/ecpay/v1/query_return", return_no=numbers["return_no"])
    create = signed(
        scene,
        "/api/apps/ecpay/v1/create_return",
        settle_no=numbers["settle_no"],
        out_return_no="B-1",
        merchant_uid=RECEIVER,
        return_amount=1,
        return_desc="退分账",
    )
    assert scene.ask(query)["return_info"]["return_amount"] == 10
    assert links_to(scene, first) == {"order"}

    for ask, number in ((query, 4408), (create, 2000)):
        answer = scene.ask(from_app(scene, second, ask))
        assert (answer["err_no"], answer["return_info"]) == (number, None)
        assert links_to(scene, first) == set()


def test_the_sandbox_is_another_environment() -> None:
    """By a return_no of production nothing is found at the sandbox."""
    scene = Scene()
    number = platform_numbers(scene)["return_no"]

    scene.set(payment_environment="sandbox")

    assert operation(scene, "query_return", return_no=number)["err_no"] == 4408


@pytest.mark.parametrize("by", ["order_id", "order", "orderInfo"])
def test_a_cashier_does_not_open_for_another_app(by: str) -> None:
    """tt.pay in an app that did not make the order fails, and the order knows nothing of it."""
    scene = Scene()
    first, second = scene.app("mini_program"), second_app(scene)
    number = ordered(scene)
    info = operation(scene, "create_order", out_order_no=number)["data"]
    args = {"order_id": info["order_id"], "order": number, "orderInfo": info}

    given = {by: args[by]}
    answer = scene.box.phone(scene.world, "pay", app=second.name, person="小明", args=given)

    assert answer["errNo"] == 10401
    assert links_to(scene, first) == set()
    assert scene.phone("pay", order=number)["code"] == 0


def test_a_receiver_of_another_apps_money() -> None:
    """A merchant that nobody onboarded is asked about by the app whose orders paid it."""
    scene = Scene()
    second = second_app(scene)
    earned(scene, 1990, RECEIVER)
    path = "/api/apps/ecpay/saas/query_merchant_balance"
    ask = signed(scene, path, **account(scene, RECEIVER))

    assert scene.ask(ask)["account_info"]["withdrawable_balacne"] == 1990
    assert scene.ask(from_app(scene, second, ask))["err_no"] == 4000


def test_a_link_to_another_apps_page() -> None:
    """With another app_id the link leads nowhere, and the merchant's story is not touched."""
    scene = Scene()
    first, second = scene.app("mini_program"), second_app(scene)
    link = opened(linked(scene)["url"])

    assert scene.send(from_app(scene, second, link)).page.name == "refused"  # type: ignore[union-attr]
    assert links_to(scene, first) == set()
    assert scene.send(link).page.name == "merchant"  # type: ignore[union-attr]


def test_a_pushed_order_of_another_app() -> None:
    """An order that is pushed under another app's number marks nothing of that app's."""
    scene = Scene(settle_needs_fulfilment=True)
    second = second_app(scene)
    number = paid(scene)
    push = pushing(scene, number, order_detail=order_detail(number))

    assert scene.ask(from_app(scene, second, push))["err_code"] == 0
    settlement = settled(scene, number)
    scene.advance(DONE)
    status = operation(scene, "query_settle", out_settle_no=settlement)
    assert status["settle_info"]["settle_status"] == "FAIL"
