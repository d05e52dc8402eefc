// A long list: only the rows that are seen are elements, and nothing moves under a reader's eyes.

import { h } from "./dom.js";

const MARGIN = 600; // pixels beyond the edges that are made all the same

/**
 * Return a list. `given`:
 *   label                   for a reader of the screen
 *   key(item)               a text; of an item that stays the same it stays the same
 *   height(item)            pixels; `refresh()` when the answers change
 *   version(item)           what it shows; a row is made anew only if this changed
 *   render(item)            an element, of exactly that height
 *   expanded?(item)         true or false of an item that folds, else undefined
 *   open(item, how)         it was clicked, or Enter was pressed
 *   scrolled?(isAtEnd)      the list was scrolled
 * The list: element, set(items), items, selected, select(key), move(±1), isAtEnd(), toEnd() to follow the
 * end from now on, stay() not to, refresh(), focus()
 */
export function createList(given) {
  const space = h("div", { className: "list-space" });
  const element = h("div", { className: "list", role: "listbox", "aria-label": given.label, tabIndex: 0 }, space);
  const list = { element, items: [], selected: null, set, select, move, isAtEnd, toEnd, stay: () => (follows = false), refresh, focus: () => element.focus({ preventScroll: true }), place };
  let tops = [0];
  let index = null; // of a key its place, once somebody asks
  const made = new Map();
  const ids = new Map();
  let follows = true; // the end, as long as nobody scrolls away from it
  let seenHeight = 0; // that the list was last drawn for

  function measure() {
    const { items } = list;
    tops = new Array(items.length + 1);
    tops[0] = 0;
    for (let n = 0; n < items.length; n += 1) tops[n + 1] = tops[n] + given.height(items[n]);
    space.style.setProperty("height", `${tops.at(-1)}px`);
  }

  function placeOf(key) {
    index ??= new Map(list.items.map((item, n) => [given.key(item), n]));
    return index.get(key);
  }

  /** Take other items; what is selected, or seen first, stays at its height. */
  function set(items) {
    if (items !== list.items) take(items);
    draw();
  }

  function take(items) {
    const anchor = follows ? null : anchorKey();
    const before = anchor === null ? 0 : tops[placeOf(anchor)] - element.scrollTop;
    list.items = items;
    index = null;
    measure();
    if (follows) element.scrollTop = tops.at(-1);
    else if (anchor !== null && placeOf(anchor) !== undefined) element.scrollTop = tops[placeOf(anchor)] - before;
  }

  function anchorKey() {
    const place = list.selected === null ? undefined : placeOf(list.selected);
    const { scrollTop, clientHeight } = element;
    const isSeen = place !== undefined && tops[place + 1] > scrollTop && tops[place] < scrollTop + clientHeight;
    if (isSeen) return list.selected;
    const first = list.items[at(scrollTop)];
    return first === undefined ? null : given.key(first);
  }

  function at(y) {
    let low = 0;
    let high = list.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle + 1] <= y) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, list.items.length - 1);
  }

  function draw() {
    const { scrollTop, clientHeight } = element;
    const from = Math.max(0, at(scrollTop - MARGIN));
    const end = scrollTop + clientHeight + MARGIN;
    const wanted = new Set();
    let previous = null;
    for (let n = from; n < list.items.length && tops[n] < end; n += 1) {
      const key = given.key(list.items[n]);
      wanted.add(key);
      const row = rowOf(key, n);
      if (row.element.parentNode !== space || row.element.previousSibling !== previous) space.insertBefore(row.element, previous ? previous.nextSibling : space.firstChild);
      previous = row.element;
    }
    for (const [key, row] of made) {
      if (wanted.has(key)) continue;
      row.element.remove();
      made.delete(key);
    }
    const active = made.get(list.selected);
    if (active) element.setAttribute("aria-activedescendant", active.element.id);
    else element.removeAttribute("aria-activedescendant");
  }

  function rowOf(key, n) {
    const item = list.items[n];
    const version = given.version(item);
    let row = made.get(key);
    if (!row || row.version !== version) {
      const element = given.render(item);
      element.id = idOf(key);
      element.dataset.key = key;
      element.setAttribute("role", "option");
      row?.element.replaceWith(element);
      row = { element, version };
      made.set(key, row);
    }
    const { style } = row.element;
    const top = `${tops[n]}px`;
    if (row.top !== top) style.setProperty("top", (row.top = top));
    const attributes = { "aria-selected": String(key === list.selected), "aria-posinset": String(n + 1), "aria-setsize": String(list.items.length) };
    const expanded = given.expanded?.(item);
    if (expanded !== undefined) attributes["aria-expanded"] = String(expanded);
    for (const [name, value] of Object.entries(attributes)) if (row.element.getAttribute(name) !== value) row.element.setAttribute(name, value);
    return row;
  }

  function idOf(key) {
    if (!ids.has(key)) ids.set(key, `row-${ids.size + 1}`);
    return ids.get(key);
  }

  /** Select an item without opening it; it is scrolled into view. */
  function select(key, { scroll = true } = {}) {
    list.selected = key;
    if (scroll && placeOf(key) !== undefined) show(placeOf(key));
    draw();
  }

  function show(n) {
    const height = element.clientHeight;
    if (tops[n] < element.scrollTop) element.scrollTop = tops[n];
    else if (tops[n + 1] > element.scrollTop + height) element.scrollTop = tops[n + 1] - height;
  }

  /** Go to the next or previous item; returns it. */
  function move(step) {
    if (!list.items.length) return null;
    const here = placeOf(list.selected);
    const from = here ?? (step > 0 ? at(element.scrollTop) - 1 : at(element.scrollTop + element.clientHeight) + 1);
    const item = list.items[Math.max(0, Math.min(list.items.length - 1, from + step))];
    select(given.key(item));
    return item;
  }

  /** Return the item of a key, if it is in the list. */
  function place(key) {
    return list.items[placeOf(key)];
  }

  function isAtEnd() {
    return element.scrollTop + element.clientHeight >= tops.at(-1) - 4;
  }

  function toEnd() {
    follows = true;
    element.scrollTop = tops.at(-1);
    draw();
  }

  /** Measure and make all rows anew: the width or the language changed. */
  function refresh() {
    for (const row of made.values()) row.element.remove();
    made.clear();
    take(list.items);
    draw();
  }

  element.addEventListener("scroll", () => {
    if (element.clientHeight !== seenHeight || seenHeight === 0) return; // not by a reader: it has another size, or is hidden
    follows = isAtEnd();
    draw();
    given.scrolled?.(isAtEnd());
  }, { passive: true });
  element.addEventListener("click", (event) => {
    const key = event.target.closest("[role=option]")?.dataset.key;
    const item = key === undefined || event.target.closest("a, button") ? undefined : place(key);
    if (item !== undefined && !getSelection().toString()) given.open(item, "click");
  });
  new ResizeObserver(() => {
    seenHeight = element.clientHeight;
    if (follows) element.scrollTop = tops.at(-1);
    draw();
  }).observe(element);
  return list;
}
