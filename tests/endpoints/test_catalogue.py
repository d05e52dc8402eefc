"""The catalogue: what every endpoint must have, and what a wrong address is told."""

from __future__ import annotations

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import SYSTEM, ErrorCase
from mockdouyin.core.http import Request
from mockdouyin.endpoints import CATALOGUE, WRITTEN
from mockdouyin.endpoints.error_tables.causes import CAUSES, cause_text
from tests.endpoints.calls import GOOD, Ask, Scene
from tests.endpoints.wire import FORMS

every_endpoint = pytest.mark.parametrize("endpoint", list(WRITTEN), ids=lambda e: str(e.full_name))

GAME = "/mgplatform/api/apps/"
WEBHOOK = "/api/platform/v1/webhook/"
SCHEMA = "/api/douyin/v1/schema/"
TEMPLATES = "/api/notification/v2/subscription/"
MERCHANTS = "/api/apps/ecpay/saas/"
VIDEO = "/api/douyin/v1/video/"

OFFICIAL = [
    ("GET", "/api/apps/jscode2session"),
    ("POST", "/api/apps/v2/jscode2session"),
    ("GET", "/api/apps/token"),
    ("POST", "/api/apps/v2/token"),
    ("POST", "/api/apps/subscribe_notification/developer/v1/notify"),
    ("POST", "/api/apps/set_user_storage"),
    ("POST", "/api/apps/remove_user_storage"),
    ("GET", GAME + "jscode2session"),
    ("POST", GAME + "v2/token"),
    ("GET", GAME + "token"),
    ("POST", GAME + "stable_token"),
    ("GET", GAME + "check_session_key"),
    ("POST", GAME + "reset_session_key"),
    ("POST", GAME + "set_user_storage"),
    ("POST", GAME + "remove_user_storage"),
    ("POST", GAME + "subscribe_notification/developer/v1/notify"),
    ("POST", "/api/apps/ecpay/v1/create_order"),
    ("POST", "/api/apps/ecpay/v1/query_order"),
    ("POST", "/api/apps/trade/v2/order/query_order"),
    *(
        ("POST", MERCHANTS + what)
        for what in (
            *("query_merchant_balance", "merchant_withdraw", "query_withdraw_order"),
            *("add_merchant", "get_app_merchant", "add_sub_merchant", "app_add_sub_merchant"),
            *("create_merchant", "image_upload", "query_merchant_status"),
        )
    ),
    *(
        ("POST", f"{MERCHANTS}{what}/")
        for what in ("query_merchant_balance", "merchant_withdraw", "query_withdraw_order")
    ),
    *(
        ("POST", f"/api/apps/ecpay/v3/saas/{what}/")
        for what in (
            *("add_merchant", "get_app_merchant", "add_sub_merchant", "app_add_sub_merchant"),
            *("create_merchant", "image_upload", "query_merchant_status"),
        )
    ),
    ("GET", "/ecpay/merchant/page/"),
    ("POST", "/ecpay/merchant/page/"),
    ("GET", "/api/apps/bill"),
    ("GET", "/api/apps/bills"),
    ("GET", "/api/apps/fund/bills"),
    ("POST", "/api/apps/v3/bills/"),
    ("POST", "/api/apps/v3/fund/bills/"),
    ("GET", "/wsos_v2/wallet_open_bill_v3_file/object/{object}"),
    ("POST", "/api/apps/ecpay/v1/create_refund"),
    ("POST", "/api/apps/ecpay/v1/query_refund"),
    ("POST", "/api/apps/ecpay/v1/settle"),
    ("POST", "/api/apps/ecpay/v1/query_settle"),
    ("POST", "/api/apps/ecpay/v1/unsettle_amount"),
    ("POST", "/api/apps/ecpay/v1/query_platform_order"),
    ("POST", "/api/apps/ecpay/v1/create_return"),
    ("POST", "/api/apps/ecpay/v1/query_return"),
    ("POST", "/api/apps/order/v2/push"),
    ("POST", "/api/apps/order/delete"),
    ("POST", "/oauth/access_token/"),
    ("GET", "/oauth/access_token/"),
    ("POST", "/oauth/refresh_token/"),
    ("GET", "/oauth/refresh_token/"),
    ("POST", "/oauth/renew_refresh_token/"),
    ("GET", "/oauth/renew_refresh_token/"),
    ("POST", "/oauth/client_token/"),
    ("GET", "/oauth/client_token/"),
    ("POST", "/oauth/stable_client_token/"),
    ("GET", "/oauth/stable_client_token/"),
    ("POST", "/oauth/userinfo/"),
    ("GET", "/oauth/userinfo/"),
    ("GET", "/platform/oauth/connect/"),
    ("POST", "/platform/oauth/connect/"),
    ("GET", "/oauth/connect/"),
    ("POST", "/oauth/connect/"),
    ("GET", "/oauth/authorize/"),
    ("POST", "/oauth/authorize/"),
    ("GET", "/oauth/get_qrcode/"),
    ("GET", "/oauth/check_qrcode/"),
    ("GET", "/passport/open/silent_auth/"),
    ("GET", "/oauth/authorize/v2/"),
    ("GET", "/platform/oauth/authorize/v2/"),
    ("GET", "/js/getticket/"),
    ("GET", "/open/getticket/"),
    ("GET", "/share-id/"),
    ("POST", "/share-id/"),
    ("POST", "/api/apps/v1/microapp/code2session/"),
    ("POST", "/api/apps/v1/get_phonenumber_info/"),
    ("POST", TEMPLATES + "notify_user/"),
    ("POST", TEMPLATES + "query_user_subscribe/"),
    ("POST", TEMPLATES + "create_tpl/"),
    ("POST", TEMPLATES + "add_app_tpl/"),
    ("POST", TEMPLATES + "delete_app_tpl/"),
    ("GET", TEMPLATES + "query_tpl_list/"),
    ("GET", TEMPLATES + "query_app_tpl/"),
    ("GET", TEMPLATES + "query_created_tpl_list/"),
    ("GET", VIDEO + "video_list/"),
    ("GET", "/video/list/"),
    ("POST", VIDEO + "video_data/"),
    ("POST", "/video/data/"),
    ("POST", VIDEO + "video_basic_info/"),
    ("POST", VIDEO + "upload_video/"),
    ("POST", "/video/upload/"),
    ("POST", VIDEO + "init_video_part_upload/"),
    ("POST", "/video/part/init/"),
    ("POST", VIDEO + "upload_video_part/"),
    ("POST", "/video/part/upload/"),
    ("POST", VIDEO + "complete_video_part_upload/"),
    ("POST", "/video/part/complete/"),
    ("POST", VIDEO + "create_video/"),
    ("POST", "/video/create/"),
    ("POST", VIDEO + "upload_image/"),
    ("POST", "/image/upload/"),
    ("POST", VIDEO + "create_image_text/"),
    ("POST", "/image/create/"),
    ("POST", "/video/delete/"),
    ("GET", "/fans/list/"),
    ("GET", "/following/list/"),
    ("GET", "/fans/check/"),
    ("GET", "/api/douyin/v1/user/fans_data/"),
    ("GET", "/fans/data/"),
    *(
        ("GET", f"/data/external/user/{what}/")
        for what in ("item", "fans", "like", "comment", "share", "profile")
    ),
    *(
        ("GET", f"/data/external/item/{what}/")
        for what in ("base", "like", "comment", "play", "share")
    ),
    *(
        (method, f"/{of}/comment/{what}/")
        for of in ("item", "video")
        for method, what in (
            ("GET", "list"),
            ("GET", "reply/list"),
            ("POST", "reply"),
            ("POST", "top"),
        )
    ),
    *(("POST", f"/oauth/{what}/") for what in ("business_token", "refresh_biz_token")),
    ("POST", "/oauth/business_scopes/"),
    *(
        ("GET", f"/api/apps/v1/{of}/get_{what}/")
        for of in ("user", "user_bc")
        for what in ("item", "fans", "like", "comment", "share", "profile")
    ),
    *(
        ("GET", f"/api/apps/v1/{of}/get_{what}/")
        for of in ("item", "item_bc")
        for what in ("base", "like", "comment", "play", "share")
    ),
    *(
        (method, f"/api/apps/v1/{of}/{what}/")
        for of in ("item", "item_bc")
        for method, what in (
            ("GET", "list_comment"),
            ("GET", "list_comment_reply"),
            ("POST", "reply_comment"),
            ("POST", "top_comment"),
        )
    ),
    ("POST", "/api/apps/v1/video/query/"),
    ("POST", "/api/apps/v1/video_bc/query/"),
    ("GET", "/video/search/"),
    ("GET", "/video/search/comment/list/"),
    ("GET", "/video/search/comment/reply/list/"),
    ("POST", "/video/search/comment/reply/"),
    ("POST", "/api/douyin/v1/auth/get_openid_by_b/"),
    ("POST", "/api/douyin/v1/auth/get_openid_by_c/"),
    ("POST", "/api/apps/v1/auth/get_openid_by_c/"),
    ("POST", "/api/douyin/v1/auth/get_related_id/"),
    ("POST", "/api/apps/v1/auth/get_related_id/"),
    ("POST", "/api/douyin/v1/role/check/"),
    ("GET", "/api/douyin/v1/video/get_iframe_by_item"),
    ("GET", "/api/douyin/v1/video/get_iframe_by_video"),
    ("POST", "/im/send/msg/"),
    ("POST", "/im/recall/msg/"),
    ("POST", "/im/authorize/user_list/"),
    ("POST", "/im/authorize/status/"),
    ("GET", "/im/group/count/"),
    ("GET", "/im/group/fans/count/"),
    ("POST", "/im/group/fans/create/"),
    ("GET", "/im/group/fans/list/"),
    ("GET", "/im/group/enter/audit/get/"),
    ("POST", "/im/group/enter/audit/set/"),
    ("POST", "/im/group/setting/set/"),
    ("POST", "/im/group/setting/disable/"),
    ("POST", "/im/send/msg/group/"),
    ("GET", "/api/im/message/resources/"),
    ("POST", "/im/save/retain_consult_card/"),
    ("GET", "/im/get/retain_consult_card/"),
    ("GET", "/im/del/retain_consult_card/"),
    *(("POST", f"/api/douyin/v1/im/{what}_applet_template/") for what in ("set", "get", "del")),
    ("POST", "/tool/imagex/client_upload/"),
    ("GET", "/hotsearch/sentences/"),
    ("GET", "/hotsearch/trending/sentences/"),
    ("GET", "/hotsearch/videos/"),
    ("GET", "/discovery/ent/rank/item/"),
    ("GET", "/discovery/ent/rank/version/"),
    ("GET", "/star/hot_list/"),
    ("POST", SCHEMA + "get_share/"),
    ("POST", SCHEMA + "get_user_profile/"),
    ("POST", SCHEMA + "get_chat/"),
    ("POST", SCHEMA + "get_live/"),
    ("POST", SCHEMA + "get_item_info/"),
    ("GET", "/event/status/list/"),
    ("POST", "/event/status/update/"),
    ("POST", "/sandbox/webhook/event/send/"),
    ("POST", "/api/v2/tags/text/antidirt"),
    ("POST", "/api/v2/tags/image/"),
    ("POST", "/api/apps/censor/image"),
    ("POST", "/api/apps/v1/censor/image/"),
    ("POST", "/api/apps/v1/censor/text/"),
    ("POST", "/api/apps/qrcode"),
    ("POST", GAME + "qrcode"),
    ("POST", "/api/apps/v1/qrcode/create/"),
    *(
        ("POST", before + what + after)
        for before, after in (("/api/apps/", ""), (GAME, ""), ("/api/apps/v1/", "/"))
        for what in ("url_link/generate", "url_link/query_info", "url_link/query_quota")
    ),
    *(("POST", GAME + "schema/" + what) for what in ("generate", "query_info", "query_quota")),
    *(
        ("POST", f"/api/apps/v1/url/{what}/")
        for what in ("generate_schema", "query_schema", "query_schema_quota")
    ),
    ("GET", "/mini_app/link/"),
    ("GET", WEBHOOK + "event_status_list/"),
    ("POST", WEBHOOK + "update_event_status/"),
    ("GET", WEBHOOK + "reset_secret/"),
]


