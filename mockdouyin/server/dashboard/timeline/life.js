// The life of a code, a token or a ticket as a thin line: who issued it, what became of it, until
// when it counts. What the server does not know is not drawn.

import { button, fill, h, say } from "../dom.js";
import { icon, mark } from "../icons.js";
import { clockTime, day, span } from "../time.js";
import { rowMark } from "./rows.js";
import { shortName } from "./stories.js";

const SHOWN = 3;
const ENDS = new Set(["used", "ended", "revoked"]);
const TONES = { used: "ok", refreshed: "ok", superseded: "fault", ended: "refused", revoked: "refused" };

/** Return `{element, tick}` of what `exchanges/{id}/lives` told; the element is null if that is nothing. */
export function createLives(told, it, given) {
  const lives = told.filter((each) => it.verdict === "ok" || each.sent).slice(0, SHOWN);
  const lines = lives.map((life) => line(life, it, given));
  const element = lines.length ? h("div", { className: "lives" }, lines.map((each) => each.element)) : null;
  return { element, tick: () => lines.forEach((each) => each.tick()) };
}

/** Who used a code up before the call that is open. */
export function usedBefore(told, it) {
  return told.flatMap((life) => life.marks).find((each) => each.what === "used" && each.id < it.id);
}

function line(life, it, given) {
  const { t, filterBy, clock } = given;
  const list = h("ol", { "aria-label": t("life.of", { name: life.name }) });
  const state = h("span", { className: "badge" });
  const head = h("code", {}, life.head === "***" ? (life.person || life.app) : life.head);
  const whole = life.link ? button({ className: "link", title: t("timeline.filter_by", { word: "link", value: life.link }), onclick: () => filterBy("link", life.link) }, head) : head;
  const element = h("section", { className: "life" }, h("p", { className: "line" }, h("code", { className: "soft" }, life.name), whole, state), list);
  let drawn = "";

  /** Draw it by the world's clock: anew only when something has passed, else the countdown alone. */
  function tick() {
    const now = clock.known ? clock.now() : Date.parse(it.time);
    const stops = stopsOf(life, it, now);
    const version = stops.map((each) => [each.word, each.isAhead]).join();
    if (version !== drawn) {
      drawn = version;
      fill(list, stops.map((each, n) => stop(each, n, stops, life, it, given)));
      const word = standing(stops);
      state.className = `badge ${{ alive: "is-ok", superseded: "is-fault", used: "", unknown: "" }[word] ?? "is-refused"}`;
      state.hidden = word === "unknown";
      state.dataset.state = word;
    }
    const left = life.expires ? span((Date.parse(life.expires) - now) / 1000, t) : "";
    say(state, t(`life.is_${state.dataset.state}`, { left }));
    const clockText = list.querySelector(".now time");
    if (clockText) say(clockText, clockTime(now));
  }

  tick();
  return { element, tick };
}

/** The stops in the order of time, each with the line that leads on from it. */
function stopsOf(life, it, now) {
  const stops = life.marks.map((each) => ({ at: Date.parse(each.time), word: each.what, id: each.id, isAhead: false }));
  const isOver = stops.some((each) => ENDS.has(each.word));
  const end = life.expires && Date.parse(life.expires);
  const place = (made) => {
    const next = stops.findIndex((each) => each.at > made.at);
    stops.splice(next < 0 ? stops.length : next, 0, made);
  };
  if (end) place({ at: end, word: isOver ? "would_expire" : end > now ? "expires" : "expired", isAhead: end > now });
  if (end > now && !isOver && now - Date.parse(life.marks.at(-1)?.time ?? it.time) >= 1000) place({ at: now, word: "now", isAhead: false });
  let tone = "alive";
  for (const each of stops) {
    if (ENDS.has(each.word) || each.word === "expired") tone = "dead";
    each.tone = tone;
  }
  stops.forEach((each, n) => stops[n + 1]?.isAhead && (each.tone = "ahead"));
  return stops;
}

/** Whether it counts now. */
function standing(stops) {
  const words = stops.map((each) => each.word);
  const end = words.find((each) => ENDS.has(each)) ?? words.find((each) => each === "expired");
  if (end) return end;
  if (!words.includes("expires")) return "unknown";
  return words.includes("superseded") ? "superseded" : "alive";
}

function stop(each, n, stops, life, it, given) {
  const { t, open, live } = given;
  const row = each.id && live.find(each.id);
  const isHere = each.id === it.id;
  const isOtherDay = day(each.at) !== day(it.time);
  const words = t(`life.${each.word === "call" ? `call_${it.verdict === "ok" ? "ok" : "not"}` : each.word}`);
  const label = each.id ? [isHere ? h("b", {}, `#${each.id}`) : button({ className: "link", title: row ? (row.path ?? row.says) : "", onclick: () => open(each.id) }, `#${each.id}`), " ", each.word === "issued" && row ? `${shortName(row)} ${words}` : words] : words;
  return h(
    "li",
    { className: `${each.tone}${each.word === "now" ? " now" : ""}`, "aria-current": isHere ? "step" : null },
    h("span", { className: "stop" }, sign(each, row, it, t)),
    h("time", {}, `${isOtherDay ? `${day(each.at)} ` : ""}${clockTime(each.at)}`),
    h("span", { className: `words${isHere && it.verdict !== "ok" ? " is-refused" : ""}` }, label),
  );
}


function sign(each, row, it, t) {
  if (each.word === "issued") return row ? rowMark(row, t) : mark("act");
  if (each.word === "call") return mark(it.verdict);
  if (each.word === "expired") return painted(icon("clock", 14), "is-refused");
  return mark(TONES[each.word] ?? "act", "", 14);
}

function painted(element, className) {
  element.classList.add(className);
  return element;
}
