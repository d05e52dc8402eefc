"""Scopes: the default apps have them all; unknown, joined and missing ones are told apart."""

from __future__ import annotations

import re

import pytest

from mockdouyin.core.scopes import APP_SCOPES, SCOPES, describe_separator, scope_names
from mockdouyin.endpoints import CATALOGUE
from tests.endpoints.calls import Ask, Scene, asked, good
from tests.endpoints.calls_user import Login

NAMED = re.findall(
    r"\S+",
    """
user_info mobile_alert mobile login_id renew_refresh_token incremental_authorization
auth.comment unionauth.identification trial.whitelist op.business.status aweme.share
aweme.forward aweme.capture h5.share open.get.ticket im.share forward.to.daily
share_with_source js.ticket jump.basic video.create video.create.bind video.delete video.list
video.list.bind video.data video.data.bind task.posting.create posting.behavior
task.posting.user_verification item.comment video.comment video.search video.search.comment
fans.list following.list fans.check fans.data fans.data.bind data.external.fans_source
data.external.fans_favourite data.external.user data.external.item data.external.sdk_share
hotsearch discovery.ent star_tops star_top_score_display star_author_score_display
data.external.billboard_hot_video data.external.billboard_topic data.external.billboard_music
data.external.billboard_live live.room.base live.room.audience live.room.interactive im
im.direct_message im.direct_message.bind im.group_message im.recall_message im.message_card
im.microapp_card im.group_fans.create_list tool.image.upload user.intention enterprise.im
poi.search poi.cps.common micapp.is_legal aweme.webhook aweme.dy.video_search
notification.openapi.common apps.phonenumber.info ma.user.data ma.item.data ma.item.data_bc
ma.item.comment ma.video.bind ma.video.bind_bc ma.share.schema ma.search.direct ma.clientToken
code2Session apps.qrcode.create apps.censor.text apps.cencor.image apps.url_link.generate
apps.video.convert app.capacity.admin trade_basic.developer.trade_refund
trade_auth.developer.trade_pay industry_open.trade.order_create life.capacity.fulfilment
life.capacity.goods.query life.capacity.order.query life.capacity.shop
life.capacity.trip_ticket_calendar_found life.trade.meal_retail_openapi_confirm_order
promotion.coupon.admin match.taskbox.common match_taskbox.default.plan_permission
openapi.feedback open.account.data im.multimedia_message image_material.admin
video.keywords.admin
""",
)
"""Scopes of the docs' pages and tables, every family of them."""


def test_the_default_apps_have_every_scope() -> None:
    """Each app of a new world holds every scope that the docs name, and none twice."""
    scene = Scene()

    assert len(set(SCOPES)) == len(SCOPES)
    assert set(NAMED) <= set(SCOPES)
    for app in scene.world.apps.values():
        assert app.scopes == SCOPES


def test_every_endpoints_scope_is_one_of_them() -> None:
    """No endpoint asks for a scope that is not in the list."""
    assert {endpoint.scope for endpoint in CATALOGUE if endpoint.scope} <= set(SCOPES)


def test_what_a_person_is_asked_for_has_a_name() -> None:
    """Each scope that a consent lists has a name in both languages."""
    names = scope_names()
    unnamed = [scope for scope in SCOPES if scope not in APP_SCOPES and scope not in names]

    assert unnamed == []
    assert all(name.zh and name.en for name in names.values())


APART = {
    "user_inf": "Douyin has no scope 'user_inf'; did you mean user_info?",
    "no.such.thing": "Douyin has no scope 'no.such.thing'",
    "user_info video.list": "scopes are separated by commas, and 'user_info video.list' is"
    " separated by a space",
    "user_info%2Cvideo.list": "is separated by %2C, a comma that was escaped twice",
    "user_info%2cvideo.list": "is separated by %2C, a comma that was escaped twice",
    "user_info%20video.list": "is separated by %20, a space that was escaped twice",
    "user_info;video.list": "is separated by a semicolon",
    "user_info|video.list": "is separated by a bar",
    "user_info，video.list": "is separated by a Chinese comma",
    "user_info、video.list": "is separated by a Chinese comma",
    "user_info\nvideo.list": "is separated by a line end or a tab",
    '["user_info"]': "is a list in JSON",
    "aweme.share": "app 'web' lacks the scope aweme.share",
}
"""What is asked for of an app that has user_info and video.list, and what the refusal says."""


