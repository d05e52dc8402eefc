// What a person can do: tt calls at once, everything else by a sheet on the phone.

import { button, fill, h } from "../dom.js";
import { popover } from "../overlay.js";
import { paySheet } from "./cashier.js";
import { consentSheet, revokeSheet, scanSheet } from "./consent.js";
import { actSheet, publishSheet, subscribeSheet } from "./sheets.js";

const CALLS = { login: "login", profile: "getUserProfile", number: "getPhoneNumber" };
const SHEETS = { subscribe: subscribeSheet, pay: paySheet, consent: consentSheet, scan: scanSheet, publish: publishSheet, comment: actSheet, digg: actSheet, follow: actSheet, message: actSheet, revoke: revokeSheet };
const TT = new Set([...Object.keys(CALLS), "subscribe", "pay", "others"]);
const SHOWN = ["login", "profile", "number", "subscribe", "pay", "consent", "scan", "publish", "comment", "digg", "follow", "message"];

export function createDeeds(name, model, context, phone) {
  const { api, t } = context;
  const chips = SHOWN.map((deed) => button({ className: "chip", dataset: { deed }, title: CALLS[deed] ? `tt.${CALLS[deed]}` : "", onclick: () => (CALLS[deed] ? call(CALLS[deed]) : open(deed)) }, t(`people.do_${deed}`)));
  const [others, box] = popover({ className: "chip", dataset: { deed: "others" } }, t("people.do_others"), drawOthers);
  box.classList.add("person-menu");
  const element = h("div", { className: "deeds", role: "group", "aria-label": t("people.deeds", { name }) }, chips, others, box);

  /** The mini-app in which a tt call is made: what is open, or the world's first. */
  function mini() {
    const app = model.appOf(name) ?? model.chosenApp();
    return app && app.kind !== "web" ? app : model.apps.find((each) => each.kind.startsWith("mini_"));
  }

  async function call(api_name, args = {}) {
    const app = mini();
    if (model.appOf(name) !== app) phone.show(app.client_key);
    phone.close();
    return phone.run(`phone.${api_name}`, `tt.${api_name}`, () => api.post(`phone/${api_name}`, { app: app.client_key, person: name, ...args }));
  }

  async function open(deed, given = {}) {
    const made = SHEETS[deed]({ name, deed, given, model, context, phone, mini: mini(), call, open });
    if (!(made instanceof Promise)) return phone.open(made);
    return made.then(phone.open, context.fail); // it asks the server first
  }

  function drawOthers(menu) {
    const known = new Set([...Object.values(CALLS), "requestSubscribeMessage", "showDouyinOpenAuth", "pay"]);
    const rest = model.phoneApis.map((each) => each.replace("phone.", "")).filter((each) => !known.has(each));
    fill(menu, rest.map((each) => button({ className: "menu-item", onclick: () => (menu.hidePopover(), call(each)) }, h("code", {}, `tt.${each}`))));
  }

  /** A tt call needs a mini-app, and consent an app: without one in the world a chip does nothing. */
  function draw() {
    const hasMini = Boolean(mini());
    for (const chip of [...chips, others]) chip.disabled = !(chip.dataset.deed === "consent" ? model.apps.length : hasMini || !TT.has(chip.dataset.deed));
  }

  return { element, draw, call, open };
}
