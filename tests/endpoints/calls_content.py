"""Good calls of content security, QR codes, URL links and schemas."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.endpoints.calls import Ask, Builder, Scene
from tests.support.links import opened_at

PICTURE = "https://p3.example.test/cat.png"
QUERY = '{"goods_id":"7301"}'


def older(scene: Scene, path: str, /, **fields: Any) -> Ask:
    """Return a call with an app token in the body."""
    return Ask("POST", path, fields={"access_token": scene.app_token(), **fields})


def tagged(scene: Scene, path: str, /, **fields: Any) -> Ask:
    """Return a call with an app token in the header X-Token."""
    return Ask("POST", path, headers={"x-token": scene.app_token()}, fields=fields)


def newer(scene: Scene, path: str, /, **fields: Any) -> Ask:
    """Return a call with a client token in the header access-token."""
    headers = {"access-token": scene.client_token("mini_program")}
    return Ask("POST", path, headers=headers, fields=fields)


def game(scene: Scene, path: str, /, **fields: Any) -> Ask:
    """Return a mini-game's call with an app token in the header access-token."""
    headers = {"access-token": scene.app_token("mini_game")}
    own = {"app_id": scene.app("mini_game").client_key}
    return Ask("POST", path, headers=headers, fields={**own, **fields})


def key(scene: Scene) -> str:
    """Return the client_key of the mini-program."""
    return scene.app("mini_program").client_key


def target(scene: Scene, **fields: Any) -> dict[str, Any]:
    """Return where a link leads, and until when: for a day and a bit."""
    ends = int(scene.world.clock.now()) + 90_000
    return {"path": "pages/goods/detail", "query": QUERY, "expire_time": ends, **fields}


LOOK = {
    "path": "pages%2Fgoods%2Fdetail%3Fgoods_id%3D7301",
    "width": 280,
    "line_color": {"r": 0, "g": 0, "b": 96},
    "background": {"r": 255, "g": 255, "b": 255},
    "set_icon": False,
}


def made(ask: Ask, scene: Scene, name: str) -> str:
    """Make a link by a call; return it."""
    answer = scene.ask(ask)
    return str({**answer, **answer.get("data", {})}[name])


def _of(make: Any, path: str, name: str, answer: str) -> Builder:
    """Return a builder of a call that asks about a link which was made by a call of `make`."""

    def build(scene: Scene, own: str, kind: str) -> Ask:
        ask = make(scene, path, kind)
        fields = {k: v for k, v in ask.fields.items() if k in ("access_token", *_APPS)}
        return Ask("POST", own, {}, ask.headers, {**fields, name: made(ask, scene, answer)})

    return build


_APPS = ("app_id", "ma_app_id")


def _older_link(scene: Scene, path: str, kind: str) -> Ask:
    return older(scene, path, ma_app_id=key(scene), app_name="douyin", **target(scene))


def _link(scene: Scene, path: str, kind: str) -> Ask:
    return newer(scene, path, app_id=key(scene), app_name="douyin", **target(scene))


def _schema(scene: Scene, path: str, kind: str) -> Ask:
    return newer(scene, path, app_id=key(scene), no_expire=False, **target(scene))


def _game_link(scene: Scene, path: str, kind: str) -> Ask:
    return game(scene, path, app_name="douyin", **target(scene))


def _game_schema(scene: Scene, path: str, kind: str) -> Ask:
    return game(scene, path, no_expire=False, **target(scene))


def _page(scene: Scene, path: str, kind: str) -> Ask:
    link = made(_link(scene, "/api/apps/v1/url_link/generate/", kind), scene, "url_link")
    parts = urlsplit(opened_at(link))
    query = dict(parse_qsl(parts.query))
    return Ask("GET", parts.path, query, {"user-agent": "Mozilla/5.0"})


_OLD, _GAME, _NEW = "/api/apps/", "/mgplatform/api/apps/", "/api/apps/v1/"

BUILDERS: dict[str, Builder] = {
    "content_security_toutiao.text_antidirt": lambda scene, path, kind: tagged(
        scene, path, tasks=[{"content": "今天天气很好"}]
    ),
    "content_security_toutiao.tags_image": lambda scene, path, kind: tagged(
        scene, path, targets=["porn", "ad"], tasks=[{"image": PICTURE}]
    ),
    "content_security_toutiao.image_v2": lambda scene, path, kind: older(
        scene, path, app_id=key(scene), image=PICTURE
    ),
    "content_security.image": lambda scene, path, kind: newer(
        scene, path, app_id=key(scene), image=PICTURE
    ),
    "content_security.text": lambda scene, path, kind: newer(
        scene, path, app_id=key(scene), content=["今天天气很好"]
    ),
    "qr_codes_toutiao.qrcode": lambda scene, path, kind: older(
        scene, path, appname="douyin", **LOOK
    ),
    "qr_codes.qrcode_create": lambda scene, path, kind: newer(
        scene, path, appid=key(scene), app_name="douyin", is_circle_code=False, **LOOK
    ),
    "links_toutiao.generate": _older_link,
    "links_toutiao.query_info": _of(
        _older_link, _OLD + "url_link/generate", "url_link", "url_link"
    ),
    "links_toutiao.query_quota": lambda scene, path, kind: older(
        scene, path, ma_app_id=key(scene)
    ),
    "links.generate": _link,
    "links.query_info": _of(_link, _NEW + "url_link/generate/", "url_link", "url_link"),
    "links.query_quota": lambda scene, path, kind: newer(scene, path, app_id=key(scene)),
    "links.generate_schema": _schema,
    "links.query_schema": _of(_schema, _NEW + "url/generate_schema/", "schema", "schema"),
    "links.query_schema_quota": lambda scene, path, kind: newer(scene, path, app_id=key(scene)),
    "links.link_page": _page,
    "links_game.generate": _game_link,
    "links_game.query_info": _of(_game_link, _GAME + "url_link/generate", "url_link", "url_link"),
    "links_game.query_quota": lambda scene, path, kind: game(scene, path),
    "links_game.generate_schema": _game_schema,
    "links_game.query_schema": _of(_game_schema, _GAME + "schema/generate", "schema", "schema"),
    "links_game.query_schema_quota": lambda scene, path, kind: game(scene, path),
}
"""How each of these endpoints is called well."""

FORMS: dict[str, tuple[str, Any]] = {
    name: {
        "content_security_toutiao": ("tags", None),
        "qr_codes_toutiao": ("two keys", ("errcode", "errmsg")),
        "links_toutiao": ("beside", None),
        "links_game": ("leaking", None),
    }.get(name.partition(".")[0], ("gateway", None))
    for name in BUILDERS
}
"""How each says no."""
FORMS["content_security_toutiao.image_v2"] = ("two keys", ("error", "message"))
FORMS["links.link_page"] = ("page", None)
