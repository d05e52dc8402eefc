// A thing that is being opened: a key that is pressed meanwhile is for it, not for the one before.

/** Return `{begin(), settled()}`: begin to load it (again), and wait until nothing is being loaded. */
export function createOpening(load) {
  let latest = Promise.resolve();

  const begin = () => (latest = load());

  async function settled() {
    for (let last; last !== latest; ) await (last = latest);
  }

  return { begin, settled };
}
