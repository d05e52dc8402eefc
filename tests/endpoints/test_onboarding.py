"""Onboarding merchants: applications stand as reviewers decide, and links lead to pages."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.core.apps import AppSpec, make_app
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.pages import MerchantPage
from mockdouyin.domain.payment_callbacks import is_signed
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.calls_merchant import (
    MERCHANTS,
    PROVIDER,
    V3,
    application,
    ask,
    by_provider,
    earned,
    linked,
    opened,
    own_merchant,
    served,
    with_token,
    withdrawn,
)
from tests.endpoints.calls_payment import signed, told
from tests.endpoints.test_withdrawals import status


def applied(scene: Scene, **changed: Any) -> Any:
    """Hand in an application; return the answer."""
    fields = {**application(), **changed}
    form = signed(scene, MERCHANTS + "create_merchant", access_token=scene.app_token(), **fields)
    return scene.ask(form)


def standing(scene: Scene, merchant: str) -> Any:
    """Return how a merchant stands in WeChat's channel: the number, and the words."""
    answer = ask(scene, "query_merchant_status", merchant_id=merchant)
    assert answer["err_no"] == 0, answer
    info = answer["merchant_status_info"].get("wx", {"status": "", "reject_reason": ""})
    return answer["wx"], info["status"], info["reject_reason"]


def page_of(scene: Scene, url: str) -> MerchantPage:
    """Open a link; return what the page shows."""
    page = scene.send(opened(url)).page
    assert page is not None
    assert page.name == "merchant", page.content
    content: MerchantPage = page.content
    return content


def press(scene: Scene, url: str, decision: str, **fields: str) -> Any:
    """Press a button of the page; return the reply."""
    link = opened(url)
    sent = {"decision": decision, **fields}
    return scene.send(Ask("POST", link.path, link.query, fields=sent))


def fill_in(scene: Scene, url: str, *channels: str, name: str = "小店") -> Any:
    """Fill in the page's form, as a browser sends it."""
    link = opened(url)
    request = Ask("POST", link.path, link.query).request()
    body = "&".join([f"decision=submit&name={name}", *(f"channel={each}" for each in channels)])
    return scene.box.handle(replace(request, body=body.encode()))


def test_an_application_is_reviewed_by_the_worlds_clock() -> None:
    """It is in review for as long as the setting says, then accepted, at both hosts."""
    scene = Scene(merchant_review_takes="2d")
    made = applied(scene, channels=["wx", "alipay"])

    assert standing(scene, made["merchant_id"]) == (3, "PROCESSING", "")
    scene.advance(48 * HOUR - 1)
    assert standing(scene, made["merchant_id"])[0] == 3
    scene.advance(1)
    assert standing(scene, made["merchant_id"]) == (1, "SUCCESS", "")

    query = with_token(scene, V3 + "query_merchant_status/", merchant_id=made["merchant_id"])
    info = scene.ask(query)["data"]["merchant_status_info"]
    assert {name: each["status"] for name, each in info.items()} == {
        "wx": "SUCCESS",
        "alipay": "SUCCESS",
    }


RESULTS = "https://shop.example.test/merchant"


def results(scene: Scene) -> list[tuple[str, dict[str, Any]]]:
    """Return the callbacks of reviews: where each goes, and what it tells."""
    return [(each.url, content) for each, content in told(scene, "ecpay_create_merchant")]


def test_the_result_of_a_review_is_called_back() -> None:
    """When the review ends, and not before, callback_url is told what the query answers."""
    scene = Scene(merchant_review_takes="2d")
    made = applied(scene, callback_url=RESULTS)
    scene.box.deliverer.advance(scene.world, 2 * DAY - 1).result()
    assert results(scene) == []

    scene.box.deliverer.advance(scene.world, 1).result()

    [(url, content)] = results(scene)
    assert url == RESULTS
    assert content["merchant_id"] == made["merchant_id"]
    assert (content["apply_id"], content["sub_merchant_id"]) == (made["apply_id"], "SUB-1")
    answered = ask(scene, "query_merchant_status", merchant_id=made["merchant_id"])
    asked = {name: info["status"] for name, info in answered["merchant_status_info"].items()}
    said = {name: info["status"] for name, info in content["merchant_status_info"].items()}
    assert said == asked == dict.fromkeys(("wx", "alipay", "hz"), "SUCCESS")
    [(delivery, _)] = told(scene, "ecpay_create_merchant")
    assert is_signed(delivery.body, scene.app("mini_program").payment.token)


