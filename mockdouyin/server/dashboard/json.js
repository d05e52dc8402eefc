// A JSON tree: plain text that folds, in which what matters is marked.

import { h } from "./dom.js";

const LONG = 400; // characters of a text that are shown at first
const ID = 56; // characters of a word, such as a code, that is shown whole
const MANY = 60; // items of an object or list that are shown at first

/** Parse what a delivery sent, where `content` and `msg` may be JSON within a text; null if it is none. */
export function unfolded(body) {
  try {
    const value = JSON.parse(body);
    return value?.constructor === Object ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ["content", "msg"].includes(name) ? inner(each) : each])) : value;
  } catch {
    return null;
  }
}

function inner(value) {
  try {
    return typeof value === "string" && value ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

/**
 * Return a tree of a value. `marks` has, by path such as `data.error_code`, "refused" or "unread";
 * `t` is for the words of what is folded.
 */
export function jsonTree(value, t, marks = {}) {
  return h("div", { className: "json", tabIndex: 0 }, typeof value === "string" ? text(value, t) : node(value, "", t, marks, 0));
}

function node(value, path, t, marks, depth) {
  if (value === null || typeof value !== "object") return leaf(value, path, t, marks);
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (!entries.length) return h("span", {}, open + close);
  const isEmpty = depth > 0 && entries.every(([, each]) => each === "" || each === null || each === 0 || each === false);
  const isFolded = (isEmpty && entries.length > 1) || depth > 6;
  const words = isEmpty ? t("json.empty", { n: entries.length }) : t("json.items", { n: entries.length });
  if (isFolded) return folded(`${open} ${words} ${close}`, () => block(value, entries, path, t, marks, depth));
  return block(value, entries, path, t, marks, depth);
}

function block(value, entries, path, t, marks, depth) {
  const isList = Array.isArray(value);
  const line = ([name, each], n, all) => {
    const below = path ? `${path}.${name}` : name;
    const key = !isList && h("span", { className: `key ${marks[below] === "unread" ? "unread" : ""}` }, JSON.stringify(name));
    return h("div", { className: "json-line" }, key, key && ": ", node(each, below, t, marks, depth + 1), n < all.length - 1 && ",");
  };
  const lines = entries.map((entry, n) => [entry, n]);
  const shown = lines.slice(0, MANY).map(([entry, n]) => line(entry, n, entries));
  const rest = lines.length > MANY && folded(t("json.more", { n: lines.length - MANY }), () => h("div", {}, lines.slice(MANY).map(([entry, n]) => line(entry, n, entries))));
  return h("span", {}, isList ? "[" : "{", h("div", { className: "json-block" }, shown, rest), isList ? "]" : "}");
}

function leaf(value, path, t, marks) {
  const said = JSON.stringify(value) ?? "";
  const className = `value ${marks[path] === "refused" ? "marked" : ""}`;
  if (typeof value === "string" && said.length > ID && !/\s/.test(value)) {
    return folded(`${said.slice(0, 14)}…${said.slice(-7)}`, () => h("span", { className }, said), `fold id ${className}`, value);
  }
  if (said.length <= LONG) return h("span", { className }, said);
  return h("span", { className }, said.slice(0, LONG), folded(t("json.rest", { n: said.length - LONG }), () => document.createTextNode(said.slice(LONG))));
}

function text(value, t) {
  const cut = LONG * 5;
  if (value.length <= cut) return h("span", { className: "plain" }, value);
  return h("span", { className: "plain" }, value.slice(0, cut), folded(t("json.rest", { n: value.length - cut }), () => document.createTextNode(value.slice(cut))));
}

function folded(words, make, className = "fold", title = "") {
  const opener = h("button", { type: "button", className, title }, words);
  opener.onclick = () => opener.replaceWith(make());
  return opener;
}
