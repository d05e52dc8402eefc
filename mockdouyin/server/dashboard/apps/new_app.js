// A form for a new app; what is left empty is made up by the server.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { segments } from "../forms.js";

const KINDS = ["mini_program", "mini_game", "web", "component"];

export function createNewApp({ api, t }, { made, close }) {
  const kind = segments(t("apps.kind"), KINDS.map((each) => [each, t(`apps.kind_${each}`)]), KINDS[0]);
  const text = (word, placeholder, type = "text") => h("input", { type, placeholder, "aria-label": word, spellcheck: false, autocomplete: "off", className: "mono" });
  const name = text(t("apps.name"), t("apps.made_up"));
  const key = text("client_key", t("apps.made_up"));
  const secret = text("client_secret", t("apps.made_up"), "password");
  const said = h("div", { role: "status" });

  async function save(event) {
    event.preventDefault();
    const given = { name: name.value.trim(), client_key: key.value.trim(), client_secret: secret.value };
    try {
      const app = await api.post("apps", { kind: kind.value, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) });
      for (const each of [name, key, secret]) each.value = "";
      fill(said);
      await made(app);
    } catch (error) {
      fill(said, h("p", { className: "refusal" }, icon("refused", 14), error.message || t("frame.away")));
    }
  }

  const field = (word, input) => h("label", {}, h("span", {}, word), input);
  const form = h(
    "form",
    { className: "form-grid block", onsubmit: save },
    h("div", {}, h("span", { className: "label-text" }, t("apps.kind")), kind),
    field(t("apps.name"), name),
    field("AppID / client_key", key),
    field("AppSecret / client_secret", secret),
    h("p", { className: "soft" }, t("apps.new_about")),
    said,
    h("div", { className: "form-buttons" }, h("button", { className: "dark" }, t("apps.create")), button({ className: "edge", onclick: close }, t("apps.cancel"))),
  );
  const element = h("section", { className: "pane app-form", hidden: true, "aria-label": t("apps.new") }, h("header", { className: "pane-title" }, h("h2", {}, t("apps.new"))), h("div", { className: "pane-body" }, form));
  return { element };
}
