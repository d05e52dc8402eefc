// The examination of a receiver, in place: which one, of which kind, and what came of it.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { report } from "./check_report.js";

// What each kind of receiver is for, and where an app has the address of its own.
const KINDS = {
  app: { app: "web", url: (app) => app.webhook?.url },
  ecpay: { app: "mini_program", url: (app) => app.payment?.notify_url },
};

/** Return the address of the examination of whoever got a delivery. */
export function examinationOf(delivery) {
  const isPayment = delivery.event.startsWith("ecpay_");
  return { check: delivery.app, kind: isPayment ? "ecpay" : null, to: delivery.url, order: isPayment ? orderOf(delivery) : null, at: null };
}

/** The number of the order that a payment is about, if it is one. */
function orderOf(delivery) {
  try {
    return JSON.parse(JSON.parse(delivery.body).msg).cp_orderno ?? null;
  } catch {
    return null; // a tester's own body
  }
}

/**
 * Return the pane: element, app, show(params), hide(), focus().
 * `choose(params)` asks for another app or kind.
 */
export function createCheck(context, { names, choose, close }) {
  const { api, t, clock } = context;
  const title = h("div", { className: "title", tabIndex: -1 });
  const body = h("div", { className: "reading check" });
  const back = button({ className: "quiet back narrow-only", onclick: close }, icon("left"), t("deliveries.tab"));
  const element = h("section", { className: "pane detail", "aria-label": t("check.title"), hidden: true }, h("header", { className: "pane-head" }, back, title, h("span", { className: "tools" }, button({ className: "quiet square", "aria-label": t("frame.close"), title: t("frame.close"), onclick: close }, icon("close")))), body);
  const check = { element, app: "", show, hide, focus: () => title.focus() };
  const reports = new Map(); // by app and kind: what came of it, and of what was asked
  let params = {};
  let isRunning = false;

  function show(given) {
    params = given;
    check.app = given.check;
    element.hidden = false;
    draw();
  }

  function hide() {
    check.app = "";
    element.hidden = true;
  }

  const kindOf = () => (Object.hasOwn(KINDS, params.kind ?? "") ? params.kind : "app");

  function draw() {
    const apps = [...names.apps.values()];
    const kind = kindOf();
    const app = names.apps.get(check.app) ?? apps.find((each) => each.name === check.app || each.kind === check.app);
    fill(title, h("h1", {}, t("check.title")), h("div", { className: "target soft" }, t(`check.about_${kind}`)));
    if (!app) {
      fill(body);
      return;
    }
    const found = reports.get(`${app.client_key} ${kind}`);
    fill(
      body,
      form(apps, app, kind, found),
      h("p", { className: "hint" }, icon("fault", 15), h("span", {}, t(`check.warning_${kind}`))),
      h("div", { role: "status", "aria-live": "polite", className: "report" }, isRunning ? h("p", { className: "soft" }, t("check.waiting")) : found && report(found, context)),
    );
  }

  function form(apps, app, kind, found) {
    const kinds = h("select", { onchange: () => choose({ kind: kinds.value === "app" ? null : kinds.value, check: ownerOf(kinds.value, app), to: null, order: null }) }, Object.keys(KINDS).map((each) => h("option", { value: each, selected: each === kind }, t(`check.kind_${each}`))));
    const chooser = h("select", { onchange: () => choose({ check: chooser.value, to: null, order: null }) }, apps.map((each) => h("option", { value: each.client_key, selected: each === app }, names.app(each.client_key))));
    const url = h("input", { className: "mono", type: "url", required: true, spellcheck: false, value: found?.asked.url ?? params.to ?? KINDS[kind].url(app) ?? "", placeholder: t(`check.example_${kind}`) });
    const order = h("input", { className: "mono", spellcheck: false, autocomplete: "off", value: found?.asked.order ?? params.order ?? "", placeholder: "out_order_no" });
    const amount = h("input", { type: "number", min: 1, value: found?.asked.amount || "", placeholder: t("check.amount_known") });
    const field = (word, control) => h("label", { className: "field" }, h("span", {}, t(word)), control);
    const go = h("button", { className: "dark", disabled: isRunning }, icon("pulse", 14), t(isRunning ? "check.running" : found ? "check.again" : "check.go"));
    const asked = () => ({ url: url.value.trim(), ...(kind === "ecpay" && { order: order.value.trim(), amount: Number(amount.value) }) });
    return h(
      "form",
      { className: "fields check-form", onsubmit: (event) => (event.preventDefault(), run(app.client_key, kind, asked())) },
      field("check.kind", kinds),
      field("send.app", chooser),
      h("label", { className: "field wide" }, h("span", {}, t("check.url")), url),
      kind === "ecpay" && [h("label", { className: "field first" }, h("span", {}, t("check.order")), order), field("check.amount", amount)],
      go,
    );
  }

  /** Another kind is another app's: payments are a mini-program's. */
  function ownerOf(kind, app) {
    const fitting = [...names.apps.values()].filter((each) => each.kind === KINDS[kind].app);
    return (kind === "app" || fitting.includes(app) ? app : fitting[0] ?? app).client_key;
  }

  async function run(app, kind, asked) {
    if (isRunning) return;
    isRunning = true;
    const began = performance.now();
    const key = `${app} ${kind}`;
    reports.set(key, { ...reports.get(key), asked });
    draw();
    try {
      const found = await api.post("check-webhook", { app, kind, ...asked });
      reports.set(key, { ...found, asked, seconds: (performance.now() - began) / 1000, at: clock.now() });
    } catch (error) {
      context.fail(error);
    }
    isRunning = false;
    if (check.app) draw();
  }

  return check;
}
