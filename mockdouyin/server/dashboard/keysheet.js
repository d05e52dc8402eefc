// The sheet of keys.

import { h } from "./dom.js";
import { openDialog } from "./overlay.js";

const KEYS = [
  ["list", [["j k", "move"], ["Enter", "open"], ["Esc", "close"], ["/", "search"], ["Space", "pause"]]],
  ["clock", [["f", "freeze"], ["]", "next"]]],
  ["detail", [["e", "resend"], ["c", "curl"], ["t", "pytest"], ["r", "rule"], ["l", "link"]]],
];

export function showKeys(t, views) {
  const row = (key, words) => [h("dt", {}, key.split(" ").map((each) => h("kbd", {}, each))), h("dd", {}, words)];
  const groups = KEYS.map(([name, rows]) => h("section", {}, h("h3", {}, t(`keys.${name}`)), h("dl", {}, rows.map(([key, word]) => row(key, t(`keys.${word}`))))));
  const pages = h("section", {}, h("h3", {}, t("frame.views")), h("dl", {}, views.map((view) => row(view.key, t(`${view.name}.tab`))), row("?", t("keys.sheet"))));
  openDialog(t("keys.title"), t("frame.close"), h("div", { className: "keys" }, groups, pages));
}
