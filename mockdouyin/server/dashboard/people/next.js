// What the next tt call of a person does: it asks, is allowed as usual, is denied, or fails with an errNo
// of its API. A rule for this person and one call does it, so that calls from anywhere meet it.

import { button, fill, h, say } from "../dom.js";
import { popover } from "../overlay.js";

export function createNext(name, model, { api, t, fail }) {
  const about = h("span", { className: "next-about soft" });
  const ask = button({ onclick: () => choose("ask") }, t("people.next_ask"));
  const allow = button({ onclick: () => choose("allow") }, t("people.next_allow"));
  const deny = button({ onclick: () => choose("deny") }, t("people.next_deny"));
  const [bad, box] = popover({}, t("people.next_fail"), drawPicker);
  const element = h("section", { className: "next" }, h("header", {}, h("h3", {}, t("people.next")), about), h("div", { className: "segments", role: "group", "aria-label": t("people.next") }, ask, allow, deny, bad), box);
  const errors = new Map();
  box.classList.add("errors-box");
  box.setAttribute("aria-label", t("people.next_fail"));

  /** Of some rules those that decide what this person's next tt calls do, and still have calls left. */
  function own(rules) {
    return rules.filter((rule) => isPhone(rule) && !rule.off && rule.when?.person === name && (rule.error !== undefined || rule.sheet) && rule.times !== undefined && rule.hits < rule.times);
  }

  function draw() {
    const set = own(model.rules);
    const [rule] = set;
    const chosen = !rule ? allow : ({ ask, allow, deny }[rule.sheet] ?? bad);
    for (const each of [ask, allow, deny, bad]) each.setAttribute("aria-pressed", String(each === chosen));
    const [asked] = model.sheetsOf(name);
    if (asked) say(about, t("people.next_waits", { api: `tt.${asked.api}` }));
    else if (!rule) say(about, t("people.next_allow_about"));
    else drawRule(rule, set.length);
    about.title = about.textContent;
  }

  function drawRule(rule, count) {
    const times = count > 1 ? t("people.next_more", { n: count - 1 }) : t("people.next_times", { n: rule.times - rule.hits });
    if (rule.sheet) {
      fill(about, t(`people.next_${rule.sheet}_about`), " · ", times);
      return;
    }
    const found = errors.get(rule.on)?.find((each) => [String(each.code), each.name, each.text].includes(String(rule.error)));
    if (!errors.has(rule.on)) load(rule.on).then(draw, () => {});
    fill(about, h("code", {}, rule.on.replace("phone.", "tt.")), " ", h("b", { className: "is-fault" }, String(found?.code || rule.error)), found?.code ? ` ${found.text}` : "", " · ", times);
  }

  async function load(on) {
    errors.set(on, []);
    const answer = await api.get("errors", { endpoint: on });
    errors.set(on, answer.errors);
    return answer.errors;
  }

  function drawPicker() {
    const list = h("ul", { className: "errors" });
    const chosen = h("select", { "aria-label": t("people.next_api"), onchange: () => drawErrors(list, chosen.value) }, model.phoneApis.map((each) => h("option", { value: each }, each.replace("phone.", "tt."))));
    fill(box, h("header", {}, h("label", {}, h("span", { className: "soft" }, t("people.next_api")), chosen), h("p", { className: "soft" }, t("people.next_about", { name }))), list);
    drawErrors(list, chosen.value);
  }

  async function drawErrors(list, on) {
    try {
      const rows = errors.get(on)?.length ? errors.get(on) : await load(on);
      const line = (each) => h("li", {}, button({ onclick: () => chooseError(on, each) }, h("code", { className: each.code ? "is-fault" : "soft" }, each.code ? String(each.code) : "—"), h("span", { className: "text" }, each.text), h("span", { className: "badge" }, t(`people.basis_${each.basis}`))));
      fill(list, rows.map(line));
    } catch (error) {
      fail(error);
    }
  }

  /** What was chosen for all tt calls takes the place of everything; an error of one API of its own. */
  const choose = (sheet) => replace(() => true, sheet === "allow" ? null : { on: "phone.*", sheet });

  function chooseError(on, error) {
    box.hidePopover();
    return replace((rule) => rule.sheet || rule.on === on, { on, error: error.name });
  }

  let last = Promise.resolve();
  /** One choice after the other, each from the rules as they are then. */
  function replace(isOld, rule) {
    last = last.then(() => set(isOld, rule)).catch(fail);
    return last;
  }

  async function set(isOld, rule) {
    const { rules } = await api.get("rules");
    for (const each of own(rules).filter(isOld)) await api.remove(`rules/${encodeURIComponent(each.id)}`);
    if (rule) await api.post("rules", { ...rule, when: { person: name }, times: 1, set_by: t("people.set_by") });
    model.need("rules");
  }

  return { element, draw };
}

function isPhone(rule) {
  return typeof rule.on === "string" && rule.on.startsWith("phone.");
}
