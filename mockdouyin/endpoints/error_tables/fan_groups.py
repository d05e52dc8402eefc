"""Errors of the calls about fan groups and cards for messages.

The docs pages show 2100005 alone, and for the decision on an application 2100004; the rest is from
the general tables, and assumed.
"""

from __future__ import annotations

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import without
from mockdouyin.endpoints.error_tables.user_apis import APP, AUTHORIZED, PERSON

_TOO_MANY = E(2190001, "too_many", "quota已用完", "assumed", "there are as many as there can be")


def _missing(cause: str, code: int = 2100006) -> E:
    return E(code, "not_found", "数据不存在", "assumed", cause)


_NO_GROUP = "the person has no such group"
_NO_CARD = _missing("the person has no such card")
_NO_TEMPLATE = _missing("the app has no such template")

CREATE = (*PERSON, _TOO_MANY)

DECIDE = (
    *PERSON,
    _missing("nobody applied to the person's groups under this id"),
    E(
        2100008,
        "wrong_state",
        "当前状态不允许该操作",
        "assumed",
        "the application was decided before, or the group is full",
    ),
)

SEND = (*PERSON, _missing(_NO_GROUP))

DISABLE = (*AUTHORIZED, _missing(_NO_GROUP, 28005074))
SET = without(DISABLE, "not_granted")
"""Its scope is the app's alone: no person can grant it."""

RESOURCES = (
    *AUTHORIZED,
    _missing("the person has no such message, or it is no picture and no video", 28005074),
)

SAVE_CARD = (*PERSON, _NO_CARD, _TOO_MANY)
DELETE_CARD = (*PERSON, _NO_CARD)

SET_TEMPLATE = (*APP, _NO_TEMPLATE, _TOO_MANY)
DELETE_TEMPLATE = (*APP, _NO_TEMPLATE)
