// The words about one thing that happened: its verdict, why, who and by what.

import { a, button, h } from "../dom.js";
import { icon, mark } from "../icons.js";
import { clockTime, day, took } from "../time.js";
import { face, path, rowMark } from "./rows.js";
import { usedBefore } from "./life.js";
import { shortName } from "./stories.js";

const TONES = { ok: "is-ok", refused: "is-refused", unknown: "is-refused" };
const SHOWN = 7;

/** How it ended: an attempt to deliver that failed was refused by nobody here. */
const endOf = ({ kind, verdict }) => (kind === "delivery" && verdict !== "ok" ? "undelivered" : verdict);

export function head(it, { t }) {
  const code = it.error?.code ?? it.fault ?? (it.verdict === "unknown" ? it.status : "");
  const end = endOf(it);
  const badge = h("span", { className: `badge ${TONES[end] ?? "is-fault"}` }, mark(end === "undelivered" ? "fault" : end, "", 14), `${t(`timeline.verdict_${end}`)} ${code}`.trim());
  const facts = [it.status && `HTTP ${it.status}`, took(it.took_ms), `${day(it.time)} ${clockTime(it.time)}`].filter(Boolean).join(" · ");
  const what = it.path === undefined ? h("div", { className: "target" }, it.says) : h("div", { className: "target" }, h("code", { className: "method" }, it.method), " ", h("code", { className: "head" }, it.host), path(it.path));
  return [h("div", { className: "line" }, h("h1", {}, `#${it.id}`), badge, h("span", { className: "soft facts" }, facts)), what];
}

export function whyBlock(it, given) {
  const { t, story, lives } = given;
  const end = endOf(it);
  const tone = TONES[end] ?? "is-fault";
  const facts = rows(it, given);
  const isPlain = it.verdict === "ok";
  return h(
    "div",
    { className: `why ${isPlain ? "is-plain" : tone}` },
    !isPlain && h("p", { className: `line ${tone}` }, mark(end === "undelivered" ? "fault" : end, "", 15), h("b", {}, t(`timeline.why_${end}`))),
    !isPlain && h("h2", { className: "sentence" }, it.why || t(`timeline.no_why_${it.fault ? "fault" : "other"}`, { fault: it.fault ?? "" })),
    lives.element ?? (story && steps(it, given)),
    facts.length > 0 && h("dl", {}, facts.map(([word, ...value]) => [h("dt", {}, t(`timeline.${word}`)), h("dd", {}, value)])),
  );
}

/** The story's steps around this one, in the order in which they came. */
function steps(it, { story, open, t }) {
  const here = story.rows.findIndex((row) => row.id === it.id);
  const from = Math.max(0, Math.min(here - 3, story.rows.length - SHOWN));
  const shown = story.rows.slice(from, from + SHOWN);
  const step = (row) =>
    h(
      "li",
      { "aria-current": row.id === it.id ? "step" : null, className: row.verdict === "ok" ? "" : "bad" },
      h("span", { className: "stop" }, rowMark(row, t)),
      h("time", {}, clockTime(row.time)),
      button({ className: "link", title: row.path ?? row.says, onclick: () => open(row.id) }, `#${row.id} ${shortName(row)}`),
    );
  return h("div", { className: "life" }, h("ol", { "aria-label": t("timeline.story") }, shown.map(step)), story.rows.length > SHOWN && h("p", { className: "soft" }, t("timeline.step_of", { at: here + 1, n: story.rows.length })));
}

function rows(it, given) {
  const { names, filterBy, open, told } = given;
  const facts = [];
  const filter = (word, value, ...said) => button({ className: "link", title: given.t("timeline.filter_by", { word, value }), onclick: () => filterBy(word, value) }, said);
  const earlier = it.verdict === "refused" && usedBefore(told, it);
  if (earlier) facts.push(["used_by", button({ className: "link", onclick: () => open(earlier.id) }, `#${earlier.id}`), ` · ${ago(earlier, it, given)}`]);
  if (it.person) facts.push(["who", face(it.person), " ", filter("person", it.person, it.person)]);
  if (it.app) facts.push(["app", filter("app", it.app, names.app(it.app)), " ", h("code", { className: "soft" }, it.app)]);
  if (it.endpoint) facts.push(["endpoint", filter("endpoint", it.endpoint, h("code", {}, it.endpoint))]);
  if (it.kind) facts.push(["kind", filter("kind", it.kind, h("code", {}, it.kind))]);
  if (it.rule) facts.push(["decided_by", given.t("timeline.by_the_rule"), " ", filter("rule", it.rule, h("code", {}, it.rule))]);
  else if (it.verdict === "refused" && it.endpoint) facts.push(["decided_by", given.t("timeline.by_state")]);
  for (const each of given.findings.of(it.id)) facts.push(["fix", each.fix, " ", a(given.link({ view: "findings", params: { rule: each.rule } }), { className: "link" }, h("code", {}, each.rule))]);
  const doc = it.verdict !== "ok" && names.endpoints.get(it.endpoint)?.doc;
  if (doc) facts.push(["source", h("a", { className: "link", href: doc, target: "_blank", rel: "noreferrer" }, given.t("timeline.doc"))]);
  return facts;
}

function ago(earlier, it, { t }) {
  const seconds = Math.round((Date.parse(it.time) - Date.parse(earlier.time)) / 1000);
  return seconds > 0 ? t("timeline.earlier", { n: seconds }) : t("timeline.just_before");
}

/** Parameters that nothing read. */
export function unread(exchange, { t, names }) {
  if (!exchange.unread.length) return null;
  const known = names.endpoints.get(exchange.endpoint)?.parameters ?? [];
  return exchange.unread.map((name) => {
    const meant = known.find((each) => plain(each) === plain(name));
    return h("p", { className: "hint" }, icon("fault", 15), h("span", {}, h("code", {}, name), " ", t("timeline.unread"), meant && [" ", t("timeline.meant"), " ", h("code", {}, h("b", {}, meant)), t("timeline.question")]));
  });
}

const plain = (name) => name.replaceAll(/[_-]/g, "").toLowerCase();

/** What a call that nothing answered came closest to, field by field. */
export function near(exchange, { t }) {
  if (!exchange.near) return null;
  const { candidate, differences } = exchange.near;
  return h(
    "section",
    { className: "near" },
    h("h3", {}, t("timeline.near"), " ", h("code", {}, candidate)),
    h("dl", {}, differences.map((each) => [h("dt", {}, mark("refused", "", 13), h("code", {}, each.field)), h("dd", {}, t("timeline.expected"), " ", h("code", {}, shown(each.expected, t)), " ", t("timeline.seen"), " ", h("code", { className: "is-refused" }, shown(each.seen, t)))])),
  );
}

const shown = (value, t) => (value === null ? t("timeline.absent") : String(value));

/** What it belongs to; each filters. */
export function links(it, { t, filterBy }) {
  if (!it.links.length) return null;
  return h("p", { className: "belongs soft" }, t("timeline.belongs"), it.links.map((link) => [" ", button({ className: "link", title: t("timeline.filter_by", { word: "link", value: link }), onclick: () => filterBy("link", link) }, h("code", {}, decode(link)))]));
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
