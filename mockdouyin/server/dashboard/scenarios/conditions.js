// What a call must have: whose it is, and parameters; a button offers each that the endpoint knows.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";

const SUBJECTS = ["person", "app"];

/** `lists` has the ids of lists of people and apps, which are offered where one of them is asked for. */
export function createConditions(t, changed, lists) {
  const chosen = h("div", { className: "conditions" });
  const offers = h("div", { className: "offers" });
  const element = h("div", {}, h("span", { className: "label-text" }, t("scenarios.when"), " ", h("span", {}, t("scenarios.when_all"))), chosen, offers);
  let names = [];
  let subjects = [];
  let rows = [];

  function add(name, value = "", isFocused = false) {
    const isSubject = subjects.includes(name);
    const field = h("input", { value: String(value), list: isSubject ? lists[name] : undefined, className: isSubject ? "" : "mono", placeholder: "*", "aria-label": isSubject ? t(`scenarios.of_${name}`) : name || t("scenarios.parameter"), spellcheck: false, autocomplete: "off", oninput: changed });
    const word = isSubject ? h("span", {}, t(`scenarios.of_${name}`)) : name ? h("code", {}, name) : h("input", { className: "mono", placeholder: t("scenarios.parameter"), "aria-label": t("scenarios.parameter"), spellcheck: false, autocomplete: "off", oninput: changed });
    const row = { name: () => (name || word.value.trim()), field, type: typeof value, isSubject };
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
    const left = (some) => some.filter((name) => !taken.has(name));
    fill(offers, left(subjects).map((name) => offer(name, t(`scenarios.of_${name}`))), left(names).map((name) => offer(name, h("code", {}, name))), offer("", t("scenarios.other_parameter")));
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

  /** Offer an endpoint's parameters, and which of `SUBJECTS` its calls can tell. */
  function offer(given, told) {
    [names, subjects] = [given, told];
    const now = rows.map((row) => [row.name(), row.field.value && typed(row)]);
    const isOther = rows.some((row) => SUBJECTS.includes(row.name()) && row.isSubject !== subjects.includes(row.name()));
    if (isOther) take(Object.fromEntries(now));
    else draw();
  }

  return { element, value, take, offer };
}
