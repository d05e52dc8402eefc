// Keys: one table, so that a letter means the same everywhere and the sheet of them cannot lie.

/** Every key that is bound anywhere, in the order of the sheet: its group, and its word in zh.json and en.json. */
export const KEYS = {
  f: ["everywhere", "freeze"],
  "]": ["everywhere", "next"],
  l: ["everywhere", "link"],
  "?": ["everywhere", "sheet"],
  j: ["list", "following"],
  k: ["list", "previous"],
  Enter: ["list", "open"],
  Escape: ["list", "close"],
  "/": ["list", "search"],
  " ": ["list", "pause"],
  e: ["detail", "resend"],
  c: ["detail", "copy"],
  t: ["detail", "pytest"],
  m: ["detail", "markdown"],
  h: ["detail", "har"],
  r: ["detail", "rule"],
  p: ["detail", "replay"],
  n: ["detail", "renew"],
  x: ["detail", "examine"],
  a: ["phone", "allow"],
  d: ["phone", "deny"],
};

/**
 * `bind({j: act, " ": act, Enter: act})` → a function that unbinds. What was bound last is asked
 * first; an act that returns false leaves the key to the others and to the browser. `bound()` tells
 * which keys are bound now.
 */
export function createKeys(digits = []) {
  const tables = [];

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    const types = target.closest?.("input, textarea, select, [contenteditable]");
    if (types && event.key !== "Escape") return;
    if ((event.key === "Enter" || event.key === " ") && target.closest?.("button, a, summary")) return;
    if (event.key === "Escape" && document.querySelector(":popover-open")) return; // it closes that alone
    if (document.querySelector("dialog[open]")) return; // a dialog has keys of its own
    for (const table of [...tables].reverse()) {
      const act = table[event.key];
      if (act && act(event) !== false) {
        event.preventDefault();
        return;
      }
    }
  });

  return {
    bind(table) {
      const strange = Object.keys(table).filter((key) => !(key in KEYS) && !digits.includes(key));
      if (strange.length) throw new Error(`not in the table of keys: ${strange.join(" ")}`);
      tables.push(table);
      return () => {
        const place = tables.indexOf(table);
        if (place >= 0) tables.splice(place, 1);
      };
    },
    bound: () => new Set(tables.flatMap(Object.keys)),
  };
}
