// The timeline: all that happens in a world, the newest at the bottom, and one thing of it opened.

import { fill, h, say } from "../dom.js";
import { createList } from "../list.js";
import { storeOf } from "../findings/store.js";
import { createDetail } from "../timeline/detail.js";
import { createEmpty } from "../timeline/empty.js";
import { createFacets } from "../timeline/facets.js";
import { createFoot } from "../timeline/foot.js";
import { createModel } from "../timeline/model.js";
import { createNames } from "../timeline/names.js";
import { createRelated } from "../timeline/related.js";
import { withWord } from "../timeline/query.js";
import { createStillness } from "../timeline/still.js";
import { rowElement, storyElement, versionOf } from "../timeline/rows.js";
import { createSearch } from "../timeline/search.js";

export const name = "timeline";
export const key = "1";
export const icon = "list";

const NARROW = 640;

/** Keep the count on the tab. */
export const watch = ({ live, badge }) => live.subscribe(() => badge(live.total));

export function mount(root, context) {
  const { clock, live, t, route, navigate } = context;
  const findings = storeOf(context);
  const names = createNames(context, () => (model.renamed(), list.refresh()));
  const model = createModel({ live, route, names, findings, changed: redraw });
  let isNarrow = false;

  const list = createList({
    label: t("timeline.tab"),
    key: (item) => item.key,
    height: (item) => (isNarrow ? (item.type === "story" ? 56 : 52) : item.type === "story" ? 40 : 32),
    version: (item) => versionOf(item, findings, related),
    render: (item) => (item.type === "story" ? storyElement(item, drawing) : rowElement(item, drawing)),
    expanded: (item) => (item.type === "story" ? item.isOpen : undefined),
    open: (item) => (item.type === "story" ? toggle(item.story) : (open(item.row.id), detail.focus())),
    scrolled: (isAtEnd) => still.scrolled(isAtEnd),
  });
  const related = createRelated(context, list, () => list.set(model.items));
  const drawing = { ...context, names, toggle, related: related.words };
  const search = createSearch({ t, names, rows: () => live.rows, changed: (text) => filter(text.trim()), entered: () => (list.focus(), navigate({ params: { in: "bodies" } }, { replace: true })), leave: list.focus });
  const detail = createDetail(context, { names, model, findings, open, step, close, filterBy: (word, value) => filter(withWord(search.value, word, value)) });
  const empty = createEmpty(context, names);

  const still = createStillness({ list, model, live, redraw });
  const facets = createFacets(context, { model, query: () => search.value, filter, pause: () => still.pause() });
  const foot = createFoot(t, () => still.catchUp());
  const nothing = h("p", { className: "nothing soft", hidden: true });
  const head = h("div", { className: "row columns", "aria-hidden": "true" }, ["", "number", "what", "result", "time", "took"].map((each) => h("span", { className: each }, each && t(`timeline.column_${each}`))));
  const pane = h(
    "section",
    { className: "pane timeline", "aria-label": t("timeline.tab") },
    facets.element,
    head,
    list.element,
    nothing,
    foot.element,
  );
  const area = h("div", { className: "master" }, pane, detail.element);
  fill(context.tools, search.element);
  fill(root, area, empty.element);

  /** What the address says is what is shown. */
  function update() {
    const { params } = route();
    search.set(params.q ?? "");
    if (params.in === "bodies") model.searchBodies(context.api, params.q ?? "").catch(context.fail);
    model.rebuild();
    const at = Number(params.at) || 0;
    area.classList.toggle("has-detail", at > 0);
    related.show(at);
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
    still.opened(Number(route().params.at) || 0);
    related.refresh();
    facets.draw(still.isPaused);
    foot.draw(model, still.isPaused);
    if (!empty.element.hidden) empty.show();
    nothing.hidden = hasNone || model.items.length > 0;
    say(nothing, t("timeline.nothing"));
    detail.refresh();
  }

  function filter(query) {
    navigate({ params: { q: query || null, in: null } }, { replace: true });
  }

  function open(id) {
    navigate({ params: { at: id, do: null } });
  }

  function close() {
    const { at } = route().params;
    if (!at) return false;
    navigate({ params: { at: null, do: null } });
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
    related.show(item?.type === "row" ? item.row.id : 0);
    if (item?.type === "row" && route().params.at) navigate({ params: { at: item.row.id, do: null } }, { replace: true });
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
    " ": still.pause,
    ...detail.keys,
  });
  const ends = [
    clock.follow(() => detail.tick()),
    findings.subscribe(() => (model.reflagged(), soon())),
    live.subscribe(({ rows = [], old }) => {
      if (!old && rows.some((row) => row.kind?.startsWith("app."))) names.load();
      soon();
    }),
  ];

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
    ends.forEach((end) => end());
    related.stop();
    detail.hide();
    watch.disconnect();
    cancelAnimationFrame(waiting);
  }

  return { update, unmount };
}
