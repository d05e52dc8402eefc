// What the next tt call of a person does: it is answered, or fails with an errNo of its API.
// A rule for this person and one call does it, so that calls from anywhere meet it.

import { button, fill, h, say } from "../dom.js";
import { popover } from "../overlay.js";

export function createNext(name, model, { api, t, fail }) {
  const about = h("span", { className: "next-about soft" });
  const ok = button({ onclick: clear }, t("people.next_ok"));
  const [bad, box] = popover({}, t("people.next_fail"), drawPicker);
  const element = h("section", { className: "next" }, h("header", {}, h("h3", {}, t("people.next")), about), h("div", { className: "segments", role: "group", "aria-label": t("people.next") }, ok, bad), box);
  const errors = new Map();
  box.classList.add("errors-box");
  box.setAttribute("aria-label", t("people.next_fail"));

  /** Rules that make a tt call of this person fail, and still have calls left. */
  function waiting() {
    return model.rules.filter((rule) => isPhone(rule) && !rule.off && rule.when?.person === name && rule.error !== undefined && rule.times !== undefined && rule.hits < rule.times);
  }

  function draw() {
    const rules = waiting();
    ok.setAttribute("aria-pressed", String(!rules.length));
    bad.setAttribute("aria-pressed", String(rules.length > 0));
    if (!rules.length) {
      say(about, t("people.next_ok_about"));
      return;
    }
    const [rule] = rules;
    const found = errors.get(rule.on)?.find((each) => [String(each.code), each.name, each.text].includes(String(rule.error)));
    if (!errors.has(rule.on)) load(rule.on).then(draw, () => {});
    const more = rules.length > 1 ? t("people.next_more", { n: rules.length - 1 }) : t("people.next_times", { n: rule.times - rule.hits });
    const code = found?.code || rule.error;
    fill(about, h("code", {}, rule.on.replace("phone.", "tt.")), " ", h("b", { className: "is-fault" }, String(code)), found?.code ? ` ${found.text}` : "", " · ", more);
    about.title = about.textContent;
  }

  async function load(on) {
    errors.set(on, []);
    const answer = await api.root.get("errors", { endpoint: on });
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
      const line = (each) => h("li", {}, button({ onclick: () => set(on, each) }, h("code", { className: each.code ? "is-fault" : "soft" }, each.code ? String(each.code) : "—"), h("span", { className: "text" }, each.text), h("span", { className: "badge" }, t(`people.basis_${each.basis}`))));
      fill(list, rows.map(line));
    } catch (error) {
      fail(error);
    }
  }

  async function set(on, error) {
    box.hidePopover();
    try {
      for (const rule of waiting().filter((each) => each.on === on)) await api.remove(`rules/${encodeURIComponent(rule.id)}`);
      await api.post("rules", { on, when: { person: name }, error: error.name, times: 1, set_by: t("people.set_by") });
      model.need("rules");
    } catch (problem) {
      fail(problem);
    }
  }

  async function clear() {
    try {
      for (const rule of waiting()) await api.remove(`rules/${encodeURIComponent(rule.id)}`);
      model.need("rules");
    } catch (error) {
      fail(error);
    }
  }

  return { element, draw };
}

function isPhone(rule) {
  return typeof rule.on === "string" && rule.on.startsWith("phone.");
}
