// The redirect URIs of an app, one a line.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { copyField } from "../forms.js";

export function createRedirects({ api, t }, { changed }) {
  const element = h("section", { className: "block" });
  let app = null;
  let isEdited = false;

  function show(given, isOther) {
    app = given;
    if (isOther) isEdited = false;
    if (!isEdited) draw();
  }

  function draw() {
    const title = (...more) => h("div", { className: "block-title" }, h("h3", {}, "redirect_uri"), h("span", { className: "gap" }), more);
    if (isEdited) {
      fill(element, title(), form());
      return;
    }
    const edit = button({ className: "quiet", onclick: () => ((isEdited = true), draw(), element.querySelector("textarea").focus()) }, icon("edit", 14), t("apps.edit"));
    fill(element, title(edit), app.redirect_uris.length ? app.redirect_uris.map((each) => copyField(each, t)) : h("p", { className: "soft" }, t("apps.no_redirects")));
  }

  function form() {
    const field = h("textarea", { rows: Math.max(2, app.redirect_uris.length + 1), value: app.redirect_uris.join("\n"), "aria-label": "redirect_uri", spellcheck: false });
    const said = h("div", { role: "status" });
    async function save(event) {
      event.preventDefault();
      try {
        await api.patch(`apps/${encodeURIComponent(app.client_key)}`, { redirect_uris: field.value.split("\n").map((each) => each.trim()).filter(Boolean) });
        isEdited = false;
        await changed();
        draw();
      } catch (error) {
        fill(said, h("p", { className: "refusal" }, icon("refused", 14), error.message || t("frame.away")));
      }
    }
    return h("form", { className: "form-grid", onsubmit: save }, field, h("p", { className: "soft" }, t("apps.redirects_about")), said, h("div", { className: "form-buttons" }, h("button", { className: "dark" }, t("apps.save")), button({ className: "edge", onclick: () => ((isEdited = false), draw()) }, t("apps.cancel"))));
  }

  return { element, show };
}
