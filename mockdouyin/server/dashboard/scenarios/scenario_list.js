// The scenarios: the world has one of them, and gets another by a click.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";

/** What the names are about; whatever is not named stands at the end. */
const GROUPS = [
  ["library", /^\d+$/],
  ["login", /login|session/],
  ["tokens", /token|ticket|consent|authorization|auth-code|renewals|redirect/],
  ["wire", /lost|short|dropped|gateway|hanging|slow/],
  ["limits", /limit|quota/],
];

/** `open(name)` shows what is in one; `use(name)` switches the world to it, and is done once it is or was refused. */
export function createScenarioList({ t }, { open, use }) {
  const list = h("div", {});
  const number = h("span", { className: "soft" });
  const note = h("footer", { className: "switch-note", role: "status", hidden: true });
  const element = h("nav", { className: "pane scenario-list", "aria-label": t("scenarios.scenarios") }, h("header", { className: "pane-title" }, h("h2", {}, t("scenarios.scenarios")), number), h("div", { className: "pane-body", role: "radiogroup", "aria-label": t("scenarios.scenarios"), onkeydown: step }, list), note);
  let rows = [];
  let current = "";
  let looked = "";

  function load(scenarios) {
    rows = scenarios.map(make);
    const groupOf = (each) => (each.name === "default" || each.text === null ? "" : (GROUPS.find(([, names]) => names.test(each.name))?.[0] ?? "others"));
    const groups = ["", "login", "tokens", "wire", "limits", "others", "library"].map((name) => [name, rows.filter((each) => groupOf(each) === name)]);
    fill(list, groups.filter(([, some]) => some.length).map(([name, some]) => h("section", { className: "scenario-group" }, name && h("h3", { className: "group" }, t(`scenarios.group_${name}`)), some.map((each) => each.row))));
    say(number, t("scenarios.scenarios_n", { n: rows.length }));
    draw();
  }

  function make(each) {
    const about = each.about || (each.text === null ? t("scenarios.file") : "");
    const radio = h("input", { type: "radio", name: "scenario", value: each.name, onchange: () => choose(each.name) });
    const look = button({ className: "quiet square small", "aria-label": t("scenarios.look", { name: each.name }), title: t("scenarios.look", { name: each.name }), onclick: () => open(each.name) }, icon("right", 13));
    const row = h("div", { className: "scenario", dataset: { name: each.name } }, h("label", { title: about }, radio, h("b", {}, each.name), h("span", { className: "soft" }, about)), look);
    return { ...each, row, radio, text: `${each.name} ${about}`.toLowerCase() };
  }

  async function choose(name) {
    element.setAttribute("aria-busy", "true");
    await use(name);
    element.removeAttribute("aria-busy");
    draw();
  }

  // An arrow moves to the next one and leaves the world as it is: Space chooses.
  function step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.target.type !== "radio") return;
    event.preventDefault();
    const seen = rows.filter((each) => !each.row.hidden && each.row.offsetParent).map((each) => each.radio);
    const radios = [...list.querySelectorAll("input")].filter((each) => seen.includes(each));
    radios[(radios.indexOf(event.target) + by + radios.length) % radios.length]?.focus();
  }

  function draw() {
    for (const each of rows) {
      each.radio.checked = each.name === current;
      each.row.classList.toggle("is-on", each.name === current);
      each.row.toggleAttribute("aria-current", each.name === looked);
    }
  }

  /** Choose the scenario of this world, and mark the one that is looked at. */
  function show(here, chosen) {
    [current, looked] = [here, chosen];
    if (element.getAttribute("aria-busy") !== "true") draw();
  }

  /** Say what came of a switch, and what stays as it was. */
  function tell({ scenario, rules, settings, added, amended, kept }) {
    const names = (some) => some.join(t("scenarios.comma"));
    const news = [...added.apps, ...added.people];
    const parts = [rules && t("scenarios.used_rules", { n: rules }), settings.length && t("scenarios.used_settings", { n: settings.length }), news.length && t("scenarios.used_added", { names: names(news) }), amended.length && t("scenarios.used_amended", { names: names(amended) })].filter(Boolean);
    fill(note, h("p", {}, h("b", {}, t("scenarios.used", { name: scenario })), parts.length > 0 && [t("scenarios.colon"), names(parts)]), kept.map((each) => h("p", { className: "soft" }, each.says)));
    note.hidden = false;
  }

  function filter(text) {
    for (const each of rows) each.row.hidden = !each.text.includes(text);
    for (const group of list.children) group.hidden = ![...group.querySelectorAll(".scenario")].some((row) => !row.hidden);
  }

  return { element, load, show, tell, filter, find: (name) => rows.find((each) => each.name === name), focus: () => list.querySelector("[aria-current] button")?.focus() };
}
