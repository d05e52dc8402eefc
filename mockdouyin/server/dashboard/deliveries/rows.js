// A delivery as a row, and the words for what became of it.

import { h } from "../dom.js";
import { mark } from "../icons.js";
import { clockTime } from "../time.js";

export const TONES = { delivered: "is-ok", failed: "is-fault", waiting: "is-pending", held: "is-pending" };
const MARKS = { delivered: "ok", failed: "failed", waiting: "waiting", held: "held" };
const SHOWN = 3; // attempts in a row

/** Return what a row shows: made anew only if this changed. */
export const versionOf = (each) => `${each.state} ${each.attempts.length} ${each.next_try}`;

/** The count of an app's deliveries, which their ids end with. */
export const numberOf = (id) => id.slice(id.lastIndexOf("-") + 1);

/** A receiver without what all of them share: `:9000/hook`. */
export function shortUrl(url) {
  const plain = url.replace(/^https?:\/\//, "").replace(/\?.*$/s, "");
  return plain.replace(/^(127\.0\.0\.1|localhost|\[::1\])(?=:)/, "");
}

export function stateMark(delivery, t, size = 16) {
  return mark(MARKS[delivery.state] ?? "act", t(`deliveries.state_${delivery.state}`), size);
}

/** What came back, from attempt to attempt. */
export function answers(delivery, t) {
  const shown = delivery.attempts.slice(-SHOWN);
  const parts = shown.map((each) => h("code", { className: each.problem ? "is-fault" : "is-ok" }, each.status ?? t("deliveries.no_answer")));
  if (delivery.attempts.length > SHOWN) parts.unshift(h("span", { className: "soft" }, "…"));
  if (delivery.next_try) parts.push(h("span", { className: "is-pending" }, t("deliveries.try_at", { time: clockTime(delivery.next_try), n: delivery.attempts.length + 1 })));
  return parts.map((each, n) => [n > 0 && h("span", { className: "soft" }, " → "), each]);
}

export function rowElement(delivery, { t }) {
  return h(
    "div",
    { className: "row" },
    h("span", { className: "mark" }, stateMark(delivery, t)),
    h("span", { className: "number", title: delivery.id }, numberOf(delivery.id)),
    h("span", { className: "what" }, h("code", {}, h("b", {}, delivery.event)), h("code", { className: "soft to" }, ` → ${shortUrl(delivery.url)}`)),
    h("span", { className: "result" }, h("span", {}, answers(delivery, t))),
    h("span", { className: "who soft" }, delivery.person),
    h("time", {}, clockTime(delivery.born)),
  );
}
