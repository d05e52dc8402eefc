// The count on the tab, also while another view is seen: what has failed, else what waits for virtual time.

const SOON = 1000;
const LATER = 3000; // after exchanges alone
const MANY = 99;

/** Keep the count; returns what ends that. */
export function watch({ api, live, t, badge }) {
  let timer = 0;
  let isOver = false;

  async function count() {
    timer = 0;
    try {
      const [failed, waiting] = await Promise.all(["failed", "waiting"].map((state) => api.get("deliveries", { state, limit: MANY })));
      const n = failed.deliveries.length || waiting.deliveries.length;
      const [page, tone, words] = failed.deliveries.length ? [failed, "fault", "deliveries.failed"] : [waiting, "pending", "deliveries.waiting"];
      badge(page.more ? `${n}+` : n, tone, n ? t(words, { n }) : "");
    } catch {
      // The stream's state says that the server is away.
    }
  }

  const unsubscribe = live.subscribe(({ type, rows, old }) => {
    if (type !== "reset" && (type !== "rows" || old)) return;
    timer ||= setTimeout(count, rows?.every((row) => row.type === "exchange") ? LATER : SOON);
  });
  live.settled.then(() => isOver || count()); // rows come first
  return () => ((isOver = true), unsubscribe(), clearTimeout(timer));
}
