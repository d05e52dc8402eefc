// Parts of forms that several views use, and a way to ask the server no more often than needed.

import { button, fill, h } from "./dom.js";
import { copyButton } from "./copy.js";

/**
 * Return a choice of few: `options` are `[value, words, title?]`. `choose(value)` is called by a click
 * or an arrow; `element.value` reads and sets what is chosen.
 */
export function segments(label, options, value, choose = () => undefined) {
  const parts = options.map(([each, words, title]) => button({ className: "segment", role: "radio", value: each, title: title ?? "", onclick: () => take(each) }, words));
  const element = h("div", { className: "segments", role: "radiogroup", "aria-label": label, onkeydown: step }, parts);
  let chosen = value;

  function draw() {
    const place = Math.max(0, options.findIndex(([each]) => each === chosen));
    parts.forEach((part, n) => {
      part.setAttribute("aria-checked", String(options[n][0] === chosen));
      part.tabIndex = n === place ? 0 : -1;
    });
  }

  function take(each) {
    chosen = each;
    draw();
    choose(each);
  }

  function step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const place = options.findIndex(([each]) => each === chosen);
    const next = (place + by + options.length) % options.length;
    take(options[next][0]);
    parts[next].focus();
  }

  Object.defineProperty(element, "value", { get: () => chosen, set: (each) => ((chosen = each), draw()) });
  draw();
  return element;
}

/** Return a button that asks in place before it does what no click can undo. */
export function sureButton(props, label, sure, act) {
  let isAsking = false;
  const element = button({ ...props, onclick: run, onblur: () => ask(false) }, label);
  function ask(value) {
    isAsking = value;
    element.classList.toggle("asks", value);
    fill(element, value ? sure : label);
  }
  function run() {
    if (isAsking) act();
    ask(!isAsking);
  }
  return element;
}

/** Return a text with a button beside it that copies it. */
export function copyField(text, t, { mono = true, words = t("forms.copy"), make = () => text, done = () => t("forms.copied") } = {}) {
  return h("span", { className: "copy-field" }, h(mono ? "code" : "span", { className: "copied-text" }, text), copyButton({ className: "quiet small-copy", title: words }, words, make, done));
}

/** Return a block of text to copy. */
export function well(text, t, label) {
  return h("div", { className: "well" }, h("pre", { tabIndex: 0, "aria-label": label }, text), copyButton({ className: "quiet" }, t("forms.copy"), () => text, () => t("forms.copied")));
}

/**
 * Return `{soon, now, stop}`: `soon()` has `load` run within `wait` milliseconds, once however
 * often it is called, and never twice at the same time; hidden pages wait until they are seen.
 */
export function refresher(load, wait = 400) {
  let timer = 0;
  let running = null;
  let isWanted = false;
  let isStopped = false;

  function soon() {
    isWanted = true;
    if (!timer && !running && !isStopped && !document.hidden) timer = setTimeout(now, wait);
  }

  async function now() {
    clearTimeout(timer);
    timer = 0;
    isWanted = false;
    running = running ? running.then(load) : Promise.resolve(load());
    const mine = running;
    await mine;
    if (running === mine) running = null;
    if (isWanted) soon();
  }

  const seen = () => !document.hidden && isWanted && soon();
  document.addEventListener("visibilitychange", seen);
  return { soon, now, stop: () => ((isStopped = true), clearTimeout(timer), document.removeEventListener("visibilitychange", seen)) };
}