def refused(scene: Scene, name: str, **changes: str) -> str:
    """Send a call that is refused with 10004; return why."""
    scene.send(good(scene, name).having(**changes))
    last = list(scene.world.journal)[-1]
    assert last.error is not None
    assert last.error.code == 10004
    return last.why.render("en")


@pytest.mark.parametrize("name", ["oauth.connect", "oauth.get_qrcode"])
@pytest.mark.parametrize(("scope", "says"), APART.items())
def test_the_consent_page_tells_them_apart(name: str, scope: str, says: str) -> None:
    """10004 comes for a scope that is unknown, joined by anything but a comma, or not held."""
    scene = Scene()
    scene.amend("web", scopes=("user_info", "video.list"))

    assert says in refused(scene, name, scope=scope)


@pytest.mark.parametrize("scope", ["friend_relatio,1", "friend_relation 1", "message%2C0"])
def test_so_does_it_for_optional_scopes(scope: str) -> None:
    """What is wrong with an optional scope is told likewise."""
    why = refused(Scene(), "oauth.connect", optionalScope=scope)

    assert why.startswith(("Douyin has no scope", "scopes are separated by commas"))


def test_spaces_beside_commas_do_no_harm() -> None:
    """A comma with spaces around it separates as one without."""
    scene = Scene()
    query = {**asked(scene), "scope": "user_info , video.list"}

    scene.send(Ask("GET", "/platform/oauth/connect/", query))

    assert list(scene.world.journal)[-1].verdict == "ok"


def test_silent_authorization_says_how_they_are_joined() -> None:
    """28004020 names the separator too, where that is why more than login_id is asked for."""
    scene = Scene()

    scene.send(good(scene, "silent.authorize").having(scope="login_id user_info"))

    why = list(scene.world.journal)[-1].why.render("en")
    assert why.startswith(
        "only login_id is granted without asking; scopes are separated by commas"
    )


def test_a_call_tells_what_the_app_and_the_person_lack() -> None:
    """The app's missing scope and the person's are two numbers, each with what is there."""
    scene = Scene()
    login = Login(scene)
    ask = login.get("/video/list/", count=1, cursor=0)
    lesser = scene.tokens(scopes=("user_info", "fans.list"))["access_token"]

    scene.send(ask.with_token(lesser))
    person = list(scene.world.journal)[-1]
    scene.amend("web", scopes=("user_info",))
    scene.send(ask)
    app = list(scene.world.journal)[-1]

    assert (person.error and person.error.code, app.error and app.error.code) == (2190003, 2190004)
    assert (
        person.why.render("en")
        == "小明 did not grant video.list: the token is for user_info, fans.list"
    )
    assert app.why.render("en") == "app 'web' lacks the scope video.list"


def test_an_app_that_holds_several_as_one() -> None:
    """An app whose scopes were written in one piece is told how they are joined."""
    scene = Scene()
    ask = good(scene, "tickets.js_ticket")
    scene.amend("web", scopes=("user_info", "js.ticket open.get.ticket"))

    scene.send(ask)

    why = list(scene.world.journal)[-1].why.render("en")
    assert (
        why
        == "app 'web' holds 'js.ticket open.get.ticket' as one scope: it is separated by a space"
    )


@pytest.mark.parametrize("scope", SCOPES)
def test_no_scope_looks_like_several(scope: str) -> None:
    """No scope of the docs is taken for several that are joined."""
    assert not describe_separator(scope)
