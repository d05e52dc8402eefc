// The scenarios that a world can begin with, by what they are about.

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

export function createScenarioList({ t }, { open }) {
  const list = h("div", {});
  const number = h("span", { className: "soft" });
  const element = h("nav", { className: "pane scenario-list", "aria-label": t("scenarios.scenarios") }, h("header", { className: "pane-title" }, h("h2", {}, t("scenarios.scenarios")), number), h("div", { className: "pane-body" }, list));
  let rows = [];

  function load(scenarios) {
    rows = scenarios.map((each) => {
      const current = h("span", { className: "badge is-ok", hidden: true }, t("scenarios.here"));
      const about = each.about || (each.text === null ? t("scenarios.file") : "");
      const row = button({ className: "scenario", onclick: () => open(each.name) }, h("span", { className: "name" }, h("b", {}, each.name), current), h("span", { className: "soft" }, about));
      return { ...each, row, current, text: `${each.name} ${about}`.toLowerCase() };
    });
    const groupOf = (each) => (each.name === "default" || each.text === null ? "" : (GROUPS.find(([, names]) => names.test(each.name))?.[0] ?? "others"));
    const groups = ["", "login", "tokens", "wire", "limits", "others", "library"].map((name) => [name, rows.filter((each) => groupOf(each) === name)]);
    fill(list, groups.filter(([, some]) => some.length).map(([name, some]) => h("section", { className: "scenario-group" }, name && h("h3", { className: "group" }, t(`scenarios.group_${name}`)), some.map((each) => each.row))));
    say(number, t("scenarios.scenarios_n", { n: rows.length }));
  }

  /** Mark the scenario of this world, and the one that is looked at. */
  function show(here, chosen) {
    for (const each of rows) {
      each.current.hidden = each.name !== here;
      if (each.name === chosen) each.row.setAttribute("aria-current", "true");
      else each.row.removeAttribute("aria-current");
    }
  }

  function filter(text) {
    for (const each of rows) each.row.hidden = !each.text.includes(text);
    for (const group of list.children) group.hidden = ![...group.querySelectorAll(".scenario")].some((row) => !row.hidden);
  }

  return { element, load, show, filter, find: (name) => rows.find((each) => each.name === name), focus: () => list.querySelector("[aria-current]")?.focus() };
}