@every_endpoint
def test_every_endpoint_says_what_it_is_and_how_sure_we_are(endpoint: Endpoint) -> None:
    """An endpoint has its page, its basis, one sentence, hosts, and is called in these tests."""
    assert endpoint.doc.startswith("https://developer.open-douyin.com/docs/resource/zh-CN/")
    assert endpoint.basis in ("documented", "observed", "assumed")
    assert endpoint.about.endswith(".")
    assert endpoint.family.hosts
    assert endpoint.full_name in GOOD
    assert endpoint.full_name in FORMS


def test_every_cause_is_told_in_chinese() -> None:
    """What leads to an error has a text in both languages, and no text is left over."""
    causes = {case.cause for endpoint in CATALOGUE for case in endpoint.errors}

    assert causes - {SYSTEM, ""} == CAUSES.keys()
    assert cause_text("there is no such comment").render("zh") == "没有这条评论"


@every_endpoint
def test_every_error_has_a_name_a_text_and_a_cause(endpoint: Endpoint) -> None:
    """An error is found by its name and by its number, and says what leads to it."""
    names = [case.name for case in endpoint.errors]

    assert len(set(names)) == len(names)
    for case in endpoint.errors:
        assert case.name.isidentifier()
        assert case.text
        assert case.cause
        assert case.code != 0
        assert case.basis in ("documented", "observed", "assumed")
        assert endpoint.case(case.name) is case
        assert endpoint.case(str(case.code)).code == case.code
    assert endpoint.case(endpoint.malformed).name == "bad_params"
    assert not endpoint.scope or endpoint.find_case("no_scope")
    assert any(case.cause == "system" for case in endpoint.errors) or (
        endpoint.full_name == "mini_game.check_session_key"
    )


