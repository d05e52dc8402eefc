"""Every required parameter of every endpoint, missed in turn: absent, null and empty."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import Ask, Scene, good, storing
from tests.endpoints.calls_user import Upload
from tests.endpoints.test_errors import refused, succeeds

OPTIONAL: dict[str, tuple[str, ...]] = {
    "oauth.connect": ("state", "person", "decision"),
    "oauth.get_qrcode": ("state",),
    "oauth.check_qrcode": ("scope", "state", "next"),
    "silent.authorize": ("state",),
    "microapp.code_to_session": ("anonymous_code", "app_id"),
    "subscription.notify_user": ("notify_type",),
    "subscription.query_created_tpl_list": ("status",),
    "video.video_list": ("cursor",),
    "video.create_video": ("text",),
    "video.create_image_text": ("text",),
    "fans.fans_list": ("cursor",),
    "fans.following_list": ("cursor",),
    "item_comment.comment_list": ("cursor",),
    "item_comment.comment_reply_list": ("cursor",),
    "item_comment.comment_reply": ("comment_id",),
    "enterprise_comment.comment_list": ("cursor",),
    "enterprise_comment.comment_reply_list": ("cursor",),
    "enterprise_comment.comment_reply": ("comment_id",),
    "im.send_msg": ("msg_id", "conversation_id"),
    "im.authorized_users": ("cursor",),
    "im.create_group": ("open_audit_switch", "relation_type"),
    "im.list_applications": ("cursor",),
    "im.set_group_setting": ("group_id",),
    "im.send_group_msg": ("group_id",),
    "im.set_applet_template": ("card_type", "content"),
    "im.get_applet_template": ("cursor", "count"),
    "hot.trending_sentences": ("cursor",),
    "ecpay.create_order": ("cp_extra", "notify_url"),
    "ecpay.merchant_withdraw": ("callback", "cp_extra"),
    "ecpay.query_merchant_status": ("sub_merchant_id",),
    "ecpay.bill": ("seller",),
    "ecpay.bill_file": ("expire", "skipCookie", "timeStamp"),
    **{
        f"merchant.{name}": ("app_id", *others)
        for name, others in (
            ("query_merchant_balance", ()),
            ("merchant_withdraw", ("callback", "cp_extra")),
            ("query_withdraw_order", ()),
            ("app_add_sub_merchant", ()),
            ("query_merchant_status", ("sub_merchant_id",)),
        )
    },
    "qr_codes_toutiao.qrcode": (
        "appname",
        "path",
        "width",
        "line_color",
        "background",
        "set_icon",
    ),
    "qr_codes.qrcode_create": (
        *("app_name", "path", "width", "line_color", "background", "set_icon"),
        "is_circle_code",
    ),
    "links_toutiao.generate": ("path", "query"),
    "links.generate": ("path",),
    "links.generate_schema": ("path", "query", "no_expire"),
    "links_game.generate": ("app_id", "app_name", "path", "query"),
    "links_game.query_info": ("app_id",),
    "links_game.query_quota": ("app_id",),
    "links_game.generate_schema": ("app_id", "path", "query", "no_expire"),
    "links_game.query_schema": ("app_id",),
    "links_game.query_schema_quota": ("app_id",),
    "ecpay.create_refund": ("all_settle", "cp_extra", "notify_url"),
    "ecpay.settle": ("settle_params", "finish", "cp_extra", "notify_url"),
}
"""What a good call sends that the endpoint can do without."""

BOUND = {"oauth.connect": ("state",)}
"""What an answer must say as the page did that was shown: it can be left out where one asks."""

ONE_OF: dict[str, tuple[str, ...]] = {
    "mini_program.code_to_session": ("code", "anonymous_code"),
    "mini_program.code_to_session_v1": ("code", "anonymous_code"),
    "mini_game.code_to_session": ("code", "anonymous_code"),
    "video.video_data": ("item_ids", "video_ids"),
    "video.video_basic_info": ("item_ids", "video_ids"),
}
"""Parameters of which one is enough."""

FILES = {
    "video.upload_video": "video",
    "video.upload_video_part": "video",
    "video.upload_image": "image",
    "tool.client_upload": "image",
    "ecpay.image_upload": "image_content",
    "merchant.image_upload": "image_content",
}
"""Endpoints that take a file, and its field."""

OWN_CASE = {
    ("oauth.connect", "client_key"): "bad_client_key",
    ("oauth.connect", "redirect_uri"): "bad_redirect_uri",
    **{(name, "app_id"): "bad_signature" for name in WRITTEN.endpoints if "ecpay." in name},
    **{
        (f"{family}.create_merchant", field): case
        for family in ("ecpay", "merchant")
        for field, case in (
            ("sub_merchant_id", "no_sub_merchant"),
            ("type", "bad_type"),
            ("channels", "no_channels"),
            ("merchant_type", "bad_merchant_type"),
            ("merchant_name", "no_merchant_name"),
            ("merchant_short_name", "no_short_name"),
        )
    },
    ("merchant.create_merchant", "app_id"): "no_sub_merchant",
    ("ecpay.merchant_page", "app_id"): "bad_appid",
    ("ecpay.bill_file", "app_id"): "bad_appid",
    ("ecpay.get_app_merchant", "app_id"): "bad_params",
    ("ecpay.image_upload", "app_id"): "bad_params",
}
OWN_WORDS = {
    ("schema.get_share", "video_path"): "image_path, image_list_path or video_path",
    ("content_security_toutiao.image_v2", "image"): "image",
    ("content_security.image", "image"): "image",
}
SIGNED = {"mini_game.set_user_storage": "kv_list", "mini_game.remove_user_storage": "key"}
"""Calls whose signature is over the body, and what it must have."""


def _sent(ask: Ask) -> list[str]:
    return [*ask.query, *(ask.fields or {})]


def _required() -> list[tuple[str, str]]:
    pairs = []
    for endpoint in WRITTEN:
        name = endpoint.full_name
        left_out = (*OPTIONAL.get(name, ()), *ONE_OF.get(name, ()), "access_token")
        sent = _sent(good(Scene(), name))
        pairs += [(name, each) for each in sent if each not in left_out]
    return pairs


REQUIRED = _required()


def _missing(scene: Scene, name: str, field: str, how: str) -> Ask:
    """Return a valid call without one parameter."""
    ask = good(scene, name)
    if SIGNED.get(name) == field:
        given: dict[str, Any] = {} if how == "absent" else {field: None if how == "null" else ""}
        return storing(scene, ask.path, "mini_game", given)
    if how == "absent":
        return ask.having(**{field: None})
    if field in ask.query:
        return ask.having(**{field: ""})
    return replace(ask, fields={**(ask.fields or {}), field: None if how == "null" else ""})


@pytest.mark.parametrize("how", ["absent", "null", "empty"])
@pytest.mark.parametrize(("name", "field"), REQUIRED, ids=[f"{n}-{f}" for n, f in REQUIRED])
def test_every_required_parameter_is_missed(name: str, field: str, how: str) -> None:
    """Without it the family's own number refuses the call, and names it where it has room."""
    scene = Scene()
    endpoint = WRITTEN.endpoints[name]
    before = _missing(scene, name, field, how)
    state = scene.state()

    reply = scene.send(before)

    missing = "missing_params" if endpoint.find_case("missing_params") else "bad_params"
    case = endpoint.case(OWN_CASE.get((name, field), missing))
    words = OWN_WORDS.get((name, field), field)
    detail = f"{words} must have a value" if case.name == "bad_params" else ""
    refused(scene, reply, endpoint, case, detail)
    left = {key: held for key, held in scene.state().items() if not key.startswith("SpoiltNumber")}
    assert left == state
    why = list(scene.world.journal)[-1].why.render("en")
    assert f"{field} is missing" in why or (name, field) in OWN_WORDS


