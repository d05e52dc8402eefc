// The rules of the world, in the order in which they decide, with their hits.

import { a, button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { reaching } from "../command.js";
import { copyButton } from "../copy.js";
import { sureButton, well } from "../forms.js";
import { popover } from "../overlay.js";
import { clockTime, day } from "../time.js";
import { effectBadges, ruleWords } from "./rule_words.js";
import { flow, rulesYaml, written } from "./yaml.js";

export function createRules(context, { choose, create }) {
  const { api, t, fail, link } = context;
  const rows = new Map();
  const own = h("ul", { className: "rules" });
  const given = h("ul", { className: "rules" });
  const ownHead = h("h3", { className: "group" }, t("scenarios.own"), h("span", { className: "soft" }, t("scenarios.own_first")));
  const givenName = h("span", {});
  const givenHead = h("h3", { className: "group" }, givenName);
  const none = h("div", { className: "block" }, h("p", { className: "soft" }, t("scenarios.no_rules")), well(`mockdouyin rule add '{on: code_to_session, error: bad_code, times: 1}'${reaching(context.world)}`, t, t("scenarios.new")));
  let rules = [];
  let shown = null;
  const yaml = copyButton({ className: "quiet" }, t("scenarios.export"), () => rulesYaml(rules), () => t("forms.copied"));
  const clear = sureButton({ className: "quiet" }, t("scenarios.clear"), t("scenarios.clear_sure"), () => act(() => api.remove("rules")));
  const adder = button({ className: "edge", onclick: create }, icon("plus", 14), t("scenarios.new"));
  const element = h(
    "section",
    { "aria-label": t("scenarios.rules") },
    h("header", { className: "pane-title" }, h("h2", {}, t("scenarios.rules")), h("span", { className: "soft" }, t("scenarios.order")), h("span", { className: "gap" }), yaml, clear, adder),
    none,
    ownHead,
    own,
    givenHead,
    given,
  );

  async function act(deed) {
    try {
      show(await deed());
    } catch (error) {
      fail(error);
    }
  }

  /** Switch a rule off or on: the click shows at once, and goes back if the server refuses it. */
  async function toggle(rule, box) {
    const off = box.getAttribute("aria-checked") === "true";
    box.setAttribute("aria-checked", String(!off));
    try {
      const changed = await api.patch(`rules/${encodeURIComponent(rule.id)}`, { off });
      show({ ...shown, rules: rules.map((each) => (each.id === rule.id ? { ...changed, ...(each.near !== undefined ? { closest: each.closest, near: each.near } : {}) } : each)) });
    } catch (error) {
      box.setAttribute("aria-checked", String(off));
      fail(error);
    }
  }

  /** Show what `GET …/rules` answered; a row is made anew only if its rule changed. */
  function show(answer) {
    const { rules: found, scenario, outside: n } = answer;
    [shown, rules] = [answer, found];
    const outside = rules.slice(0, n);
    const others = rules.slice(n);
    const known = new Set(rules.map((rule) => rule.id));
    for (const id of [...rows.keys()]) if (!known.has(id)) rows.delete(id);
    list(own, outside, true);
    list(given, others);
    none.hidden = rules.length > 0;
    ownHead.hidden = !outside.length;
    givenHead.hidden = !others.length;
    yaml.hidden = clear.hidden = !rules.length;
    say(givenName, t("scenarios.from", { name: scenario }));
    mark();
  }

  function list(element, some, isOutside = false) {
    const elements = some.map((rule) => {
      const version = JSON.stringify(rule);
      const row = rows.get(rule.id);
      // An open menu stays until it is closed; then the row is made anew.
      if (row?.version === version || row?.element.querySelector(":popover-open")) return row.element;
      const made = make(rule, isOutside);
      const focused = row?.element.contains(document.activeElement) && document.activeElement.dataset.part;
      row?.element.replaceWith(made);
      rows.set(rule.id, { version, element: made });
      if (focused) made.querySelector(`[data-part=${focused}]`)?.focus();
      return made;
    });
    if (elements.length !== element.children.length || elements.some((each, n) => element.children[n] !== each)) fill(element, elements);
  }

  function make(rule, isOutside) {
    const most = rule.times;
    const hits = h("span", { className: "hits", title: t("scenarios.seen", { n: rule.seen }) }, rule.hits ? a(link({ view: "timeline", params: { q: `rule:${rule.id}` } }), { className: "link" }, h("b", {}, String(rule.hits))) : h("b", {}, "0"), h("span", { className: "soft" }, most ? ` / ${most}` : ` ${t("scenarios.times")}`));
    const bar = most && h("span", { className: "rule-bar", "aria-hidden": "true" }, h("i", { style: { transform: `scaleX(${Math.min(1, rule.hits / most)})` } }));
    const box = button({ className: "switch", role: "switch", "aria-checked": String(!rule.off), "aria-label": t("scenarios.rule", { id: rule.id }), title: t(rule.off ? "scenarios.is_off" : "scenarios.switch_off"), dataset: { part: "switch" }, onclick: () => toggle(rule, box) });
    const isSpent = rule.expired || (most !== undefined && rule.hits >= most);
    return h(
      "li",
      { className: `rule${isSpent || rule.off ? " spent" : ""}`, dataset: { id: rule.id } },
      h("code", { className: "id soft", title: rule.id }, isOutside ? rule.id : rule.id.replace(/^scenario-/, "")),
      h("div", { className: "what" }, h("code", { className: "on" }, [rule.on].flat().join(", ")), h("div", { className: "does" }, effectBadges(rule, t), h("span", {}, ruleWords(rule, t)))),
      h("span", { className: "count-of-rule" }, hits, bar),
      h("span", { className: "rule-tools" }, box, menu(rule)),
      ends(rule),
      closest(rule),
      isOutside && h("p", { className: "note soft" }, t("scenarios.set_by", { by: rule.set_by })),
    );
  }

  function menu(rule) {
    const item = (words, run) => button({ className: "menu-item", onclick: () => (list.hidePopover(), run()) }, words);
    const [more, list] = popover({ className: "quiet square small", "aria-label": t("scenarios.more_of", { id: rule.id }), title: t("scenarios.more_of", { id: rule.id }), dataset: { part: "more" } }, icon("more", 14), (into) =>
      fill(
        into,
        item([icon("edit", 14), t("scenarios.like", { id: rule.id })], () => choose(rule)),
        copyButton({ className: "menu-item" }, t("scenarios.copy"), () => `- ${flow(written(rule))}`, () => t("forms.copied")),
        item([icon("trash", 14), t("scenarios.remove", { id: rule.id })], () => act(() => api.remove(`rules/${encodeURIComponent(rule.id)}`))),
      ),
    );
    list.classList.add("rule-menu");
    list.addEventListener("toggle", (event) => event.newState === "closed" && shown && show(shown));
    return [more, list];
  }

  function ends(rule) {
    if (!rule.ends) return null;
    return h("p", { className: "note soft" }, t(rule.expired ? "scenarios.ended" : "scenarios.ends", { at: `${day(rule.ends)} ${clockTime(rule.ends)}` }));
  }

  function closest(rule) {
    if (!rule.closest) return null;
    const { near } = rule;
    const call = typeof near?.id === "number" && a(link({ view: "timeline", params: { at: near.id } }), { className: "link" }, `#${near.id}`);
    return h("p", { className: "note closest" }, icon("bent", 13), h("span", {}, call ? [t("scenarios.closest"), " ", call, " ", h("code", {}, near.candidate), t("scenarios.colon"), near.says] : rule.closest));
  }

  function mark() {
    const chosen = context.route().params.rule;
    for (const [id, row] of rows) row.element.toggleAttribute("aria-current", id === chosen);
  }

  return { element, show, mark, ids: () => rules.map((rule) => rule.id), find: (id) => rules.find((rule) => rule.id === id) };
}
