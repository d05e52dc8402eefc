// People: each person is a phone, from which they act and on which one sees what came back.

import { a, button, fill, h, say } from "../dom.js";
import { icon as draw } from "../icons.js";
import { createColumn } from "../people/column.js";
import { createModel } from "../people/model.js";
import { openProfile } from "../people/profile.js";
import { face } from "../timeline/rows.js";

export { watch } from "../people/watch.js";

export const name = "people";
export const key = "2";
export const icon = "person";

export function mount(root, context) {
  const { t, link, navigate, route, clock, keys } = context;
  const model = createModel(context);
  const columns = new Map();
  const strip = h("nav", { className: "faces", "aria-label": t("people.everybody") });
  const shelf = h("div", { className: "people", role: "group", "aria-label": t("people.tab") });
  const finder = createFinder(context);
  const apps = h("select", { "aria-label": t("people.in_app"), onchange: () => navigate({ params: { app: apps.value } }, { replace: true }) });
  const adder = button({ className: "dark add-person", onclick: () => openProfile(context, null, (made) => navigate({ params: { at: made.name } }, { replace: true })) }, h("span", { "aria-hidden": "true" }, "＋"), h("span", {}, t("people.add")));
  fill(context.tools, h("label", { className: "in-app" }, h("span", { className: "soft" }, t("people.in")), apps, h("span", { className: "soft" }, t("people.in_end"))), adder);
  fill(root, h("div", { className: "people-view" }, strip, shelf));

  let firsts = null;
  /** Those who were asked when the view was opened come first; nobody moves while one looks. */
  function inOrder() {
    firsts ??= new Set(model.sheets.map((each) => each.person));
    return [...model.people].sort((one, other) => firsts.has(other.name) - firsts.has(one.name));
  }

  function drawPeople() {
    const everybody = inOrder();
    for (const [name, column] of columns) {
      if (model.find(name)) continue;
      column.unmount();
      column.element.remove();
      columns.delete(name);
    }
    for (const person of everybody) {
      if (!columns.has(person.name)) columns.set(person.name, createColumn(person.name, model, context));
      columns.get(person.name).draw();
    }
    const wanted = [...everybody.map(({ name }) => columns.get(name).element), finder.element];
    wanted.forEach((each, n) => each !== shelf.children[n] && shelf.insertBefore(each, shelf.children[n] ?? null));
    finder.draw(model);
    fill(strip, everybody.map(({ name }) => a(link({ params: { at: name } }), { className: "face-link", title: name, dataset: { person: name } }, face(name), h("span", {}, name), h("span", { className: "dot", hidden: true }, h("span", { className: "unseen" }, t("people.asked"))))));
    drawRoute();
    drawDots();
  }

  function drawApps() {
    const isNew = apps.childElementCount !== model.apps.length;
    if (isNew) fill(apps, model.apps.map((each) => h("option", { value: each.client_key }, model.appName(each.client_key))));
    apps.value = model.chosenApp()?.client_key ?? "";
  }

  let seen = null;
  function drawRoute() {
    const { at } = route().params;
    drawStrip();
    for (const [name, column] of columns) column.element.classList.toggle("at", name === at);
    if (at === seen || !columns.has(at)) return;
    seen = at;
    columns.get(at).element.scrollIntoView({ block: "nearest", inline: "center" });
    drawStrip();
  }

  /** Where one phone fills the screen: who is asked. */
  function drawDots() {
    for (const each of strip.children) each.querySelector(".dot").hidden = !model.sheetsOf(each.dataset.person).length;
  }

  /** Where one phone fills the screen: whose it is. */
  function drawStrip() {
    const n = Math.round(shelf.scrollLeft / (shelf.clientWidth || 1));
    [...strip.children].forEach((each, place) => (place === n ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current")));
  }
  shelf.addEventListener("scroll", drawStrip, { passive: true });

  function update() {
    drawApps();
    if (model.isStale()) model.load();
    for (const column of columns.values()) column.draw();
    drawRoute();
  }

  /** j and k go from person to person. */
  function step(by) {
    const names = [...columns.keys()];
    const here = names.findIndex((name) => columns.get(name).element.contains(document.activeElement));
    const column = columns.get(names[Math.max(0, Math.min(names.length - 1, here + by))]);
    column?.element.focus({ preventScroll: true });
    column?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const unheard = model.subscribe((what) => {
    if (what.people) drawPeople();
    if (what.apps) drawApps();
    for (const [name, column] of columns) if (!what.only || what.only.has(name)) column.draw();
    drawDots();
  });
  const tick = () => {
    if (!document.hidden) for (const column of columns.values()) column.tick();
  };
  const timer = setInterval(tick, 1000);
  const unticked = clock.subscribe(tick);
  const unbind = keys.bind({
    j: () => step(1),
    k: () => step(-1),
    a: () => answer("allow"),
    d: () => answer("deny"),
    Escape: () => here()?.phone.close() ?? false,
  });
  const here = () => [...columns.values()].find((each) => each.element.contains(document.activeElement));
  const answer = (which) => here()?.phone.answer(which) ?? false;
  model.load();

  return {
    update,
    unmount() {
      clearInterval(timer);
      for (const end of [unheard, unticked, unbind, model.end]) end();
      for (const column of columns.values()) column.unmount();
    },
  };
}

/** The end of the shelf: how many others there are, and a field that finds one. */
function createFinder({ t, navigate, route }) {
  const words = h("p", { className: "soft" });
  const field = h("input", { type: "search", name: "person", placeholder: t("people.find_about"), "aria-label": t("people.find"), autocomplete: "off" });
  const all = button({ className: "edge", onclick: () => navigate({ params: { person: null } }) }, draw("left", 14), t("people.all"));
  const go = h("button", { className: "edge" }, t("people.find"));
  const submit = (event) => {
    event.preventDefault();
    navigate({ params: { person: field.value.trim() || null } });
  };
  const element = h("form", { className: "finder", hidden: true, onsubmit: submit }, draw("search", 20), words, field, go, all);
  return {
    element,
    draw(model) {
      const { person = "" } = route().params;
      element.hidden = model.count <= model.people.length && !person;
      all.hidden = !person;
      if (document.activeElement !== field) field.value = person;
      say(words, model.problem || (person ? t("people.one_of", { n: model.count }) : t("people.others", { n: model.count - model.people.length })));
    },
  };
}
