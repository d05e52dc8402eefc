// The sheet of keys: those that are bound where one is, as the table of keys has them.

import { h } from "./dom.js";
import { KEYS } from "./keys.js";
import { openDialog } from "./overlay.js";

const NAMES = { " ": "Space", Escape: "Esc" };

export function showKeys(t, views, bound) {
  const row = (key, words) => [h("dt", {}, h("kbd", { dataset: { key } }, NAMES[key] ?? (/^[a-z]$/.test(key) ? key.toUpperCase() : key))), h("dd", {}, words)];
  const groups = Map.groupBy(Object.entries(KEYS).filter(([key]) => bound.has(key)), ([, [group]]) => group);
  const sections = [...groups].map(([name, keys]) => h("section", {}, h("h3", {}, t(`keys.${name}`)), h("dl", {}, keys.map(([key, [, word]]) => row(key, t(`keys.${word}`))))));
  const pages = h("section", {}, h("h3", {}, t("frame.views")), h("dl", {}, views.map((view) => row(view.key, t(`${view.name}.tab`)))));
  openDialog(t("keys.title"), t("frame.close"), h("div", { className: "keys" }, sections, pages), h("p", { className: "soft keys-note" }, t("keys.note")));
}
