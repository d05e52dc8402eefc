// The bar above every view: the world, its clock, what falls due next, whether what is seen is live.

import { button, fill, h, say } from "./dom.js";
import { duePopover, dueWords, moveForm, ranWords } from "./due.js";
import { icon } from "./icons.js";
import { language } from "./i18n.js";
import { popover } from "./overlay.js";
import { clockTime, day } from "./time.js";

const PRESETS = ["5m", "2h1m", "15d"];

/** Return the bar: `element`, `freeze()`, `next()`, `unmount()`. */
export function createBar(frame, { speak, turnTheme, showKeys }) {
  const { clock, live, t, world } = frame;
  const date = h("span", { className: "date" });
  const time = h("span", { className: "time" });
  const freezeWord = h("span", { className: "word" });
  const freezer = button({ className: "freeze", onclick: freeze, title: t("bar.freeze_about") }, icon("freeze"), freezeWord);
  const presets = PRESETS.map((by) => button({ className: "quiet preset", title: t("bar.move_about", { by: t(`bar.by_${by}`) }), onclick: () => clock.move(by) }, h("span", { className: "long" }, t(`bar.by_${by}`)), h("span", { className: "short" }, `+${by}`)));
  const [more, moreBox] = popover({ className: "quiet square", "aria-label": t("bar.other"), title: t("bar.other") }, icon("more"), (box) => fill(box, moveForm(frame)));
  const backer = button({ className: "quiet square", "aria-label": t("bar.back"), title: t("bar.back"), onclick: () => clock.back() }, icon("back"));
  const dueText = h("span", { className: "due-text" });
  const [due, dueBox] = popover({ className: "quiet due", title: t("bar.due_about") }, dueText, (box) => duePopover(box, frame));
  const jump = button({ className: "quiet square", "aria-label": t("bar.next"), title: t("bar.next"), onclick: next }, icon("next"));
  const summary = h("span", { className: "unseen", role: "status" });
  const state = h("span", { className: "state", role: "status" });
  const [sheet, sheetBox] = popover({ className: "quiet square narrow-only", "aria-label": t("bar.menu"), title: t("bar.menu") }, icon("more"), (box) => fill(box, moveForm(frame), h("div", { className: "choices" }, PRESETS.map((by) => button({ className: "edge", onclick: () => clock.move(by) }, `+${by}`)), button({ className: "edge", hidden: !clock.moved && !clock.frozen, onclick: () => clock.back() }, icon("back", 14), t("bar.back"))), h("div", { className: "choices" }, worlds(), languages(), themes(), keysButton())));

  function worlds() {
    const choose = h("select", { className: "world", "aria-label": t("bar.world") }, h("option", { value: world }, world));
    choose.onfocus = async () => {
      try {
        const { worlds: found } = await frame.api.root.get("worlds", { limit: 200 });
        const names = new Set([world, ...found.map((each) => each.world)]);
        if (names.size !== choose.length) fill(choose, [...names].map((name) => h("option", { value: name, selected: name === world }, name)));
      } catch (error) {
        frame.fail(error);
      }
    };
    choose.onchange = () => frame.navigate({ world: choose.value });
    return h("label", { className: "chooser" }, h("span", { className: "soft" }, t("bar.world")), choose);
  }

  function languages() {
    const one = (name, word, lang) => button({ lang, "aria-pressed": String(language() === name), onclick: () => speak(name) }, word);
    return h("span", { className: "languages", role: "group", "aria-label": t("bar.language") }, one("zh", "中", "zh-CN"), h("span", { "aria-hidden": "true" }, "/"), one("en", "EN", "en"));
  }

  function themes() {
    return button({ className: "quiet square", "aria-label": t("bar.theme"), title: t("bar.theme"), onclick: turnTheme }, icon("theme"));
  }

  function keysButton() {
    return button({ className: "quiet square", "aria-label": t("keys.title"), title: `${t("keys.title")} (?)`, onclick: showKeys }, "?");
  }

  function freeze() {
    return clock.frozen ? clock.resume() : clock.freeze();
  }

  /** Move to the next thing that falls due, and a second beyond. */
  function next() {
    const first = clock.due?.[0];
    if (!first) return;
    const left = (Date.parse(first.at) - clock.now()) / 1000;
    clock.move(`${Math.max(1, Math.ceil(left))}s`);
  }

  let shownUntil = 0;
  let seen = null;

  function draw() {
    if (document.hidden || !clock.known) return;
    const now = clock.now();
    say(date, day(now));
    say(time, clockTime(now));
    freezer.setAttribute("aria-pressed", String(clock.frozen));
    say(freezeWord, t(clock.frozen ? "bar.frozen" : "bar.freeze"));
    backer.hidden = !clock.moved && !clock.frozen;
    const hasQueue = clock.due !== null && clock.due.length > 0;
    due.hidden = clock.due === null;
    jump.hidden = !hasQueue;
    if (clock.ran !== seen) {
      seen = clock.ran;
      shownUntil = seen ? Date.now() + 6000 : 0;
      say(summary, seen ? ranWords(seen, t) : "");
    }
    if (seen && Date.now() < shownUntil) fillOnce(dueText, `ran ${ranWords(seen, t)}`, () => [h("b", { className: "ran" }, ranWords(seen, t))]);
    else dueWords(dueText, frame, fillOnce);
  }

  function fillOnce(element, key, make) {
    if (element.dataset.key === key) return;
    element.dataset.key = key;
    fill(element, make());
  }

  function drawState() {
    state.className = `state is-${live.state}`;
    state.title = live.problem;
    fill(state, h("i", { "aria-hidden": "true" }), h("span", {}, t(`bar.${live.state}`)));
  }

  const unsubscribe = [clock.subscribe(draw), live.subscribe(({ type }) => type === "state" && drawState())];
  const ticking = setInterval(draw, 1000);
  document.addEventListener("visibilitychange", draw);
  drawState();

  const element = h(
    "header",
    { className: "bar" },
    h("a", { className: "brand", href: frame.link({ params: {} }) }, h("span", { className: "mark", "aria-hidden": "true" }), h("span", { className: "word" }, "mockdouyin")),
    h("span", { className: "wide-only" }, worlds()),
    h(
      "div",
      { className: "clock", role: "group", "aria-label": t("bar.clock") },
      h("span", { className: "now" }, icon("clock"), h("span", { className: "soft word" }, t("bar.clock")), h("b", {}, date, " ", time)),
      freezer,
      h("span", { className: "presets" }, presets, more, backer),
      h("span", { className: "upcoming" }, due, jump),
    ),
    summary,
    h("span", { className: "end" }, state, h("span", { className: "wide-only" }, languages(), themes(), keysButton()), sheet),
    moreBox,
    dueBox,
    sheetBox,
  );

  function unmount() {
    unsubscribe.forEach((end) => end());
    clearInterval(ticking);
    document.removeEventListener("visibilitychange", draw);
  }

  return { element, freeze, next, unmount };
}
