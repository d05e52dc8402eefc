// One thing that happened, opened: first why, then who, then the bytes.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { createOpening } from "../opening.js";
import { actions, deliveryActions } from "./actions.js";
import { bodies } from "./bodies.js";
import { head, near, links, unread, whyBlock } from "./explain.js";
import { createDialogs } from "./dialogs.js";
import { createLives } from "./life.js";

const NONE = { element: null, tick() {} };

/** Whether what is said of an exchange names its endpoint's page or its parameters. */
const needsEndpoint = (exchange) => exchange && (exchange.verdict !== "ok" || exchange.unread.length > 0);

/** Return the pane: element, at, show(id), hide(), refresh(), tick(), focus(), keys. */
export function createDetail(context, { names, model, findings, open, step, close, filterBy }) {
  const { api, live, t } = context;
  const body = h("div", { className: "reading" });
  const title = h("div", { className: "title", tabIndex: -1 });
  const foot = h("footer", { className: "actions" });
  const tool = (name, words, act) => button({ className: "quiet square", "aria-label": words, title: words, onclick: act }, icon(name));
  const back = button({ className: "quiet back narrow-only", onclick: close }, icon("left"), t("timeline.tab"));
  const element = h("section", { className: "pane detail", "aria-label": t("timeline.detail"), hidden: true }, h("header", { className: "pane-head" }, back, title, h("span", { className: "tools" }, tool("up", t("timeline.previous"), () => step(-1)), tool("down", t("timeline.following"), () => step(1)), tool("close", t("frame.close"), close))), body, foot);
  const detail = { element, at: 0, show, hide, refresh, tick: () => lives.tick(), focus: () => title.focus(), keys: {} };
  let isRevealed = false;
  let story = null;
  let lives = NONE;
  let flagged = "";
  let wanted = 0;
  let acts = {};
  let doable = {};
  const dialogs = createDialogs(context);
  let acted = ""; // what the actions at the foot are of
  let drawn = 0; // the entry that is drawn

  const opening = createOpening(load);

  for (const key of ["e", "c", "t", "m", "h", "r", "p"]) detail.keys[key] = () => press(key);

  function press(key) {
    const { at } = detail;
    if (!at) return false;
    if (drawn === at) return acts[key] ? acts[key]() : false;
    opening.settled().then(() => detail.at === at && acts[key]?.());
    return true;
  }

  async function show(id) {
    if (detail.at === id) {
      dialogs.follow(doable);
      return;
    }
    isRevealed = false;
    detail.at = id;
    element.hidden = false;
    await opening.begin();
    body.scrollTop = 0;
  }

  async function load() {
    const mine = ++wanted;
    const row = live.find(detail.at);
    try {
      const [found] = await Promise.all([find(row), names.ready()]);
      if (needsEndpoint(found.exchange)) await names.learn(found.exchange.endpoint);
      if (mine === wanted) draw(found);
    } catch (error) {
      if (mine !== wanted) return;
      drawn = detail.at;
      acts = doable = {};
      acted = "";
      fill(title, h("h1", {}, `#${detail.at}`));
      fill(body, h("p", { className: "hint" }, error.message || t("frame.away")));
      fill(foot);
    }
  }

  async function find(row) {
    const query = { reveal: isRevealed || null };
    if (row?.type === "exchange") return withLives(api.get(`exchanges/${detail.at}`, query));
    const found = row ? { act: await api.get(`acts/${detail.at}`, query) } : await api.get(`show/${detail.at}`, query);
    if (found.exchange) return withLives(found.exchange);
    const { act } = found;
    const delivery = act.delivery ? await api.get(`deliveries/${encodeURIComponent(act.delivery)}`).catch(() => null) : null;
    return { act, delivery };
  }

  async function withLives(asked) {
    const [exchange, told] = await Promise.all([asked, api.get(`exchanges/${detail.at}/lives`).catch(() => ({ lives: [] }))]);
    return { exchange, told: told.lives };
  }

  function draw({ exchange, act, delivery, told = [] }) {
    const it = exchange ?? act;
    drawn = it.id;
    story = model.storyOf(it.id) ?? null;
    flagged = findings.version(it.id);
    const given = { ...context, names, model, findings, story, told, open, filterBy, isRevealed, reveal, begin: dialogs.begin };
    lives = given.lives = createLives(told, it, given);
    const now = `${it.id} ${isRevealed}`;
    if (now !== acted) {
      // Only then: a menu under the hand stays open, and a button goes on saying what it has copied.
      const made = exchange ? actions(exchange, given) : delivery ? deliveryActions(delivery, given) : { element: null, keys: {}, dialogs: {} };
      acts = made.keys;
      doable = made.dialogs;
      acted = now;
      fill(foot, made.element);
      foot.hidden = !made.element;
    }
    fill(title, head(it, given));
    fill(body, whyBlock(it, given), bodies({ exchange, act, delivery }, given), exchange && unread(exchange, given), exchange && near(exchange, given), links(it, given));
    dialogs.follow(doable);
  }

  function reveal() {
    isRevealed = !isRevealed;
    opening.begin();
  }

  function hide() {
    wanted += 1;
    detail.at = drawn = 0;
    lives = NONE;
    acts = doable = {};
    dialogs.end();
    acted = "";
    isRevealed = false;
    element.hidden = true;
  }

  /** The story may have grown meanwhile. */
  function refresh() {
    if (!detail.at) return;
    const now = model.storyOf(detail.at);
    const isOther = now?.latest !== story?.latest && !body.contains(document.activeElement);
    if (isOther || findings.version(detail.at) !== flagged) opening.begin();
  }

  return detail;
}
