// A rule that is not set yet, tried against the calls of the past as it is typed.

import { a, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { refresher } from "../forms.js";

const SHOWN = 6; // numbers of calls in a line

/** `rule()` returns the rule as it is in the form, or null if there is nothing to try. */
export function createDryRun({ api, t, link }, rule) {
  const element = h("div", { className: "dry-run", role: "status", hidden: true });
  const tried = refresher(run, 300);
  let last = "";

  async function run() {
    const given = rule();
    element.hidden = given === null;
    if (given === null) return;
    const asked = JSON.stringify(given);
    last = asked;
    let lines;
    try {
      lines = said(await api.post("rules/check", given));
    } catch (error) {
      lines = [h("p", { className: "soft" }, icon("bent", 13), h("span", {}, error.message || t("frame.away")))];
    }
    if (asked === last) fill(element, lines);
  }

  function said({ calls, more, applied, matched, near }) {
    const held = matched.filter((each) => each.held_by !== null);
    const found = calls ? t("scenarios.tried", { n: applied.length, calls, more: more ? "+" : "" }) : t("scenarios.tried_none");
    return [
      h("p", {}, icon("search", 13), h("span", {}, found, numbers(applied))),
      held.length > 0 && h("p", { className: "soft" }, icon("skip", 13), h("span", {}, t("scenarios.tried_held"), numbers(held.map((each) => each.id)), t("scenarios.because", { reasons: [...new Set(held.map((each) => t(`scenarios.held_${each.held_by}`)))].join(t("scenarios.comma")) }))),
      near && h("p", { className: "soft" }, icon("bent", 13), h("span", {}, t(calls ? "scenarios.tried_near" : "scenarios.closest"), " ", call(near.id), calls ? "" : h("code", {}, near.candidate), t("scenarios.colon"), near.says)),
    ];
  }

  const call = (id) => typeof id === "number" && a(link({ view: "timeline", params: { at: id } }), { className: "link" }, `#${id}`);

  /** The newest calls first: it is those that somebody remembers. */
  function numbers(ids) {
    const newest = ids.slice(-SHOWN).reverse();
    return [newest.map((id) => [" ", call(id)]), ids.length > newest.length ? " …" : ""];
  }

  return { element, soon: tried.soon, stop: tried.stop };
}
