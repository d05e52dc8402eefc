"""The first page of the reference: what the others are about."""

from __future__ import annotations

from mockdouyin.core.texts import Language
from tests.docs.made.markdown import facts, joined, say, section

_PAGES = {
    "commands": ("命令", "每个命令、参数和选项", "Commands", "every command, argument and option"),
    "operations": (
        "控制接口一览",
        "`/_mock` 下的每个接口：参数、响应和例子",
        "Operations of the control API",
        "everything under `/_mock`: what it takes and gives, with examples",
    ),
    "settings": ("设置", "一个世界的每项设置和默认值", "Settings", "each setting of a world"),
    "rules": ("规则", "规则的键、效果和故障", "Rules", "their keys, effects and faults"),
    "events": (
        "事件",
        "每个 webhook 事件、支付回调和消息推送：内容、签名、重试",
        "Events",
        "each webhook, callback and push: its content, signature and retries",
    ),
    "errors": (
        "错误码",
        "抖音的每个错误码：含义、原因和处理办法",
        "Errors",
        "each of Douyin's numbers: what it means, why it comes, and what to do",
    ),
    "findings": ("客户端问题", "`doctor` 报告的问题", "Findings", "what `doctor` tells of"),
    "probes": ("接收端的检查", "`check-webhook` 的检查项", "Probes", "what `check-webhook` sends"),
    "environment": ("环境变量", "读取和设置的变量", "Environment variables", "those read and set"),
}


def page(language: Language) -> str:
    """Return the page."""
    rows = []
    for name, (zh_title, zh, en_title, en) in _PAGES.items():
        title, about = say(language, zh_title, en_title), say(language, zh, en)
        rows.append(f"[{title}]({name}.md){say(language, '：', ': ')}{about}")
    intro = say(
        language,
        "这些页面由代码生成，和你安装的版本一致。",
        "These pages are made from the code, so they agree with it.",
    )
    return joined([section(1, say(language, "参考", "Reference"), intro, facts(*rows))])
