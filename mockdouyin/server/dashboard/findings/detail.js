// One rule that was broken: what shows it, why it matters, what to do, how to see that it is done.

import { a, fill, h } from "../dom.js";
import { icon, mark } from "../icons.js";
import { command, reaching } from "../command.js";
import { copyButton } from "../copy.js";
import { clockTime } from "../time.js";
import { path } from "../timeline/rows.js";

const BEFORE = 4; // rows of the same story before the one that shows it

/** Fill the pane's title and body with a group of findings. */
export function showFinding(title, body, { rule, level, about, why, findings }, context) {
  const { t, world } = context;
  fill(title, h("h1", {}, about), h("div", { className: "target" }, h("code", { className: "soft" }, rule), level === "note" && [" ", h("span", { className: "badge" }, t("findings.level_note"))]));
  const [first] = findings;
  const fixes = [...new Set(findings.map((each) => each.fix))];
  fill(
    body,
    section(t("findings.seen"), findings.map((each) => evidence(each, context))),
    section(t("findings.why"), h("p", { className: "lead" }, why)),
    section(t("findings.fix"), fixes.map((each) => h("p", { className: "lead" }, each))),
    level === "note" ? h("p", { className: "hint-line" }, t("findings.note_about")) : section(t("findings.check"), h("p", { className: "soft" }, t("findings.check_about")), command(t, t("findings.in_shell"), "", `mockdouyin doctor --rule ${rule} --fail${reaching(world)}`), command(t, t("findings.in_test"), "", `assert [each for each in douyin.findings if each.rule == "${rule}"] == []`)),
    section(t("findings.source"), sources(first.source)),
  );
}

const section = (word, ...children) => h("section", { className: "part" }, h("h3", { className: "soft" }, word), children);

/** The exchange that shows it, after those of the same story; each leads to the timeline. */
function evidence({ rule, level, says, exchange }, { t, live, link }) {
  const [story] = exchange.links;
  const kin = story ? live.rows.filter((row) => row.id < exchange.id && row.links.includes(story) && row.type !== "delivery").slice(-BEFORE) : [];
  const line = (row) => {
    const code = row.error?.code ?? row.code ?? row.status ?? "";
    const isShown = row.id === exchange.id;
    return h(
      "li",
      { className: isShown ? "shows" : "" },
      mark(row.verdict ?? "act", row.verdict ? t(`timeline.verdict_${row.verdict}`) : "", 15),
      a(link({ view: "timeline", params: { at: row.id } }), { className: "link", title: t("findings.open") }, `#${row.id}`),
      row.path === undefined || row.path === null ? h("span", { className: "what" }, row.says) : h("span", { className: "what" }, h("code", { className: "soft" }, `${row.method} `), path(row.path)),
      row.verdict !== "ok" && row.path ? h("span", { className: `badge ${row.verdict === "refused" ? "is-refused" : "is-fault"}` }, `${code} ${row.error?.name ?? row.error ?? ""}`.trim()) : h("span", {}),
      h("time", { className: "soft" }, clockTime(row.time)),
    );
  };
  return h(
    "div",
    { className: level === "note" ? "evidence is-note" : "evidence" },
    h("p", { className: "says" }, says),
    h("ol", {}, [...kin, exchange].map(line)),
    rule === "unread_field" && exchange.unread.length > 0 && h("p", { className: "hint" }, icon("fault", 15), h("span", {}, t("findings.unread"), " ", exchange.unread.map((each, n) => [n > 0 && "、", h("code", {}, h("b", {}, each))]))),
    exchange.why && h("p", { className: "because soft" }, t("findings.because"), " ", exchange.why),
  );
}

/** The source, its addresses as links. */
function sources(text) {
  const parts = text.split(/(https?:\/\/[^\s)（]+)/);
  return h("p", { className: "source" }, parts.map((each) => (/^https?:\/\//.test(each) ? h("a", { className: "link", href: each, target: "_blank", rel: "noreferrer" }, each) : each)));
}

/** All findings as Markdown, for an issue or a colleague. */
export function markdown(groups, { t }) {
  const part = ({ rule, level, about, findings }) => [`## ${level === "note" ? `${t("findings.level_note")}: ` : ""}${about} (\`${rule}\`)`, "", ...findings.map((each) => `- #${each.exchange.id} \`${each.exchange.method} ${each.exchange.path}\` ${each.says}`), "", `${t("findings.fix")}: ${findings[0].fix}`, "", `${t("findings.source")}: ${findings[0].source}`, ""].join("\n");
  return groups.map(part).join("\n");
}

/** Return the button that copies a link to what is shown. */
export const linker = (t) => copyButton({ className: "quiet square", "aria-label": t("timeline.link"), title: t("timeline.link") }, "", () => location.href, "✓");
