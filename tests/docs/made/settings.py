"""The settings of a world, from their declarations."""

from __future__ import annotations

import msgspec

from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import Language
from tests.docs.made.markdown import facts, joined, kind_of, say, section, shown

_EXAMPLE = """```yaml
name: short-lives
settings:
  login_code_lifetime: 10s
  limits: enforce
```"""


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "每个世界有自己的设置。写在场景的 `settings:` 里，或者用 [`PATCH /_mock/settings`]"
        "(operations.md#change_settings) 在运行中修改，控制台里也能改；pytest 里用"
        ' `@pytest.mark.douyin(settings={"limits": "enforce"})`。时间按世界的时钟计算。',
        "Each world has its own settings. They stand under `settings:` in a scenario, or are"
        " changed while the world runs by [`PATCH /_mock/settings`](operations.md#change_settings)"
        " or in the dashboard; in pytest by"
        ' `@pytest.mark.douyin(settings={"limits": "enforce"})`. Times are by the world\'s clock.',
    )
    title = say(language, "设置", "Settings")
    return joined([section(1, title, intro, _EXAMPLE), *(_setting(f, language) for f in _FIELDS)])


_FIELDS = msgspec.structs.fields(Settings)


def _setting(field: msgspec.structs.FieldInfo, language: Language) -> str:
    says = attribute_docs(Settings, language)[field.name]
    values, default = kind_of(field.type, language), shown(field.default).strip('"') or '""'
    rows = facts(
        say(language, f"取值：{values}", f"Values: {values}"),
        say(language, f"默认：`{default}`", f"Default: `{default}`"),
    )
    return section(2, f"`{field.name}`", says, rows)
