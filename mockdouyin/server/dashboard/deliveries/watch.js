// The count on the tab, also while another view is seen: what still waits for virtual time.

const SOON = 1000;
const LATER = 3000; // after exchanges alone
const MANY = 99;

/** Keep the count; returns what ends that. */
export function watch({ api, live, t, badge }) {
  let timer = 0;

  async function count() {
    timer = 0;
    try {
      const { deliveries, more } = await api.get("deliveries", { state: "waiting", limit: MANY });
      const n = deliveries.length;
      badge(more ? `${n}+` : n, "pending", n ? t("deliveries.waiting", { n }) : "");
    } catch {
      // The stream's state says that the server is away.
    }
  }

  const unsubscribe = live.subscribe(({ type, rows, old }) => {
    if (type !== "reset" && (type !== "rows" || old)) return;
    timer ||= setTimeout(count, rows?.every((row) => row.type === "exchange") ? LATER : SOON);
  });
  count();
  return () => (unsubscribe(), clearTimeout(timer));
}
