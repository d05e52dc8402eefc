// The rows that a row depends on: where its code was issued and used up, the attempt before it.

const WAIT = 200; // milliseconds of rest on a row before its kin are asked for
const KEPT = 200;

/**
 * Return `{words(id), show(id), refresh(), stop()}`: of the row that is selected, or of the one in the list
 * that the pointer rests on. `changed` is called when other rows are marked.
 */
export function createRelated({ api, live, t, fail }, list, changed) {
  const known = new Map();
  let marked = new Map();
  let chosen = 0;
  let pointed = 0;
  let timer = 0;
  let wanted = 0;
  let isMissing = false;

  async function draw() {
    const mine = ++wanted;
    isMissing = (pointed || chosen) > 0 && !live.find(pointed || chosen);
    const found = await find(pointed || chosen);
    if (mine !== wanted || same(found, marked)) return;
    marked = found;
    changed();
  }

  async function find(id) {
    const row = id ? live.find(id) : undefined;
    if (!row) return new Map();
    if (row.type === "exchange") return (await livesOf(row)).filter(([at]) => at < id && live.find(at)).reduce((all, [at, words]) => all.set(at, all.has(at) ? `${all.get(at)} · ${words}` : words), new Map());
    if (row.type !== "delivery") return new Map();
    const before = live.rows.findLast((each) => each.delivery === row.delivery && each.id < id);
    return new Map(before ? [[before.id, t("related.attempt")]] : []);
  }

  async function livesOf(row) {
    if (!known.has(row.id)) {
      if (known.size > KEPT) known.clear();
      known.set(row.id, api.get(`exchanges/${row.id}/lives`).then(({ lives }) => lives.filter((each) => each.sent).flatMap(({ kind, marks }) => marks.filter((each) => each.what !== "call").map((each) => [each.id, t(`related.${each.what}`, { kind: t(`life.kind_${kind}`) })]))));
    }
    try {
      return await known.get(row.id);
    } catch (error) {
      known.delete(row.id);
      if (error.status && error.status !== 404) fail(error);
      return [];
    }
  }

  /** The selection. */
  function show(id) {
    if (chosen === id) return;
    chosen = id;
    draw();
  }

  /** The row under the pointer, once it rests there; 0 if there is none. */
  function point(id) {
    clearTimeout(timer);
    timer = setTimeout(() => ((pointed = id), draw()), id ? WAIT : 0);
  }

  list.element.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && point(Number(/^r(\d+)$/.exec(target.closest?.("[role=option]")?.dataset.key ?? "")?.[1] ?? 0)));
  list.element.addEventListener("pointerleave", () => point(0));

  return { words: (id) => marked.get(id) ?? "", show, refresh: () => isMissing && draw(), stop: () => (clearTimeout(timer), (wanted += 1)) };
}

const same = (one, other) => one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
