"""What leads to the errors of content security, QR codes, URL links and schemas."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.clock import DAY, MINUTE
from mockdouyin.core.endpoint import Endpoint
from tests.endpoints.calls import Scene, good
from tests.endpoints.provoke import REQUIRED, Provoked, by

REQUIRED.update(
    {
        "content_security_toutiao.text_antidirt": "tasks",
        "content_security_toutiao.tags_image": "targets",
        "content_security_toutiao.image_v2": "app_id",
        "content_security.image": "app_id",
        "content_security.text": "content",
        "qr_codes.qrcode_create": "appid",
        "links_toutiao.generate": "expire_time",
        "links_toutiao.query_info": "url_link",
        "links_toutiao.query_quota": "ma_app_id",
        "links.generate": "expire_time",
        "links.query_info": "url_link",
        "links.query_quota": "app_id",
        "links.generate_schema": "expire_time",
        "links.query_schema": "schema",
        "links.query_schema_quota": "app_id",
        "links.link_page": "link",
        "links_game.generate": "expire_time",
        "links_game.query_info": "url_link",
        "links_game.generate_schema": "expire_time",
        "links_game.query_schema": "schema",
    }
)


def _changed(endpoint: Endpoint, **changes: Any) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(**changes), good=ask)


@by(("links_game.query_quota", "bad_params"), ("links_game.query_schema_quota", "bad_params"))
def _the_app_id_is_another_apps(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, app_id="tt00000000000000ff01")


@by(("qr_codes_toutiao.qrcode", "bad_params"))
def _a_colour_is_too_bright(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, line_color={"r": 256, "g": 0, "b": 0})


@by("no_image")
def _the_image_is_at_no_address(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, image="ftp://p3.example.test/cat.png")


@by("bad_app_name")
def _no_app_has_the_name(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, appname="weixin")


@by("bad_width")
def _the_picture_is_too_narrow(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, width=279)


@by(("qr_codes_toutiao.qrcode", "too_many_calls"))
def _it_is_call_5001_of_a_minute(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    ask = good(scene, endpoint.full_name)
    key = scene.app("mini_program").client_key
    scene.called(f"{endpoint.full_name} {key}", 5000, MINUTE)
    return Provoked(scene, ask)


@by(("links", "not_found"), ("links_toutiao", "not_found"), ("links_game", "not_found"))
def _the_link_has_expired(endpoint: Endpoint) -> Provoked:
    scene = Scene(app_token_lifetime=3 * DAY, client_token_lifetime=3 * DAY)
    ask = good(scene, endpoint.full_name)
    scene.advance(2 * DAY)
    return Provoked(scene, ask)


@by(*((f"{family}.generate", "quota_used_up") for family in ("links_toutiao", "links_game")))
@by(("links_game.generate_schema", "quota_used_up"))
def _the_app_has_made_one_and_may_make_one(endpoint: Endpoint) -> Provoked:
    scene = Scene(link_quota=1)
    scene.send(good(scene, endpoint.full_name))
    return Provoked(scene, good(scene, endpoint.full_name))
