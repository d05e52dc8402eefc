// What happens to a call: one of the endpoint's own errors, a change of state, another reply, a fault.

import { fill, h } from "../dom.js";
import { schemas } from "../described.js";
import { segments } from "../forms.js";

const KINDS = ["error", "happens", "sheet", "patch", "reply", "fault", "status", "delay"];

export function createEffect({ api, t }, changed) {
  const area = h("div", { className: "effect" });
  const kind = segments(t("scenarios.then"), KINDS.map((each) => [each, t(`scenarios.do_${each}`)]), "error", () => (draw(), changed()));
  const element = h("div", {}, h("span", { className: "label-text" }, t("scenarios.then")), kind, area);
  const errorName = h("input", { className: "mono", placeholder: "bad_code / 40018", "aria-label": t("scenarios.error"), spellcheck: false, autocomplete: "off", oninput: changed });
  const status = h("input", { type: "number", min: 200, max: 599, value: 502, "aria-label": "HTTP", oninput: changed });
  const patch = h("textarea", { rows: 4, value: '{"data.error_code": 0}', "aria-label": t("scenarios.do_patch"), spellcheck: false, oninput: changed });
  const reply = h("textarea", { rows: 6, value: '{"status": 200, "json": {}}', "aria-label": t("scenarios.do_reply"), spellcheck: false, oninput: changed });
  const values = { error: "", happens: "code_expires", sheet: "ask", fault: "reset" };
  let errors = [];
  let kinds = { happens: {}, sheet: {}, fault: {} };

  async function load() {
    const { Effect, Fault, SheetDecision } = await schemas(api);
    const said = (type) => type?.["x-enumDescriptions"] ?? {};
    kinds = { happens: said(Effect), sheet: said(SheetDecision), fault: said(Fault) };
    // A field that is put in its place anew is no longer being typed in: only what changed is drawn.
    if (kind.value in kinds) draw();
  }

  function radios(name, options) {
    const one = (value, ...words) => h("label", {}, h("input", { type: "radio", name: `rule-${name}`, value, checked: String(values[name]) === String(value), onchange: () => ((values[name] = value), changed()) }), words);
    return h("fieldset", { className: `picker of-${name}`, "aria-label": t(`scenarios.do_${name}`) }, options.map((each) => one(...each)));
  }

  function draw() {
    const said = (word) => h("p", { className: "soft" }, t(word));
    const meant = (name) => radios(name, Object.entries(kinds[name]).map(([value, words]) => [value, h("code", {}, value), h("span", {}, words)]));
    const make = {
      error: () => (errors.length ? radios("error", errors.map((each) => [each.name, h("b", { className: "mono" }, String(each.code)), h("code", { className: "soft" }, each.name), h("span", { title: each.cause }, each.text)])) : [errorName, said("scenarios.any_error")]),
      happens: () => meant("happens"),
      sheet: () => [meant("sheet"), said("scenarios.sheet_about")],
      fault: () => meant("fault"),
      status: () => [status, said("scenarios.status_about")],
      patch: () => [patch, said("scenarios.patch_about")],
      reply: () => [reply, said("scenarios.reply_about")],
      delay: () => said("scenarios.delay_about"),
    };
    fill(area, make[kind.value]());
  }

  function value() {
    switch (kind.value) {
      case "error": return { error: number(errors.length ? values.error : errorName.value.trim()) };
      case "happens": return { happens: values.happens };
      case "sheet": return { sheet: values.sheet };
      case "fault": return { fault: values.fault };
      case "status": return { status: Number(status.value) };
      case "patch": return { patch: parsed(patch.value) };
      case "reply": return { reply: parsed(reply.value) };
      default: return {};
    }
  }

  const number = (text) => (/^-?\d+$/.test(text) ? Number(text) : text);

  // Not JSON yet: the text itself, which the server refuses with a reason.
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  /** Offer the errors of an endpoint; without any, one is typed. */
  function offer(given) {
    errors = given;
    if (errors.length && !errors.some((each) => each.name === values.error)) {
      const same = errors.find((each) => String(each.code) === String(values.error || errorName.value));
      values.error = (same ?? errors.find((each) => each.cause !== "system") ?? errors[0]).name;
    }
    if (kind.value === "error") draw();
  }

  function take(rule) {
    kind.value = KINDS.find((each) => rule[each] !== undefined) ?? "error";
    if (rule.error !== undefined) values.error = errorName.value = String(rule.error);
    if (rule.happens) values.happens = rule.happens;
    if (rule.sheet) values.sheet = rule.sheet;
    if (rule.fault) values.fault = rule.fault;
    if (rule.status) status.value = rule.status;
    if (rule.patch) patch.value = JSON.stringify(rule.patch, null, 1);
    if (rule.reply) reply.value = JSON.stringify(rule.reply, null, 1);
    draw();
  }

  draw();
  load();
  return { element, value, offer, take };
}
