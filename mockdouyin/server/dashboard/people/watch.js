// The count on the tab, also while another view is seen: sheets that wait for an answer, else the people.

const SOON = 150; // milliseconds; what a reset and many rows ask for at once is one question

/** Keep the count; returns what ends that. */
export function watch({ api, live, t, badge }) {
  const known = new Set();
  let count = 0;
  let waiting = 0;
  let timer = 0;
  let wanted = new Set(["people", "sheets"]);

  const parts = {
    people: async () => (count = (await api.get("people", { limit: 1 })).count),
    sheets: async () => (waiting = (await api.get("phone/sheets")).sheets.length),
  };

  async function look() {
    timer = 0;
    const asked = [...wanted];
    wanted = new Set();
    try {
      await Promise.all(asked.map((each) => parts[each]()));
    } catch {
      return; // the stream's state says that the server is away
    }
    if (waiting) badge(waiting, "pending", t("people.waiting", { n: waiting }));
    else badge(count, "", t("people.count", { n: count }));
  }

  function need(...some) {
    for (const each of some) wanted.add(each);
    timer ||= setTimeout(look, SOON);
  }

  const unsubscribe = live.subscribe(({ type, rows, old }) => {
    if (type === "reset" || (type === "state" && live.state === "live")) need("people", "sheets");
    if (type !== "rows" || old) return;
    if (rows.some((row) => row.kind?.startsWith("sheet."))) need("sheets");
    // Strangers are not told of: they are known once they do something.
    if (rows.some((row) => row.kind?.startsWith("person.") || (row.person && !known.has(row.person)))) need("people");
    for (const row of rows) if (row.person) known.add(row.person);
  });
  look();
  return () => (unsubscribe(), clearTimeout(timer));
}
