// The settings of the world: each with what it means, and an input of its type.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { schemas } from "../described.js";
import { segments, sureButton } from "../forms.js";

export function createSettings(context) {
  const { api, t, fail } = context;
  const rows = new Map();
  const number = h("span", { className: "soft" });
  const list = h("div", { className: "settings" });
  const nothing = h("p", { className: "block soft", hidden: true }, t("scenarios.no_settings"));
  const reset = sureButton({ className: "quiet", hidden: true }, [icon("back", 14), t("scenarios.defaults")], t("scenarios.defaults_sure"), () => change(Object.fromEntries(changedNames().map((name) => [name, rows.get(name).schema.default]))));
  const element = h("section", { "aria-label": t("scenarios.settings") }, h("header", { className: "pane-title" }, h("h2", {}, t("scenarios.settings")), number, h("span", { className: "gap" }), reset), list, nothing);
  let settings = {};
  let described = {};

  const waits = h("p", { className: "block soft" }, t("scenarios.awaiting"));

  async function load() {
    // A busy server takes a while to describe them all; until then a line says what is awaited.
    const slow = setTimeout(() => list.childElementCount || list.append(waits), 300);
    try {
      const [{ Settings }, found] = await Promise.all([schemas(api), api.get("settings")]);
      described = Settings?.properties ?? {};
      ({ settings } = found);
    } catch (error) {
      fail(error);
      return;
    } finally {
      clearTimeout(slow);
    }
    for (const name of Object.keys(settings)) if (!rows.has(name)) rows.set(name, make(name, described[name] ?? {}));
    if (list.childElementCount < rows.size) fill(list, [...rows.values()].map((row) => row.element));
    draw();
  }

  const changedNames = () => Object.keys(settings).filter((name) => name !== "seed" && isChanged(name));
  const isChanged = (name) => JSON.stringify(settings[name]) !== JSON.stringify(rows.get(name).schema.default);

  function draw() {
    for (const [name, row] of rows) {
      const isOwn = name !== "seed" && isChanged(name);
      row.badge.hidden = !isOwn;
      row.back.hidden = !isOwn;
      if (!row.element.contains(document.activeElement) || row.input.dataset.sent === "1") row.set(settings[name]);
      delete row.input.dataset.sent;
    }
    const n = changedNames().length;
    say(number, t("scenarios.settings_n", { n, all: rows.size }));
    reset.hidden = n === 0;
  }

  function make(name, schema) {
    const says = h("span", { className: "soft about" }, schema.description ?? "", " ", schema.default !== "" && schema.default !== undefined && name !== "seed" && ["· ", t("scenarios.default"), " ", h("code", {}, String(schema.default))]);
    const badge = h("span", { className: "badge", hidden: true }, t("scenarios.changed"));
    const wrong = h("p", { className: "refusal", role: "status", hidden: true });
    const send = (value) => change({ [name]: value }, wrong, input);
    const [input, set] = control(name, schema, send);
    const back = button({ className: "quiet square small", hidden: true, "aria-label": t("scenarios.default_of", { name }), title: t("scenarios.default_of", { name }), onclick: () => send(schema.default) }, icon("back", 13));
    const element = h("div", { className: "setting", dataset: { name } }, h("div", { className: "what" }, h("code", { id: `setting-${name}` }, name), badge, says), h("div", { className: "input" }, back, input), wrong);
    return { element, schema, badge, back, input, set, text: `${name} ${says.textContent}`.toLowerCase() };
  }

  /** Return an input of a setting's type, and what sets its value. */
  function control(name, schema, send) {
    const options = schema.type === "boolean" ? [[true, t("scenarios.yes")], [false, t("scenarios.no")]] : schema.enum?.map((each) => [each, h("code", {}, each)]);
    if (options) {
      const choice = segments(name, options, schema.default, send);
      return [choice, (value) => (choice.value = value)];
    }
    const isNumber = schema.type === "integer";
    const isList = schema.type === "array";
    let known;
    const input = h("input", { className: "mono", type: isNumber ? "number" : "text", disabled: name === "seed", "aria-labelledby": `setting-${name}`, spellcheck: false, autocomplete: "off" });
    if (isNumber) Object.assign(input, { min: schema.minimum ?? "", max: schema.maximum ?? "" });
    const written = () => (isList ? input.value.split(/[,，\n]/).map((each) => each.trim()).filter(Boolean) : input.value);
    input.onchange = () => send(isNumber && input.value !== "" ? Number(input.value) : written());
    input.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      input.value = known;
      input.blur();
    };
    return [input, (value) => (input.value = known = isList ? value.join(", ") : value)];
  }

  async function change(given, wrong = null, input = null) {
    if (input) input.dataset.sent = "1";
    try {
      ({ settings } = await api.patch("settings", given));
      if (wrong) wrong.hidden = true;
      draw();
    } catch (error) {
      if (!wrong) {
        fail(error);
        return;
      }
      fill(wrong, icon("refused", 14), error.message || t("frame.away"));
      wrong.hidden = false;
    }
  }

  function filter(text) {
    let n = 0;
    for (const row of rows.values()) n += (row.element.hidden = !row.text.includes(text)) ? 0 : 1;
    nothing.hidden = n > 0 || !rows.size;
  }

  return { element, load, filter };
}
