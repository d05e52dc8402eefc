"""The probes of `check-webhook`, of both kinds of receivers."""

from __future__ import annotations

from mockdouyin.core.texts import Language
from mockdouyin.webhook_check.kinds import KINDS
from tests.docs.made.markdown import joined, say, section

_TITLES = {
    "app": ("`app`：应用的 Webhook", "`app`: an app's webhook"),
    "ecpay": ("`ecpay`：支付回调", "`ecpay`: callbacks of payment"),
}


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "`mockdouyin check-webhook` 逐个发送的检查项；怎样判断响应，"
        "见[检验接收端](../check-webhook.md)。"
        "`--only NAME` 只做一个。",
        "What `mockdouyin check-webhook` sends, one after the other; [Examine a receiver]"
        "(../check-webhook.md) has how answers are judged. `--only NAME` runs one alone.",
    )
    sections = [section(1, say(language, "接收端的检查", "Probes"), intro)]
    for name, kind in KINDS.items():
        sections.append(section(2, say(language, *_TITLES[name])))
        for probe in kind.probes:
            sections.append(
                section(
                    3,
                    f"`{probe.name}`",
                    probe.about.render(language),
                    anchor=_anchor(name, probe.name),
                )
            )
    return joined(sections)


def _anchor(kind: str, probe: str) -> str:
    """Return an anchor: both kinds have probes of the same names."""
    return f"{kind}-{probe}"
