// The parameters that a call must have: chips, and a button for each that the endpoint reads.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";

export function createConditions(t, changed) {
  const chosen = h("div", { className: "conditions" });
  const offers = h("div", { className: "offers" });
  const element = h("div", {}, h("span", { className: "label-text" }, t("scenarios.when"), " ", h("span", {}, t("scenarios.when_all"))), chosen, offers);
  let names = [];
  let rows = [];

  function add(name, value = "", isFocused = false) {
    const field = h("input", { value: String(value), className: "mono", placeholder: "*", "aria-label": name || t("scenarios.parameter"), spellcheck: false, autocomplete: "off", oninput: changed });
    const word = name ? h("code", {}, name) : h("input", { className: "mono", placeholder: t("scenarios.parameter"), "aria-label": t("scenarios.parameter"), spellcheck: false, autocomplete: "off", oninput: changed });
    const row = { name: () => (name || word.value.trim()), field, type: typeof value };
    row.element = h("div", { className: "condition" }, word, h("span", {}, "="), field, button({ className: "quiet square small", "aria-label": t("scenarios.drop", { name: name || t("scenarios.parameter") }), onclick: () => remove(row) }, icon("close", 13)));
    rows.push(row);
    draw();
    if (isFocused) (name ? field : word).focus();
  }

  function remove(row) {
    rows = rows.filter((each) => each !== row);
    draw();
    offers.querySelector("button")?.focus();
  }

  function draw() {
    fill(chosen, rows.map((row) => row.element));
    const taken = new Set(rows.map((row) => row.name()));
    const offer = (name, words) => button({ className: "chip", onclick: () => add(name, "", true) }, icon("plus", 12), words);
    fill(offers, names.filter((name) => !taken.has(name)).map((name) => offer(name, h("code", {}, name))), offer("", t("scenarios.other_parameter")));
    changed();
  }

  function value() {
    const given = rows.filter((row) => row.name()).map((row) => [row.name(), typed(row)]);
    return given.length ? { when: Object.fromEntries(given) } : {};
  }

  /** A number or flag that was one stays one; whatever is typed is text, which fits numbers too. */
  function typed({ field, type }) {
    if (type === "number" && field.value.trim() && !Number.isNaN(Number(field.value))) return Number(field.value);
    if (type === "boolean" && /^(true|false)$/.test(field.value)) return field.value === "true";
    return field.value || "*";
  }

  function take(when) {
    rows = [];
    for (const [name, each] of Object.entries(when)) add(name, each);
    draw();
  }

  return { element, value, take, offer: (given) => ((names = given), draw()) };
}
