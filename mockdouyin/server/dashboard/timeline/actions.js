// What can be done with an exchange: copy it, make a rule of it, edit and send it again; and with a
// delivery: send it once more.

import { a, button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton } from "../copy.js";
import { popover } from "../overlay.js";
import { curl, har, markdown, pytest } from "./exports.js";
import { resend } from "./resend.js";
import { makeRule } from "./rule.js";

/** Return `{element, keys, dialogs}`: a dialog is opened by its name in the address, `begin(name)` puts it there. */
export function actions(exchange, given) {
  const { t, isRevealed, begin } = given;
  const done = () => t(isRevealed ? "timeline.copied_secrets" : "timeline.copied_masked");
  const copier = (label, kbd, make) => copyButton({ className: "edge", title: t("timeline.copy_about"), kbd }, label, make, done);
  const asCurl = copier("curl", "C", () => curl(exchange, given));
  const asPytest = copier("pytest", "T", () => pytest(exchange, given));
  const asMarkdown = () => markdown(exchange, given);
  const asHar = () => har([exchange], given);
  const [more, box] = popover({ className: "edge square", "aria-label": t("timeline.more"), title: t("timeline.more") }, icon("more"), (into) => fill(into, h("div", { className: "menu" }, copier("curl", "C", () => curl(exchange, given)), copier("pytest", "T", () => pytest(exchange, given)), copier("Markdown", "M", asMarkdown), copier("HAR", "H", asHar))));
  const again = button({ className: "edge", title: t("keys.resend"), onclick: () => begin("resend") }, icon("resend", 14), t("timeline.resend"), h("kbd", {}, "E"));
  const link = copyButton({ className: "quiet", "aria-label": t("timeline.link"), title: t("timeline.link") }, "", () => location.href, "✓");
  link.querySelector(".icon").replaceWith(icon("link", 14));
  const rule = button({ className: "dark", onclick: () => begin("rule") }, icon("rule", 14), t("timeline.rule"), h("kbd", {}, "R"));
  const element = h("div", { className: "action-bar" }, again, h("span", { className: "copies" }, asCurl, asPytest), more, box, h("span", { className: "gap" }), link, rule);
  const openMenu = (word) => (box.showPopover(), [...box.querySelectorAll("button")].find((each) => each.textContent.includes(word)).click());
  const keys = { e: () => again.click(), c: () => asCurl.click(), t: () => asPytest.click(), r: () => rule.click(), m: () => openMenu("Markdown"), h: () => openMenu("HAR") };
  return { element, keys, dialogs: { resend: () => resend(exchange, given), rule: () => makeRule(exchange, given) } };
}

/** The same for an attempt to deliver. */
export function deliveryActions({ id }, { api, t, fail, link }) {
  async function run() {
    again.disabled = true;
    try {
      await api.post(`deliveries/${encodeURIComponent(id)}/replay`);
    } catch (error) {
      fail(error);
    } finally {
      again.disabled = false;
    }
  }

  const again = button({ className: "edge", title: t("deliveries.replay_about"), onclick: run }, icon("resend", 14), t("deliveries.replay"), h("kbd", {}, "P"));
  const whole = a(link({ view: "deliveries", params: { at: id } }), { className: "edge" }, icon("send", 14), t("timeline.whole_delivery"));
  return { element: h("div", { className: "action-bar" }, again, whole), keys: { p: () => again.click() }, dialogs: {} };
}
