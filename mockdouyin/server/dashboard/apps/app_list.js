// The list of apps: a row each, with how many credentials are valid.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { appName, appSign } from "./names.js";

export function createAppList({ t }, { open, create }) {
  const rows = new Map();
  const list = h("ul", { className: "app-rows" });
  const adder = button({ className: "quiet", onclick: create }, icon("plus", 14), t("apps.new"));
  const number = h("span", { className: "soft" });
  const element = h(
    "nav",
    { className: "pane app-list", "aria-label": t("apps.tab") },
    h("header", { className: "pane-title" }, h("h2", {}, t("apps.tab")), number, h("span", { className: "gap" }), adder),
    h("div", { className: "pane-body" }, list),
    h("footer", { className: "app-own" }, h("span", { className: "soft" }, t("apps.own")), h("code", {}, "serve --app KEY:SECRET")),
  );

  function show(apps, chosen) {
    say(number, t("apps.number", { n: apps.length }));
    const known = new Set(apps.map((app) => app.client_key));
    for (const [key, row] of rows) if (!known.has(key)) (row.element.remove(), rows.delete(key));
    apps.forEach((app, n) => {
      const row = rows.get(app.client_key) ?? make(app.client_key);
      row.app = app;
      const version = JSON.stringify([app.name, app.kind]);
      if (row.version !== version) {
        row.version = version;
        fill(row.button, appSign(app, t), h("span", { className: "words" }, h("b", {}, appName(app, t)), h("code", { className: "soft" }, app.client_key)), row.count, icon("right", 14));
      }
      if (chosen?.client_key === app.client_key) row.button.setAttribute("aria-current", "true");
      else row.button.removeAttribute("aria-current");
      row.button.tabIndex = chosen === null ? (n ? -1 : 0) : chosen.client_key === app.client_key ? 0 : -1; // one stop
      if (list.children[n] !== row.element) list.insertBefore(row.element, list.children[n] ?? null);
    });
  }

  function make(key) {
    const row = { app: null, version: "", count: h("span", { className: "soft app-count" }) };
    row.button = button({ className: "app-row", onclick: () => open(row.app) });
    row.element = h("li", {}, row.button);
    rows.set(key, row);
    return row;
  }

  /** Say how many credentials each app has; null if it is not known. */
  function count(counts) {
    for (const [key, row] of rows) say(row.count, counts?.get(key) ? t("apps.live", { n: counts.get(key) }) : "");
  }

  return { element, show, count, focus: () => list.querySelector("[aria-current], button")?.focus() };
}
