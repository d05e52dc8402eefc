// Dialogs and popovers: the browser's own, so that Esc closes them and focus goes back.

import { button, fill, h } from "./dom.js";
import { icon } from "./icons.js";

/** Show a dialog with a title; returns it. `close()` takes it away again. */
export function openDialog(title, closeWord, ...children) {
  const before = document.activeElement;
  const close = button({ className: "quiet square", "aria-label": closeWord, title: closeWord, onclick: () => dialog.close() }, icon("close"));
  const dialog = h("dialog", { className: "sheet", "aria-label": title });
  fill(dialog, h("header", {}, h("h2", {}, title), close), h("div", { className: "body" }, children));
  dialog.onclose = () => (dialog.remove(), before?.focus?.());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let made = 0;

/** Return `[button, popover]`: the popover opens below the button, and `draw(popover)` fills it then. */
export function popover(props, label, draw) {
  const id = `popover-${++made}`;
  const box = h("div", { id, popover: "auto", className: "overlay" });
  const opener = button({ ...props, popovertarget: id, "aria-expanded": "false" }, label);
  box.addEventListener("beforetoggle", (event) => event.newState === "open" && draw(box));
  box.addEventListener("toggle", (event) => {
    opener.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") place(box, opener);
  });
  return [opener, box];
}

function place(box, opener) {
  const at = opener.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8));
  const below = at.bottom + 6;
  const top = below + box.offsetHeight > innerHeight - 8 && at.top > box.offsetHeight ? at.top - box.offsetHeight - 6 : below;
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${top}px`);
}
