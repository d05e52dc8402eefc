// One person: who they are, their phone, what they can do, what the next tt call does, what they did.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { popover } from "../overlay.js";
import { copyButton } from "../copy.js";
import { face } from "../timeline/rows.js";
import { createDeeds } from "./deeds.js";
import { createLately } from "./lately.js";
import { createNext } from "./next.js";
import { createPhone } from "./phone.js";
import { openProfile } from "./profile.js";

const LOGINS = ["phone.login"];
const GRANTS = ["consent.allow", "consent.scan", "consent.revoke", "phone.showDouyinOpenAuth"];

/** Return a person's column: element, phone, draw(), tick(), unmount(). */
export function createColumn(name, model, context) {
  const { t } = context;
  const who = h("h2", {});
  const facts = h("p", { className: "soft facts" });
  const badge = h("span", { className: "badge" });
  const [more, menu] = popover({ className: "quiet square", "aria-label": t("people.more", { name }), title: t("people.more", { name }) }, icon("more"), drawMenu);
  const phone = createPhone(name, model, context);
  const deeds = createDeeds(name, model, context, phone);
  const next = createNext(name, model, context);
  const lately = createLately(name, model, context);
  menu.classList.add("person-menu");
  phone.scanner = () => deeds.open("scan");
  const element = h(
    "section",
    { className: "pane person", tabIndex: -1, "aria-label": name, dataset: { person: name } },
    h("header", { className: "person-head" }, face(name), h("div", { className: "who" }, who, facts), badge, more, menu),
    h("div", { className: "desk" }, phone.element),
    h("div", { className: "person-foot" }, deeds.element, next.element, lately.element),
  );

  function draw() {
    const person = model.find(name);
    if (!person) return;
    const nickname = person.nickname === name ? "" : person.nickname;
    if (who.dataset.nickname !== nickname) fill(who, name, nickname && " ", nickname && h("span", { className: "soft" }, nickname));
    who.dataset.nickname = nickname;
    say(facts, [person.phone ? masked(person.phone) : t("people.no_phone"), person.province || person.city].filter(Boolean).join(" · "));
    drawBadge();
    phone.draw();
    deeds.draw();
    next.draw();
    lately.draw();
  }

  /** Whether they are asked; else what they gave the app that is open, and whether it still holds by the world's clock. */
  function drawBadge() {
    const isAsked = model.sheetsOf(name).length > 0;
    element.classList.toggle("is-asked", isAsked);
    badge.classList.toggle("is-pending", isAsked);
    if (isAsked) {
      say(badge, t("people.asked"));
      badge.classList.remove("is-ok", "is-fault");
      return;
    }
    const app = model.appOf(name) ?? model.chosenApp();
    if (!app) return;
    const isWeb = app.kind === "web";
    const row = model.latest(name, app.client_key, isWeb ? GRANTS : LOGINS);
    const had = row?.verdict === "ok" && row.kind !== "consent.revoke";
    const holds = model.standing.holds(app.client_key, name, isWeb) ?? had;
    const word = isWeb ? (holds ? "granted" : had ? "lapsed" : "not_granted") : holds ? "logged_in" : had ? "no_session" : "not_logged_in";
    say(badge, t(`people.${word}`));
    badge.classList.toggle("is-ok", holds);
    badge.classList.toggle("is-fault", had && !holds);
  }

  function drawMenu(box) {
    const person = model.find(name);
    const act = (words, run) => button({ className: "menu-item", onclick: () => (menu.hidePopover(), run()) }, words);
    const ids = model.apps.map((app) => {
      const id = person?.open_ids[app.client_key] ?? "";
      return h("li", {}, h("span", { className: "soft" }, model.appName(app.client_key)), h("code", { title: id }, id), copyButton({ className: "quiet square small", "aria-label": t("people.copy_open_id"), title: t("people.copy_open_id") }, "", () => id, ""));
    });
    fill(
      box,
      act(t("people.edit"), () => openProfile(context, model.find(name), () => {})),
      act(t("people.revoke"), () => deeds.open("revoke")),
      act(t("people.only"), () => context.navigate({ params: { person: name } })),
      h("h3", { className: "soft" }, "open_id"),
      h("ul", { className: "ids" }, ids),
    );
  }

  return { element, phone, draw, tick: () => (phone.tick(), drawBadge()), unmount: phone.unmount };
}

/** `138****8000`, as the picture on a phone shows it. */
export function masked(number) {
  return number.length < 8 ? number : `${number.slice(0, 3)}****${number.slice(-4)}`;
}
