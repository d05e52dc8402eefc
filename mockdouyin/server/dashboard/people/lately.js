// What a person did, the newest first, each a link to the timeline.

import { a, fill, h } from "../dom.js";
import { mark } from "../icons.js";
import { outcome } from "../timeline/stories.js";
import { clockTime } from "../time.js";

const ROWS = 6;

export function createLately(name, model, { t, link }) {
  const list = h("ul", {});
  const all = a(link({ view: "timeline", params: { q: query(name) } }), { className: "link soft" }, t("people.see_all"));
  const element = h("section", { className: "lately" }, h("header", {}, h("h3", {}, t("people.lately")), all), list);
  let drawn = "";

  function draw() {
    const asked = model.sheetsOf(name).slice(-ROWS).reverse();
    const rows = model.rowsOf(name).slice(-ROWS).reverse();
    const version = [...asked, ...rows].map((row) => `${row.id} ${model.appName(row.app)}`).join();
    if (drawn === version && list.childElementCount) return;
    drawn = version;
    const lines = [...asked.map(waiting), ...rows.map(line)].slice(0, ROWS);
    fill(list, lines.length ? lines : h("li", { className: "none soft" }, t("people.nothing_yet")));
  }

  /** A call that waits for this person. */
  function waiting({ id, api, app, since }) {
    const says = h("span", { className: "says" }, `tt.${api}`, h("span", { className: "soft" }, ` ${model.appName(app)}`));
    return h("li", {}, a(link({ view: "timeline", params: { q: null, at: id } }), {}, h("time", { className: "soft" }, clockTime(since)), mark("pending", "", 12), says, h("span", { className: "soft" }, t("people.waits"))));
  }

  function line(row) {
    const title = [row.says, row.why].filter(Boolean).join("\n");
    return h(
      "li",
      {},
      a(link({ view: "timeline", params: { q: null, at: row.id } }), { title }, h("time", { className: "soft" }, clockTime(row.time)), row.verdict === "ok" ? mark("act", "", 12) : mark(row.verdict, t(`timeline.verdict_${row.verdict}`), 12), h("span", { className: "says" }, words(row)), h("span", { className: "soft" }, `#${row.id}`)),
    );
  }

  /** What was done, without the name above it; of a tt call its name, and why it failed. */
  function words(row) {
    const app = model.apps.find((each) => each.client_key === row.app);
    if (row.kind.startsWith("phone.")) {
      const more = row.verdict === "ok" ? outcome(row) || model.appName(row.app) : row.why.replace(/^\w+:fail /, "");
      return [row.kind.replace("phone.", "tt."), h("span", { className: "soft" }, ` ${more}`)];
    }
    const says = row.says.startsWith(name) ? row.says.slice(name.length).trim() : row.says;
    return app ? says.replace(` ${app.name}`, ` ${model.appName(app.client_key)}`) : says;
  }

  return { element, draw };
}

function query(name) {
  return /\s/.test(name) ? `person:"${name}"` : `person:${name}`;
}
