// What falls due next, what the last move of the clock ran, and a field for a move of any length.

import { button, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { clockTime, day, span } from "./time.js";

const ICONS = { delivery: "send", event: "send", rule: "rule", code: "phone", session: "person" };

/** The words in the bar: the first thing, and how many there are beside it. */
export function dueWords(element, { clock, t }, fillOnce) {
  const first = clock.due?.[0];
  if (!first) return fillOnce(element, `none ${t("bar.nothing_due")}`, () => [t("bar.nothing_due")]);
  const left = t("bar.in", { span: span((Date.parse(first.at) - clock.now()) / 1000, t) });
  const others = clock.due.length - 1;
  const count = clock.more ? `${others}+` : String(others);
  return fillOnce(element, [left, first.says, count].join(" "), () => [
    h("span", { className: "soft word" }, t("bar.next_up")),
    h("b", { className: "in" }, left),
    h("span", { className: "says" }, first.says),
    others > 0 && h("span", { className: "others" }, t("bar.others", { n: count }), icon("down", 12)),
  ]);
}

/** What a move ran, in one line; a server that does not tell has moved all the same. */
export function ranWords(ran, t) {
  const told = [ran.says, ran.unfinished && t("ran.unfinished")].filter(Boolean).join(t("ran.comma"));
  const by = /^\d+s$/.test(ran.by) ? span(Number.parseInt(ran.by, 10), t) : ran.by;
  return t(told ? "ran.line" : "ran.moved", { by, told });
}

/** A field for a duration, as the command line takes it. */
export function moveForm({ clock, t }) {
  const field = h("input", { className: "mono", placeholder: t("bar.free_text"), "aria-label": t("bar.other"), spellcheck: false, autocomplete: "off" });
  const go = async (event) => {
    event.preventDefault();
    const by = field.value.trim().replace(/^\+/, "").replaceAll(" ", "");
    if (by && (await clock.move(by))) field.closest("[popover]")?.hidePopover();
  };
  return h("form", { className: "move", onsubmit: go }, h("label", {}, t("bar.ahead")), field, h("button", { className: "edge" }, t("bar.go"), icon("enter", 14)));
}

/** Fill the popover with the queue. */
export function duePopover(box, frame) {
  const { clock, t } = frame;
  const due = clock.due || [];
  const row = (each) => {
    const left = (Date.parse(each.at) - clock.now()) / 1000;
    const by = `${Math.max(1, Math.ceil(left))}s`;
    const isToday = day(each.at) === day(clock.now());
    return h(
      "li",
      {},
      icon(ICONS[each.kind] ?? "clock", 14),
      h("b", {}, span(left, t)),
      h("span", { className: "says" }, each.says),
      h("time", {}, isToday ? clockTime(each.at) : `${day(each.at)} ${clockTime(each.at).slice(0, 5)}`),
      button({ className: "quiet square small", "aria-label": t("bar.move_here"), title: t("bar.move_here"), onclick: async () => (await clock.move(by)) && duePopover(box, frame) }, icon("next", 14)),
    );
  };
  const last = due.at(-1);
  const all = last && button({ className: "edge", onclick: async () => (await clock.move(`${Math.max(1, Math.ceil((Date.parse(last.at) - clock.now()) / 1000))}s`)) && duePopover(box, frame) }, icon("skip", 14), t("bar.all_due"));
  box.classList.add("due-box");
  fill(
    box,
    h("header", {}, h("h2", {}, t("bar.due_title")), h("span", { className: "soft" }, t("bar.due_count", { n: clock.more ? `${due.length}+` : due.length })), moveForm(frame)),
    clock.ran && h("p", { className: "ran" }, icon("ok", 14), ranWords(clock.ran, t)),
    due.length ? h("ul", {}, due.map(row)) : h("p", { className: "none soft" }, t("bar.nothing_due")),
    all && h("footer", {}, all),
  );
}
