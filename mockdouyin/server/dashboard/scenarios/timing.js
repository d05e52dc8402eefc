// How often a rule is applied, and how late.

import { h } from "../dom.js";
import { segments } from "../forms.js";

export function createTiming(t, changed) {
  const number = (value, label, given = {}) => h("input", { type: "number", min: 1, value, "aria-label": label, oninput: changed, ...given });
  const text = (placeholder, label) => h("input", { className: "mono", placeholder, "aria-label": label, spellcheck: false, autocomplete: "off", oninput: changed });
  const times = number(1, t("scenarios.how_many"));
  const every = number(10, t("scenarios.every_n"));
  const chance = number(10, t("scenarios.chance"), { max: 100 });
  const after = number("", t("scenarios.after"), { min: 0, placeholder: "0" });
  const delay = text("200ms", t("scenarios.delay"));
  const ttl = text("5m", t("scenarios.ttl"));
  const unit = h("span", { className: "soft" });
  const how = segments(t("scenarios.how_often"), ["times", "always", "every", "chance"].map((each) => [each, t(`scenarios.often_${each}`)]), "times", () => (draw(), changed()));
  const fields = { times, every, chance };
  const element = h("div", { className: "timing" }, how, times, every, chance, unit, h("label", {}, h("span", { className: "soft" }, t("scenarios.delay")), delay));
  const more = h("div", { className: "timing-more" }, h("label", {}, h("span", {}, t("scenarios.after")), after), h("label", {}, h("span", {}, t("scenarios.ttl")), ttl));

  function draw() {
    for (const [name, field] of Object.entries(fields)) field.hidden = how.value !== name;
    unit.textContent = how.value === "always" ? "" : t(`scenarios.unit_${how.value}`);
  }

  function value() {
    const given = {};
    if (how.value === "times" && times.value) given.times = Number(times.value);
    if (how.value === "every" && every.value) given.every = Number(every.value);
    if (how.value === "chance" && chance.value) given.chance = Number(chance.value) / 100;
    if (Number(after.value)) given.after = Number(after.value);
    if (delay.value.trim()) given.delay = delay.value.trim();
    if (ttl.value.trim()) given.ttl = ttl.value.trim();
    return given;
  }

  function take(rule) {
    how.value = ["times", "every", "chance"].find((name) => rule[name] !== undefined) ?? (rule.on ? "always" : "times");
    times.value = rule.times ?? 1;
    every.value = rule.every ?? 10;
    chance.value = rule.chance === undefined ? 10 : rule.chance * 100;
    after.value = rule.after ?? "";
    delay.value = rule.delay ?? "";
    ttl.value = rule.ttl ?? "";
    draw();
  }

  draw();
  return { element, more, value, take };
}
