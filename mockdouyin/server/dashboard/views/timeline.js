// The timeline: all that happens in a world, the newest at the bottom, and one thing of it opened.

import { button, fill, h, say } from "../dom.js";
import { icon as draw } from "../icons.js";
import { createList } from "../list.js";
import { copyText } from "../copy.js";
import { createDetail } from "../timeline/detail.js";
import { createEmpty } from "../timeline/empty.js";
import { createFacets } from "../timeline/facets.js";
import { createModel } from "../timeline/model.js";
import { createNames } from "../timeline/names.js";
import { withWord } from "../timeline/query.js";
import { rowElement, storyElement } from "../timeline/rows.js";
import { createSearch } from "../timeline/search.js";

export const name = "timeline";
export const key = "1";
export const icon = "list";

const NARROW = 640;

/** Keep the count on the tab. */
export const watch = ({ live, badge }) => live.subscribe(() => badge(live.total));

export function mount(root, context) {
  const { live, t, route, navigate } = context;
  const names = createNames(context, () => (model.renamed(), list.refresh()));
  const model = createModel({ live, route, names, changed: redraw });
  let isNarrow = false;
  let isPaused = false;

  const list = createList({
    label: t("timeline.tab"),
    key: (item) => item.key,
    height: (item) => (isNarrow ? (item.type === "story" ? 56 : 52) : item.type === "story" ? 40 : 32),
    version: (item) => item.version,
    render: (item) => (item.type === "story" ? storyElement(item, { t, names, toggle }) : rowElement(item, { t, names })),
    expanded: (item) => (item.type === "story" ? item.isOpen : undefined),
    open: (item) => (item.type === "story" ? toggle(item.story) : open(item.row.id)),
    scrolled,
  });
  const search = createSearch({ t, names, rows: () => live.rows, changed: (text) => filter(text.trim()), entered: (text) => (list.focus(), model.searchBodies(context.api, text).catch(context.fail)), leave: list.focus });
  const detail = createDetail(context, { names, model, open, step, close, filterBy: (word, value) => filter(withWord(search.value, word, value)) });
  const empty = createEmpty(context, names);

  const facets = createFacets(context, { model, query: () => search.value, filter, pause });
  const fresh = button({ className: "dark fresh", hidden: true, onclick: catchUp }, draw("arrow", 14), h("span", {}));
  const freshCount = h("span", { className: "unseen", "aria-live": "polite" });
  const still = h("span", { className: "soft" });
  const nothing = h("p", { className: "nothing soft", hidden: true });
  const head = h("div", { className: "row columns", "aria-hidden": "true" }, ["", "number", "what", "result", "time", "took"].map((each) => h("span", { className: each }, each && t(`timeline.column_${each}`))));
  const pane = h(
    "section",
    { className: "pane timeline", "aria-label": t("timeline.tab") },
    facets.element,
    head,
    list.element,
    nothing,
    h("footer", { className: "foot", hidden: true }, still, fresh, freshCount),
  );
  const foot = pane.querySelector(".foot");
  const area = h("div", { className: "master" }, pane, detail.element);
  fill(context.tools, search.element);
  fill(root, area, empty.element);

  /** What the address says is what is shown. */
  function update() {
    const { params } = route();
    search.set(params.q ?? "");
    model.rebuild();
    const at = Number(params.at) || 0;
    area.classList.toggle("has-detail", at > 0);
    if (at) {
      list.select(model.keyOf(at), { scroll: detail.at !== at });
      detail.show(at);
    } else {
      detail.hide();
    }
  }

  function redraw() {
    const hasNone = live.rows.length === 0;
    empty.element.hidden = !hasNone || live.state === "loading";
    area.hidden = hasNone;
    list.set(model.items);
    facets.draw(isPaused);
    const waiting = model.waiting;
    const words = waiting ? t("timeline.new", { n: waiting }) : "";
    fresh.hidden = !waiting;
    say(fresh.querySelector("span"), words);
    say(freshCount, words);
    foot.hidden = !model.isHeld;
    say(still, isPaused ? t("timeline.paused_at", { n: model.heldAt }) : t("timeline.still"));
    if (!empty.element.hidden) empty.show();
    nothing.hidden = hasNone || model.items.length > 0;
    say(nothing, t("timeline.nothing"));
    detail.refresh();
  }

  function filter(query) {
    navigate({ params: { q: query || null } }, { replace: true });
  }

  function open(id) {
    if (!model.isHeld && id !== live.rows.at(-1)?.id) hold();
    navigate({ params: { at: id } });
  }

  function close() {
    const { at } = route().params;
    if (!at) return false;
    navigate({ params: { at: null } });
    list.select(model.keyOf(Number(at)));
    list.focus();
    return true;
  }

  function toggle(story) {
    list.select(`s${story.key}`, { scroll: false });
    navigate({ params: model.toggled(story) }, { replace: true });
  }

  function step(by) {
    const item = list.move(by);
    if (item?.type === "row" && route().params.at) navigate({ params: { at: item.row.id } }, { replace: true });
  }

  function scrolled(isAtEnd) {
    if (!isAtEnd && !model.isHeld) hold();
    else if (isAtEnd && model.isHeld && !isPaused && model.waiting === 0) model.release();
    else return;
    redraw();
  }

  function hold() {
    list.stay();
    model.hold();
  }

  function catchUp() {
    isPaused = false;
    model.release();
    list.toEnd();
    list.focus();
  }

  function pause() {
    isPaused = !isPaused;
    if (isPaused) hold();
    else catchUp();
    redraw();
  }

  const unbind = context.keys.bind({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => {
      const item = model.items.find((each) => each.key === list.selected);
      if (!item) return false;
      if (item.type === "story") toggle(item.story);
      else (open(item.row.id), detail.focus());
      return true;
    },
    Escape: close,
    "/": () => search.focus(),
    " ": pause,
    l: () => copyText(location.href),
    ...detail.keys,
  });
  const unsubscribe = live.subscribe(({ type, rows = [], old, finding }) => {
    if (type === "finding") return detail.found(finding);
    if (!old && rows.some((row) => row.kind?.startsWith("app."))) names.load();
    return soon();
  });

  let waiting = 0;
  function soon() {
    waiting ||= requestAnimationFrame(() => ((waiting = 0), model.rebuild()));
  }

  const watch = new ResizeObserver(() => {
    const now = list.element.clientWidth > 0 && list.element.clientWidth < NARROW && innerWidth < 760;
    if (now !== isNarrow) ((isNarrow = now), pane.classList.toggle("narrow", now), list.refresh());
  });
  watch.observe(list.element);

  names.load();
  update();
  list.toEnd();

  function unmount() {
    unbind();
    unsubscribe();
    watch.disconnect();
    cancelAnimationFrame(waiting);
  }

  return { update, unmount };
}
