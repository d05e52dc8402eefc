// What the timeline shows: rows that fit the search, within stories that are open, up to where it is held.

import { compile, plainText } from "./query.js";
import { joinRows } from "./stories.js";

/**
 * The model: items (of list.js), counts by verdict, flagged (rows that show something), waiting (rows that came after it was held),
 * isHeld, hold(), release(), rebuild(), toggled(story), keyOf(id), storyOf(id), exchanges().
 */
export function createModel({ live, route, names, findings, changed }) {
  const model = { items: [], counts: new Map(), flagged: 0, waiting: 0, isHeld: false, heldAt: 0, hold, release, rebuild, toggled, keyOf, storyOf: (id) => joined.of.get(id), searchBodies, exchanges };
  let joined = { stories: [], of: new Map() };
  let shown = [];
  let found = { text: "", ids: new Set() };
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
    const { q = "", at = "" } = route().params;
    if (found.text !== plainText(q)) found = { text: "", ids: new Set() };
    if (searched !== plainText(q)) searched = "";
    const fits = compile(q, names, found.ids);
    const fitsAny = compile(q.replace(/(^|\s)verdict:\S+/g, " "), names, found.ids);
    const isOld = (row) => !model.isHeld || row.id <= model.heldAt;
    const held = model.isHeld ? live.rows.filter(isOld) : live.rows;
    joined = joinRows(held);
    shown = fits ? held.filter(fits) : held;
    model.waiting = model.isHeld ? live.rows.slice(held.length).filter((row) => !fits || fits(row)).length : 0;
    count(fitsAny ? held.filter(fitsAny) : held);
    model.flagged = findings.flagged();
    const turned = new Set([...marked()].map((id) => joined.of.get(id)).filter(Boolean));
    const holder = joined.of.get(Number(at));
    const isOpen = (story) => story === holder || turned.has(story) !== Boolean(fits);
    model.items = arrange(isOpen);
    changed();
  }

  function count(rows) {
    model.counts = new Map([["", rows.length]]);
    for (const row of rows) {
      const verdict = row.type === "delivery" && row.verdict !== "ok" ? "fault" : row.verdict;
      model.counts.set(verdict, (model.counts.get(verdict) ?? 0) + 1);
    }
  }

  /** A story stands where its newest step is. */
  function arrange(isOpen) {
    const items = [];
    const steps = new Map();
    for (const row of shown) {
      const story = joined.of.get(row.id);
      if (story && !steps.has(story)) steps.set(story, []);
      if (story) steps.get(story).push(row);
    }
    for (const row of shown) {
      const story = joined.of.get(row.id);
      if (!story) {
        items.push({ type: "row", key: `r${row.id}`, row, story: null, isLast: false, version: "" });
        continue;
      }
      const members = steps.get(story);
      if (members.at(-1) !== row) continue;
      const open = isOpen(story);
      items.push({ type: "story", key: `s${story.key}`, story, isOpen: open, version: `${open}${story.latest}.${story.rows.length}` });
      if (!open) continue;
      members.forEach((step, n) => items.push({ type: "row", key: `r${step.id}`, row: step, story, isLast: n === members.length - 1, version: `${n === members.length - 1}` }));
    }
    return items;
  }

  /** The params of the address after a story was folded or unfolded. */
  function toggled(story) {
    const { q = "", at = "" } = route().params;
    const opened = marked();
    const own = [...opened].filter((id) => joined.of.get(id) === story);
    const isHolder = joined.of.get(Number(at)) === story;
    const isFiltered = Boolean(compile(q, names));
    own.forEach((id) => opened.delete(id));
    const staysTurned = isHolder ? isFiltered : own.length === 0;
    if (staysTurned) opened.add(story.rows[0].id);
    return { open: [...opened].join(",") || null, ...(isHolder ? { at: null } : {}) };
  }

  /** The item that stands for a row: itself, or the head of its folded story. */
  function keyOf(id) {
    const story = joined.of.get(id);
    const own = `r${id}`;
    return !story || model.items.some((item) => item.key === own) ? own : `s${story.key}`;
  }

  /** Search the bodies, which only the server has, for the text of a query: once, until it is another. */
  async function searchBodies(api, query) {
    const text = plainText(query);
    if (!text || searched === text) return;
    searched = text;
    const { rows } = await api.get("rows", { text, limit: 1000 });
    if (searched !== text) return;
    found = { text, ids: new Set(rows.map((row) => row.id)) };
    rebuild();
  }

  function exchanges() {
    return shown.filter((row) => row.type === "exchange");
  }

  return model;
}
