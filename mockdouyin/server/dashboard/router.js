// The address: #/world/view?q=…&at=41&open=7,30 — whatever a view shows can be sent to somebody.

/** Return the router; `known` are the names of the views, the first one is the default. */
export function createRouter(known, changed) {
  function read() {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [world = "", view = ""] = path.split("/").map(decode);
    return {
      world: world || "default",
      view: known.includes(view) ? view : known[0],
      params: Object.fromEntries(new URLSearchParams(query)),
    };
  }

  /** Return the address of a place; what is not named stays, a param of null goes. */
  function link({ world, view, params = {} } = {}) {
    const here = read();
    const to = { world: world ?? here.world, view: view ?? here.view };
    const stays = to.world === here.world && to.view === here.view ? here.params : {};
    const kept = Object.entries({ ...stays, ...params }).filter(([, value]) => value !== null && value !== "");
    const query = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return `#/${encodeURIComponent(to.world)}/${to.view}${query ? `?${query}` : ""}`;
  }

  /** Go somewhere; with `replace` the browser's Back does not lead here again. */
  function navigate(to, { replace = false } = {}) {
    const address = link(to);
    if (address === location.hash) return;
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    changed(read());
  }

  addEventListener("popstate", () => changed(read()));
  return { read, link, navigate };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
