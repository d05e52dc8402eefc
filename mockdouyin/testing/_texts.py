"""What is said of a test that left something unmet, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import Text, text

UNUSED_RULE = text(
    "unmet_rule",
    zh="规则 {rule} 没有生效：匹配了 {calls}；{closest}",
    en="the rule {rule} was not applied: it matched {calls}; {closest}",
)
UNANSWERED = text(
    "unmet_call",
    zh="没有接口响应 {method} {path}：{why}",
    en="nothing answered {method} {path}: {why}",
)
UNANSWERED_NEAR = text(
    "unmet_call_near",
    zh="没有接口响应 {method} {path}：{why}（{near}）",
    en="nothing answered {method} {path}: {why} ({near})",
)
HOW_TO_ALLOW = text(
    "unmet_how_to_allow",
    zh="（允许这样的测试：@pytest.mark.douyin(strict=False)）",
    en="(not with @pytest.mark.douyin(strict=False))",
)
MARK_TAKES = text(
    "fixture_mark_takes",
    zh="mark.douyin 的参数有 {known}，没有 {unknown}",
    en="mark.douyin takes {known}, not {unknown}",
)
NO_SCENARIO_FILE = text(
    "fixture_no_scenario_file",
    zh="mark.douyin：在 {places:or} 里没有场景文件 {scenario}",
    en="mark.douyin: there is no scenario file {scenario} in {places:or}",
)
NO_APP = text(
    "fixture_no_app",
    zh="没有类型、名称或 client_key 为 {kind!r} 的应用；这个世界里有 {known}",
    en="no app of kind or name {kind!r}; the world has {known}",
)
NO_PERSON = text(
    "fixture_no_person",
    zh="没有用户 {name!r}；这个世界里有 {known}",
    en="no person {name!r}; the world has {known}",
)
PHONE_TAKES = text(
    "fixture_phone_takes",
    zh="tt.{api} 的参数写成一个 dict，或者写名字（{api}(名字=值)），不能是 {given}",
    en="tt.{api} takes one dict or named arguments, not {given}",
)
REFUSED_CALLS = text(
    "fixture_refused_calls",
    zh="mockdouyin：这个用例里没有成功的请求和调用",
    en="mockdouyin: what did not succeed in this test",
)
_NO_CALLS = text("unmet_no_calls", zh="0 次请求", en="no calls")
_ONE_CALL = text("unmet_one_call", zh="1 次请求", en="one call")
_CALLS = text("unmet_calls", zh="{count} 次请求", en="{count} calls")


def calls(count: int) -> Text:
    """Return a count of calls in words."""
    return (_NO_CALLS, _ONE_CALL, _CALLS)[min(count, 2)](count=count)
