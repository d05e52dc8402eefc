"""What the calls of each endpoint belong to: a login, a consent, a comment, … or nothing."""

from __future__ import annotations

import pytest

from mockdouyin.control import execute
from mockdouyin.endpoints import WRITTEN
from mockdouyin.sandbox.stories import narrowest
from tests.endpoints.calls import Scene, good

BY_FAMILY = {
    "mini_program": "login",
    "mini_game": "login",
    "microapp": "login",
    "oauth": "grant",
    "silent": "grant",
    "share": "share",
    "video": "grant",
    "fans": "grant",
    "data_external": "grant",
    "item_comment": "comment",
    "enterprise_comment": "comment",
    "user_data": "grant",
    "user_data_bc": "grant",
    "item_data": "grant",
    "item_data_bc": "grant",
    "videos": "grant",
    "video_search": "comment",
    "im": "conversation",
    "ecpay": "order",
    "order_push": "order",
    "trade": "order",
    **dict.fromkeys(("links", "links_toutiao", "links_game"), "link"),
    **dict.fromkeys(("qr_codes", "qr_codes_toutiao"), "link"),
}
"""What most calls of a family belong to; those of the others belong to nothing."""

ONBOARDING = (
    *("add_merchant", "get_app_merchant", "add_sub_merchant", "app_add_sub_merchant"),
    *("create_merchant", "query_merchant_status", "merchant_page"),
)

OTHERS = {
    **dict.fromkeys(("mini_program.notify", "mini_game.notify"), "subscription"),
    "subscription.notify_user": "subscription",
    "oauth.get_qrcode": "qr",
    "oauth.check_qrcode": "qr",
    "item_comment.comment_list": "grant",
    "enterprise_comment.comment_list": "grant",
    **{
        f"{family}.{name}": "comment"
        for family in ("item_data", "item_data_bc")
        for name in ("list_comment_reply", "reply_comment", "top_comment")
    },
    "video_search.search_videos": "grant",
    "video_search.search_comment_list": "",
    **dict.fromkeys(
        (
            *("im.set_group_setting", "im.disable_group_setting", "im.create_group"),
            *("im.decide_application", "im.send_group_msg"),
        ),
        "group",
    ),
    **{f"im.{each}_applet_template": "" for each in ("set", "get", "delete")},
    **dict.fromkeys(
        (
            *("im.authorized_users", "im.group_count", "im.list_groups", "im.list_applications"),
            *("im.message_resources", "im.save_retain_card", "im.list_retain_cards"),
            "im.delete_retain_card",
        ),
        "grant",
    ),
    "mini_program.app_token": "",
    "mini_program.app_token_v1": "",
    "mini_game.app_token": "",
    "mini_game.app_token_v1": "",
    "mini_game.stable_app_token": "",
    **{
        f"{family}.{name}": kind
        for family in ("ecpay", "merchant")
        for name, kind in (
            *((name, "merchant") for name in ONBOARDING),
            *((name, "withdrawal") for name in ("merchant_withdraw", "query_withdraw_order")),
            *((name, "") for name in ("query_merchant_balance", "image_upload")),
            *((name, "") for name in ("bill", "bills", "fund_bills", "bill_file")),
        )
    },
    "oauth.client_token": "",
    **{
        f"{family}.{name}": ""
        for family in ("links", "links_toutiao", "links_game")
        for name in ("query_quota", "query_schema_quota")
    },
    "oauth.stable_client_token": "",
}
"""The calls that belong to something else."""

MADE = (
    "oauth.connect",
    "oauth.get_qrcode",
    "silent.authorize",
    "oauth.business_token",
    "share.share_id",
    "ecpay.create_order",
    "qr_codes.qrcode_create",
    "qr_codes_toutiao.qrcode",
    *(f"{family}.generate" for family in ("links", "links_toutiao", "links_game")),
    *(f"{family}.generate_schema" for family in ("links", "links_game")),
    *(
        f"{family}.{name}"
        for family in ("ecpay", "merchant")
        for name in (*ONBOARDING[:5], "merchant_withdraw")
    ),
)
"""What makes the thing that it belongs to: refused, it belongs to nothing."""

OF_CONSENT = ("im.recall_msg", "im.create_group")
"""They name a message, or nothing yet: refused, they belong to the consent of their token."""

NAMES = [each.full_name for each in WRITTEN]


def belongs_to(name: str, *, refused: bool = False) -> set[str]:
    """Return the kinds of links by which a good call, or one that a rule refuses, belongs."""
    scene = Scene()
    ask = good(scene, name)
    if refused:
        case = WRITTEN.endpoints[name].errors[0]
        execute(scene.box, "add_rule", body={"on": name, "error": case.code})
    scene.send(ask)
    exchange = list(scene.world.journal)[-1]
    assert (exchange.verdict == "refused") == refused
    return {link.kind for link in narrowest(exchange.links)}


def expected(name: str) -> set[str]:
    """Return what a call belongs to."""
    kind = OTHERS.get(name, BY_FAMILY.get(name.partition(".")[0], ""))
    return {kind} if kind else set()


@pytest.mark.parametrize("name", NAMES)
def test_a_call_belongs_to_what_it_is_about(name: str) -> None:
    """A good call is linked to the login, consent, comment … that it comes from or makes."""
    assert belongs_to(name) == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_a_rule_refused_belongs_to_it_too(name: str) -> None:
    """Refused before its endpoint ran, it is linked by the credentials and ids that it carries."""
    kinds = set() if name in MADE else expected(name)
    assert belongs_to(name, refused=True) == ({"grant"} if name in OF_CONSENT else kinds)
