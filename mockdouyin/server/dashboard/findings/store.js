// What the client does wrong: asked for at the beginning and whenever the stream tells of more. One
// store for all views of a world.

const SOON = 400;

const stores = new WeakMap();

/** Return the store of a world: the same for all who ask. */
export function storeOf(context) {
  if (!stores.has(context.live)) stores.set(context.live, createStore(context));
  return stores.get(context.live);
}

/**
 * Return a store: rules [{rule, about, why}], groups [{rule, about, why, findings}] of mistakes, notes of the same form, count of mistakes, exchanges, isLoaded,
 * problem; of(id): what an exchange shows, each with its rule's `about`; version(id): the same in a word;
 * flagged(): how many show something; subscribe(heard), load(), stop().
 */
function createStore({ api, live }) {
  const listeners = new Set();
  const store = { rules: [], groups: [], notes: [], count: 0, exchanges: 0, isLoaded: false, problem: "", of, version, flagged: () => byExchange.size, subscribe, load, stop };
  let byExchange = new Map();
  let timer = 0;
  let wanted = 0;

  async function load() {
    const mine = ++wanted;
    timer = 0;
    try {
      const found = await api.get("findings");
      if (mine !== wanted) return;
      const groups = found.rules.map((each) => ({ ...each, findings: found.findings.filter(({ rule }) => rule === each.rule) }));
      const broken = groups.filter(({ findings }) => findings.length > 0);
      const mistakes = broken.filter(({ level }) => level === "mistake");
      byExchange = Map.groupBy(mistakes.flatMap(({ about, findings }) => findings.map((each) => ({ ...each, about }))), (each) => each.exchange.id);
      Object.assign(store, { rules: found.rules, groups: mistakes, notes: broken.filter(({ level }) => level === "note"), count: mistakes.flatMap((each) => each.findings).length, exchanges: found.exchanges, isLoaded: true, problem: "" });
    } catch (error) {
      if (mine !== wanted) return;
      store.problem = error.message;
    }
    for (const heard of [...listeners]) heard();
  }

  function of(id) {
    return byExchange.get(id) ?? [];
  }

  function version(id) {
    return of(id).map((each) => each.rule).join();
  }

  function subscribe(heard) {
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  const unsubscribe = live.subscribe(({ type }) => {
    if (type === "finding" || type === "reset") timer ||= setTimeout(load, SOON);
  });

  function stop() {
    unsubscribe();
    clearTimeout(timer);
    wanted += 1;
  }

  return store;
}
