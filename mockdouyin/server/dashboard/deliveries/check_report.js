// What an examination found: what each probe sent, what came back, what it means.

import { h } from "../dom.js";
import { icon, mark } from "../icons.js";
import { copyButton } from "../copy.js";
import { clockTime, took } from "../time.js";
import { shortUrl } from "./rows.js";

const ORDER = ["fail", "advice", "pass"];
const MARKS = { fail: "refused", advice: "fault", pass: "ok" };

/** Return the parts of a report; nothing if there is none yet. */
export function report(found, { t }) {
  if (!found.probes) return null;
  const counts = [["failed", "is-refused"], ["advice", "is-fault"], ["passed", "is-ok"]];
  const sorted = [...found.probes].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
  return [
    h("div", { className: "line counts" }, counts.map(([word, tone]) => found[word] > 0 && h("span", { className: `badge ${tone}` }, t(`check.${word}`, { n: found[word] }))), h("span", { className: "soft facts" }, t("check.took", { n: found.probes.length, s: found.seconds.toFixed(1), time: clockTime(found.at) }), ` · ${shortUrl(found.url)}`)),
    found.ended && h("p", { className: "hint" }, icon("fault", 15), h("span", {}, t("check.ended", { n: found.unsent.length, why: found.ended }))),
    h("div", { className: "probes" }, sorted.map((each) => probeOf(each, t))),
    h("div", { className: "line" }, copyButton({ className: "quiet" }, t("check.command"), () => commandOf(found), () => t("timeline.copied"))),
  ];
}

/** The same examination in a shell; secrets are left to its variables. */
function commandOf({ kind, url, client_key, asked }) {
  const begin = `mockdouyin check-webhook ${quoted(url)} --client-key ${client_key}`;
  if (kind === "app") return `${begin} --secret "$CLIENT_SECRET"`;
  const order = asked.order ? ` --order ${quoted(asked.order)} --amount ${asked.amount || '"$AMOUNT"'}` : "";
  return `${begin} --kind ${kind} --token "$TOKEN"${order}`;
}

const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function probeOf(each, t) {
  return h(
    "details",
    { className: `probe ${each.verdict}`, open: each.verdict === "fail", dataset: { probe: each.probe } },
    h("summary", {}, mark(MARKS[each.verdict], t(`check.verdict_${each.verdict}`), 14), h("code", {}, h("b", {}, each.probe)), h("span", { className: "about soft" }, each.about)),
    h("p", { className: "explanation" }, each.explanation),
    h("details", { className: "messages" }, h("summary", { className: "soft" }, t("check.messages", { n: each.messages.length })), each.messages.map((message) => messageOf(message, t))),
  );
}

function messageOf(message, t) {
  const back = message.error ?? message.answer;
  const { signature_header: header } = message;
  return h(
    "div",
    { className: "message" },
    h("p", {}, h("span", { className: "soft" }, t("check.sent"), " "), message.about),
    message.body && h("pre", { className: "raw mono", tabIndex: 0 }, message.body),
    header && h("p", { className: "mono" }, h("span", { className: "soft" }, `${header}: `), message.headers[header] ?? t("check.unsigned")),
    h("p", {}, h("span", { className: "soft" }, t("check.back"), " "), h("code", {}, h("b", {}, message.status ?? "—")), " ", h("code", {}, back || t("deliveries.empty_answer")), h("span", { className: "soft" }, ` ${took(message.took_ms)}`)),
  );
}
