// A command to paste, with a button that copies it.

import { h } from "./dom.js";
import { copyButton } from "./copy.js";

/** Return a command with its title; `about` is said beside the title. */
export function command(t, title, about, text) {
  return h("div", { className: "command" }, h("h3", {}, title, about && h("span", { className: "soft" }, about)), h("div", { className: "well" }, h("pre", {}, text), copyButton({ className: "quiet" }, t("timeline.copy"), () => text, () => t("timeline.copied"))));
}

/** Return the options that a command needs to reach this server and world. */
export function reaching(world) {
  const url = location.host === "127.0.0.1:8600" ? "" : ` --url ${location.origin}`;
  return url + (world === "default" ? "" : ` --world ${world}`);
}
