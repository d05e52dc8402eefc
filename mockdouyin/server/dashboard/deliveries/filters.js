// The filters of the list: chips for the state, and a choice of event, app and person.

import { button, fill, h } from "../dom.js";
import { mark } from "../icons.js";

const STATES = [["", null], ["unaccepted", "fault"], ["waiting", "waiting"], ["delivered", "ok"], ["failed", "failed"], ["held", "held"]];
const CHOICES = ["event", "app", "person"];

/** Return the filters: element, show(params, known). `changed(params)` hears of each choice. */
export function createFilters({ t, names }, changed) {
  const chips = STATES.map(([state, shape]) => ({ state, chip: button({ className: "chip", onclick: () => changed({ state: state || null }) }, shape && mark(shape, "", 13), t(state ? `deliveries.state_${state}` : "timeline.all")) }));
  const choices = CHOICES.map((name) => ({ name, drawn: "", select: h("select", { "aria-label": t(`deliveries.${name}`), name, onchange: (event) => changed({ [name]: event.target.value || null }) }) }));
  const element = h("div", { className: "filters" }, h("div", { className: "chips" }, chips.map((each) => each.chip)), h("div", { className: "choices" }, choices.map((each) => each.select)));

  /** Show what is chosen; `known` has the events, apps and people to choose from. */
  function show(params, known) {
    for (const { state, chip } of chips) {
      chip.setAttribute("aria-pressed", String((params.state ?? "") === state));
      if (state === "held") chip.hidden = params.state !== "held" && !known.hasHeld;
    }
    for (const each of choices) {
      const chosen = params[each.name] ?? "";
      const values = [...new Set([chosen, ...known[each.name]])].filter(Boolean).sort();
      const version = JSON.stringify([chosen, values]);
      if (each.drawn === version) continue;
      each.drawn = version;
      const words = (value) => (each.name === "app" ? names.app(value) : value);
      fill(each.select, h("option", { value: "" }, t(`deliveries.any_${each.name}`)), values.map((value) => h("option", { value, selected: value === chosen }, words(value))));
    }
  }

  return { element, show };
}
