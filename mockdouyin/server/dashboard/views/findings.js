// The findings: what the client does wrong, by rule, with what shows it and what to do.

import { button, fill, h, say } from "../dom.js";
import { icon as draw } from "../icons.js";
import { createList } from "../list.js";
import { command, reaching } from "../command.js";
import { copyButton } from "../copy.js";
import { storeOf } from "../findings/store.js";
import { linker, markdown, showFinding } from "../findings/detail.js";

export const name = "findings";
export const key = "6";
export const icon = "flag";

const NARROW = 760;

/** Keep the count on the tab. */
export function watch(context) {
  const mine = storeOf(context);
  mine.subscribe(() => context.badge(mine.count, "fault", mine.count ? context.t("findings.count", { n: mine.count }) : ""));
  context.live.settled.then(() => mine.isLoaded || mine.load()); // rows come first
  return mine.stop;
}

export function mount(root, context) {
  const { t, route, navigate } = context;
  const store = storeOf(context);
  const heading = h("h2", {});
  const looked = h("span", { className: "soft" });
  const title = h("div", { className: "title", tabIndex: -1 });
  const body = h("div", { className: "reading findings-reading" });
  const clean = h("details", { className: "clean", open: innerWidth >= NARROW });
  const problem = h("p", { className: "nothing soft", hidden: true });
  const back = button({ className: "quiet back narrow-only", onclick: close }, draw("left"), t("findings.tab"));
  const detail = h("section", { className: "pane detail", "aria-label": t("timeline.detail"), hidden: true }, h("header", { className: "pane-head" }, back, title, h("span", { className: "tools" }, linker(t), button({ className: "quiet square", "aria-label": t("frame.close"), title: t("frame.close"), onclick: close }, draw("close")))), body);
  const list = createList({
    label: t("findings.tab"),
    key: (item) => item.rule,
    height: () => 62,
    version: (item) => JSON.stringify(item.findings.map((each) => [each.exchange.id, each.says])),
    render: row,
    open: (item) => (navigate({ params: { rule: item.rule } }), title.focus()),
  });
  const pane = h("section", { className: "pane findings", "aria-label": t("findings.tab") }, h("header", { className: "deliveries-head" }, h("div", { className: "line" }, heading, looked)), list.element, problem, clean, h("footer", { className: "note soft" }, t("findings.note")));
  const area = h("div", { className: "master" }, pane, detail);
  const empty = h("section", { className: "pane empty", hidden: true });
  const tools = h("div", { className: "acts" }, copyButton({ className: "edge" }, t("findings.markdown"), () => markdown(all(), context), () => t("timeline.copied")), copyButton({ className: "edge" }, t("findings.in_ci"), () => `mockdouyin doctor --fail${reaching(context.world)}`, () => t("timeline.copied")));
  const all = () => [...store.groups, ...store.notes]; // notes are of no mistake: they come last, and count nowhere
  let drawn = "";
  fill(context.tools, tools);
  fill(root, area, empty);

  function row({ rule, level, about, findings }) {
    const newest = findings.at(-1);
    const isNote = level === "note";
    return h("div", { className: "finding" }, h("span", { className: isNote ? "mark soft" : "mark is-fault" }, draw(isNote ? "eye" : "flag", 16)), h("span", { className: "words" }, h("b", {}, about), h("span", { className: "soft" }, h("code", {}, rule), ` · #${newest.exchange.id} · ${newest.exchange.endpoint ?? newest.exchange.path}`)), isNote ? h("span", { className: "badge" }, t("findings.level_note")) : h("span", { className: "badge is-fault" }, t("findings.places", { n: findings.length })));
  }

  function update() {
    const { rule } = route().params;
    list.set(all());
    say(heading, t(store.count ? "findings.title" : "findings.title_none", { n: store.groups.length }));
    say(looked, t("findings.looked", { n: store.exchanges }));
    const others = store.rules.filter(({ rule }) => !all().some((group) => group.rule === rule));
    const now = JSON.stringify(others);
    if (drawn !== now) {
      drawn = now;
      fill(clean, h("summary", {}, t("findings.clean", { n: others.length })), rulesOf(others));
    }
    problem.hidden = !store.problem;
    say(problem, store.problem);
    const hasNone = store.isLoaded && all().length === 0 && !rule;
    area.hidden = hasNone;
    empty.hidden = !hasNone;
    tools.hidden = hasNone;
    if (hasNone) fill(empty, emptyParts());
    list.select(rule ?? null, { scroll: false });
    detail.hidden = !rule;
    if (rule) showRule(rule);
  }

  let shown = "";
  function showRule(rule) {
    const group = all().find((each) => each.rule === rule);
    const now = JSON.stringify([rule, group?.findings.map((each) => [each.exchange.id, each.says])]);
    if (now === shown) return;
    const isOther = !shown.startsWith(`["${rule}"`);
    shown = now;
    if (group) showFinding(title, body, group, context);
    else (fill(title, h("h1", {}, store.rules.find((each) => each.rule === rule)?.about ?? rule)), fill(body, h("p", { className: "hint" }, t(store.isLoaded ? "findings.gone" : "bar.loading"))));
    if (isOther) body.scrollTop = 0;
  }

  function emptyParts() {
    return h("div", { className: "commands" }, h("h1", {}, t(store.exchanges ? "findings.empty_title" : "findings.empty_nothing")), h("p", { className: "soft" }, t("findings.empty_about", { n: store.exchanges })), command(t, t("findings.in_ci"), t("findings.in_ci_about"), `mockdouyin doctor --fail${reaching(context.world)}`), command(t, t("findings.in_test"), "", "assert douyin.findings == []"), h("details", { className: "clean open" }, h("summary", {}, t("findings.checked", { n: store.rules.length })), rulesOf(store.rules)));
  }

  const rulesOf = (rules) => h("ul", {}, rules.map(({ rule, about }) => h("li", {}, h("span", { className: "is-ok" }, draw("check", 14)), h("code", {}, rule), h("span", { className: "soft" }, about))));

  function close() {
    if (!route().params.rule) return false;
    const { rule } = route().params;
    navigate({ params: { rule: null } });
    list.select(rule);
    list.focus();
    return true;
  }

  function step(by) {
    const item = list.move(by);
    if (item && route().params.rule) navigate({ params: { rule: item.rule } }, { replace: true });
  }

  const unbind = context.keys.bind({ j: () => step(1), k: () => step(-1), Escape: close, Enter: () => list.selected !== null && list.place(list.selected) !== undefined && (navigate({ params: { rule: list.selected } }), title.focus(), true) });
  list.stay();
  const unsubscribe = store.subscribe(update);
  update();
  store.load();
  return { update, unmount: () => (unbind(), unsubscribe()) };
}
