// Above the list: how many there are of each verdict, pause, and all of them as HAR.

import { button, h, say } from "../dom.js";
import { icon, mark } from "../icons.js";
import { har } from "./exports.js";
import { valueOf, withWord } from "./query.js";

const FACETS = [["", null], ["refused", "refused"], ["fault", "fault"], ["bent", "bent"], ["unknown", "unknown"]];
const MAX_SAVED = 200;

/** Return `{element, draw(isPaused)}`; `query()` is the search, `filter(query)` changes it. */
export function createFacets(context, { model, query, filter, pause }) {
  const { api, t, world } = context;
  const facets = FACETS.map(([verdict, shape]) => {
    const count = h("span", {});
    const chip = button({ className: "chip", onclick: () => filter(withWord(query(), "verdict", verdict || null)) }, shape && mark(shape, "", 13), h("span", {}, t(verdict ? `timeline.verdict_${verdict}` : "timeline.all")), count);
    return { verdict, chip, count };
  });
  const flagCount = h("span", {});
  const flags = button({ className: "chip", hidden: true, onclick: () => filter(withWord(query(), "finding", isFlagged() ? null : "any")) }, h("span", { className: "is-fault" }, icon("flag", 13)), h("span", {}, t("timeline.flagged")), flagCount);
  const isFlagged = () => valueOf(query(), "finding") !== null;
  const pauseIcon = h("span", { className: "sign" });
  const pauseWord = h("span", {});
  const pauser = button({ className: "quiet", onclick: pause }, pauseIcon, pauseWord);
  const saver = button({ className: "quiet", title: t("timeline.har_about"), onclick: save }, icon("save", 14), "HAR");
  const element = h("header", { className: "facets" }, h("div", { className: "chips" }, facets.map((each) => each.chip), flags), h("span", { className: "acts" }, pauser, saver));

  function draw(isPaused) {
    const chosen = valueOf(query(), "verdict") ?? "";
    for (const { verdict, chip, count } of facets) {
      const n = model.counts.get(verdict) ?? 0;
      chip.hidden = verdict !== "" && n === 0 && chosen !== verdict;
      chip.setAttribute("aria-pressed", String(chosen === verdict));
      say(count, String(n));
    }
    flags.hidden = model.flagged === 0 && !isFlagged();
    flags.setAttribute("aria-pressed", String(isFlagged()));
    say(flagCount, String(model.flagged));
    say(pauseWord, t(isPaused ? "timeline.go_on" : "timeline.pause"));
    pauseIcon.replaceChildren(icon(isPaused ? "play" : "pause", 14));
    pauser.setAttribute("aria-pressed", String(isPaused));
  }

  async function save() {
    const rows = model.exchanges().slice(-MAX_SAVED);
    const opened = await Promise.all(rows.map((row) => api.get(`exchanges/${row.id}`).catch(() => null)));
    const text = har(opened.filter(Boolean), context);
    h("a", { href: `data:application/json;charset=utf-8,${encodeURIComponent(text)}`, download: `mockdouyin-${world}.har` }).click();
  }

  return { element, draw };
}