@pytest.mark.parametrize(("method", "path"), OFFICIAL, ids=lambda each: str(each))
def test_every_official_path_is_there(method: str, path: str) -> None:
    """Each path is routed to one endpoint with the slash at its end and without.

    Two hosts have three paths that differ by that slash alone: each is routed as its docs have it.
    """
    endpoint = WRITTEN.routes[(method, path)]
    assert path in endpoint.paths

    twins = [other for _, other in OFFICIAL if other.rstrip("/") == path.rstrip("/")]
    if len({other.rstrip("/") for other in twins}) < len(set(twins)):
        assert len(set(twins)) == 2
        return
    assert WRITTEN.routes[(method, path.rstrip("/"))] is endpoint
    assert WRITTEN.routes[(method, path.rstrip("/") + "/")] is endpoint


def test_no_path_is_unheard_of() -> None:
    """Nothing is routed beside the official paths."""
    known = {(method, path.rstrip("/")) for method, path in OFFICIAL}

    assert {(method, path.rstrip("/")) for method, path in WRITTEN.routes} == known


def test_full_names_are_one_for_each() -> None:
    """A full name names one endpoint, and the catalogue has every family's."""
    names = [e.full_name for family in WRITTEN.families for e in family.endpoints]

    assert sorted(names) == sorted(set(names)) == sorted(WRITTEN.endpoints)


