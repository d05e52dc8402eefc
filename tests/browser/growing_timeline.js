// Lets a timeline grow by chance, and compares it after each step with one that sees all rows at once.
// The text of a function for page.evaluate: (seed, steps) → what differs first, or null.

async (seed, steps) => {
  const { createModel } = await import("/_mock/ui/timeline/model.js");
  let state = seed;
  const chance = (below) => ((state = (state * 1103515245 + 12345) % 2147483648), (state >> 8) % below);
  const oneOf = (list) => list[chance(list.length)];

  const names = { app: (key) => (isRenamed ? `other ${key}` : key), findings: () => [] };
  let isRenamed = false;
  let params = {};
  const live = { rows: [] };
  const given = { live, route: () => ({ params }), names, findings: { flagged: () => 0 }, changed: () => {} };
  const model = createModel(given);
  let first = 5000; // of what is still to come from the history
  let last = 5000;

  const LINKS = ["login:tt:小明:1", "login:tt:小红:2", "grant:aw:小明:1", "comment:aw:7", "conversation:aw:小红:3", "qr:aw::9"];

  function make(id) {
    const type = oneOf(["exchange", "exchange", "exchange", "act", "delivery"]);
    const links = [...new Set(Array.from({ length: chance(3) }, () => `${oneOf(LINKS)}${chance(2) ? "" : id >> 5}`))];
    return { id, type, links, delivery: type === "delivery" ? `d${chance(9)}` : null, verdict: oneOf(["ok", "ok", "refused", "bent"]), person: oneOf(["", "小明", "小红"]), app: oneOf(["", "web", "mini"]), endpoint: type === "exchange" ? oneOf(["a.login", "b.token"]) : null, kind: type === "exchange" ? null : "phone.login", method: "GET", path: "/a/b", says: "", why: "", code: oneOf([null, 40018]), error: null, rule: null, status: 200, took_ms: chance(9) };
  }

  const deeds = {
    come: () => (live.rows = [...live.rows, ...Array.from({ length: 1 + chance(12) }, () => make((last += 1 + chance(2))))]),
    history() {
      const rows = Array.from({ length: 1 + chance(20) }, () => make((first -= 1 + chance(2)))).reverse();
      live.rows = [...rows, ...live.rows];
    },
    late() {
      const known = new Set(live.rows.map((row) => row.id));
      const free = Array.from({ length: last - first }, (_, n) => first + 1 + n).filter((id) => !known.has(id));
      if (free.length) live.rows = [...live.rows, make(oneOf(free))].sort((one, other) => one.id - other.id);
    },
    drop: () => (live.rows = live.rows.slice(chance(30))),
    reset: () => chance(4) || (live.rows = []),
    again: () => chance(4) || (live.rows = live.rows.map((row) => make(row.id))),
    search: () => (params = { ...params, q: oneOf(["", "", "verdict:refused", "小明", "verdict:ok person:小", "-code:40018", "app:other", "nothing"]) }),
    fold: () => (params = { ...params, open: Array.from({ length: chance(4) }, () => oneOf(live.rows)?.id ?? 1).join(",") }),
    open: () => (params = { ...params, at: String(chance(3) ? (oneOf(live.rows)?.id ?? 1) : "") }),
    hold: () => model.hold(),
    release: () => model.release(),
    rename: () => ((isRenamed = !isRenamed), model.renamed()),
    nothing: () => {},
  };

  const shown = (each) => JSON.stringify({ items: each.items.map(({ row, story, ...rest }) => ({ ...rest, row: row?.id, story: story && { ...story, rows: story.rows.map((step) => step.id) } })), counts: [...each.counts].filter(([, n]) => n).sort(), waiting: each.waiting, exchanges: each.exchanges().map((row) => row.id) });

  for (let n = 0; n < steps; n += 1) {
    const deed = Array.from({ length: 1 + chance(3) }, () => oneOf(["come", "come", "come", "history", ...Object.keys(deeds)]));
    deed.forEach((each) => deeds[each]()); // a frame may have several things to show
    model.rebuild();
    const fresh = createModel(given);
    Object.assign(fresh, { isHeld: model.isHeld, heldAt: model.heldAt });
    fresh.rebuild();
    const [grown, whole] = [shown(model), shown(fresh)];
    const wrong = live.rows.find((row) => model.keyOf(row.id) !== fresh.keyOf(row.id));
    if (grown !== whole || wrong) return { seed, n, deed, params, rows: live.rows.length, grown: grown.slice(0, 2000), whole: whole.slice(0, 2000), wrong };
  }
  return null;
}
