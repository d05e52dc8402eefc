// The dialogs of what is open, as the address names them (`do=rule`): a reload and another tab show the same.

/** Return `{begin(name), follow(dialogs), end()}`; `dialogs` opens each by its name, and resolves to it. */
export function createDialogs({ route, navigate }) {
  let opened = null;

  function begin(name) {
    navigate({ params: { do: name } });
  }

  /** Open what the address names, close what it does not. */
  async function follow(dialogs) {
    const name = route().params.do;
    if (opened && opened.name !== name) end();
    if (opened || !dialogs[name]) return;
    const mine = { name, dialog: dialogs[name]() };
    opened = mine;
    const dialog = await mine.dialog;
    if (dialog) dialog.addEventListener("close", () => ended(mine));
    else ended(mine);
  }

  function ended(mine) {
    if (opened !== mine) return;
    opened = null;
    if (route().params.do === mine.name) navigate({ params: { do: null } }, { replace: true });
  }

  function end() {
    const gone = opened;
    opened = null;
    gone?.dialog.then((dialog) => dialog?.close());
  }

  return { begin, follow, end };
}
