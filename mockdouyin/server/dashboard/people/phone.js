// A phone: its home, or an app with what its front end got; a sheet asks before it acts.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { clockTime } from "../time.js";
import { askedSheet } from "./asked.js";
import { createResult } from "./result.js";

/**
 * Return a phone: element, draw(), tick(), open(sheet), close(), answer("allow" | "deny"),
 * run(kind, title, call), `scanner`: what its camera opens.
 */
export function createPhone(name, model, context) {
  const { t, navigate, clock } = context;
  const time = h("span", {});
  const title = h("b", { className: "app-name" });
  const home = button({ className: "capsule", "aria-label": t("people.home"), title: t("people.home"), onclick: () => show("home") }, icon("more", 12), icon("close", 12));
  const bar = h("div", { className: "phone-bar" }, title, home);
  const result = createResult(name, model, context);
  const page = h("div", { className: "phone-page" });
  const cover = h("div", { className: "cover", hidden: true });
  const screen = h("div", { className: "screen" }, h("div", { className: "status-bar", "aria-hidden": "true" }, time, h("span", { className: "signs" }, h("i"), h("i"), h("i"), h("u"))), bar, page, cover);
  const element = h("div", { className: "phone", role: "group", "aria-label": t("people.phone_of", { name }) }, screen);
  const phone = { element, draw, tick, open, close, answer, run, show, scanner: () => {}, unmount: result.unmount };
  let drawn = null;
  let before = null;
  let asked = null; // the id of the waiting sheet that is shown

  /** Open an app, or the home, on this phone alone. */
  function show(key) {
    close();
    navigate({ params: { [`app.${name}`]: key } }, { replace: true });
  }

  function draw() {
    const app = model.appOf(name);
    const version = app ? app.client_key : `home ${model.apps.map((each) => model.appName(each.client_key))}`;
    say(title, app ? model.appName(app.client_key) : "");
    title.title = app?.client_key ?? "";
    bar.hidden = !app;
    result.draw();
    drawAsked();
    if (version === drawn) return;
    drawn = version;
    fill(page, app ? appPage() : homePage());
    tick();
  }

  function appPage() {
    return [result.element, result.said, h("div", { className: "bones", "aria-hidden": "true" }, h("i"), h("i"), h("i"))];
  }

  function homePage() {
    const tiles = model.apps.map((app) => {
      const words = model.appName(app.client_key);
      return button({ className: "tile", title: app.client_key, onclick: () => show(app.client_key) }, h("span", { className: "app-icon", "aria-hidden": "true" }, model.appIcon(app)), h("span", { className: "tile-name" }, words));
    });
    const camera = button({ className: "camera", onclick: () => phone.scanner() }, icon("scan", 28), h("span", {}, t("people.scan")));
    return [h("div", { className: "tiles" }, tiles), h("div", { className: "scan-area" }, camera, h("p", { className: "soft" }, t("people.home_about")))];
  }

  function tick() {
    say(time, clock.known ? clockTime(clock.now()).slice(0, 5) : "");
  }

  /** Show the oldest sheet that waits, unless one that was opened here is in the way. */
  function drawAsked() {
    const [first] = model.sheetsOf(name);
    if (asked === (first?.id ?? null) || (asked === null && !cover.hidden)) return;
    if (asked !== null) hide();
    if (!first) return;
    const hadFocus = page.contains(document.activeElement) || bar.contains(document.activeElement);
    put(askedSheet({ name, model, phone, context }, first));
    asked = first.id;
    if (hadFocus) cover.querySelector("[data-answer=allow]").focus({ preventScroll: true });
  }

  function put(sheet) {
    if (cover.hidden) before = document.activeElement;
    asked = null;
    fill(cover, sheet);
    cover.hidden = false;
    bar.inert = page.inert = true;
  }

  /** Show a sheet over what is on the screen; the first thing in it gets the focus. */
  function open(sheet) {
    put(sheet);
    (sheet.querySelector("[data-answer=allow]") ?? sheet.querySelector("input, textarea, select, button:not(.close)"))?.focus({ preventScroll: true });
  }

  /** Take the sheet away that was opened here; false if there is none. One that waits stays. */
  function close() {
    if (cover.hidden || asked !== null) return false;
    hide();
    drawAsked();
    return true;
  }

  function hide() {
    const hadFocus = cover.contains(document.activeElement);
    cover.hidden = true;
    asked = null;
    bar.inert = page.inert = false;
    fill(cover);
    if (hadFocus) before?.focus?.({ preventScroll: true });
  }

  /** Press the button of the open sheet that allows or denies; false if there is none. */
  function answer(which) {
    const found = cover.hidden ? null : cover.querySelector(`[data-answer=${which}]`);
    found?.click();
    return found !== null;
  }

  /** Do something on the server and show what came back; true if it was done. */
  async function run(kind, words, call) {
    const app = model.chosenApp();
    if (!model.appOf(name) && app) show(app.client_key);
    return result.run(kind, words, call);
  }

  return phone;
}
