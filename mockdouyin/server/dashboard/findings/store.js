// What the client does wrong: asked for at the beginning and whenever the stream tells of more.

const SOON = 400;

/** Return the store: rules [{rule, about, why}], groups [{rule, about, why, findings}], count, exchanges, isLoaded, problem, subscribe(heard), stop(). */
export function createStore({ api, live }) {
  const listeners = new Set();
  const store = { rules: [], groups: [], count: 0, exchanges: 0, isLoaded: false, problem: "", subscribe, load, stop };
  let timer = 0;
  let wanted = 0;

  async function load() {
    const mine = ++wanted;
    timer = 0;
    try {
      const found = await api.get("findings");
      if (mine !== wanted) return;
      const groups = found.rules.map((each) => ({ ...each, findings: found.findings.filter(({ rule }) => rule === each.rule) }));
      Object.assign(store, { rules: found.rules, groups: groups.filter(({ findings }) => findings.length > 0), count: found.findings.length, exchanges: found.exchanges, isLoaded: true, problem: "" });
    } catch (error) {
      if (mine !== wanted) return;
      store.problem = error.message;
    }
    for (const heard of [...listeners]) heard();
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
