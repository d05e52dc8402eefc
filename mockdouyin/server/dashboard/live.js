// What happens in a world, kept once for all views: the newest rows, and the stream that adds to them.

import { readEvents } from "./sse.js";
import { failure } from "./api.js";

export const MAX_ROWS = 20000; // a journal's ten thousand exchanges, and what happened between them
const FIRST = 200; // more than a screen has
const PAGE = 1000;
/** Over Redis a number may be written after a higher one: so many are read twice. */
const OVERLAP = 64;

/**
 * Return the store of a world's rows:
 *   rows             in the order of their numbers, MAX_ROWS or up to a page more: they go a page at a time
 *   find(id)         one of them
 *   findings         by rule, the newest of each
 *   state            "loading" | "live" | "away"; `problem` says why it is away
 *   hasAll           whether the history is there; `settled` is a promise of that
 *   subscribe(heard) heard({type, …}) → a function that ends it. Types: "rows" {rows, old: whether
 *                    they are history}, "reset", "finding" {finding}, "state"
 *   start() stop()
 */
export function createLive(api) {
  const listeners = new Set();
  const live = { rows: [], findings: new Map(), state: "loading", problem: "", total: 0, hasAll: false, settled: null, subscribe, find: (id) => byId.get(id), start, stop };
  let byId = new Map();
  let ending = null;
  let settle;
  live.settled = new Promise((done) => (settle = done));

  function subscribe(heard) {
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  function tell(message) {
    for (const heard of [...listeners]) heard(message);
  }

  function become(state, problem = "") {
    if (live.state === state && live.problem === problem) return;
    live.state = state;
    live.problem = problem;
    tell({ type: "state" });
  }

  function add(rows, old = false) {
    const fresh = rows.filter((row) => !byId.has(row.id));
    if (!fresh.length) return;
    for (const row of fresh) byId.set(row.id, row);
    const last = live.rows.at(-1)?.id ?? 0;
    live.rows = old ? [...fresh, ...live.rows] : [...live.rows, ...fresh];
    if (!old && fresh[0].id < last) live.rows.sort((one, other) => one.id - other.id);
    if (live.rows.length > MAX_ROWS + PAGE) {
      for (const gone of live.rows.splice(0, live.rows.length - MAX_ROWS)) byId.delete(gone.id);
    }
    live.total = Math.max(live.total, live.rows.at(-1).id);
    tell({ type: "rows", rows: fresh, old });
  }

  function reset(dropped) {
    live.rows = live.rows.filter((row) => row.id > dropped);
    byId = new Map(live.rows.map((row) => [row.id, row]));
    tell({ type: "reset" });
  }

  function start() {
    ending = new AbortController();
    run(ending.signal);
  }

  function stop() {
    ending?.abort();
  }

  async function run(signal) {
    let place = null;
    for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
      try {
        if (place === null) place = await firstPage(signal);
        const response = await api.open("stream", { signal, query: { since: place }, headers: { "last-event-id": String(place) } });
        if (!response.ok) throw failure(response, await response.json().catch(() => null));
        become("live");
        wait = 500;
        await follow(response, (id) => (place = id));
      } catch (error) {
        if (signal.aborted) return;
        become("away", error.message);
        if (error.status === 404) place = null; // the world is gone, or is made anew
      }
      if (signal.aborted) return;
      become("away", live.problem);
      await pause(wait, signal);
    }
  }

  async function firstPage(signal) {
    const page = await api.get("rows", { limit: FIRST });
    if (signal.aborted) return 0;
    const known = new Set(page.rows.map((row) => row.id));
    if (live.rows.some((row) => row.id > page.total || (row.id > (page.rows[0]?.id ?? 0) && !known.has(row.id)))) reset(Infinity);
    add(page.rows);
    live.total = Math.max(live.total, page.total);
    loadHistory(page, signal);
    return Math.max(page.dropped, page.total - OVERLAP);
  }

  async function loadHistory(page, signal) {
    // Each page is asked for while the one before is shown.
    const before = ({ more, rows }) => (more && live.rows.length + rows.length < MAX_ROWS ? api.get("rows", { limit: PAGE, before: rows[0].id }) : null);
    try {
      for (let next = before(page); next !== null; ) {
        page = await next;
        if (signal.aborted) return;
        next = before(page);
        add(page.rows, true);
      }
    } catch {
      // The list begins later than it might; the stream tells of whatever is wrong.
    }
    live.hasAll = true;
    settle();
    if (!signal.aborted) tell({ type: "state" });
  }

  async function follow(response, advance) {
    let waiting = [];
    const flush = () => {
      const rows = waiting;
      waiting = [];
      add(rows);
    };
    for await (const { id, event, data } of readEvents(response)) {
      if (event === "reset") {
        waiting = [];
        reset(data.dropped);
      } else if (event === "finding") {
        live.findings.set(data.rule, data);
        tell({ type: "finding", finding: data });
      } else if (data?.type) {
        if (!waiting.length) queueMicrotask(flush);
        waiting.push(data);
      }
      if (id !== null) advance(id);
    }
  }

  return live;
}

function pause(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
