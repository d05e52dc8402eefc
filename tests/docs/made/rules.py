"""Rules: their keys, effects and faults, from their declarations."""

from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec

from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.docstrings import said_in
from mockdouyin.core.http import Fault
from mockdouyin.core.texts import Language
from mockdouyin.domain.effects import Effect
from mockdouyin.scenario.rule import Rule, SheetDecision, StubReply
from tests.docs.made.markdown import facts, joined, kind_of, say, section, shown

EXAMPLES = {
    "on": "{on: [code_to_session, POST /oauth/client_token/], status: 502, times: 1}",
    "off": "{on: notify, error: 12025, off: true}",
    "when": "{on: code_to_session, when: {person: 小明, code: 'a*'}, error: bad_code}",
    "times": "{on: client_token, error: 10003, times: 1}",
    "after": "{on: client_token, after: 2, error: 10020}",
    "every": "{on: '*', every: 10, status: 503}",
    "chance": "{on: 'oauth.*', chance: 0.05, fault: reset}",
    "error": "{on: code_to_session, error: 40018}",
    "status": "{on: '*', status: 502, times: 3}",
    "reply": "{on: code_to_session, reply: {json: {err_no: 53030, err_tips: 登录失败}}}",
    "happens": "{on: user_info, happens: token_expires, times: 1}",
    "sheet": "{on: phone.getPhoneNumber, sheet: deny}",
    "patch": "{on: client_token, patch: {data.expires_in: 10}}",
    "fault": "{on: code_to_session, fault: reset, times: 1}",
    "delay": "{on: '*', delay: 3s}",
    "ttl": "{on: client_token, error: 10003, ttl: 5m}",
    "set_by": "{on: notify, error: 12025, set_by: order-service tests}",
    "id": "{on: notify, error: 12025, id: expired}",
}
"""A rule for each key, as YAML and the command line take it."""

_SCENARIO = """```yaml
name: first-login-fails
rules:
  - {on: code_to_session, error: 40018, times: 1}
  - {on: code_to_session, fault: reset, delay: 200ms, times: 1}
```"""


def page(language: Language) -> str:
    """Return the page."""
    how = say(
        language,
        "规则写在场景的 `rules:` 里，也可以在运行中添加：`mockdouyin rule add '{…}'`、"
        "[`POST /_mock/rules`](operations.md#add_rule)、pytest 里的 `douyin.rule(…)`，"
        "或在控制台里。",
        "Rules stand under `rules:` in a scenario, or are added while the world runs:"
        " `mockdouyin rule add '{…}'`, [`POST /_mock/rules`](operations.md#add_rule),"
        " `douyin.rule(…)` in pytest, or in the dashboard.",
    )
    return joined(
        [
            section(1, say(language, "规则", "Rules"), said_in(Rule.__doc__, language), how),
            _SCENARIO,
            section(2, say(language, "键", "Keys"), anchor="rule-keys"),
            *(_key(Rule, field, language, EXAMPLES) for field in msgspec.structs.fields(Rule)),
            section(2, say(language, "`reply` 的键", "Keys of `reply`"), anchor="reply-keys"),
            *(_key(StubReply, field, language) for field in msgspec.structs.fields(StubReply)),
            *_enum("happens", Effect, language),
            *_enum("fault", Fault, language),
            *_enum("sheet", SheetDecision, language),
        ]
    )


def _key(
    kind: type,
    field: msgspec.structs.FieldInfo,
    language: Language,
    examples: dict[str, str] | None = None,
) -> str:
    says, values = attribute_docs(kind, language)[field.name], kind_of(field.type, language)
    rows = facts(
        say(language, f"取值：{values}", f"Values: {values}"),
        _default(field, language),
        say(language, f"例：`{examples[field.name]}`", f"Example: `{examples[field.name]}`")
        if examples
        else "",
    )
    title = f"`{field.name}`" if examples else f"`reply.{field.name}`"
    return section(3, title, says, rows)


def _default(field: msgspec.structs.FieldInfo, language: Language) -> str:
    if field.required:
        return say(language, "必填", "Required")
    default: Any = field.default
    if default in (None, msgspec.UNSET, "") or default is msgspec.NODEFAULT:
        return ""
    return say(language, f"默认：`{shown(default)}`", f"Default: `{shown(default)}`")


def _enum(key: str, kind: type[Enum], language: Language) -> list[str]:
    docs = attribute_docs(kind, language)
    title = say(language, f"`{key}` 的取值", f"Values of `{key}`")
    return [
        section(2, title, said_in(kind.__doc__, language)),
        *(section(3, f"`{each.value}`", docs[each.name]) for each in kind),
    ]
