"""Environment variables: those that are read, and those that `run` and `env` set."""

from __future__ import annotations

from pathlib import Path

from mockdouyin.core.env_vars import COMMON, OWN, Variable
from mockdouyin.core.texts import Language
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, variables
from tests.docs.made.markdown import codes, facts, joined, say, section

_ENDPOINT = ProxyEndpoint(url="", proxy="127.0.0.1:8601", folder=Path("/folder"), token="t")


def page(language: Language) -> str:
    """Return the page."""
    ours = say(language, "mockdouyin 自己的", "mockdouyin's own")
    common = say(language, "也会读取的", "Others that are read")
    lead = say(language, "`run` 和 `env` 设置的", "Set by `run` and `env`")
    why = say(
        language,
        "`mockdouyin run` 给它启动的命令、`mockdouyin env` 给当前 shell 设置这些变量，"
        "把访问抖音域名的"
        "客户端引到这里；原来的值会保留在前面。见[接管域名](../interception.md)。",
        "`mockdouyin run` sets these for the command that it starts, `mockdouyin env` for a shell:"
        " they lead clients of Douyin's hosts here, and what was set before stays in front. See"
        " [Interception](../interception.md).",
    )
    all_of_them = set.intersection(*(_names(runtime) for runtime in RUNTIMES))
    every = say(language, "所有运行时", "Every runtime")
    rows = [f"{every}{say(language, '：', ': ')}{codes(sorted(all_of_them), language)}"]
    for runtime in RUNTIMES:
        rest = codes(sorted(_names(runtime) - all_of_them), language)
        rows.append(f"{runtime}{say(language, '：', ': ')}{rest}")
    return joined(
        [
            section(1, say(language, "环境变量", "Environment variables")),
            section(2, ours),
            *(_variable(name, each, language) for name, each in OWN.items()),
            section(2, common),
            *(_variable(name, each, language) for name, each in COMMON.items()),
            section(2, lead, why, facts(*rows)),
        ]
    )


def _variable(name: str, variable: Variable, language: Language) -> str:
    example = say(
        language, f"例：`{name}={variable.example}`", f"Example: `{name}={variable.example}`"
    )
    return section(3, f"`{name}`", variable.about.render(language), facts(example))


def _names(runtime: str) -> set[str]:
    return set(variables(_ENDPOINT, {}, runtime))
