// What the timeline shows: rows that fit the search, within stories that are open, up to where it is held.
// What was found out of earlier rows is kept: ten thousand of them are looked at once, and not with
// each that comes.

import { added, createMatches, placeOf } from "./matches.js";
import { compile, plainText } from "./query.js";
import { createStories } from "./stories.js";

const NONE = new Set();

/**
 * The model: items (of list.js), counts by verdict, flagged (rows that show something), waiting (rows that came after it was held),
 * isHeld, hold(), release(), rebuild(), renamed(), reflagged(), toggled(story), keyOf(id), storyOf(id), exchanges().
 */
export function createModel({ live, route, names, findings, changed }) {
  const model = { items: [], counts: new Map(), flagged: 0, waiting: 0, isHeld: false, heldAt: 0, hold, release, rebuild, renamed, reflagged, toggled, keyOf, storyOf: (id) => stories.of(id), searchBodies, exchanges };
  let rows = []; // those that the stories, the matches and the items are of
  let stories = createStories();
  let matches = null;
  let found = { text: "", ids: NONE };
  let arranged = "";
  let searched = "";

  function hold() {
    if (model.isHeld) return;
    model.isHeld = true;
    model.heldAt = live.rows.at(-1)?.id ?? 0;
  }

  function release() {
    model.isHeld = false;
    rebuild();
  }

  // The address has numbers of steps, not keys: they stay right when a story grows or joins another.
  const marked = () => new Set((route().params.open ?? "").split(",").filter(Boolean).map(Number));

  function rebuild() {
    const { q = "", at = "", open = "" } = route().params;
    if (found.text !== plainText(q)) found = { text: "", ids: NONE };
    if (searched !== plainText(q)) searched = "";
    const end = model.isHeld ? placeOf(live.rows, model.heldAt + 1) : live.rows.length;
    const isOther = look(end === live.rows.length ? live.rows : live.rows.slice(0, end), q);
    const { fits } = matches;
    const waiting = live.rows.slice(end);
    model.waiting = fits ? waiting.filter(fits).length : waiting.length;
    model.counts = matches.counts;
    model.flagged = findings.flagged();
    const folds = `${open} ${at}`;
    if (isOther || folds !== arranged) model.items = arrange(at);
    arranged = folds;
    changed();
  }

  /** Look at those rows that are new, or at all if something else is searched for; returns whether items change. */
  function look(now, query) {
    const more = added(rows, now);
    const isSame = more !== null && matches?.query === query && matches.found === found.ids;
    if (isSame && !more.earlier.length && !more.later.length) return false;
    if (more === null) stories = createStories();
    stories.add(more === null ? now : [...more.earlier, ...more.later]);
    if (!isSame) matches = createMatches(query, names, found.ids);
    matches.add(isSame ? more.earlier : [], isSame ? more.later : now);
    rows = now;
    return true;
  }

  /** Apps have other names, which a search may be for. */
  function renamed() {
    matches = null;
    rebuild();
  }

  /** Other rows show findings, which a search may be for. */
  function reflagged() {
    if (/(^|\s)-?finding:/.test(route().params.q ?? "")) matches = null;
  }

  /** A story stands where its newest step is. */
  function arrange(at) {
    const { fits } = matches;
    const turned = new Set([...marked()].map(stories.of).filter(Boolean));
    const holder = stories.of(Number(at));
    const isOpen = (story) => story === holder || turned.has(story) !== Boolean(fits);
    const steps = fits ? stepsOf(matches.rows) : null;
    const items = [];
    for (const row of matches.rows) {
      const story = stories.of(row.id);
      if (!story) {
        items.push({ type: "row", key: `r${row.id}`, row, story: null, isLast: false, version: "" });
        continue;
      }
      const members = steps ? steps.get(story) : story.rows;
      if (members.at(-1) !== row) continue;
      const open = isOpen(story);
      items.push({ type: "story", key: `s${story.key}`, story, isOpen: open, version: `${open}${story.latest}.${story.rows.length}` });
      if (!open) continue;
      members.forEach((step, n) => items.push({ type: "row", key: `r${step.id}`, row: step, story, isLast: n === members.length - 1, version: `${n === members.length - 1}` }));
    }
    return items;
  }

  function stepsOf(some) {
    const steps = new Map();
    for (const row of some) {
      const story = stories.of(row.id);
      if (!story) continue;
      if (steps.has(story)) steps.get(story).push(row);
      else steps.set(story, [row]);
    }
    return steps;
  }

  /** The params of the address after a story was folded or unfolded. */
  function toggled(story) {
    const { q = "", at = "" } = route().params;
    const opened = marked();
    const own = [...opened].filter((id) => stories.of(id) === story);
    const isHolder = stories.of(Number(at)) === story;
    const isFiltered = Boolean(compile(q, names));
    own.forEach((id) => opened.delete(id));
    const staysTurned = isHolder ? isFiltered : own.length === 0;
    if (staysTurned) opened.add(story.rows[0].id);
    return { open: [...opened].join(",") || null, ...(isHolder ? { at: null } : {}) };
  }

  /** The item that stands for a row: itself, or the head of its folded story. */
  function keyOf(id) {
    const story = stories.of(id);
    const own = `r${id}`;
    return !story || model.items.some((item) => item.key === own) ? own : `s${story.key}`;
  }

  /** Search the bodies, which only the server has, for the text of a query: once, until it is another. */
  async function searchBodies(api, query) {
    const text = plainText(query);
    if (!text || searched === text) return;
    searched = text;
    const page = await api.get("rows", { text, limit: 1000 });
    if (searched !== text) return;
    found = { text, ids: new Set(page.rows.map((row) => row.id)) };
    rebuild();
  }

  function exchanges() {
    return matches.rows.filter((row) => row.type === "exchange");
  }

  return model;
}
