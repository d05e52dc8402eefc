// The tokens and tickets that are valid, as bars of the time that is left to them.

import { a, button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton } from "../copy.js";
import { span } from "../time.js";

const MAX = 1000;
const SHOWN = 60;
const ORDER = ["client_token", "app_token", "user_token", "refresh_token", "business_token", "business_refresh_token", "js_ticket", "open_ticket"];

export function createCredentials(context, { counted }) {
  const { api, clock, t, link } = context;
  const about = h("span", { className: "soft" }, t("apps.virtual"));
  const eye = button({ className: "quiet square small", onclick: () => ((isRevealed = !isRevealed), load(app)) }, icon("eye", 14));
  const list = h("ul", { className: "credentials" });
  const more = h("p", { className: "soft" });
  const element = h("section", { className: "block", "aria-label": t("apps.credentials") }, h("div", { className: "block-title" }, h("h3", {}, t("apps.credentials")), about, h("span", { className: "gap" }), eye), list, more);
  let app = null;
  let isRevealed = false;
  let rows = new Map();

  /** Ask for the credentials of an app, and count those of all. */
  async function load(given) {
    if (given === null) return;
    if (app?.client_key !== given.client_key) isRevealed = false;
    app = given;
    const words = t(isRevealed ? "apps.hide" : "apps.reveal");
    Object.assign(eye, { title: words, ariaLabel: words, ariaPressed: String(isRevealed) });
    let all;
    let mine;
    try {
      all = await api.get("credentials", { limit: MAX });
      const isAll = !all.more && !isRevealed;
      mine = isAll ? all.credentials.filter((each) => each.app === given.client_key) : (await api.get("credentials", { app: given.client_key, limit: MAX, reveal: isRevealed || null })).credentials;
    } catch (error) {
      if (error.status) say(more, error.message);
      return;
    }
    if (app !== given) return;
    const counts = new Map();
    for (const each of all.credentials) counts.set(each.app, (counts.get(each.app) ?? 0) + 1);
    counted(all.more ? null : counts);
    draw(mine);
  }

  function draw(found) {
    const place = (each) => [ORDER.indexOf(each.name), each.person, each.superseded ? 1 : 0, each.expires].join("\n");
    const sorted = found.map((each) => [place(each), each]).sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
    const seen = new Map();
    const kept = new Map();
    const elements = sorted.slice(0, SHOWN).map((each) => {
      const same = [each.name, each.person, each.head, each.expires, each.superseded, each.value ?? ""].join("\n");
      seen.set(same, (seen.get(same) ?? 0) + 1);
      const key = `${same}\n${seen.get(same)}`;
      const row = rows.get(key) ?? make(each);
      kept.set(key, row);
      return row.element;
    });
    rows = kept;
    if (elements.some((each, n) => list.children[n] !== each) || list.children.length !== elements.length) fill(list, elements);
    say(more, found.length ? (found.length > SHOWN ? t("apps.more_credentials", { n: found.length - SHOWN }) : "") : t("apps.no_credentials"));
    tick();
  }

  function make(each) {
    const bar = h("i", {});
    const left = h("span", { className: "left" });
    const whose = each.link ? a(link({ view: "timeline", params: { q: `link:${each.link}`, app: null } }), { className: "link" }, each.person || each.link) : each.person;
    const value = each.value ? h("code", { className: "whole" }, each.value) : h("code", { className: "soft" }, each.head);
    const copy = copyButton({ className: "quiet small-copy", title: t("apps.copy_secret") }, t("apps.copy_secret"), () => whole(each), () => t("apps.copied_secret"));
    const element = h(
      "li",
      { className: each.superseded ? "credential superseded" : "credential" },
      h("span", { className: "what" }, h("code", {}, each.name), " ", whose, each.superseded && h("span", { className: "badge is-fault" }, t("apps.superseded"))),
      h("span", { className: "head" }, value, copy),
      h("span", { className: "bar-of-time", role: "meter", "aria-label": each.name, "aria-valuemin": 0, "aria-valuemax": Math.round(each.lifetime) }, bar),
      left,
    );
    element.title = each.scopes?.join(" ") ?? "";
    return { element, bar, left, ends: Date.parse(each.expires), lifetime: each.lifetime };
  }

  /** Return the whole of a credential: the server tells it when it is asked to reveal. */
  async function whole(each) {
    if (each.value) return each.value;
    const { credentials } = await api.get("credentials", { app: each.app, limit: MAX, reveal: true });
    const found = credentials.find((other) => ["name", "person", "head", "expires", "superseded"].every((field) => other[field] === each[field]));
    return found?.value ?? each.head;
  }

  /** Draw the time that is left by now; returns whether something has expired meanwhile. */
  function tick() {
    if (!clock.known) return false;
    let isOver = false;
    for (const row of rows.values()) {
      const left = Math.max(0, (row.ends - clock.now()) / 1000);
      isOver ||= left === 0;
      row.bar.style.setProperty("transform", `scaleX(${Math.min(1, left / Math.max(1, row.lifetime))})`);
      row.element.querySelector("[role=meter]").setAttribute("aria-valuenow", String(Math.round(left)));
      row.element.classList.toggle("over", left === 0);
      say(row.left, left ? span(left, t) : t("apps.over"));
    }
    return isOver;
  }

  return { element, load, tick };
}
