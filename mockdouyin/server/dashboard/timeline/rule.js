// A rule made of a line: the next call like it is answered as you say.

import { button, fill, h } from "../dom.js";
import { copyButton } from "../copy.js";
import { openDialog } from "../overlay.js";

const FAULTS = ["reset", "close", "hang", "cut", "garbage"];

/** The fields of a request that a rule can ask for, with their values. */
function fieldsOf({ request }) {
  const found = Object.fromEntries(new URLSearchParams(request.query));
  if (request.body !== null && typeof request.body === "object" && !Array.isArray(request.body)) Object.assign(found, request.body);
  else if (/^[^{[]*=/.test(request.body ?? "")) Object.assign(found, Object.fromEntries(new URLSearchParams(request.body)));
  return Object.entries(found).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && !String(value).includes("***"));
}

export async function makeRule(exchange, given) {
  const { api, t, filterBy } = given;
  const on = exchange.endpoint ?? `${exchange.method} ${exchange.path}`;
  let errors = [];
  try {
    if (exchange.endpoint) ({ errors } = await api.get("errors", { endpoint: exchange.endpoint }));
  } catch (error) {
    given.fail(error);
    return null;
  }
  const option = (value, words, selected = false) => h("option", { value, selected }, words);
  const effect = h(
    "select",
    { "aria-label": t("rule.effect") },
    errors.length > 0 && h("optgroup", { label: t("rule.errors") }, errors.map((each) => option(`error:${each.name}`, `${each.code} ${each.text}`, each.name === exchange.error?.name))),
    h("optgroup", { label: t("rule.faults") }, FAULTS.map((each) => option(`fault:${each}`, t(`rule.fault_${each}`)))),
    h("optgroup", { label: t("rule.others") }, option("status:502", t("rule.status_502")), option("delay:3s", t("rule.delay_3s"))),
  );
  const times = h("input", { type: "number", min: 1, value: 1, "aria-label": t("rule.times") });
  const fields = fieldsOf(exchange).map(([name, value]) => ({ name, value, box: h("input", { type: "checkbox" }) }));
  const said = h("p", { className: "wrong", role: "status" });
  const preview = h("code", { className: "yaml" });

  function rule() {
    const [kind, value] = effect.value.split(":");
    const when = Object.fromEntries(fields.filter((each) => each.box.checked).map((each) => [each.name, each.value]));
    return { on, ...(Object.keys(when).length ? { when } : {}), ...(times.value ? { times: Number(times.value) } : {}), [kind]: kind === "status" ? Number(value) : value };
  }

  const yaml = () => `- ${JSON.stringify(rule())}`;
  const draw = () => fill(preview, yaml());

  async function send(event) {
    event.preventDefault();
    try {
      const made = await api.post("rules", { ...rule(), set_by: t("rule.set_by") });
      dialog.close();
      filterBy("kind", "rule");
      return made;
    } catch (error) {
      fill(said, error.message || t("frame.away"));
      return null;
    }
  }

  const form = h(
    "form",
    { className: "rule-form", onsubmit: send, oninput: draw },
    h("div", { className: "field" }, h("span", {}, t("rule.on")), h("code", {}, on)),
    fields.length > 0 && h("fieldset", {}, h("legend", {}, t("rule.when")), fields.map(({ name, value, box }) => h("label", {}, box, h("code", {}, name), h("code", { className: "soft" }, String(value))))),
    h("label", { className: "field" }, h("span", {}, t("rule.effect")), effect),
    h("label", { className: "field" }, h("span", {}, t("rule.times")), times),
    h("div", { className: "field" }, h("span", {}, t("rule.yaml")), preview),
    said,
    h("div", { className: "buttons" }, copyButton({ className: "edge" }, t("rule.copy_yaml"), yaml, () => t("timeline.copied")), button({ className: "edge", onclick: () => dialog.close() }, t("rule.cancel")), h("button", { className: "dark" }, t("rule.make"))),
  );
  draw();
  const dialog = openDialog(t("rule.title"), t("frame.close"), form);
  effect.focus();
  return dialog;
}
