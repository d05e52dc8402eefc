"""Rankings of all of Douyin: hot words, films and shows, and creators."""

from __future__ import annotations

from mockdouyin.core.clock import HOUR
from mockdouyin.core.world import WorldState

WORDS = (
    "城市夜骑路线",
    "家常菜新做法",
    "早起一百天挑战",
    "老照片修复",
    "流星雨观测指南",
    "校园歌手大赛",
    "非遗手工课",
    "高铁沿线风景",
    "露营装备清单",
    "宠物搞笑瞬间",
    "乡村集市见闻",
    "零基础学画画",
    "秋天第一杯奶茶",
    "旧物改造",
    "地方方言挑战",
)

WORKS = {
    1: ("长河落日", "山海之间", "最后一班渡轮", "听风的人", "南方来信"),
    2: ("巷口人家", "青云路", "雪落长安街", "追光的日子", "三代掌柜"),
    3: ("周末出发吧", "大厨来了", "星光练习生", "考古一日", "田野合唱团"),
}
"""Films, series and shows by the `type` of their ranking; the names are invented."""

STARS = {
    1: "星图达人热榜",
    2: "美食达人榜",
    3: "游戏达人榜",
    4: "才艺达人榜",
    5: "美妆达人榜",
    6: "旅行达人榜",
}
"""Names of the creators' lists by `hot_list_type`."""


def hot_words(world: WorldState, now: float) -> list[tuple[str, int]]:
    """Return the hot search words with their heat, hottest first; it changes every hour."""
    hour = int(now // HOUR)
    heat = {word: 100_000 + world.ids.number(9_900_000, "hot", hour, word) for word in WORDS}
    return sorted(heat.items(), key=lambda pair: -pair[1])


def ranked(world: WorldState, kind: int, version: int) -> list[tuple[str, int]]:
    """Return the names of one version of a ranking with their heat, hottest first."""
    heat = {n: 10_000 + world.ids.number(990_000, "rank", kind, version, n) for n in WORKS[kind]}
    return sorted(heat.items(), key=lambda pair: -pair[1])
