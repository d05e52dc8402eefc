// The search box: it filters as you type, and suggests what there is.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { words } from "./query.js";

const SUGGESTED = ["verdict", "code", "person", "app", "endpoint", "kind", "rule"];

/** Return a function that counts the values of each suggested name, anew only if there are other rows. */
function counter(rows) {
  let counted = null;
  let values = new Map();
  return () => {
    if (counted === rows()) return values;
    counted = rows();
    values = new Map(SUGGESTED.map((name) => [name, new Map()]));
    for (const [name, counts] of values) {
      for (const row of counted) {
        const value = row[name] ?? "";
        if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
    return values;
  };
}

/** Return the box: element, focus(), value, set(text). `changed(text)` hears of each change. */
export function createSearch({ t, rows, names, changed, entered, leave }) {
  const field = h("input", { type: "text", placeholder: "verdict:refused  person:小明  code:40018", spellcheck: false, autocomplete: "off", role: "combobox", "aria-label": t("timeline.search"), "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list", enterkeyhint: "search" });
  const hint = h("kbd", {}, "/");
  const clear = button({ className: "quiet square small", "aria-label": t("timeline.clear"), title: t("timeline.clear"), hidden: true, onclick: () => (take(""), field.focus()) }, icon("close", 14));
  const box = h("ul", { id: "suggestions", className: "suggestions", role: "listbox", "aria-label": t("timeline.suggestions"), hidden: true });
  const values = counter(rows);
  let shown = [];
  let chosen = -1;

  function take(text) {
    field.value = text;
    draw();
    changed(text);
  }

  function draw() {
    clear.hidden = field.value === "";
    hint.hidden = field.value !== "";
  }

  function suggest() {
    const typed = /\s$/.test(field.value) ? "" : (words(field.value).at(-1) ?? "");
    shown = find(typed);
    chosen = -1;
    fill(box, shown.map((each, n) => h("li", { role: "option", id: `suggestion-${n}`, "aria-selected": "false", onpointerdown: (event) => (event.preventDefault(), choose(n)) }, h("code", {}, each.word), h("span", { className: "soft" }, each.about), h("span", { className: "soft" }, t("timeline.rows", { n: each.n })))));
    show(shown.length > 0 && document.activeElement === field);
  }

  function find(typed) {
    const wanted = typed.toLowerCase();
    const about = (name, value) => (name === "app" ? names.app(value) : t(`timeline.by_${name}`));
    const begins = (text) => String(text).toLowerCase().startsWith(wanted);
    const few = SUGGESTED.flatMap((name) => {
      const fitting = [...values().get(name)].filter(([value]) => `${name}:${value}` !== typed && (begins(`${name}:${value}`) || begins(value)));
      fitting.sort((one, other) => other[1] - one[1]);
      return fitting.slice(0, wanted.includes(":") ? 9 : 3).map(([value, n]) => ({ word: /\s/.test(value) ? `${name}:"${value}"` : `${name}:${value}`, n, about: about(name, value) }));
    });
    return few.slice(0, 9);
  }

  function show(open) {
    box.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
  }

  function point(n) {
    chosen = n;
    [...box.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === n)));
    if (n >= 0) field.setAttribute("aria-activedescendant", `suggestion-${n}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    const all = words(field.value);
    if (!/\s$/.test(field.value)) all.pop();
    take(`${[...all, shown[n].word].join(" ")} `);
    suggest();
  }

  field.oninput = () => (draw(), suggest(), changed(field.value));
  field.onfocus = suggest;
  field.onblur = () => show(false);
  field.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      show(true);
      point((chosen + step + shown.length + (chosen < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if ((event.key === "Tab" || event.key === "Enter") && chosen >= 0) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === "Enter") {
      show(false);
      entered(field.value);
    } else if (event.key === "Escape") {
      if (!box.hidden) show(false);
      else leave();
      event.stopPropagation();
    }
  };

  const element = h("div", { className: "search", role: "search" }, icon("search"), field, clear, hint, box);
  return {
    element,
    focus: () => (field.focus(), field.select()),
    get value() {
      return field.value;
    },
    set(text) {
      if (field.value.trim() !== text) field.value = text;
      draw();
    },
  };
}
