// The deliveries that are listed: fetched by the filters, and again when something happened to them.

const PAGE = 200;
const SOON = 300; // milliseconds after an attempt
const LATER = 1500; // after anything else: it may have caused a delivery that waits

/** What of an address are filters, and the query that they make. */
export const FILTERS = ["state", "event", "app", "person"];

export function queryOf(params) {
  const { state, event, app, person } = params;
  const isUnaccepted = state === "unaccepted";
  return { state: isUnaccepted ? null : state, failed: isUnaccepted || null, event, app, person };
}

/**
 * Return the store: items (the oldest first), total, more, problem, isLoaded, find(id), filter(params),
 * earlier(), reload(), take(delivery), stop(). `changed()` is called when any of it did.
 */
export function createStore({ api, live }, changed) {
  const store = { items: [], total: 0, more: false, problem: "", isLoaded: false, find: (id) => store.items.find((each) => each.id === id), filter, earlier, reload, take, stop };
  let query = {};
  let known = "";
  let wanted = 0;
  let timer = 0;
  let due = 0;

  async function filter(params) {
    query = queryOf(params);
    const now = JSON.stringify(query);
    if (now === known) return;
    known = now;
    store.items = [];
    await reload();
  }

  async function reload() {
    const mine = ++wanted;
    try {
      const page = await api.get("deliveries", { ...query, limit: Math.max(PAGE, store.items.length) });
      if (mine !== wanted) return;
      Object.assign(store, { items: page.deliveries, total: page.total, more: page.more, problem: "", isLoaded: true });
    } catch (error) {
      if (mine !== wanted) return;
      Object.assign(store, { problem: error.message, isLoaded: true });
      if (error.status === 404) store.items = [];
    }
    changed();
  }

  async function earlier() {
    const mine = wanted;
    const page = await api.get("deliveries", { ...query, limit: PAGE, before: store.items[0].id });
    if (mine !== wanted) return;
    store.items = [...page.deliveries, ...store.items];
    store.more = page.more;
    changed();
  }

  /** Take what the server just answered, without waiting for the list. */
  function take(delivery) {
    const place = store.items.findIndex((each) => each.id === delivery.id);
    if (place >= 0) store.items = store.items.with(place, delivery);
    changed();
    soon(0);
  }

  function soon(wait) {
    const at = performance.now() + wait;
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => ((timer = 0), reload()), wait);
  }

  const unsubscribe = live.subscribe(({ type, rows, old }) => {
    if (type === "reset") soon(0);
    if (type !== "rows" || old) return;
    soon(rows.some((row) => row.type === "delivery") ? SOON : LATER);
  });

  function stop() {
    unsubscribe();
    clearTimeout(timer);
    wanted += 1;
  }

  return store;
}
