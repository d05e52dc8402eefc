// The world's clock: asked once and after each move, counted on here between.

/** Return the clock: `now()` in milliseconds, `frozen`, `moved`, `ran`, `due`, and its moves. */
export function createClock(api, live, fail) {
  const listeners = new Set();
  const clock = { frozen: false, moved: false, ran: null, due: null, more: false, known: false, now, load, subscribe, follow, move, freeze, resume, back };
  let offset = 0;
  let stood = 0;

  function now() {
    return clock.frozen ? stood : Date.now() + offset;
  }

  function subscribe(heard) {
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  /** Call whenever it is moved, and once a second while it runs and is seen; returns what ends that. */
  function follow(act) {
    const unsubscribe = subscribe(act);
    const timer = setInterval(() => !clock.frozen && !document.hidden && act(), 1000);
    return () => (unsubscribe(), clearInterval(timer));
  }

  function tell() {
    for (const heard of [...listeners]) heard();
  }

  function take(state) {
    stood = Date.parse(state.now);
    offset = stood - Date.now();
    Object.assign(clock, { frozen: state.frozen, moved: state.moved, known: true });
  }

  async function load() {
    try {
      take(await api.get("clock"));
    } catch {
      return; // the stream's state says that the server is away
    }
    tell();
    await loadDue();
  }

  async function loadDue() {
    try {
      const page = await api.get("due", { limit: 30 });
      clock.due = page.due;
      clock.more = page.more;
    } catch {
      return; // as above
    }
    tell();
  }

  async function change(path, body, by = "") {
    try {
      const state = await api.post(`clock/${path}`, body);
      take(state);
      clock.ran = by ? { by, ...state.ran, unfinished: state.unfinished } : null;
      tell();
      await loadDue();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  function move(by) {
    return change("advance", { by }, by);
  }
  function freeze() {
    return change("freeze", { at: "now" });
  }
  function resume() {
    return change("resume");
  }
  function back() {
    return change("back");
  }

  live.subscribe((message) => {
    if (message.type === "reset") load();
    if (message.type !== "rows" || message.old) return;
    if (message.rows.some((row) => row.kind?.startsWith("clock."))) load();
    else soon();
  });

  let timer = 0;
  function soon() {
    timer ||= setTimeout(() => ((timer = 0), loadDue()), 2000);
  }

  return clock;
}
