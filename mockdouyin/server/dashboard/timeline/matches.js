// The rows that fit a search, and how many there are of each verdict, kept while rows come at either end.

import { compile } from "./query.js";

const VERDICT = /(^|\s)verdict:\S+/g;

/** Return the matches: rows, counts by verdict (whichever is searched for), fits, add(earlier, later). */
export function createMatches(query, names, found) {
  const fits = compile(query, names, found);
  const others = query.replace(VERDICT, " ");
  const fitsOthers = others === query ? fits : compile(others, names, found);
  const matches = { query, found, fits, rows: [], counts: new Map(), add };

  const all = (rows, fit) => (fit ? rows.filter(fit) : rows);

  function add(earlier, later) {
    const [before, after] = [all(earlier, fits), all(later, fits)];
    matches.rows = [...before, ...matches.rows, ...after];
    if (fits === fitsOthers) (count(before), count(after));
    else (count(all(earlier, fitsOthers)), count(all(later, fitsOthers)));
  }

  function count(rows) {
    const { counts } = matches;
    const more = (verdict, n) => counts.set(verdict, (counts.get(verdict) ?? 0) + n);
    more("", rows.length);
    for (const row of rows) more(row.type === "delivery" && row.verdict !== "ok" ? "fault" : row.verdict, 1);
  }

  return matches;
}

/**
 * Return `{earlier, later}`: what of the rows is not among those known, which are still there at a
 * stretch. Null if they are not: some are gone, or one has come between.
 */
export function added(known, rows) {
  if (!known.length) return { earlier: [], later: rows };
  const from = placeOf(rows, known[0].id);
  if (rows[from] !== known[0] || rows[from + known.length - 1] !== known.at(-1)) return null;
  return { earlier: rows.slice(0, from), later: rows.slice(from + known.length) };
}

/** The place of the first row with this number or a higher one. */
export function placeOf(rows, id) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
