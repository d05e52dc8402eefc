// Below the list: that it stands still, and how many rows came meanwhile.

import { button, h, say } from "../dom.js";
import { icon } from "../icons.js";

/** Return `{element, draw(model, isPaused)}`; `catchUp()` leads down to the newest. */
export function createFoot(t, catchUp) {
  const word = h("span", {});
  const fresh = button({ className: "dark fresh", hidden: true, onclick: catchUp }, icon("arrow", 14), word);
  const count = h("span", { className: "unseen", "aria-live": "polite" });
  const still = h("span", { className: "soft" });
  const element = h("footer", { className: "foot", hidden: true }, still, fresh, count);

  function draw({ waiting, isHeld, heldAt }, isPaused) {
    const words = waiting ? t("timeline.new", { n: waiting }) : "";
    fresh.hidden = !waiting;
    say(word, words);
    say(count, words);
    element.hidden = !isHeld;
    say(still, isPaused ? t("timeline.paused_at", { n: heldAt }) : t("timeline.still"));
  }

  return { element, draw };
}
