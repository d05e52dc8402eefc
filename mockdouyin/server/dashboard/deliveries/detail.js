// One delivery, opened: where it stands, its attempts, its bytes, and what can be done with it.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton, copyText } from "../copy.js";
import { createOpening } from "../opening.js";
import { clockTime, day } from "../time.js";
import { attempts, standing } from "./attempts.js";
import { bytes, curl } from "./bytes.js";
import { numberOf, stateMark, TONES, versionOf } from "./rows.js";
import { edit, isPayment, isPlatforms, resending } from "./send.js";

/** Return the pane: element, id, show(id), hide(), refresh(), reload(), tick(), focus(), keys. */
export function createDetail(context, { names, store, step, close, opened, examine, filterBy }) {
  const { api, t } = context;
  const title = h("div", { className: "title", tabIndex: -1 });
  const body = h("div", { className: "reading" });
  const foot = h("footer", { className: "actions" });
  const said = h("p", { className: "soft said", role: "status", "aria-live": "polite" });
  const tool = (name, words, act) => button({ className: "quiet square", "aria-label": words, title: words, onclick: act }, icon(name));
  const back = button({ className: "quiet back narrow-only", onclick: close }, icon("left"), t("deliveries.tab"));
  const element = h("section", { className: "pane detail", "aria-label": t("timeline.detail"), hidden: true }, h("header", { className: "pane-head" }, back, title, h("span", { className: "tools" }, tool("up", t("timeline.previous"), () => step(-1)), tool("down", t("timeline.following"), () => step(1)), tool("close", t("frame.close"), close))), body, foot);
  const keys = { p: () => act(replay), n: () => act(renew), e: () => act(change), c: () => act((it) => copyText(curl(it))), x: () => act((it) => canExamine(it) && examine(it)) };
  const opening = createOpening(load);
  const detail = { element, id: "", show, hide, refresh, reload: opening.begin, tick: () => tick(), focus: () => title.focus(), keys };
  let shown = null; // the delivery that is drawn
  let signature = null;
  let tick = () => {};
  let wanted = 0;

  async function show(id) {
    if (detail.id === id) return;
    detail.id = id;
    shown = signature = null;
    say(said, "");
    element.hidden = false;
    await opening.begin();
    body.scrollTop = 0;
  }

  async function load() {
    const mine = ++wanted;
    const path = `deliveries/${encodeURIComponent(detail.id)}`;
    try {
      const known = store.find(detail.id);
      const [found, explained] = await Promise.all([known ?? api.get(path), api.get(`${path}/signature`), names.ready()]);
      if (mine !== wanted) return;
      signature = explained;
      draw(found);
    } catch (error) {
      if (mine !== wanted) return;
      shown = null;
      tick = () => {};
      fill(title, h("h1", {}, detail.id));
      fill(body, h("p", { className: "hint" }, error.message || t("frame.away")));
      fill(foot);
    }
  }

  function draw(it) {
    const isFirst = shown === null;
    shown = it;
    const facts = `${numberOf(it.id)} · ${day(it.born)} ${clockTime(it.born)}`;
    fill(title, h("div", { className: "line" }, h("h1", {}, it.event), h("span", { className: `badge ${TONES[it.state] ?? ""}` }, stateMark(it, t, 14), t(`deliveries.state_${it.state}`)), h("span", { className: "soft facts" }, facts)), h("div", { className: "target" }, h("code", { className: "soft" }, it.id)));
    const block = standing(it, { ...context, names, filterBy });
    tick = block.tick;
    fill(body, block.element, attempts(it, context), bytes(it, signature, context));
    if (isFirst) drawFoot(it);
  }

  /** Whether it is a webhook or a payment callback: a push is signed by what is not kept. */
  const isKeyKept = (it) => signature?.header === "X-Douyin-Signature" || isPayment(it.event);

  /** Whether there is an examination for what received it. */
  const canExamine = (it) => isKeyKept(it) && !isPlatforms(it.event);

  function drawFoot(it) {
    const deed = (words, key, glyph, run) => button({ className: "edge", title: t(`deliveries.${words}_about`), onclick: () => act(run) }, icon(glyph, 14), t(`deliveries.${words}`), h("kbd", {}, key));
    const of = (word) => (isPayment(it.event) ? `${word}_payment` : word);
    fill(foot, h("div", { className: "action-bar" }, deed(of("replay"), "P", "resend", replay), isKeyKept(it) && [deed(of("renew"), "N", "resend", renew), deed(of("edit"), "E", "rule", change), canExamine(it) && deed("examine", "X", "pulse", examine)], h("span", { className: "gap" }), copyButton({ className: "quiet" }, "curl", () => curl(shown ?? it), () => t("timeline.copied")), copyButton({ className: "quiet square", "aria-label": t("timeline.link"), title: t("timeline.link") }, "", () => location.href, "✓")), said);
  }

  function act(run) {
    if (!detail.id) return false;
    if (shown) run(shown);
    else soon(run);
    return true;
  }

  async function soon(run) {
    const { id } = detail;
    await opening.settled();
    if (shown && detail.id === id) run(shown);
  }

  /** Tell what came back, and show it. */
  function tell(word, delivery) {
    const last = delivery.attempts.at(-1);
    say(said, t(`deliveries.did_${word}`, { status: last?.status ?? t("deliveries.no_answer"), problem: last?.problem ? `：${last.problem}` : "" }));
  }

  async function replay(it) {
    try {
      const found = await api.post(`deliveries/${encodeURIComponent(it.id)}/replay`);
      if (detail.id === it.id) (draw(found), tell("replay", found));
      store.take(found);
    } catch (error) {
      context.fail(error);
    }
  }

  async function renew(it) {
    if (!isKeyKept(it)) return;
    try {
      opened(await api.post(resending(it), {}));
    } catch (error) {
      context.fail(error);
    }
  }

  function change(it) {
    if (isKeyKept(it)) edit(it, { ...context, sent: opened });
  }

  function hide() {
    wanted += 1;
    detail.id = "";
    shown = null;
    tick = () => {};
    element.hidden = true;
  }

  /** It may have been tried again meanwhile. */
  function refresh() {
    const now = shown && store.find(detail.id);
    if (now && versionOf(now) !== versionOf(shown)) draw(now);
  }

  return detail;
}
