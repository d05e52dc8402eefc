// The deliveries: what was sent to the developers' servers, what came back, what is tried again.

import { button, fill, h, say } from "../dom.js";
import { icon as draw } from "../icons.js";
import { createList } from "../list.js";
import { command, reaching } from "../command.js";
import { createNames } from "../timeline/names.js";
import { createCheck, examinationOf } from "../deliveries/check.js";
import { createDetail } from "../deliveries/detail.js";
import { createFilters } from "../deliveries/filters.js";
import { rowElement, versionOf } from "../deliveries/rows.js";
import { trigger } from "../deliveries/send.js";
import { createStore, FILTERS } from "../deliveries/store.js";

export const name = "deliveries";
export const key = "5";
export const icon = "send";
export { watch } from "../deliveries/watch.js";

const NARROW = 640;
const NO_CHECK = { check: null, kind: null, to: null, order: null };

export function mount(root, context) {
  const { clock, t, route, navigate } = context;
  const names = createNames(context, () => (list.refresh(), update()));
  const store = createStore(context, redraw);
  const seen = { event: new Set(), app: new Set(), person: new Set() }; // what there is to choose from
  let isNarrow = false;
  let hasHeld = false;
  let isStill = false;
  let newest = null; // the newest one when the reader left the end

  const list = createList({
    label: t("deliveries.tab"),
    key: (item) => item.id,
    height: () => (isNarrow ? 52 : 32),
    version: versionOf,
    render: (item) => rowElement(item, { t }),
    open: (item) => (open(item.id), detail.focus()),
    scrolled,
  });
  const filters = createFilters({ t, names }, (params) => navigate({ params }, { replace: true }));
  const detail = createDetail(context, { names, store, step, close, opened, examine: (delivery) => navigate({ params: examinationOf(delivery) }), filterBy: (word, value) => navigate({ params: { [word]: value } }, { replace: true }) });
  const check = createCheck(context, { names, choose: (params) => navigate({ params }, { replace: true }), close });

  const count = h("span", { className: "soft" });
  const triggerer = () => button({ className: "dark", onclick: send }, draw("send", 14), t("deliveries.trigger"));
  const examine = button({ className: "edge", onclick: () => navigate({ params: { check: route().params.app ?? hooked(), at: null } }) }, draw("pulse", 14), t("check.title"));
  const earlier = button({ className: "quiet earlier", hidden: true, onclick: () => store.earlier().catch(context.fail) }, draw("up", 14), t("deliveries.earlier"));
  const nothing = h("p", { className: "nothing soft", hidden: true });
  const fresh = button({ className: "dark fresh", onclick: toEnd }, draw("down", 14), h("span", {}));
  const foot = h("footer", { className: "foot", hidden: true }, h("span", { className: "soft" }, t("timeline.still")), fresh, h("span", { className: "unseen", "aria-live": "polite" }));
  const pane = h("section", { className: "pane deliveries", "aria-label": t("deliveries.tab") }, h("header", { className: "deliveries-head" }, h("div", { className: "line" }, h("h2", {}, t("deliveries.tab")), count), h("span", { className: "acts" }, triggerer(), examine)), filters.element, earlier, list.element, nothing, foot);
  const area = h("div", { className: "master" }, pane, detail.element, check.element);
  const empty = h("section", { className: "pane empty", hidden: true });
  fill(root, area, empty);

  /** What the address says is what is shown. */
  function update() {
    const { params } = route();
    store.filter(Object.fromEntries(FILTERS.map((each) => [each, params[each]])));
    filters.show(params, { ...seen, hasHeld });
    if (params.at) (list.select(params.at, { scroll: detail.id !== params.at }), detail.show(params.at));
    else detail.hide();
    if (params.check && !params.at) check.show(params);
    else check.hide();
    area.classList.toggle("has-detail", Boolean(params.at || params.check));
  }

  function redraw() {
    const { params } = route();
    for (const each of store.items) for (const word of Object.keys(seen)) seen[word].add(each[word]);
    hasHeld ||= store.items.some((each) => each.state === "held");
    filters.show(params, { ...seen, hasHeld });
    const isFirst = list.items.length === 0;
    list.set(store.items);
    if (isFirst) (params.at ? list.select(params.at) : list.toEnd());
    say(count, t(store.items.length === store.total ? "deliveries.count" : "deliveries.count_of", { n: store.items.length, total: store.total }));
    earlier.hidden = !store.more;
    const hasNone = store.isLoaded && store.total === 0 && !store.problem && !params.check;
    area.hidden = hasNone;
    empty.hidden = !hasNone;
    if (hasNone && !empty.childElementCount) fill(empty, emptyParts());
    nothing.hidden = !store.isLoaded || store.items.length > 0;
    say(nothing, store.problem || t("deliveries.nothing"));
    drawFoot();
    detail.refresh();
  }

  function drawFoot() {
    const place = store.items.findIndex((each) => each.id === newest);
    const waiting = isStill && place >= 0 ? store.items.length - 1 - place : 0;
    foot.hidden = waiting === 0;
    for (const each of [fresh.lastChild, foot.lastChild]) say(each, waiting ? t("timeline.new", { n: waiting }) : "");
  }

  function scrolled(isAtEnd) {
    if (isAtEnd === !isStill) return;
    isStill = !isAtEnd;
    newest = isStill ? (store.items.at(-1)?.id ?? null) : null;
    drawFoot();
  }

  function toEnd() {
    list.toEnd();
    list.focus();
  }

  function emptyParts() {
    const { world } = context;
    const base = `${location.origin}/_mock/${world === "default" ? "" : `worlds/${encodeURIComponent(world)}/`}`;
    const hook = `curl -X PATCH ${base}apps/web -d '{"webhook": {"url": "${t("deliveries.example")}"}}'`;
    return h("div", { className: "commands" }, h("h1", {}, t("deliveries.empty_title")), h("p", { className: "soft" }, t("deliveries.empty_about")), command(t, t("deliveries.set_hook"), t("deliveries.set_hook_about"), hook), command(t, t("deliveries.fire"), t("deliveries.fire_about"), `mockdouyin trigger create_video --to ${t("deliveries.example")}${reaching(world)}`), h("div", { className: "acts begin" }, triggerer(), button({ className: "edge", onclick: examine.onclick }, draw("pulse", 14), t("check.title"))));
  }

  const hooked = () => ([...names.apps.values()].find((each) => each.webhook?.url) ?? [...names.apps.values()].find((each) => each.kind === "web"))?.client_key ?? "web";

  function send() {
    trigger({ ...context, names, app: route().params.app, sent: opened });
  }

  /** A delivery was made here: it is shown, whatever the list is filtered by. */
  function opened(delivery) {
    navigate({ params: { at: delivery.id, ...NO_CHECK } });
    store.take(delivery);
    list.toEnd();
  }

  function open(id) {
    navigate({ params: { at: id, ...NO_CHECK } });
  }

  function close() {
    const { at, check: examined } = route().params;
    if (!at && !examined) return false;
    navigate({ params: { at: null, ...NO_CHECK } });
    redraw();
    if (at) list.select(at);
    list.focus();
    return true;
  }

  function step(by) {
    const item = list.move(by);
    if (item && route().params.at) navigate({ params: { at: item.id } }, { replace: true });
  }

  const unbind = context.keys.bind({ j: () => step(1), k: () => step(-1), Escape: close, Enter: () => list.selected !== null && list.place(list.selected) !== undefined && (open(list.selected), detail.focus(), true), ...detail.keys });
  const unhear = clock.follow(() => detail.tick());
  // What is open but not listed is asked for by itself.
  const unfollow = context.live.subscribe(({ type, rows }) => {
    const concerns = type === "reset" || (type === "rows" && !store.find(detail.id) && rows.some((row) => row.delivery === detail.id));
    if (detail.id && concerns) detail.reload();
  });
  const watch = new ResizeObserver(() => {
    const now = list.element.clientWidth > 0 && list.element.clientWidth < NARROW && innerWidth < 760;
    if (now !== isNarrow) ((isNarrow = now), list.refresh());
  });
  watch.observe(list.element);
  names.load();
  update();

  function unmount() {
    unbind();
    unhear();
    unfollow();
    store.stop();
    watch.disconnect();
  }

  return { update: () => (update(), redraw()), unmount };
}
