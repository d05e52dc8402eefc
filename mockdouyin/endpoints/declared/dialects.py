"""Dialects: the envelope of a declared family, and the numbers that its common errors have.

`N` is the newer gateway, `E` the older services, `NE` one within the other; what has a word behind
a hyphen has the same envelope, and numbers of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from mockdouyin.core.envelopes import (
    BesideExtra,
    BesideTips,
    Envelope,
    Extra,
    Flat,
    Gateway,
    Passport,
    Tips,
)
from mockdouyin.core.errors import SYSTEM, MockDouyinError, suggestion
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.declared._error_texts import NO_ENVELOPE
from mockdouyin.endpoints.declared.envelopes import Bare, Coded, Nested, WithBaseResp
from mockdouyin.endpoints.error_tables.generations import NEW, OLD, assumed, pick, without

_UNKNOWN = "the token is unknown"
_EXPIRED = "the token has expired"
_BAD = "a parameter is missing or of a wrong type"
_NO_SCOPE = "the app lacks the scope"
_OFTEN = "over the calls a second, with limits"
_NONE = "there is no such record"
_STATE = "the record is in another state"


class Dialect(NamedTuple):
    """An envelope, and the errors that every call in it may be refused with."""

    envelope: Envelope
    errors: tuple[E, ...]


_NEWER = (
    *without(NEW, "network_error", "unknown_error", "unknown_uri", "not_a_tester", "api_offline"),
)
_OLDER = OLD


def _renumbered(table: tuple[E, ...], *others: E) -> tuple[E, ...]:
    """Return a table in which some cases have another number and text, and some are added."""
    by_name = {case.name: case for case in others}
    kept = [by_name.pop(case.name, case) for case in table]
    return (*kept, *by_name.values())


_RECORDS = assumed(
    (
        E(28005074, "not_found", "数据不存在", cause=_NONE),
        E(28005075, "wrong_state", "当前状态不允许该操作", cause=_STATE),
    )
)

_N = (*_NEWER, *_RECORDS)
_BUSINESS = E(-1, "system_error", "系统错误", cause=SYSTEM)

_E = (
    *_OLDER,
    *assumed(
        (
            E(2100006, "not_found", "数据不存在", cause=_NONE),
            E(2100008, "wrong_state", "当前状态不允许该操作", cause=_STATE),
            E(
                2118110,
                "rate_limited",
                "请求过于频繁",
                cause=_OFTEN,
            ),
        )
    ),
)

_LIFE = (
    *_E,
    E(3000001, "bad_business_params", "参数不合法", cause="an id means nothing"),
    E(3000004, "merchant_not_authorised", "该商家未授权", cause=SYSTEM),
    E(5000001, "busy", "服务器打瞌睡了，请稍后再试。", cause=SYSTEM),
)

_OLD_HOST = (
    E(-1, "system_error", "系统错误", "assumed", SYSTEM),
    E(40002, "invalid_token", "bad access_token", "assumed", _UNKNOWN),
    E(40014, "bad_params", "bad params", "assumed", _BAD),
    E(40029, "no_scope", "no permission", "assumed", _NO_SCOPE),
    E(40030, "not_found", "not found", "assumed", _NONE),
    E(40031, "wrong_state", "wrong state", "assumed", _STATE),
    E(
        60003,
        "rate_limited",
        "too many requests",
        "assumed",
        _OFTEN,
    ),
)

_LIVE = (
    E(10001, "system_error", "服务内部错误", cause=SYSTEM),
    E(40023, "bad_params", "缺少必要的请求参数", cause=_BAD),
    E(40022, "invalid_token", "无效的AccessToken", cause=_UNKNOWN),
    E(40002, "no_scope", "没有该项能力", "assumed", _NO_SCOPE),
    E(50012, "not_found", "数据不存在", cause=_NONE),
    E(50003019, "wrong_state", "推送任务不符合开启的限制条件", cause=_STATE),
    E(40007, "rate_limited", "调用频率过高", cause=_OFTEN),
)
_LIVE_V1 = _renumbered(
    _LIVE,
    E(-1, "system_error", "服务内部异常", cause=SYSTEM),
    E(40001, "bad_params", "参数有误", cause=_BAD),
    E(40004, "invalid_token", "access token 不合法", cause=_UNKNOWN),
)

_ENTITY = assumed(
    (
        E(-1, "system_error", "系统错误", cause=SYSTEM),
        E(10001, "invalid_token", "无效的AccessToken", cause=_UNKNOWN),
        E(10002, "bad_params", "参数错误", cause=_BAD),
        E(10003, "no_scope", "无权限", cause=_NO_SCOPE),
        E(10004, "not_found", "数据不存在", cause=_NONE),
        E(10005, "wrong_state", "当前状态不允许该操作", cause=_STATE),
    )
)

_PRODUCT = _renumbered(
    pick(_N, "system_error", "bad_params", "no_scope", "not_found", "wrong_state"),
    _BUSINESS,
    E(10001, "invalid_token", "无效的AccessToken", cause=_UNKNOWN),
)

_PASSPORT = assumed(
    (
        E(10001, "system_error", "系统错误", cause=SYSTEM),
        E(10002, "bad_params", "参数错误", cause=_BAD),
        E(10004, "no_scope", "应用权限不足", cause=_NO_SCOPE),
        E(10008, "invalid_token", "access_token无效", cause=_UNKNOWN),
        E(10010, "expired_token", "refresh_token过期", cause=_EXPIRED),
        E(10011, "not_found", "数据不存在", cause=_NONE),
        E(10012, "wrong_state", "当前状态不允许该操作", cause=_STATE),
        E(10020, "rate_limited", "请求过于频繁", cause=_OFTEN),
    )
)

_COUPON = _renumbered(
    _N,
    E(29005009, "system_error", "系统错误", cause=SYSTEM),
    E(29005004, "not_found", "券模板不存在", cause=_NONE),
    E(29005086, "wrong_state", "券模板未处于生效状态，不允许变更", cause=_STATE),
    E(29005012, "rate_limited", "尝试过于频繁", cause=_OFTEN),
)

_PROVIDER = (
    E(40000, "system_error", "system error", "assumed", SYSTEM),
    E(40001, "bad_params", "invalid params", "assumed", _BAD),
    E(40010, "invalid_token", "invalid component_access_token", "assumed", _UNKNOWN),
    E(40009, "expired_token", "component_access_token expired", "assumed", _EXPIRED),
    E(40022, "no_scope", "not authorised", "assumed", _NO_SCOPE),
    E(40004, "not_found", "unknown app", "assumed", _NONE),
    E(40030, "wrong_state", "wrong state", "assumed", _STATE),
)

_FLAT = Coded("err_no", "err_msg", log="log_id", flat=True)

DIALECTS: dict[str, Dialect] = {
    "N": Dialect(Gateway(), _N),
    "N-biz": Dialect(Gateway(), _renumbered(_N, _BUSINESS)),
    "N-share": Dialect(
        Gateway(),
        _renumbered(
            _N,
            E(28005001, "bad_params", "参数解析失败", cause=_BAD),
            E(28005002, "system_error", "内部错误", cause=SYSTEM),
            E(28005015, "no_scope", "权限被封禁", cause=_NO_SCOPE),
            E(12023, "not_found", "URL_Link不存在或已失效", cause=_NONE),
        ),
    ),
    "N-coupon": Dialect(Gateway(), _COUPON),
    "N-coupon-flat": Dialect(_FLAT, _COUPON),
    "N-cps": Dialect(
        Gateway(),
        _renumbered(
            _N,
            E(28013011, "no_scope", "没有发布/修改通用佣金计划的权限", cause=_NO_SCOPE),
            E(28013017, "not_found", "佣金计划不存在，请检查计划ID是否正确", cause=_NONE),
        ),
    ),
    "N-product": Dialect(Gateway("success"), _PRODUCT),
    "N-flat": Dialect(_FLAT, _N),
    "NE": Dialect(Nested(), _N),
    "NE-beside": Dialect(Nested(beside=True), _N),
    "E": Dialect(Extra(), _E),
    "E-life": Dialect(Extra(), _LIFE),
    "E-beside": Dialect(BesideExtra(), _E),
    "BASERESP": Dialect(WithBaseResp(), _E),
    "T": Dialect(Tips(), _OLD_HOST),
    "T-flat": Dialect(BesideTips(), _OLD_HOST),
    "TE": Dialect(Coded("error", "message", ok="success"), _OLD_HOST),
    "TE-flat": Dialect(Coded("error", "message", ok="success", flat=True), _OLD_HOST),
    "TP": Dialect(Coded("errno", "message", ok="success"), _PROVIDER),
    "TP-flat": Dialect(Coded("errno", "message", ok="success", flat=True), _PROVIDER),
    "TP-bare": Dialect(Bare("errno", "message"), _PROVIDER),
    "B": Dialect(Coded("error_code", "message"), _N),
    "V1": Dialect(Flat(), _OLD_HOST),
    "P": Dialect(Passport(), _PASSPORT),
    "LIVE-N": Dialect(Coded("err_no", "err_msg", ok="ok", log="logid"), _LIVE),
    "LIVE-V1": Dialect(Coded("errcode", "errmsg", ok="ok"), _LIVE_V1),
    "LIVE-V1-flat": Dialect(Coded("errcode", "errmsg", ok="ok", flat=True), _LIVE_V1),
    "ERR": Dialect(Coded("err_code", "err_msg", ok="success", flat=True, inside="err"), _ENTITY),
}
"""Every dialect by the name that the catalogue's files have for it."""


def dialect(name: str) -> Dialect:
    """Return the dialect of this name."""
    found = DIALECTS.get(name)
    if found is None:
        raise MockDouyinError(NO_ENVELOPE(name=name, hint=suggestion(name, DIALECTS)))
    return found
