// What makes the list stand still while somebody reads: scrolling up, opening a row, a pause.

/** Return `{isPaused, scrolled(isAtEnd), opened(at), catchUp(), pause()}` of a list and its model. */
export function createStillness({ list, model, live, redraw }) {
  const still = { isPaused: false, scrolled, opened, catchUp, pause };
  let last = 0; // the row that was opened last

  function hold() {
    list.stay();
    model.hold();
  }

  function scrolled(isAtEnd) {
    if (!isAtEnd && !model.isHeld) hold();
    else if (isAtEnd && model.isHeld && !still.isPaused && model.waiting === 0) model.release();
    else return;
    redraw();
  }

  /** A row was opened, by a click or by its address; 0 if none is. The list holds, once there is a newer one. */
  function opened(at) {
    if (at === last || (at && !live.find(at))) return;
    if (at && at === live.rows.at(-1).id) return;
    last = at;
    if (!at || model.isHeld) return;
    hold();
    list.select(model.keyOf(at));
  }

  function catchUp() {
    still.isPaused = false;
    model.release();
    list.toEnd();
    list.focus();
  }

  function pause() {
    still.isPaused = !still.isPaused;
    if (still.isPaused) hold();
    else catchUp();
    redraw();
  }

  return still;
}