def test_a_review_that_somebody_ends_is_called_back_at_once() -> None:
    """The result is told when it is decided, once, and again when it is changed."""
    scene = Scene(merchant_review_takes="2d")
    merchant = applied(scene, callback_url=RESULTS)["merchant_id"]
    for decision in ("refuse", "approve"):
        body = {"decision": decision, "reason": "证件不清晰"}
        execute(scene.box, "review_merchant", path={"id": merchant}, body=body)
    scene.box.deliverer.advance(scene.world, 3 * DAY).result()

    told_of = [content["merchant_status_info"]["wx"] for _, content in results(scene)]

    assert told_of == [
        {"status": "FAIL", "reject_reason": "证件不清晰"},
        {"status": "SUCCESS", "reject_reason": ""},
    ]


def test_without_a_callback_url_no_result_is_called_back() -> None:
    """Not even at the address of the payment callbacks; at the sandbox it is told at once."""
    scene = Scene(merchant_review_takes="2d")
    applied(scene)
    scene.box.deliverer.advance(scene.world, 3 * DAY).result()
    assert results(scene) == []

    sandbox = Scene(payment_environment="sandbox")
    applied(sandbox, callback_url=RESULTS)
    assert len(results(sandbox)) == 1


def test_the_same_application_is_one_merchant() -> None:
    """Handed in again, it has the numbers of the first one; another partner has its own."""
    scene = Scene()

    first, again = applied(scene), applied(scene, merchant_name="别的名字")
    other = applied(scene, sub_merchant_id="SUB-2")

    assert first == again
    assert first["apply_id"].startswith("SMA")
    assert other["merchant_id"] != first["merchant_id"]


def test_at_the_sandbox_there_is_no_review() -> None:
    """An application is accepted at once, and production does not know of it."""
    scene = Scene(payment_environment="sandbox", merchant_review_takes="2d")
    form = with_token(scene, V3 + "create_merchant/", app_id=_key(scene), **application())
    made = scene.ask(form)["data"]["merchant_id"]
    query = with_token(scene, V3 + "query_merchant_status/", merchant_id=made)

    assert scene.ask(query)["data"]["merchant_status_info"]["hz"]["status"] == "SUCCESS"
    scene.set(payment_environment="production")
    assert scene.ask(query)["err_no"] == 4000


def _key(scene: Scene) -> str:
    return scene.app("mini_program").client_key


def test_the_apps_own_merchant_is_onboarded() -> None:
    """The merchant of the payment settings stands well in all channels from the beginning."""
    scene = Scene()

    assert standing(scene, own_merchant(scene)) == (1, "SUCCESS", "")
    served(scene)
    link = by_provider(scene, MERCHANTS + "get_app_merchant", app_id=_key(scene), url_type=2)
    assert scene.ask(link)["merchant_id"] == own_merchant(scene)


def test_a_page_is_filled_in_reviewed_and_done() -> None:
    """A link opens a form; what it sends is reviewed; only then the link tells a merchant_id."""
    scene = Scene()
    first = linked(scene)
    assert first["merchant_id"] == ""
    assert page_of(scene, first["url"]).standing == "none"

    assert fill_in(scene, first["url"], "wx", "hz").status == 302
    shown = page_of(scene, first["url"])
    assert (shown.standing, shown.name, shown.review_left) == ("in_review", "小店", "1m")
    assert [each.channel for each in shown.channels if each.ticked] == ["wx", "hz"]
    assert standing(scene, shown.merchant_id)[0] == 3
    assert linked(scene)["merchant_id"] == ""
    assert press(scene, first["url"], "approve").status == 302

    assert standing(scene, shown.merchant_id) == (1, "SUCCESS", "")
    assert linked(scene)["merchant_id"] == shown.merchant_id
    status = ask(scene, "query_merchant_status", merchant_id=shown.merchant_id)
    assert (status["wx"], status["alipay"]) == (1, 0)
    assert set(status["merchant_status_info"]) == {"wx", "hz"}


def test_a_page_is_refused_frozen_and_let_loose() -> None:
    """The reasons are told to whoever asks; a refused application is handed in anew."""
    scene = Scene()
    url = linked(scene)["url"]
    fill_in(scene, url, "wx")
    press(scene, url, "refuse", reason="照片不清晰")
    merchant = page_of(scene, url).merchant_id
    assert standing(scene, merchant) == (2, "FAIL", "照片不清晰")

    fill_in(scene, url, "wx", name="新名字")
    assert standing(scene, merchant) == (3, "PROCESSING", "")
    scene.advance(60)
    press(scene, url, "freeze", reason="风险")
    assert standing(scene, merchant) == (4, "FROZEN", "风险")
    press(scene, url, "thaw")

    assert standing(scene, merchant) == (1, "SUCCESS", "")
    assert page_of(scene, url).name == "新名字"


