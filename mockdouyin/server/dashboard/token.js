// The page that asks for the control token, once in a tab's life.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

let asking = null;

/** Ask, and wait for an answer; several calls that are refused at once ask together. */
export function askToken(wrong, give, t) {
  asking ??= new Promise((done) => {
    const field = h("input", { type: "password", autocomplete: "off", required: true, id: "token", "aria-describedby": "token-about" });
    const leave = (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      give(text);
      dialog.close();
      dialog.remove();
      asking = null;
      done();
    };
    const form = h(
      "form",
      { method: "dialog", onsubmit: leave },
      h("h1", {}, t("token.title")),
      h("p", { id: "token-about", className: "soft" }, t("token.about")),
      wrong && h("p", { className: "wrong", role: "status" }, icon("refused", 14), t("token.wrong")),
      h("label", { for: "token" }, t("token.label")),
      h("div", { className: "line" }, field, h("button", { className: "dark" }, t("token.go"))),
    );
    const dialog = fill(h("dialog", { className: "token", oncancel: (event) => event.preventDefault() }), form);
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
  return asking;
}