def test_the_hosts_are_douyins() -> None:
    """The hosts to intercept are those of the families, each once."""
    assert WRITTEN.hosts == [
        "aweme.snssdk.com",
        "developer.toutiao.com",
        "minigame.zijieapi.com",
        "open-api.ixigua.com",
        "open-sandbox.douyin.com",
        "open.douyin.com",
        "open.snssdk.com",
        "z.douyin.com",
    ]


@every_endpoint
def test_a_wrong_method_is_told_the_right_one(endpoint: Endpoint) -> None:
    """Another method is a 404 that names the path and its methods, never a Douyin error."""
    scene = Scene()

    for method in ("GET", "POST", "PUT", "DELETE"):
        for path in endpoint.paths:
            if method in endpoint.methods:
                continue
            for form in (path.rstrip("/"), path.rstrip("/") + "/"):
                if any(form != path and form in other.paths for other in WRITTEN):
                    continue  # another host's
                reply = scene.send(Ask(method, form))
                text = reply.body.decode()
                assert reply.status == 404
                assert text.startswith(f"mockdouyin: {path} takes ")
                assert text.endswith(f"{' or '.join(endpoint.methods)}, not {method}\n")


@pytest.mark.parametrize(
    ("method", "path", "near"),
    [
        ("POST", "/api/apps/v2/jscode2sesion", "POST /api/apps/v2/jscode2session?"),
        ("GET", "/oauth/acces_token/", "POST or GET /oauth/access_token/?"),
        ("GET", "/open/get_ticket", "GET /open/getticket/?"),
        ("GET", "/", "`mockdouyin endpoints` lists them all"),
        ("POST", "/nothing/like/it/at/all/0123456789", "`mockdouyin endpoints` lists them all"),
    ],
)
def test_an_unknown_path_is_told_the_nearest(method: str, path: str, near: str) -> None:
    """A path that is nearly one is a 404 with the one that was meant, and its methods."""
    scene = Scene()

    reply = scene.send(Ask(method, path))

    assert reply.status == 404
    assert (b"content-type", b"text/plain; charset=utf-8") in reply.headers
    assert reply.body.startswith(b"mockdouyin: ")
    assert near in reply.body.decode()
    assert list(scene.world.journal)[-1].verdict == "unknown"