@pytest.mark.parametrize(("name", "fields"), ONE_OF.items(), ids=list(ONE_OF))
def test_one_of_two_is_enough_and_none_is_not(name: str, fields: tuple[str, ...]) -> None:
    """Either parameter alone will do; without both the call is refused."""
    for field in fields:
        scene = Scene()
        succeeds(scene, good(scene, name).having(**{field: None}))
    scene = Scene()

    scene.send(good(scene, name).having(**dict.fromkeys(fields)))

    last = list(scene.world.journal)[-1]
    assert last.error is not None
    assert last.error.name == "bad_params"
    assert fields[0] in last.why.render("en")


OPTIONS = [(name, field) for name, fields in OPTIONAL.items() for field in fields]


@pytest.mark.parametrize(("name", "field"), OPTIONS, ids=[f"{n}-{f}" for n, f in OPTIONS])
def test_what_is_optional_can_be_left_out(name: str, field: str) -> None:
    """A call without it is answered."""
    scene = Scene()
    ask = good(scene, name).having(**{field: None})
    if field in BOUND.get(name, ()):
        ask = replace(ask, method="GET", fields=None)

    succeeds(scene, ask)


@pytest.mark.parametrize(("name", "field"), FILES.items(), ids=list(FILES))
def test_a_file_is_required(name: str, field: str) -> None:
    """An upload whose file has another name is refused, and names the one that is missing."""
    scene = Scene()
    ask = good(scene, name)
    assert isinstance(ask, Upload)
    endpoint = WRITTEN.endpoints[name]

    reply = scene.send(replace(ask, name="attachment"))

    refused(scene, reply, endpoint, endpoint.case("bad_params"), f"{field} must have a value")


WITH_TOKEN = [endpoint.full_name for endpoint in WRITTEN if endpoint.types.takes_token]


@pytest.mark.parametrize("name", WITH_TOKEN)
def test_every_token_is_required(name: str) -> None:
    """Without its token a call is refused as one with a bad token, and the reason says so."""
    scene = Scene()
    endpoint = WRITTEN.endpoints[name]
    ask = good(scene, name)
    bare = replace(ask, headers={}) if "access-token" in ask.headers else ask.with_token("")

    reply = scene.send(bare)

    absent = "nil_token" if endpoint.find_case("nil_token") else "invalid_token"
    refused(scene, reply, endpoint, endpoint.case(absent))
    assert "in header, query or body" in list(scene.world.journal)[-1].why.render("en")


JARGON = re.compile(r"Expected|Object missing|at `|`\$|\$\.|`(str|int|float|bool|array|object)`")

FIELDS = [
    (endpoint.full_name, field)
    for endpoint in WRITTEN
    for field in endpoint.types.fields.__struct_fields__
]


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[f"{n}-{f}" for n, f in FIELDS])
def test_a_parameter_of_another_type_is_told_in_plain_words(name: str, field: str) -> None:
    """Whatever is sent in a field, a refusal for its type names no library's types or paths."""
    scene = Scene()
    ask = good(scene, name)

    for value in ({"a": [1]}, [{"a": 1}], "text", 1.5, True):
        body = {**(ask.fields or {}), field: value}
        scene.send(
            Ask(
                "POST" if "POST" in WRITTEN.endpoints[name].methods else ask.method,
                ask.path,
                {k: v for k, v in ask.query.items() if k != field},
                ask.headers,
                body,
            )
        )

        why = list(scene.world.journal)[-1].why.render("en")
        assert not JARGON.search(why)
