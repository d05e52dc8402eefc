"""The operations of the control API, from their declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any

import msgspec

from mockdouyin.control import OPERATIONS, Operation
from mockdouyin.control._openapi_schemas import structs_in
from mockdouyin.control._operations import is_query
from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.docstrings import said_in
from mockdouyin.core.errors import (
    AwayError,
    ConflictError,
    MockDouyinError,
    NotFoundError,
    TooLargeError,
)
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import Language
from mockdouyin.scenario.rule import Rule, StubReply
from tests.attacks.operations import SAMPLES
from tests.docs.made.markdown import COLON, escaped, facts, joined, kind_of, say, section, shown

_GROUPS = {
    "catalog": ("服务与目录", "The server, and what it emulates"),
    "errors": ("错误", "Errors"),
    "interception": ("接管域名", "Interception"),
    "collection": ("接口集合", "A collection for API clients"),
    "worlds": ("世界", "Worlds"),
    "scenarios": ("场景", "Scenarios"),
    "rules": ("规则", "Rules"),
    "apps": ("应用", "Apps"),
    "people": ("用户", "People"),
    "phone": ("手机", "Phones"),
    "sheets": ("弹窗", "Sheets"),
    "clock": ("时钟", "The clock"),
    "due": ("到期与凭证", "What falls due, and credentials"),
    "journal": ("请求日志", "The journal"),
    "rows": ("逐行记录", "The journal in rows"),
    "entries": ("单条记录", "Entries"),
    "lives": ("凭证的一生", "Lives of credentials"),
    "stories": ("流程", "Stories"),
    "stream": ("事件流", "The stream"),
    "findings": ("客户端问题", "Findings"),
    "webhooks": ("事件与推送", "Events and pushes"),
    "deliveries": ("投递", "Deliveries"),
    "resending": ("改后重发", "Sending again"),
    "receiver_check": ("检验接收端", "Examining a receiver"),
    "signatures": ("签名", "Signatures"),
    "orders": ("订单", "Orders"),
    "platform_key": ("平台公钥", "The platform's key"),
    "bills": ("账单", "Bills"),
    "merchants": ("商户", "Merchants"),
    "snapshots": ("快照", "Snapshots"),
    "handle": ("请求与响应的数据", "Requests as data"),
}
"""The modules that declare operations, in the page's order."""

_ELSEWHERE = {
    Settings: "settings.md",
    Rule: "rules.md#rule-keys",
    StubReply: "rules.md#reply-keys",
}
"""Types that have pages of their own."""


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "控制接口是 `/_mock` 下的 JSON 接口；概念和例子见[控制接口](../control-api.md)，"
        "OpenAPI 文档在"
        " `/_mock/openapi.json`（`?lang=zh` 是中文）。`/_mock/…` 是世界 `default` 的简写，"
        "别的世界在"
        " `/_mock/worlds/{world}/…`。GET 的参数放在 query，其余放在 JSON 请求体。Python 里用"
        ' `control.operation("NAME", …)`。',
        "The control API is JSON under `/_mock`; [Control API](../control-api.md) explains it, and"
        " `/_mock/openapi.json` is its OpenAPI document. `/_mock/…` is short for the world"
        " `default`, other worlds are at `/_mock/worlds/{world}/…`. A GET takes its parameters in"
        ' the query, the others a JSON body. In Python it is `control.operation("NAME", …)`.',
    )
    sections = [section(1, say(language, "控制接口一览", "Operations of the control API"), intro)]
    sections.append(_refusals(language))
    for module, operations in groupby(sorted(OPERATIONS.values(), key=_place), _module):
        sections.append(section(2, say(language, *_GROUPS[module])))
        sections += [_operation(each, language) for each in operations]
    types = say(language, "类型", "Types")
    sections.append(section(2, types))
    sections += [_type(kind, language) for kind in types_shown()]
    return joined(sections)


def _module(operation: Operation) -> str:
    return operation.function.__module__.rpartition(".")[2]


def _place(operation: Operation) -> int:
    return list(_GROUPS).index(_module(operation))


def _refusals(language: Language) -> str:
    """Tell of the answers to what cannot be done."""
    kinds = (MockDouyinError, NotFoundError, ConflictError, TooLargeError, AwayError)
    rows = [f"`{kind.status}`{COLON[language]}{said_in(kind.__doc__, language)}" for kind in kinds]
    access = say(
        language,
        "`401`、`403`：缺少[控制令牌](../control-api.md#who-may-use-it)，或不允许这样访问",
        "`401`, `403`: the [control token](../control-api.md#who-may-use-it) is missing, or the"
        " caller may not",
    )
    late = say(
        language,
        "`405`：路径不支持这个方法；`408`：没有等到",
        "`405`: the path does not have the method; `408`: what was waited for did not come",
    )
    intro = say(
        language,
        '不能做的事返回 4xx 和 `{"error": "mockdouyin: …"}`：',
        'What cannot be done is a 4xx with `{"error": "mockdouyin: …"}`:',
    )
    return section(
        2, say(language, "拒绝", "When it is refused"), intro, facts(*rows, access, late)
    )


