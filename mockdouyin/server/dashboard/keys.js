// Keys: one table, so that a letter means the same everywhere.

/**
 * `bind({j: act, " ": act, Enter: act}, {when})` → a function that unbinds. What was bound last is
 * asked first; an act that returns false leaves the key to the others and to the browser.
 */
export function createKeys() {
  const bound = [];

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    const types = target.closest?.("input, textarea, select, [contenteditable]");
    if (types && event.key !== "Escape") return;
    if ((event.key === "Enter" || event.key === " ") && target.closest?.("button, a, summary")) return;
    if (event.key === "Escape" && document.querySelector(":popover-open")) return; // it closes that alone
    if (document.querySelector("dialog[open]")) return; // a dialog has keys of its own
    for (const table of [...bound].reverse()) {
      const act = table[event.key];
      if (act && act(event) !== false) {
        event.preventDefault();
        return;
      }
    }
  });

  return {
    bind(table) {
      bound.push(table);
      return () => {
        const place = bound.indexOf(table);
        if (place >= 0) bound.splice(place, 1);
      };
    },
  };
}
