// What the view shows of a world: its people, apps and rules, and who did what, kept up to date.

import { createNames } from "../timeline/names.js";
import { createStanding } from "./standing.js";

/** So many people are phones, and those who are asked; another one is found by name. */
export const SHOWN = 24;
const KEPT = 500; // what one person did, at least
const PAUSE = 250; // milliseconds between what happened and asking anew

/**
 * Return the model: people, count, apps, rules, sheets (that wait, oldest first), phoneApis, problem; find(name),
 * appName(key), appOf(person), sheetsOf(person), answered(id), rowsOf(person), latest(person, app, kinds),
 * standing (standing.js); load(), isStale(), subscribe(heard), end().
 * heard({people?, apps?, only?}): what changed; `only` names the people concerned.
 */
export function createModel(context) {
  const { api, live, route, fail } = context;
  const listeners = new Set();
  const names = createNames(context, () => tell({ apps: true }));
  const model = { people: [], count: 0, apps: [], rules: [], sheets: [], phoneApis: [], problem: "", names, standing: createStanding(context), find, appName: names.app, appIcon, appOf, chosenApp, sheetsOf, answered, rowsOf, latest, load, isStale, subscribe, end: () => (unheard(), model.standing.stop(), clearTimeout(timer)), need };
  let shown = null;
  let timer = 0;
  let isReady = false;
  let wanted = new Set();
  let concerned = new Set();
  let byPerson = new Map();

  const parts = {
    async people() {
      const person = route().params.person ?? "";
      shown = person;
      try {
        const page = await api.get("people", { person, limit: SHOWN });
        Object.assign(model, { people: page.people, count: page.count, problem: "" });
      } catch (error) {
        if (error.status !== 404 || !person) throw error;
        Object.assign(model, { people: [], problem: error.message });
      }
      return { people: true };
    },
    async apps() {
      const [{ apps }, emulated] = await Promise.all([api.get("apps"), model.phoneApis.length ? null : api.root.get("endpoints", { name: "phone" }), names.load()]);
      model.apps = apps;
      if (emulated) model.phoneApis = emulated.phone.map((each) => each.name);
      return { apps: true };
    },
    async rules() {
      model.rules = (await api.get("rules")).rules;
      return {};
    },
    async sheets() {
      model.sheets = (await api.get("phone/sheets")).sheets;
      return {};
    },
  };

  function tell(what) {
    for (const heard of [...listeners]) heard(what);
  }

  function subscribe(heard) {
    listeners.add(heard);
    return () => listeners.delete(heard);
  }

  function load() {
    wanted = new Set(Object.keys(parts));
    index();
    return refresh();
  }

  async function refresh() {
    timer = 0;
    const [asked, only] = [wanted, concerned];
    wanted = new Set();
    concerned = new Set();
    const seen = await Promise.all([...asked].map((each) => parts[each]().catch((error) => (fail(error), {}))));
    const what = Object.assign({}, ...seen);
    if ((asked.has("people") || asked.has("sheets")) && (await addAsked())) what.people = true;
    isReady ||= asked.has("apps");
    tell(asked.size ? what : { only });
  }

  /** Have a phone for each person who is asked, also for one whom the list leaves out; whether there are more now. */
  async function addAsked() {
    const missing = shown ? [] : [...new Set(model.sheets.map((each) => each.person))].filter((each) => !find(each)).slice(0, SHOWN);
    const found = await Promise.all(missing.map((person) => api.get("people", { person, limit: 1 }).catch(() => ({ people: [] }))));
    const more = found.flatMap((each) => each.people).filter((each) => !find(each.name));
    model.people = [...model.people, ...more];
    return more.length > 0;
  }

  /** The sheets that wait on a person's phone. */
  function sheetsOf(person) {
    return model.sheets.filter((each) => each.person === person);
  }

  /** A sheet has its answer: it goes, before the server has told of it. */
  function answered(id) {
    model.sheets = model.sheets.filter((each) => each.id !== id);
    need("sheets");
    tell({});
  }

  /** Ask anew for some of the parts, soon. */
  function need(...some) {
    for (const each of some) wanted.add(each);
    timer ||= setTimeout(refresh, PAUSE);
  }

  /** Whether the address names another person than the one that was asked for. */
  function isStale() {
    return shown !== (route().params.person ?? "");
  }

  function find(name) {
    return model.people.find((each) => each.name === name);
  }

  function appAt(key) {
    return model.apps.find((each) => each.client_key === key || each.name === key);
  }

  /** The character on an app's icon. */
  function appIcon(app) {
    const demo = context.t(`people.icon_${app.name}`);
    return demo.startsWith("people.") ? ([...app.name][0] ?? "?").toUpperCase() : demo;
  }

  /** The app that all phones have open, unless one of them has another. */
  function chosenApp() {
    return appAt(route().params.app) ?? model.apps.find((each) => each.kind === "mini_program") ?? model.apps[0];
  }

  /** The app that a person has open; null if their phone shows its home. */
  function appOf(person) {
    const own = route().params[`app.${person}`];
    return own === "home" ? null : (appAt(own) ?? chosenApp() ?? null);
  }

  function index() {
    byPerson = new Map();
    live.rows.forEach(push);
  }

  function push(row) {
    if (!row.person || !isDeed(row)) return;
    if (!byPerson.has(row.person)) byPerson.set(row.person, []);
    const rows = byPerson.get(row.person);
    rows.push(row);
    if (rows.length > KEPT * 2) rows.splice(0, KEPT);
  }

  /** What a person did, the newest last. */
  function rowsOf(person) {
    return byPerson.get(person) ?? [];
  }

  /** The newest of some kinds that a person did in an app. */
  function latest(person, app, kinds) {
    return rowsOf(person).findLast((row) => row.app === app && kinds.includes(row.kind));
  }

  function hear(rows) {
    for (const row of rows) {
      push(row);
      if (row.person) concerned.add(row.person);
      if (!isReady) continue; // all is being asked for
      const kind = row.kind ?? "";
      if (kind.startsWith("person.") || (row.person && !find(row.person) && model.count < SHOWN)) need("people");
      if (kind.startsWith("app.")) need("apps");
      if (kind.startsWith("rule.") || row.rule) need("rules");
      if (kind.startsWith("sheet.")) need("sheets");
    }
    if (isReady && concerned.size) need();
  }

  const unheard = live.subscribe((message) => {
    if (message.type === "reset") {
      index();
      need(...Object.keys(parts));
    } else if (message.type === "rows" && message.old) {
      index();
      tell({});
    } else if (message.type === "rows") {
      hear(message.rows);
    }
  });
  return model;
}

/** Whether a row tells what a person did: an act of theirs, not one that changes their profile. */
function isDeed(row) {
  return row.type === "act" && /^(phone|consent|social|share)\./.test(row.kind);
}