def test_an_endpoint_declared_twice_is_a_mistake() -> None:
    """Two endpoints cannot have one method and path, with or without the slash."""
    family = Family("f", hosts=("h",), envelope=Gateway(), malformed=1)
    wrong = (ErrorCase(1, "bad_params", "bad"),)

    @family.endpoint("GET", "/a", doc="", basis="assumed", errors=wrong)
    def first(call: Call[Fields]) -> None:
        """Do."""

    @family.endpoint("GET", "/a/", doc="", basis="assumed", errors=wrong)
    def second(call: Call[Fields]) -> None:
        """Do."""

    with pytest.raises(MockDouyinError, match="GET /a/ is declared twice"):
        Catalogue(family)


def test_an_error_named_twice_is_a_mistake() -> None:
    """An endpoint cannot have two errors of one name, nor be without the one for bad input."""
    family = Family("f", hosts=("h",), envelope=Gateway(), malformed=1)
    case = ErrorCase(1, "bad_params", "bad")

    def answer(call: Call[Fields]) -> None:
        """Do."""

    twice = family.endpoint("GET", "/a", doc="", basis="assumed", errors=(case, case))
    none = family.endpoint("GET", "/a", doc="", basis="assumed", errors=())
    with pytest.raises(MockDouyinError, match="two error cases 'bad_params'"):
        twice(answer)
    with pytest.raises(MockDouyinError, match="has no error '1'"):
        none(answer)


def test_an_answer_of_douyins_is_never_a_redirect() -> None:
    """Every route answers a bare call with 200, and JSON or a page, whatever it says."""
    scene = Scene()

    for (method, path), endpoint in WRITTEN.routes.items():
        reply = scene.box.handle(Request(method, path))
        assert reply.status == 200, path
        kind = b"text/plain" if endpoint.is_page else b"application/json"
        assert reply.headers[0] == (b"content-type", kind + b"; charset=utf-8")
