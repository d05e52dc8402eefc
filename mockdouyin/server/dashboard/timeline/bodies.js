// Request beside reply, with what matters marked; headers fold.

import { button, h } from "../dom.js";
import { icon } from "../icons.js";
import { jsonTree, unfolded } from "../json.js";
import { copyButton } from "../copy.js";
import { clockTime, took } from "../time.js";

/** The bytes of an exchange, of an act's values, or of a delivery. */
export function bodies({ exchange, act, delivery }, given) {
  if (exchange) return [pair(requestOf(exchange), replyOf(exchange), given), headers(exchange, given)];
  const attempts = delivery ? [deliveryOf(delivery, given)] : [];
  if (act.given === null && act.result === null) return attempts;
  return [...attempts, pair({ word: "given", body: act.given ?? {}, marks: {} }, { word: "result", body: act.result ?? {}, marks: {} }, given)];
}

function requestOf({ request, unread, why, verdict }) {
  const fields = request.body !== null && typeof request.body === "object" ? Object.keys(request.body) : [];
  const marks = {};
  for (const name of fields) if (verdict === "refused" && mentions(why, name)) marks[name] = "refused";
  for (const name of unread) marks[name] = "unread";
  const body = request.body === "" ? null : request.body;
  return { word: "request", body, query: request.query, marks };
}

const mentions = (text, name) => new RegExp(`(^|[^A-Za-z0-9_])${name.replaceAll(/[^A-Za-z0-9_]/g, "\\$&")}([^A-Za-z0-9_]|$)`).test(text);

function replyOf({ reply, error }) {
  return { word: "reply", body: reply.body, marks: error ? pathsOf(reply.body, error.code) : {} };
}

/** Where a reply says the number of its error. */
function pathsOf(value, code, at = "", found = {}, depth = 0) {
  if (value === null || typeof value !== "object" || depth > 4) return found;
  for (const [name, each] of Object.entries(value)) {
    const path = at ? `${at}.${name}` : name;
    if (String(each) === String(code)) found[path] = "refused";
    else pathsOf(each, code, path, found, depth + 1);
  }
  return found;
}

function pair(one, other, given) {
  const { t, isRevealed, reveal } = given;
  const eye = button({ className: "quiet small-words", "aria-pressed": String(isRevealed), onclick: reveal }, icon("eye", 14), t(isRevealed ? "timeline.hide_secrets" : "timeline.show_secrets"));
  const side = ({ word, body, query, marks }, tool) =>
    h(
      "div",
      { className: `side ${word}` },
      h("header", {}, h("h3", {}, t(`timeline.${word}`)), h("span", { className: "tools" }, tool, copyButton({ className: "quiet square small", "aria-label": t("timeline.copy"), title: t("timeline.copy") }, "", () => textOf(body, query), "✓"))),
      query && h("div", { className: "json query" }, queryLines(query)),
      body !== null && body !== "" ? jsonTree(body, t, marks) : !query && h("p", { className: "soft none" }, t("timeline.no_body")),
    );
  return h("div", { className: "pair" }, side(one, eye), side(other));
}

function textOf(body, query) {
  const text = typeof body === "string" ? body : body === null ? "" : JSON.stringify(body, null, 2);
  return [query, text].filter(Boolean).join("\n");
}

function queryLines(query) {
  return [...new URLSearchParams(query)].map(([name, value], n) => h("div", {}, h("span", { className: "key" }, n ? "&" : "?", name), "=", value));
}

function headers(exchange, { t }) {
  const table = (word, found) => {
    const entries = Object.entries(found);
    return h("details", {}, h("summary", {}, t(`timeline.${word}`, { n: entries.length })), h("dl", { className: "headers" }, entries.map(([name, value]) => [h("dt", {}, h("code", {}, name)), h("dd", {}, h("code", {}, value))])));
  };
  return h("div", { className: "all-headers" }, table("request_headers", exchange.request.headers), table("reply_headers", exchange.reply.headers));
}

function deliveryOf(delivery, { t }) {
  const attempt = (each, n) => h("li", {}, h("span", { className: "soft" }, t("timeline.attempt", { n: n + 1 })), h("time", {}, clockTime(each.time)), h("code", { className: each.problem ? "is-fault" : "is-ok" }, each.status ?? "—"), h("span", {}, each.problem ?? each.error ?? ""), h("span", { className: "soft" }, took(each.took_ms)));
  const body = unfolded(delivery.body) ?? delivery.body; // one that was made up by hand may be any text
  return h(
    "div",
    { className: "pair one" },
    h("div", { className: "side" }, h("header", {}, h("h3", {}, delivery.event), h("code", { className: "soft" }, delivery.url)), h("ol", { className: "attempts" }, delivery.attempts.map(attempt), delivery.next_try && h("li", { className: "soft" }, t("timeline.next_try", { time: clockTime(delivery.next_try) }))), jsonTree(body, t)),
  );
}
