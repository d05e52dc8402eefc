// What became of a delivery: in a sentence, and attempt by attempt.

import { a, button, h, say } from "../dom.js";
import { icon, mark } from "../icons.js";
import { clockTime, day, span, took } from "../time.js";
import { stateMark, TONES } from "./rows.js";
import { withWord } from "../timeline/query.js";
import { face } from "../timeline/rows.js";

/** Return `{element, tick()}`: the block that says where it stands; tick() counts down. */
export function standing(delivery, given) {
  const { t, clock, names } = given;
  const last = delivery.attempts.at(-1);
  const n = delivery.attempts.length;
  const until = h("span", {});
  const isWaiting = delivery.next_try !== null;
  const jump = isWaiting && button({ className: "edge", onclick: () => clock.move(`${secondsTo(delivery, clock)}s`) }, icon("next", 14), t("deliveries.jump"));
  const tone = TONES[delivery.state] ?? "";
  const sentence = last?.problem ? t("deliveries.not_counted", { problem: last.problem }) : t(n ? "deliveries.accepted" : "deliveries.not_sent", { n });
  const element = h(
    "div",
    { className: `why ${tone === "is-ok" ? "is-plain" : tone}` },
    h("p", { className: `line ${tone}` }, stateMark(delivery, t, 15), h("b", {}, t(`deliveries.says_${delivery.state}`, { n }))),
    tone !== "is-ok" && h("h2", { className: "sentence" }, sentence),
    isWaiting && h("p", { className: "next-try" }, h("span", {}, t("deliveries.next", { n: n + 1, time: clockTime(delivery.next_try) }), until), jump),
    h("dl", {}, facts(delivery, given, names).map(([word, ...value]) => [h("dt", {}, t(`deliveries.${word}`)), h("dd", {}, value)])),
  );
  const tick = () => isWaiting && say(until, t("deliveries.until", { span: span(secondsTo(delivery, clock), t) }));
  tick();
  return { element, tick };
}

const secondsTo = (delivery, clock) => Math.max(0, Math.ceil((Date.parse(delivery.next_try) - clock.now()) / 1000));

function facts(delivery, { t, link, live, filterBy }, names) {
  const found = [];
  const cause = live.find(delivery.cause);
  const filter = (word, value, ...said) => button({ className: "link", title: t("timeline.filter_by", { word, value }), onclick: () => filterBy(word, value) }, said);
  if (delivery.cause) found.push(["cause", a(link({ view: "timeline", params: { at: delivery.cause } }), { className: "link" }, `#${delivery.cause} ${cause ? (cause.path ?? cause.says) : ""}`.trim())]);
  const [story] = delivery.links;
  if (story) found.push(["story", a(link({ view: "timeline", params: { q: withWord("", "link", story), at: delivery.cause || null } }), { className: "link" }, h("code", {}, decoded(story)))]);
  if (delivery.person) found.push(["person", face(delivery.person), " ", filter("person", delivery.person, delivery.person)]);
  found.push(["app", filter("app", delivery.app, names.app(delivery.app)), " ", h("code", { className: "soft" }, delivery.app)]);
  found.push(["to", h("code", {}, delivery.url)]);
  return found;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Each attempt with the receiver's answer, and the virtual time between them. */
export function attempts(delivery, { t }) {
  if (!delivery.attempts.length) return null;
  const row = (each, n, all) => [n > 0 && gap(all[n - 1], each, t), attempt(each, n, t)];
  return h("section", { className: "tries", "aria-label": t("deliveries.attempts") }, h("ol", {}, delivery.attempts.map(row)));
}

function attempt(each, n, t) {
  const answer = each.body || each.error || t("deliveries.empty_answer");
  return h(
    "li",
    {},
    mark(each.problem ? "fault" : "ok", t(each.problem ? "deliveries.refused" : "deliveries.taken"), 15),
    h("time", { title: `${day(each.time)} ${clockTime(each.time)}` }, clockTime(each.time)),
    h("span", { className: "nth" }, t("timeline.attempt", { n: n + 1 })),
    h("code", { className: each.problem ? "is-fault" : "is-ok" }, h("b", {}, each.status ?? t("deliveries.no_answer"))),
    h("code", { className: `answer ${each.body ? "" : "soft"}` }, answer),
    h("span", { className: "soft took" }, took(each.took_ms)),
    each.problem && each.problem !== answer && h("p", { className: "problem-line is-fault" }, each.problem),
  );
}

function gap(before, after, t) {
  const seconds = (Date.parse(after.time) - Date.parse(before.time)) / 1000;
  return h("li", { className: "gap soft" }, t("deliveries.gap", { span: span(seconds, t) }));
}