def test_an_operation_reviews_too() -> None:
    """The control API lists merchants with their money, and ends a review."""
    scene = Scene()
    made = applied(scene)["merchant_id"]
    earned(scene, 700, made)

    path = {"id": made}
    body = {"decision": "refuse", "reason": "照片不清晰"}
    shown = execute(scene.box, "review_merchant", path=path, body=body)

    assert (shown["standing"], shown["reason"], shown["balance"]) == ("refused", "照片不清晰", 700)
    assert standing(scene, made) == (2, "FAIL", "照片不清晰")
    listed = execute(scene.box, "list_merchants")
    assert [each["merchant_id"] for each in listed["merchants"]] == [made]
    acts = [each.kind for each in scene.world.journal.newest() if isinstance(each, Act)]
    assert acts[-1] == "merchant.review"


def test_an_operation_freezes_the_apps_own_merchant() -> None:
    """A frozen merchant is told to be, and cannot withdraw until it is let loose."""
    scene = Scene()
    earned(scene, 700)
    path = {"id": own_merchant(scene)}
    execute(scene.box, "review_merchant", path=path, body={"decision": "freeze", "reason": "风险"})

    assert standing(scene, own_merchant(scene)) == (4, "FROZEN", "风险")
    withdrawn(scene, "W-1", 100)
    scene.advance(1)
    assert status(scene, "W-1")[0] == "FAIL"
    execute(scene.box, "review_merchant", path=path, body={"decision": "thaw"})
    withdrawn(scene, "W-2", 100)
    scene.advance(1)
    assert status(scene, "W-2")[0] == "SUCCESS"
    with pytest.raises(NotFoundError, match=f"known: {own_merchant(scene)}"):
        execute(
            scene.box,
            "review_merchant",
            path={"id": own_merchant(scene)[:-1]},
            body={"decision": "thaw"},
        )


@pytest.mark.parametrize(
    ("name", "channels", "problem"),
    [("", ("wx",), "no_name"), ("店" * 65, ("wx",), "no_name"), ("小店", (), "no_channel")],
)
def test_a_form_that_lacks_something_is_shown_again(
    name: str, channels: tuple[str, ...], problem: str
) -> None:
    """What is wrong is told, and what was filled in is kept."""
    scene = Scene()
    url = linked(scene)["url"]

    page = fill_in(scene, url, *channels, name=name).page

    assert page.content.problem == problem
    assert page.content.name == name
    assert page_of(scene, url).standing == "none"


def test_an_account_is_looked_at_and_withdrawn_from() -> None:
    """The other kind of link opens the account; what is withdrawn there is called back."""
    scene = Scene()
    merchant = applied(scene)["merchant_id"]
    scene.advance(60)
    earned(scene, 1990, merchant)
    url = linked(scene, url_type=2)["url"]
    shown = page_of(scene, url)
    assert (shown.shows_account, shown.amounts["balance"]) == (True, "19.90")

    for amount, problem in (("x", "bad_amount"), ("0.001", "bad_amount"), ("20", "too_much")):
        assert press(scene, url, "withdraw", amount=amount).page.content.problem == problem
    assert press(scene, url, "withdraw", amount="9.9").status == 302

    assert page_of(scene, url).amounts == {
        "transit": "0.00",
        "balance": "10.00",
        "frozen": "9.90",
        "withdrawn": "0.00",
    }
    scene.advance(1)
    assert page_of(scene, url).amounts["withdrawn"] == "9.90"


def test_a_link_lives_two_hours_and_is_its_own_key() -> None:
    """Later it is refused and says so; another site cannot press its buttons."""
    scene = Scene()
    url = linked(scene)["url"]
    strange = scene.send(
        Ask(
            "POST",
            opened(url).path,
            opened(url).query,
            headers={"sec-fetch-site": "cross-site"},
            fields={"decision": "submit", "name": "小店"},
        )
    )
    assert strange.page is not None
    assert strange.page.name == "refused"
    scene.advance(2 * HOUR)

    page = scene.send(opened(url)).page

    assert page is not None
    assert page.name == "refused"
    assert "expired" in page.content.why.render("en")


