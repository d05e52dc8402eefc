"""QR codes (小程序码) that open a page of a mini-app: a picture, or one in base64 in JSON."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.pages import Download, origin_of
from mockdouyin.domain import app_links
from mockdouyin.domain import link_texts as texts
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints._link_calls import check_app, check_one_of, check_text
from mockdouyin.endpoints._qr_images import Colour, Style, draw
from mockdouyin.endpoints.declared.envelopes import Coded
from mockdouyin.endpoints.error_tables import content as tables

HOSTS = ("toutiao", "toutiao_lite", "douyin", "douyin_lite", "pipixia", "huoshan", "xigua")
"""The apps that a code can be made for."""

NARROWEST, WIDEST, WIDTH = 280, 1280, 430
"""Pixels of the picture's width: the bounds, and the default."""

MAX_PATH = 1024

older: Family = Family(
    "qr_codes_toutiao",
    hosts=("developer.toutiao.com", "open-sandbox.douyin.com", "minigame.zijieapi.com"),
    envelope=Coded("errcode", "errmsg"),
    malformed=40014,
    errors=tables.OLDER_QR_CODE,
    token_headers=OLDER_TOKEN_HEADERS,
)

newer: Family = Family(
    "qr_codes",
    hosts=("open.douyin.com", "open-sandbox.douyin.com"),
    envelope=Gateway(),
    malformed=28005001,
    errors=tables.QR_CODE,
)


class Rgb(msgspec.Struct, frozen=True):
    """A colour."""

    r: int = 0
    g: int = 0
    b: int = 0


class LookFields(TokenFields, kw_only=True):
    """Which page the code opens, and how it looks."""

    path: str = ""
    """With its parameters, URL-encoded once."""
    width: int = WIDTH
    line_color: Rgb = Rgb(0, 0, 0)
    background: Rgb = Rgb(255, 255, 255)
    set_icon: bool = False


class OlderFields(LookFields, kw_only=True):
    """Which app opens the code."""

    appname: str = "toutiao"


class NewerFields(LookFields, kw_only=True):
    """Which mini-app it is of, and which app opens it."""

    appid: str = ""
    app_name: str = "douyin"
    is_circle_code: bool = False


class QrImage(msgspec.Struct):
    """The picture, a PNG in base64."""

    img: str


@older.endpoint(
    "POST",
    "/api/apps/qrcode",
    "/mgplatform/api/apps/qrcode",
    doc="mini-app/develop/server/url-and-qrcode/qrcode/create-qrcode",
    basis="documented",
)
def qrcode(call: Call[OlderFields]) -> Download:
    """Return a QR code as a PNG; a refusal is JSON, with HTTP 200 as well."""
    app = app_of_token(call, "app")
    limit(call, app.client_key, 5000, MINUTE, "too_many_calls")
    check_one_of("appname", call.fields.appname, HOSTS, "bad_app_name")
    return Download(_picture(call, app, call.fields.appname, "bad_width"), "image/png")


@newer.endpoint(
    "POST",
    "/api/apps/v1/qrcode/create/",
    doc="mini-app/develop/server/basic-abilities/url-and-qrcode/qrcode/create-qr-code-v2",
    basis="documented",
    scope="apps.qrcode.create",
)
def qrcode_create(call: Call[NewerFields]) -> QrImage:
    """Return a QR code as a PNG in base64, square or round."""
    app, fields = app_of_token(call, "client"), call.fields
    call.need("bad_params", "appid")
    check_app(app, fields.appid)
    check_one_of("app_name", fields.app_name, HOSTS, "bad_params")
    picture = _picture(call, app, fields.app_name, "bad_params", is_round=fields.is_circle_code)
    return QrImage(base64.b64encode(picture).decode())


def _picture(
    call: Call[Any], app: App, host: str, bad_width: str, *, is_round: bool = False
) -> bytes:
    fields = call.fields
    check_text("path", fields.path, MAX_PATH)
    if not NARROWEST <= fields.width <= WIDEST:
        why = texts.QR_WIDTH(got=str(fields.width)[:30], low=NARROWEST, high=WIDEST)
        raise DouyinError(bad_width, why)
    line = _colour("line_color", fields.line_color)
    background = _colour("background", fields.background)
    key = app_links.make(call.world, call.unit, app, "qr_code", path=fields.path, host=host)
    style = Style(fields.width, line, background, fields.set_icon, is_round)
    return draw(app_links.page_of(_origin(call), key), style)


def _colour(name: str, given: Rgb) -> Colour:
    for part in ("r", "g", "b"):
        value = getattr(given, part)
        if not 0 <= value <= 255:
            raise DouyinError(
                "bad_params", texts.QR_COLOUR(name=name, part=part, got=str(value)[:30])
            )
    return given.r, given.g, given.b


def _origin(call: Call[Any]) -> str:
    """Return the start of an address that leads here, and to the world of the call."""
    origin = origin_of(call.request, call.endpoint.family.hosts)
    world = call.world.name
    if call.request.world or world == "default":
        return origin
    return f"{origin}/@{quote(world, safe='')}"
