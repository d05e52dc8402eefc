// Copying answers in the button, not beside it.

import { button, h, say } from "./dom.js";
import { icon } from "./icons.js";

/** Put a text on the clipboard; without the permission, by a selection. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch {
    // A page over http from another machine has no clipboard of its own.
  }
  const area = h("textarea", { className: "unseen", value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Return a button that copies what `make()` returns; `done` is what it says for a while then. */
export function copyButton(props, label, make, done) {
  const words = h("span", { className: "label" }, label);
  const element = button({ ...props, onclick: run }, icon("copy", 14), words, props.kbd && h("kbd", {}, props.kbd));
  async function run() {
    await copyText(await make());
    say(words, typeof done === "function" ? done() : done);
    element.classList.add("done");
    setTimeout(() => (say(words, label), element.classList.remove("done")), 1500);
  }
  return element;
}
