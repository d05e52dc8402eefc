// Names for what rows only have ids of: apps, and the parts of an id that people say.

import { storeOf } from "../findings/store.js";

const DEMOS = ["web", "mini_program", "mini_game"];

/** Return names: `app(key)`, `findings(id)`, and what `learn(endpoint)` has asked for; `changed` is called when the apps are there, and what is drawn once waits for `ready()`. */
export function createNames({ api, t, ...context }, changed) {
  const apps = new Map();
  const names = { app, apps, endpoints: new Map(), findings: (id) => storeOf({ api, ...context }).of(id), load, ready: () => first ?? load(), learn };
  let first = null;

  function app(key) {
    const found = apps.get(key);
    if (found) return DEMOS.includes(found.name) ? t(`timeline.app_${found.name}`) : found.name;
    return DEMOS.includes(key) ? t(`timeline.app_${key}`) : key;
  }

  function load() {
    const asked = ask();
    first ??= asked;
    return asked;
  }

  async function ask() {
    const given = await api.get("apps").catch(() => null);
    for (const each of given?.apps ?? []) apps.set(each.client_key, each);
    changed();
  }

  /** One endpoint at a time: the whole list is long, and few are ever looked at. */
  async function learn(name) {
    if (!name || names.endpoints.has(name)) return;
    const known = await api.get("endpoints", { name }).catch(() => null);
    for (const each of known?.endpoints ?? []) names.endpoints.set(each.name, each);
  }

  return names;
}

/** The number of a person's colour: the same everywhere; the four demo people differ. */
export function faceOf(person) {
  let sum = 0;
  for (const each of person) sum = (sum * 85 + each.codePointAt(0)) % 9967;
  return sum % 4;
}
