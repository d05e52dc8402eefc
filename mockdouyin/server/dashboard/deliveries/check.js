// The examination of a receiver, in place: what each probe sent, what came back, what it means.

import { button, fill, h } from "../dom.js";
import { icon, mark } from "../icons.js";
import { copyButton } from "../copy.js";
import { clockTime, took } from "../time.js";
import { shortUrl } from "./rows.js";

const ORDER = ["fail", "advice", "pass"];
const MARKS = { fail: "refused", advice: "fault", pass: "ok" };

/** Return the pane: element, app, show(app), hide(), focus(). `choose(app)` asks for another one. */
export function createCheck(context, { names, choose, close }) {
  const { api, t, clock } = context;
  const title = h("div", { className: "title", tabIndex: -1 });
  const body = h("div", { className: "reading check" });
  const back = button({ className: "quiet back narrow-only", onclick: close }, icon("left"), t("deliveries.tab"));
  const element = h("section", { className: "pane detail", "aria-label": t("check.title"), hidden: true }, h("header", { className: "pane-head" }, back, title, h("span", { className: "tools" }, button({ className: "quiet square", "aria-label": t("frame.close"), title: t("frame.close"), onclick: close }, icon("close")))), body);
  const check = { element, app: "", show, hide, focus: () => title.focus() };
  const reports = new Map(); // by app: what came of it, and of what address
  let isRunning = false;

  function show(app) {
    check.app = app;
    element.hidden = false;
    draw();
  }

  function hide() {
    check.app = "";
    element.hidden = true;
  }

  function draw() {
    const key = names.apps.has(check.app) ? check.app : [...names.apps.values()].find((each) => each.name === check.app || each.kind === check.app)?.client_key;
    const app = names.apps.get(key);
    const report = reports.get(key);
    fill(title, h("h1", {}, t("check.title")), h("div", { className: "target soft" }, t("check.about")));
    if (!app) {
      fill(body);
      return;
    }
    const chooser = h("select", { onchange: () => choose(chooser.value) }, [...names.apps.values()].map((each) => h("option", { value: each.client_key, selected: each.client_key === key }, names.app(each.client_key))));
    const url = h("input", { className: "mono", type: "url", required: true, spellcheck: false, value: report?.asked ?? app.webhook?.url ?? "", placeholder: t("deliveries.example") });
    const go = h("button", { className: "dark", disabled: isRunning }, icon("pulse", 14), t(isRunning ? "check.running" : report ? "check.again" : "check.go"));
    const submit = (event) => (event.preventDefault(), run(key, url.value.trim()));
    fill(
      body,
      h("form", { className: "fields check-form", onsubmit: submit }, h("label", { className: "field" }, h("span", {}, t("send.app")), chooser), h("label", { className: "field" }, h("span", {}, t("check.url")), url), go),
      h("p", { className: "hint" }, icon("fault", 15), h("span", {}, t("check.warning"))),
      h("div", { role: "status", "aria-live": "polite", className: "report" }, isRunning ? h("p", { className: "soft" }, t("check.waiting")) : report && reportOf(report)),
    );
  }

  async function run(key, url) {
    if (isRunning) return;
    isRunning = true;
    const began = performance.now();
    draw();
    try {
      const report = await api.post("check-webhook", { app: key, url });
      reports.set(key, { ...report, asked: url, seconds: (performance.now() - began) / 1000, at: clock.now() });
    } catch (error) {
      context.fail(error);
    }
    isRunning = false;
    if (check.app) draw();
  }

  function reportOf(report) {
    const counts = [["failed", "is-refused"], ["advice", "is-fault"], ["passed", "is-ok"]];
    const sorted = [...report.probes].sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict));
    return [
      h("div", { className: "line counts" }, counts.map(([word, tone]) => report[word] > 0 && h("span", { className: `badge ${tone}` }, t(`check.${word}`, { n: report[word] }))), h("span", { className: "soft facts" }, t("check.took", { n: report.probes.length, s: report.seconds.toFixed(1), time: clockTime(report.at) }), ` · ${shortUrl(report.url)}`)),
      report.ended && h("p", { className: "hint" }, icon("fault", 15), h("span", {}, t("check.ended", { n: report.unsent.length, why: report.ended }))),
      h("div", { className: "probes" }, sorted.map(probeOf)),
      h("div", { className: "line" }, copyButton({ className: "quiet" }, t("check.command"), () => `mockdouyin check-webhook ${report.url} --client-key ${report.client_key} --secret "$CLIENT_SECRET"`, () => t("timeline.copied"))),
    ];
  }

  function probeOf(each) {
    return h(
      "details",
      { className: `probe ${each.verdict}`, open: each.verdict === "fail", dataset: { probe: each.probe } },
      h("summary", {}, mark(MARKS[each.verdict], t(`check.verdict_${each.verdict}`), 14), h("code", {}, h("b", {}, each.probe)), h("span", { className: "about soft" }, each.about)),
      h("p", { className: "explanation" }, each.explanation),
      h("details", { className: "messages" }, h("summary", { className: "soft" }, t("check.messages", { n: each.messages.length })), each.messages.map(messageOf)),
    );
  }

  function messageOf(message) {
    const back = message.error ?? message.answer;
    return h(
      "div",
      { className: "message" },
      h("p", {}, h("span", { className: "soft" }, t("check.sent"), " "), message.about),
      h("pre", { className: "raw mono", tabIndex: 0 }, message.body),
      h("p", { className: "mono" }, h("span", { className: "soft" }, "X-Douyin-Signature: "), message.headers["X-Douyin-Signature"] ?? t("check.unsigned")),
      h("p", {}, h("span", { className: "soft" }, t("check.back"), " "), h("code", {}, h("b", {}, message.status ?? "—")), " ", h("code", {}, back || t("deliveries.empty_answer")), h("span", { className: "soft" }, ` ${took(message.took_ms)}`)),
    );
  }

  return check;
}