def test_a_provider_acts_for_itself_and_its_partners() -> None:
    """Its merchants are its own: an app that it serves is not asked about them."""
    scene = Scene()
    served(scene)
    url = scene.ask(by_provider(scene, MERCHANTS + "add_sub_merchant", **_sub("P-1")))["url"]
    fill_in(scene, url, "wx")
    press(scene, url, "approve")
    merchant = page_of(scene, url).merchant_id

    asked = by_provider(scene, MERCHANTS + "query_merchant_status", merchant_id=merchant)
    assert scene.ask(asked)["wx"] == 1
    assert ask(scene, "query_merchant_status", merchant_id=merchant)["err_no"] == 4000
    assert linked(scene, "P-1")["merchant_id"] == ""


def provider_token(scene: Scene) -> str:
    """Return the component_access_token of the demo mini-program's provider."""
    served(scene)
    return scene.app("mini_program").payment.component_access_token


def of_provider(scene: Scene, name: str, token: str) -> Any:
    """Call an operation of onboarding as the provider, with this token; return the answer."""
    own = {"component_access_token": token, "type": 2, "thirdparty_id": served(scene)}
    asked = {
        "add_merchant": {**own, "thirdparty_component_id": served(scene), "url_type": 1},
        "create_merchant": {**application("P-1"), **own},
    }
    return scene.ask(by_provider(scene, MERCHANTS + name, **asked[name]))


@pytest.mark.parametrize("name", ["add_merchant", "create_merchant"])
def test_a_provider_has_its_own_token(name: str) -> None:
    """Its component_access_token is checked like other tokens; a refusal says what was sent."""
    scene = Scene()
    assert of_provider(scene, name, provider_token(scene))["err_no"] == 0
    others = {
        "0" * 160: "component_access_token",
        scene.app_token(): "an app token",
        scene.app("mini_program").client_secret: "client_secret",
    }

    for token, why in others.items():
        assert of_provider(scene, name, token)["err_no"] == 2008
        assert why in list(scene.world.journal)[-1].why.render("en")


def test_a_picture_is_uploaded_with_the_providers_token() -> None:
    """One that is unknown is refused, and no picture is kept."""
    scene = Scene()
    token = provider_token(scene)
    good_call = good(scene, "ecpay.image_upload")
    asked = good_call.having(access_token=None, thirdparty_id=served(scene))

    assert scene.ask(asked.having(component_access_token=token))["image_id"]
    assert scene.ask(asked.having(component_access_token=token[::-1]))["err_no"] == 2008


def test_the_token_of_another_provider_is_refused() -> None:
    """A provider of another app has a token too, and cannot act with it for this one."""
    scene = Scene()
    served(scene)
    made = make_app("别家小程序", AppSpec(kind="mini_program"), scene.world.ids)
    payment = replace(made.payment, thirdparty_id="ttprovider00000002")
    scene.world.transact(lambda: scene.world.register(replace(made, payment=payment)))

    answer = of_provider(scene, "add_merchant", payment.component_access_token)

    assert answer["err_no"] == 2008
    assert list(scene.world.journal)[-1].why.code == "component_token_other"


def test_at_the_newer_host_the_provider_sends_its_token_too() -> None:
    """In the header access-token, for itself and for an app that it serves, and no other."""
    scene = Scene()
    token = provider_token(scene)
    header = {"access-token": token}
    own = {"thirdparty_component_id": PROVIDER, "url_type": 1}
    apps = {"thirdparty_id": PROVIDER, "app_id": _key(scene), "url_type": 1}

    assert scene.ask(Ask("POST", f"{V3}add_merchant/", headers=header, fields=own))["err_no"] == 0
    for key, number in ((_key(scene), 0), (scene.app("mini_game").client_key, 2008)):
        fields = {**apps, "app_id": key}
        ask_for = Ask("POST", f"{V3}get_app_merchant/", headers=header, fields=fields)
        assert scene.ask(ask_for)["err_no"] == number


def _sub(number: str) -> dict[str, Any]:
    return {"sub_merchant_id": number, "url_type": 1}


def test_a_person_needs_no_licence_and_a_sample_of_the_docs_is_accepted() -> None:
    """Types 1 and 4 of merchants have no licence; the docs' own application has type 2."""
    scene = Scene()

    assert applied(scene, merchant_type=1, business_license=None)["err_no"] == 0
    assert applied(scene, type=2, sub_merchant_id="test_receive_92")["err_no"] == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"business_license": "x"},
        {"merchant_card_info": ["x"]},
        {"callback_url": "ftp://x"},
        {"merchant_name": "名" * 100},
    ],
)
def test_what_is_out_of_bounds_is_refused(changed: dict[str, Any]) -> None:
    """A field of another form or length has no text of its own."""
    assert applied(Scene(), **changed) == {"err_no": 2010, "err_tips": "参数错误"}
