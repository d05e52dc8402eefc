"""The dashboard's scenarios, rules and settings in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mockdouyin import Scenario
from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.settings import Settings
from mockdouyin.scenario import scenario as scenarios
from mockdouyin.scenario import scenario_files
from tests.browser.dashboard import (
    WATCH_CLIPBOARD,
    Board,
    Steering,
    board,
    keep,
    pasted,
    steering,
)

__all__ = ["board", "steering"]

ON = "mini_program.code_to_session"
MARKUP = "<img src=x onerror=alert(1)>"


def rule(page: Page, rule_id: str) -> Locator:
    """Return a rule of the list."""
    return page.locator(f'.rule[data-id="{rule_id}"]')


def pick(page: Page, rule_id: str, words: str) -> None:
    """Choose something from the menu of a rule."""
    page.get_by_role("button", name=f"规则 {rule_id} 的更多操作").click()
    page.locator(".rule-menu:popover-open").get_by_role("button", name=words).click()


def scenario(page: Page, name: str) -> Locator:
    """Return a scenario of the list."""
    return page.locator(f'.scenario[data-name="{name}"]')


def form(page: Page) -> Locator:
    """Return the form for a rule."""
    return page.locator(".pane-form")


def rules_of(steering: Steering, world: str = "default") -> list[dict[str, Any]]:
    """Return the rules as the control API lists them."""
    found: list[dict[str, Any]] = steering.http.get(f"/_mock/worlds/{world}/rules").json()["rules"]
    return found


def setting(page: Page, name: str) -> Locator:
    """Return a setting's row."""
    return page.locator(f'.setting[data-name="{name}"]')


def test_a_rule_of_the_endpoints_own_errors(board: Board, steering: Steering) -> None:
    """The form offers parameters and errors; the rule is set, met, and its hits are counted."""
    page = board("scenarios")
    page.evaluate(WATCH_CLIPBOARD)
    form(page).get_by_role("combobox", name="接口").fill(ON)
    expect(form(page)).to_contain_text("POST /api/apps/v2/jscode2session")
    form(page).get_by_role("button", name="code", exact=True).click()
    form(page).get_by_role("textbox", name="code").fill("abc*")
    form(page).get_by_role("radio", name=re.compile("40018")).check()
    expect(form(page).locator("pre")).to_have_text(
        f'- {{on: {ON}, when: {{code: "abc*"}}, error: bad_code, times: 1}}'
    )
    keep(page, "rules-form")
    form(page).get_by_role("button", name="启用").click()

    expect(rule(page, "rule-1")).to_contain_text("拒绝 bad_code")
    [made] = rules_of(steering)
    assert (made["on"], made["when"], made["error"], made["times"]) == (
        ON,
        {"code": "abc*"},
        "bad_code",
        1,
    )
    steering.exchange(steering.login())
    expect(rule(page, "rule-1").locator(".closest")).to_contain_text("abc*")
    steering.exchange("abc1")
    expect(rule(page, "rule-1").locator(".hits")).to_have_text("1 / 1")
    expect(rule(page, "rule-1").locator(".closest")).to_have_count(0)
    keep(page, "rules-hit")

    form(page).get_by_role("button", name="复制").click()
    expect(form(page).get_by_role("button", name="已复制")).to_be_visible()
    parsed_rule = Scenario.parse(f"name: copied\nrules:\n  {pasted(page)}\n").rules[0]
    assert (parsed_rule.on, parsed_rule.error) == (ON, "bad_code")


KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "改状态": ("code_is_used", {"happens": "code_is_used"}),
    "网络故障": ("hang", {"fault": "hang"}),
    "网关错误": ("", {"status": 502}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_other_things_that_a_rule_does(board: Board, steering: Steering, kind: str) -> None:
    """State, wire and gateway are chosen, with how often, how late and how long."""
    choice, expected = KINDS[kind]
    page = board("scenarios", on=ON)
    form(page).get_by_role("radio", name=kind, exact=True).click()
    if choice:
        form(page).get_by_role("radio", name=re.compile(f"^{choice}")).check()
    form(page).get_by_role("radio", name="每 N 次").click()
    form(page).get_by_role("spinbutton", name="每几次生效一次").fill("3")
    form(page).get_by_role("textbox", name="延迟").fill("200ms")
    form(page).locator("summary").click()
    form(page).get_by_role("spinbutton", name="先放过几次").fill("2")
    form(page).get_by_role("textbox", name="多久后失效").fill("5m")
    form(page).get_by_role("button", name="启用").click()
    expect(page.locator(".rule")).to_have_count(1)

    [made] = rules_of(steering)
    wanted = {**expected, "every": 3, "after": 2, "delay": "200ms", "ttl": "5m"}
    assert wanted.items() <= made.items()


def test_a_phone_asks(board: Board, steering: Steering) -> None:
    """A rule on a phone says what becomes of its sheet, and so does its row."""
    page = board("scenarios", on="phone.getLocation")
    expect(form(page)).to_contain_text("返回用户所在的位置。")
    form(page).get_by_role("radio", name="弹窗", exact=True).click()
    expect(form(page)).to_contain_text("弹窗打开，调用等用户回答")
    form(page).get_by_role("radio", name=re.compile("^deny")).check()
    form(page).get_by_role("button", name="启用").click()

    expect(page.locator(".rule")).to_contain_text("弹窗 deny")
    assert rules_of(steering)[0]["sheet"] == "deny"
    assert steering.control("phone/getLocation")["errNo"] == 10502


def test_a_patch_of_the_reply(board: Board, steering: Steering) -> None:
    """What the server refuses is said in place, and what was typed stays."""
    page = board("scenarios", on=ON)
    form(page).get_by_role("radio", name="改响应").click()
    patch = form(page).get_by_role("textbox", name="改响应")
    patch.fill('{"data.nowhere": 1}')
    form(page).get_by_role("button", name="启用").click()
    expect(form(page).locator(".refusal")).to_contain_text("nowhere")

    patch.fill('{"data.openid": "changed"}')
    form(page).get_by_role("button", name="启用").click()
    expect(page.locator(".rule")).to_contain_text("改响应 data.openid")
    assert steering.exchange(steering.login())["data"]["openid"] == "changed"


def test_a_rule_is_typed_by_the_keyboard(board: Board) -> None:
    """Every key reaches the field that is typed in; Enter in a field of one line sends nothing."""
    page = board("scenarios", on=ON)
    form(page).get_by_role("radio", name="改响应").click()
    patch = form(page).get_by_role("textbox", name="改响应")
    patch.fill("")
    patch.press_sequentially('{"data.openid": 1}')
    expect(patch).to_have_value('{"data.openid": 1}')

    delay = form(page).get_by_role("textbox", name="延迟")
    delay.press_sequentially("20ms")
    delay.press("Enter")
    expect(delay).to_have_value("20ms")
    expect(page.locator(".rule")).to_have_count(0)


def test_rules_are_removed_copied_and_cleared(board: Board, steering: Steering) -> None:
    """One is removed, all are exported as a scenario, clearing asks in place first."""
    for n in (1, 2):
        steering.control("rules", on=ON, error="bad_code", when={"code": f"{n}{MARKUP}"})
    page = board("scenarios")
    page.evaluate(WATCH_CLIPBOARD)
    expect(rule(page, "rule-2")).to_contain_text(MARKUP)

    page.get_by_role("button", name="导出 YAML").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    exported = Scenario.parse(f"name: exported\n{pasted(page)}").rules
    assert [each.when["code"] for each in exported] == [f"1{MARKUP}", f"2{MARKUP}"]

    pick(page, "rule-1", "复制为 YAML")
    copied = page.locator(".rule-menu:popover-open").get_by_role("button", name="已复制")
    expect(copied).to_be_visible()
    assert pasted(page).startswith("- {on: mini_program.code_to_session, when: {code: ")
    page.keyboard.press("Escape")
    pick(page, "rule-1", "删除规则 rule-1")
    expect(page.locator(".rule")).to_have_count(1)
    assert [each["id"] for each in rules_of(steering)] == ["rule-2"]
    pick(page, "rule-2", "照 rule-2 再建一条")
    expect(form(page).get_by_role("combobox", name="接口")).to_have_value(ON)
    expect(form(page).get_by_role("textbox", name="code")).to_have_value(f"2{MARKUP}")
    page.get_by_role("button", name="清空").click()
    assert len(rules_of(steering)) == 1
    page.get_by_role("button", name="连场景的规则一起清空？").click()
    expect(page.locator(".rule")).to_have_count(0)
    expect(page.get_by_text("mockdouyin rule add")).to_be_visible()
    assert rules_of(steering) == []


def test_rules_of_others_come_by_themselves(board: Board, steering: Steering) -> None:
    """A rule that somebody else sets appears; one whose time is over says so."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    page = board("scenarios")
    expect(page.locator(".rule")).to_have_count(0)
    steering.control("rules", on="*", status=503, ttl="5m", set_by=MARKUP)
    expect(rule(page, "rule-1")).to_contain_text("HTTP 503")
    expect(rule(page, "rule-1")).to_contain_text(MARKUP)
    expect(rule(page, "rule-1")).to_contain_text("11-20 14:05:00 到期")

    page.get_by_role("button", name="+5 分钟").click()
    expect(rule(page, "rule-1")).to_contain_text("已到期")


def test_a_scenario_in_a_new_world(board: Board, steering: Steering) -> None:
    """A scenario is read, and a new world begins with it; its rules say where they come from."""
    page = board("scenarios")
    page.get_by_role("button", name="看看 flaky-login 的内容").click()
    pane = page.get_by_role("region", name="场景", exact=True)
    expect(pane).to_contain_text("第一次登录返回 40018")
    expect(pane).to_contain_text("fault: reset, delay: 200ms")
    keep(page, "scenario")
    pane.get_by_role("textbox", name="新世界的名字").fill("shaky")
    pane.get_by_role("button", name="开始").click()

    expect(page.locator(".chooser select")).to_have_value("shaky")
    expect(page.locator(".group", has_text="来自场景 flaky-login")).to_be_visible()
    expect(scenario(page, "flaky-login").get_by_role("radio")).to_be_checked()
    assert [each["error"] for each in rules_of(steering, "shaky")[:1]] == ["bad_code"]


def test_every_scenario_is_explained_in_chinese(board: Board) -> None:
    """The built-in scenarios are all listed, each with what its file says in Chinese."""
    page = board("scenarios")
    rows = page.locator(".scenario label")
    expect(rows).to_have_count(len(scenario_files.names()))
    shown = rows.all_inner_texts()
    for name in scenario_files.names():
        told = scenarios.read(name).told("zh")
        assert re.search("[一-鿿]", told)
        assert any(text.startswith(name) and told in text for text in shown), name


def test_settings(board: Board, steering: Steering) -> None:
    """They are changed by their type, follow what others change, and go back to their defaults."""
    page = board("scenarios")
    lifetime = setting(page, "auth_code_lifetime").get_by_role("textbox")
    expect(lifetime).to_have_value("10m")
    expect(setting(page, "auth_code_lifetime")).to_contain_text("授权得到的 code 有效多久")
    lifetime.fill("soon")
    lifetime.press("Enter")
    expect(setting(page, "auth_code_lifetime").locator(".refusal")).to_contain_text("soon")
    lifetime.fill("3m")
    lifetime.press("Enter")
    expect(setting(page, "auth_code_lifetime").get_by_text("改过")).to_be_visible()
    setting(page, "limits").get_by_role("radio", name="enforce").click()
    expect(setting(page, "limits").get_by_text("改过")).to_be_visible()
    words = setting(page, "censored_words").get_by_role("textbox")
    expect(words).to_have_value("测试违规词, mock-antidirt")
    words.fill("代开发票，casino")
    words.press("Enter")
    expect(setting(page, "censored_words").get_by_text("改过")).to_be_visible()
    steering.http.patch("/_mock/settings", json={"webhook_copies": 3, "visitor": MARKUP})
    expect(setting(page, "webhook_copies").get_by_role("spinbutton")).to_have_value("3")
    expect(setting(page, "visitor").get_by_role("textbox")).to_have_value(MARKUP)
    keep(page, "settings")
    changed = steering.http.get("/_mock/settings").json()["settings"]
    assert (changed["auth_code_lifetime"], changed["limits"]) == ("3m", "enforce")
    assert changed["censored_words"] == ["代开发票", "casino"]

    page.get_by_role("button", name="恢复默认", exact=True).click()
    page.get_by_role("button", name="全部恢复默认？").click()
    expect(lifetime).to_have_value("10m")
    after = steering.http.get("/_mock/settings").json()["settings"]
    assert (after["limits"], after["webhook_copies"], after["visitor"]) == ("off", 1, "")


def test_every_setting_is_explained_in_chinese(board: Board, steering: Steering) -> None:
    """Each setting of the server is shown with its own Chinese."""
    page = board("scenarios")
    settings = steering.http.get("/_mock/settings").json()["settings"]
    explained = attribute_docs(Settings, "zh")

    assert set(explained) == set(settings)
    for name, says in explained.items():
        expect(setting(page, name)).to_contain_text(says)


def test_the_search_and_the_keys(board: Board, steering: Steering) -> None:
    """4 opens the view, / finds scenarios and settings, j walks the rules, r makes one."""
    steering.control("rules", on=ON, error="bad_code")
    page = board("timeline")
    page.keyboard.press("4")
    expect(page.locator(".rule")).to_have_count(1)
    page.keyboard.press("j")
    expect(rule(page, "rule-1")).to_have_attribute("aria-current", "")
    page.keyboard.press("Escape")
    expect(page.locator(".rule[aria-current]")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("webhook_delay")
    expect(page.locator(".setting:visible")).to_have_count(1)
    expect(page.locator(".scenario:visible")).to_have_count(0)
    assert "q=webhook_delay" in page.url
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="新规则").focus()
    page.keyboard.press("r")
    expect(form(page).get_by_role("combobox", name="接口")).to_be_focused()


def test_another_scenario_by_a_click(board: Board, steering: Steering) -> None:
    """A radio switches the world, and the old one back; what was issued works on."""
    steering.control("rules", on="notify", status=503, id="mine")
    code = steering.login()
    page = board("scenarios")
    expect(scenario(page, "default").get_by_role("radio")).to_be_checked()
    scenario(page, "flaky-login").get_by_role("radio").check()

    expect(page.locator(".switch-note")).to_contain_text("已切换到 flaky-login：规则 2 条")
    expect(page.locator(".group", has_text="来自场景 flaky-login")).to_be_visible()
    expect(page.locator(".rule")).to_have_count(3)
    assert steering.exchange(code)["err_no"] == 40018
    expect(page.locator(".rule .hits", has_text="1 / 1")).to_be_visible()
    keep(page, "scenario-on")

    scenario(page, "default").get_by_text("default").click()
    expect(page.locator(".rule")).to_have_count(1)
    expect(page.locator(".switch-note")).to_contain_text("已切换到 default")
    assert steering.exchange(code)["err_no"] == 0


def test_a_scenario_that_others_use(board: Board, steering: Steering) -> None:
    """What is switched elsewhere is seen here; one that is refused leaves the old one chosen."""
    page = board("scenarios")
    steering.http.put("/_mock/scenario", json={"scenario": "enforced-limits"})
    expect(scenario(page, "enforced-limits").get_by_role("radio")).to_be_checked()
    expect(setting(page, "limits").get_by_text("改过")).to_be_visible()

    steering.control("rules", on="notify", status=503, id="taken")
    given = {"name": "mine", "rules": [{"on": "notify", "status": 502}]}
    steering.http.put("/_mock/scenario", json={"scenario": given}).raise_for_status()
    expect(page.locator(".group", has_text="来自场景 mine")).to_be_visible()
    expect(page.locator(".scenario input:checked")).to_have_count(0)
    page.route("**/scenario?**", lambda route: route.fulfill(status=409, json={"error": "no"}))
    scenario(page, "flaky-login").get_by_role("radio").click()
    expect(page.locator(".problem")).to_contain_text("no")
    expect(scenario(page, "flaky-login").get_by_role("radio")).not_to_be_checked()


def test_scenarios_by_the_keyboard(board: Board, steering: Steering) -> None:
    """Arrows walk through the list and change nothing; Space chooses."""
    page = board("scenarios")
    radio = scenario(page, "default").get_by_role("radio")
    expect(radio).to_be_checked()
    radio.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.value")
    expect(radio).to_be_checked()
    page.keyboard.press("Space")

    expect(scenario(page, focused).get_by_role("radio")).to_be_checked()
    expect(page.locator(".switch-note")).to_contain_text(focused)  # the server has answered
    assert steering.http.get("/_mock/scenario").json()["scenario"] == focused


def test_what_a_running_world_keeps(board: Board, steering: Steering) -> None:
    """The page of a scenario switches too; what the world keeps is said in its language."""
    steering.http.patch("/_mock/settings", json={"webhook_copies": 2})
    page = board("scenarios", scenario="trial-app")
    pane = page.get_by_role("region", name="场景", exact=True)
    pane.get_by_role("button", name="切换到这个场景").click()

    expect(page.locator(".switch-note")).to_contain_text("已切换到 trial-app：应用 web 按场景调整")
    expect(page.locator(".switch-note")).to_contain_text("另外改过的设置保持不变：webhook_copies")
    expect(pane).to_contain_text("世界 default 正在用这个场景")
    keep(page, "scenario-kept")


def test_a_rule_is_switched_off_and_on(board: Board, steering: Steering) -> None:
    """The switch of its row; an open menu outlives the calls that are counted meanwhile."""
    steering.control("rules", on=ON, error="bad_code")
    page = board("scenarios")
    switch = rule(page, "rule-1").get_by_role("switch")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    expect(switch).to_be_focused()
    assert steering.exchange(steering.login())["err_no"] == 0
    expect(rule(page, "rule-1").locator(".closest")).to_contain_text("规则已停用")
    keep(page, "rule-off")

    switch.press("Space")
    expect(switch).to_be_checked()
    page.get_by_role("button", name="规则 rule-1 的更多操作").click()
    menu = page.locator(".rule-menu:popover-open")
    expect(menu).to_be_visible()
    assert steering.exchange(steering.login())["err_no"] == 40018
    steering.http.patch("/_mock/rules/rule-1", json={"off": True})
    expect(page.locator(".rule .hits").first).to_have_text("0 次")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(rule(page, "rule-1").locator(".hits")).to_have_text("1 次")
    expect(switch).not_to_be_checked()


def test_a_rule_for_one_person(board: Board, steering: Steering) -> None:
    """The form offers whose call it is, with the world's people, and tries it as it is typed."""
    numbers = []
    for person in ("小红", "小明", "小红"):
        steering.exchange(steering.login(person))
        numbers.append(steering.latest(type="exchange"))
    page = board("scenarios", on=ON)
    trial = form(page).locator(".dry-run")
    expect(trial).to_contain_text("会对最近 3 次中的 1 次生效")
    form(page).get_by_role("button", name="用户", exact=True).click()
    field = form(page).get_by_role("combobox", name="用户")
    assert "小红" in field.evaluate("(field) => [...field.list.options].map((each) => each.value)")
    field.fill("小红")
    expect(trial).to_contain_text(f"会对最近 3 次中的 1 次生效 #{numbers[0]}")
    expect(trial).to_contain_text(f"匹配但轮不到 #{numbers[2]}（次数已用完）")
    expect(trial).to_contain_text(
        f"不匹配的里最接近的是 #{numbers[1]}：person 应为 小红，实际为 小明"
    )
    keep(page, "rule-dry-run")
    form(page).get_by_role("radio", name="一直").click()
    expect(trial).to_contain_text(f"会对最近 3 次中的 2 次生效 #{numbers[2]} #{numbers[0]}")
    steering.exchange(steering.login("小红"))
    expect(trial).to_contain_text("会对最近 4 次中的 3 次生效")
    form(page).get_by_role("button", name="启用").click()

    expect(rule(page, "rule-1")).to_contain_text("用户是 小红")
    assert steering.exchange(steering.login("小红"))["err_no"] != 0
    assert steering.exchange(steering.login("小明"))["err_no"] == 0
    trial.get_by_role("link", name=f"#{numbers[0]}", exact=True).click()
    expect(page.locator(".detail")).to_be_visible()


def test_a_rule_that_is_not_one_yet(board: Board, steering: Steering) -> None:
    """What cannot be set is said while it is typed; without an endpoint nothing is tried."""
    page = board("scenarios")
    trial = form(page).locator(".dry-run")
    expect(form(page)).to_be_visible()
    expect(trial).to_be_hidden()
    form(page).get_by_role("combobox", name="接口").fill("oauth.user_infp")
    expect(trial).to_contain_text("是否应为 oauth.user_info？")
    form(page).get_by_role("combobox", name="接口").fill("oauth.user_info")
    expect(trial).to_contain_text("还没有这样的调用")
    assert rules_of(steering) == []


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_it_fits(board: Board, steering: Steering, locale: str, width: int) -> None:
    """Both languages fit on a desk and on a phone, which shows one part at a time."""
    steering.control("rules", on=ON, error="bad_code", times=2)
    scheme = "dark" if locale == "en-GB" else "light"
    page = board("scenarios", width, locale=locale, color_scheme=scheme)
    expect(page.locator(".rule")).to_be_visible()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    keep(page, f"scenarios-{locale[:2]}-{width}")
    if width == 390:
        expect(page.locator(".scenario").first).to_be_hidden()
        parts = page.locator(".narrow-parts")
        parts.get_by_role("link", name=re.compile("^(场景|Scenarios)$")).click()
        expect(page.locator(".scenario").first).to_be_visible()
        parts.get_by_role("link", name=re.compile("^(设置|Settings)$")).click()
        expect(setting(page, "limits")).to_be_visible()
        assert page.evaluate(fits)
        parts.get_by_role("link", name=re.compile("^(规则|Rules)$")).click()
    page.get_by_role("button", name=re.compile("rule-1 的更多|More for rule")).click()
    menu = page.locator(".rule-menu:popover-open")
    expect(menu).to_be_visible()
    keep(page, f"rule-menu-{locale[:2]}-{width}")
    menu.get_by_role("button", name=re.compile("^(照 rule-1|Make another)")).click()
    expect(form(page)).to_be_visible()
    expect(page.locator(".dry-run")).to_be_visible()
    assert page.evaluate(fits)
    keep(page, f"rule-form-{locale[:2]}-{width}")
