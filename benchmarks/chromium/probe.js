// What a page is asked while it is measured: after how many milliseconds something was on the screen.

{
  /** Wait until the next frame is on the screen; returns when that was. */
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  }));

  /** Wait for a frame in which something is so; returns when it was on the screen. */
  async function seen(isSo) {
    for (;;) {
      const now = await painted();
      if (isSo()) return now;
    }
  }

  const count = () => Number(document.querySelector(".chips .chip span:last-child")?.textContent ?? -1);
  const selected = () => document.querySelector('.list [aria-selected="true"]')?.dataset.key ?? null;
  let entered = 0;
  for (const type of ["keydown", "input"]) addEventListener(type, (event) => (entered = event.timeStamp), true);

  window.probe = {
    /** When the first rows were seen, from the beginning of the page. */
    first: seen(() => document.querySelector(".list .row") !== null),
    /** When all of so many rows were in the list. */
    all: (rows) => seen(() => count() === rows),
    /** How long after the last key the list had so many rows. */
    narrowed: async (rows) => (await seen(() => count() === rows)) - entered,
    /** How long after the last key another row than this one was selected. */
    moved: async (before) => (await seen(() => selected() !== before)) - entered,
    count,
    selected,
  };
}