def _operation(operation: Operation, language: Language) -> str:
    paths = [f"`{operation.method} {path}`" for path in operation.paths()]
    long = said_in(operation.function.__doc__, language)
    gives = say(language, "响应：", "Gives: ") + _link(operation.reply, language)
    if operation.events:
        events = "; ".join(f"`{n}` {_link(k, language)}" for n, k in operation.events.items())
        gives = say(language, f"响应：SSE 事件流，事件有 {events}", f"Gives: a stream of {events}")
    views = say(language, "、", ", ").join(
        f"[`view={view}`](#{name})" for view, name in operation.views.items()
    )
    return section(
        3,
        f"`{operation.name}`",
        "<br>".join(paths),
        escaped(long),
        _takes(operation, language),
        gives,
        f"{say(language, '也可以带 ', 'Or with ')}{views}" if views else "",
        _example(operation, language),
    )


def _takes(operation: Operation, language: Language) -> str:
    kind = operation.takes
    if kind is type(None):
        return ""
    if kind in _ELSEWHERE:
        return facts(say(language, "参数：", "Takes: ") + _link(kind, language))
    if not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
        return facts(say(language, "参数：JSON 对象", "Takes: a JSON object"))
    where = (
        say(language, "query 参数：", "Query:")
        if is_query(kind)
        else say(language, "请求体：", "Body:")
    )
    return f"{where}\n\n{_fields(kind, language)}"


def _fields(kind: type, language: Language) -> str:
    docs = attribute_docs(kind, language)
    rows = []
    for field in msgspec.structs.fields(kind):
        words = [_kind_linked(field.type, language)]
        if field.required and not _is_reply(kind):
            words.append(say(language, "必填", "required"))
        default: Any = field.default
        given = default not in (None, msgspec.UNSET, "", msgspec.NODEFAULT)
        if given and default is not False and not _is_reply(kind):
            words.append(say(language, f"默认 `{shown(default)}`", f"default `{shown(default)}`"))
        of = say(language, "，", ", ").join(words)
        colon = say(language, "：", ": ")
        says = docs.get(field.name, "")
        kind_and_default = say(language, f"（{of}）", f" ({of})")
        rows.append(
            f"`{field.encode_name}`{kind_and_default}{colon + escaped(says) if says else ''}"
        )
    return facts(*rows)


def _is_reply(kind: type) -> bool:
    return kind not in _taken()


@cache
def _taken() -> frozenset[type]:
    kinds = [o.takes for o in OPERATIONS.values() if o.takes is not type(None)]
    return frozenset(struct for kind in kinds for struct in structs_in(kind))


def types_shown() -> list[type]:
    """Return the types that the page describes by themselves, sorted by name."""
    direct = {o.takes for o in OPERATIONS.values() if isinstance(o.takes, type)}
    found = set(_taken() - direct)
    for operation in OPERATIONS.values():
        for kind in operation.shown:
            found |= set(structs_in(kind))
    return sorted(found - set(_ELSEWHERE), key=lambda kind: kind.__name__)


def _type(kind: type, language: Language) -> str:
    about = escaped(said_in(kind.__doc__, language))
    return section(3, f"`{kind.__name__}`", about, _fields(kind, language), anchor=_anchor(kind))


def _anchor(kind: type) -> str:
    """Return a type's anchor: some have the names of operations."""
    return f"type-{kind.__name__.lower()}"


def _link(kind: Any, language: Language) -> str:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"[`{kind.__name__}`]({_ELSEWHERE.get(kind) or '#' + _anchor(kind)})"
    return say(language, "JSON 对象", "a JSON object")


def _kind_linked(kind: Any, language: Language) -> str:
    """Describe a type, with links to the structs in it."""
    words = kind_of(kind, language)
    for struct in structs_in(kind):
        name = f"`{struct.__name__}`"
        words = re.sub(rf"(?<!\[){name}", _link(struct, language), words)
    return words


def _example(operation: Operation, language: Language) -> str:
    body = next(iter(_bodies(operation)), None)
    if body is None:
        return ""
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    return f"{say(language, '请求体的例子：', 'For example:')}\n\n```json\n{text}\n```"


def _bodies(operation: Operation) -> Iterator[dict[str, Any]]:
    for sample in SAMPLES.get(operation.name, ()):
        if sample.good:
            yield sample.good
