// A row of the timeline: mark, number, what, result, virtual time, how long it took.

import { a, button, h } from "../dom.js";
import { icon, mark } from "../icons.js";
import { clockTime, took } from "../time.js";
import { faceOf } from "./names.js";
import { outline, paid, refusals } from "./stories.js";

/** A row's mark: a verdict, or the icon of who acted. */
export function rowMark(row, t) {
  if (row.type === "exchange") return mark(row.verdict, t(`timeline.verdict_${row.verdict}`));
  if (row.type === "delivery") return paint(icon("send", 15, t(`timeline.delivery_${row.verdict}`)), row.verdict === "ok" ? "is-ok" : "is-fault");
  if (row.verdict !== "ok") return mark(row.verdict, t(`timeline.verdict_${row.verdict}`));
  const [head] = row.kind.split(".");
  const name = { phone: "phone", sheet: "phone", clock: "skip", rule: "rule", consent: "person", social: "person", event: "send", push: "send", webhook: "link", link: "link" }[head];
  return name ? paint(icon(name, 15, t("timeline.act")), "is-act") : mark("act", t("timeline.act"));
}

function paint(element, className) {
  element.classList.add(className);
  return element;
}

/** What happened: a method with a path whose last part stands out, or a sentence. */
export function what(row) {
  if (row.type !== "exchange") return h("span", { className: "what" }, h("span", { className: "says" }, row.says));
  return h("span", { className: "what" }, h("code", { className: "method" }, row.method), " ", path(row.path));
}

export function path(text) {
  const [, head, tail] = /^(.*?)([^/]*\/?)$/s.exec(text);
  return h("code", { className: "path", title: text }, h("span", { className: "head" }, head), h("b", {}, tail));
}

function result(row, names) {
  const tone = { refused: "is-refused", unknown: "is-refused", bent: "is-bent", fault: "is-fault", error: "is-fault" }[row.verdict] ?? "";
  const code = row.fault ?? row.code ?? (row.verdict === "unknown" || row.status >= 400 ? row.status : null);
  const whose = row.type === "exchange" && row.verdict === "ok" ? row.person || names.app(row.app) : "";
  const said = row.why || row.error || whose;
  const rule = row.rule && !said.includes(row.rule) ? `${said ? " · " : ""}${row.rule}` : "";
  return [code !== null && h("code", { className: tone }, String(code)), h("span", { className: "soft", title: said }, said + rule)];
}

/** Return a flag that leads to what a row shows; null if that is nothing. */
function flag([finding], { link }) {
  if (!finding) return null;
  const words = finding.about;
  return a(link({ view: "findings", params: { rule: finding.rule } }), { className: "flag is-fault", tabIndex: -1, title: words }, icon("flag", 14, words));
}

/** What an item shows beside its row's own fields, which never change. */
export function versionOf({ type, row, story, isOpen, version }, findings, related) {
  if (type === "row") return `${version} ${findings.version(row.id)} ${related.words(row.id)}`;
  return isOpen ? version : `${version} ${story.rows.map((each) => findings.version(each.id)).join("")}`;
}

/** Return the element of a row; within a story it hangs on a rail. `related` says why the open row needs it. */
export function rowElement(item, given) {
  const { t, names, related } = given;
  const { row, story, isLast } = item;
  const why = related(row.id);
  return h(
    "div",
    { className: `row${story ? " step" : ""}${isLast ? " last" : ""}${why ? " related" : ""}` },
    h("span", { className: "mark" }, rowMark(row, t)),
    h("span", { className: "number" }, `#${row.id}`),
    what(row),
    h("span", { className: "result" }, result(row, names), why && h("span", { className: "badge why-related" }, why), flag(names.findings(row.id), given)),
    h("time", {}, clockTime(row.time)),
    h("span", { className: "took" }, took(row.took_ms)),
  );
}

/** Return the head of a story: it reads as a row, and folds. */
export function storyElement(item, given) {
  const { t, names, toggle } = given;
  const { story, isOpen } = item;
  const [refused, outcome] = [refusals(story), paid(story)];
  const word = story.verdict === "ok" && refused ? t("timeline.ok_again") : story.verdict === "refused" ? t("timeline.refused_n", { n: refused }) : t(`timeline.story_${story.verdict}`);
  const tone = { ok: "is-ok", refused: "is-refused", unknown: "is-refused" }[story.verdict] ?? "is-fault";
  const steps = story.rows.slice(-7).map((row) => h("i", {}, dot(row)));
  return h(
    "div",
    { className: `row story${isOpen ? " open" : ""}` },
    h("span", { className: "mark" }, button({ className: "quiet square small", tabIndex: -1, "aria-label": t(isOpen ? "timeline.fold" : "timeline.unfold"), onclick: () => toggle(story) }, icon(isOpen ? "down" : "right", 14))),
    h("span", { className: "number" }, story.person ? face(story.person) : mark("act")),
    h("span", { className: "what" }, h("b", {}, story.person || names.app(story.app) || t(`timeline.kind_${story.kind}`)), story.person && story.app && [h("span", { className: "soft" }, " → "), h("b", {}, names.app(story.app))], story.ownNumber && h("code", { className: "own-number" }, story.ownNumber), h("span", { className: "outline soft" }, outline(story).join(" → "))),
    h("span", { className: "result" }, h("span", { className: "strip", "aria-hidden": "true" }, steps), outcome && h("span", { className: "outcome soft", title: outcome }, outcome), h("span", { className: "ends" }, !isOpen && flag(story.rows.flatMap((row) => names.findings(row.id)), given), h("span", { className: `badge ${tone}` }, word))),
    h("time", {}, clockTime(story.rows.at(-1).time)),
    h("span", { className: "took" }, t("timeline.steps", { n: story.rows.length })),
  );
}

function dot(row) {
  if (row.type === "exchange") return mark(row.verdict, "", 12);
  return mark(row.verdict === "ok" ? "act" : row.type === "delivery" ? "fault" : row.verdict, "", 12);
}

export function face(person) {
  return h("span", { className: `face face-${faceOf(person)}`, "aria-hidden": "true" }, [...person][0].toUpperCase());
}
