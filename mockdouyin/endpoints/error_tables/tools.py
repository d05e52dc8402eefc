"""Errors of tickets, share ids, jump links and webhook management.

The docs pages show their own tables in part; the rest is from the general ones, and assumed.
"""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, OLD, assumed, pick, without

TICKETS = OLD

JS_TICKET = (
    *pick(NEW, "system_error", "invalid_token", "expired_token"),
    *pick(NEW, "app_banned", "network_error", "no_ability"),
    *assumed(pick(NEW, "no_scope", "bad_params", "quota_used_up", "rate_limited")),
)

OPEN_TICKET = (
    *pick(OLD, "system_error", "bad_params", "invalid_token"),
    E(2190004, "no_scope", "无权访问", cause="the app lacks the scope"),
    *pick(OLD, "expired_token"),
    *assumed(pick(OLD, "app_banned", "quota_used_up")),
)

SHARE_ID = assumed(
    (
        *pick(OLD, "system_error", "bad_params", "invalid_token", "no_scope", "expired_token"),
        *pick(OLD, "app_banned", "quota_used_up", "not_permitted"),
    )
)

SCHEMA = (
    E(-1, "system_error", "系统错误", cause=SYSTEM),
    *without(NEW, "system_error", "bad_open_id", "not_granted", "token_mismatch", "not_a_tester"),
    E(28001020, "not_a_tester", "用户未绑定该测试应用", "assumed", SYSTEM),
)

GET_SHARE = (
    *SCHEMA,
    E(
        28001024,
        "bad_ticket",
        "ClientTicket 无效",
        cause="client_ticket is not an open ticket, or has expired",
    ),
)

WEBHOOK = (
    *pick(OLD, "system_error", "bad_params", "invalid_token", "no_scope", "expired_token"),
    *pick(OLD, "app_banned", "quota_used_up"),
)

# The third-party platform's calls.

PLATFORM_WEBHOOK = (
    E(-1, "system_error", "系统错误", cause=SYSTEM),
    E(11009, "bad_params", "参数不合法", cause="a parameter is missing or cannot be read"),
    E(15002, "no_callback", "回调地址为空", cause="the app has no webhook"),
    E(15006, "no_secret", "webhook secret为空", cause=SYSTEM),
    *pick(NEW, "invalid_token", "expired_token"),
    E(28001007, "bad_params_new", "参数不合法", cause=SYSTEM),
)

PLATFORM_WEBHOOK_UPDATE = (
    *PLATFORM_WEBHOOK,
    E(15003, "no_event", "event为空", cause="an event of the list has no name"),
    E(15004, "bad_event", "event非法", cause="there is no such event"),
    E(15005, "bad_status", "status不正确", cause="a status is neither 0 nor 1"),
)
