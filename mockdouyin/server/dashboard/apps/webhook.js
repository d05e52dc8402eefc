// The webhook of an app: its URL has to answer the challenge, and what came back is shown.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { copyField } from "../forms.js";
import { took } from "../time.js";

export function createWebhook(context, { changed }) {
  const { api, t } = context;
  const element = h("section", { className: "block app-webhook", "aria-label": "Webhook" });
  const result = h("div", { role: "status" });
  let app = null;
  let isEdited = false;
  let known = null;

  function show(given, isOther) {
    app = given;
    if (isOther) {
      isEdited = false;
      fill(result);
    }
    if (!isEdited) draw();
  }

  function draw() {
    const url = app.webhook?.url ?? "";
    const state = url && h("span", { className: `badge ${app.webhook.verified ? "is-ok" : "is-fault"}` }, icon(app.webhook.verified ? "ok" : "fault", 13), t(app.webhook.verified ? "apps.verified" : "apps.unverified"));
    const edit = button({ className: url ? "quiet" : "edge", onclick: open }, icon("edit", 14), t(url ? "apps.edit" : "apps.set_webhook"));
    const again = url && button({ className: "edge", onclick: () => send({ url }) }, icon("resend", 14), t("apps.again"));
    const events = app.webhook?.events;
    fill(
      element,
      h("div", { className: "block-title" }, h("h3", {}, "Webhook"), state, h("span", { className: "gap" }), edit, again),
      url ? h("div", { className: "webhook-line" }, copyField(url, t), h("span", { className: "soft" }, events ? t("apps.some_events", { n: events.length }) : t("apps.all_events"))) : h("p", { className: "soft" }, t("apps.no_webhook")),
      events && h("div", { className: "scopes" }, events.map((each) => h("code", {}, each))),
      result,
    );
  }

  async function open() {
    isEdited = true;
    known ??= (await api.root.get("events").catch(() => ({ events: [] }))).events.filter((each) => each.channel === "webhook");
    const url = h("input", { value: app.webhook?.url ?? "", placeholder: t("apps.hook_example"), inputmode: "url", spellcheck: false, autocomplete: "off", className: "mono" });
    const secret = h("input", { value: app.webhook?.secret ?? "", type: "password", autocomplete: "off", placeholder: t("apps.secret_default") });
    const isAll = h("input", { type: "checkbox", checked: !app.webhook?.events, onchange: () => (choice.hidden = isAll.checked) });
    const boxes = known.map((each) => ({ event: each.event, box: h("input", { type: "checkbox", checked: app.webhook?.events?.includes(each.event) ?? false }), about: each.about }));
    const choice = h("div", { className: "event-choice", hidden: isAll.checked }, boxes.map(({ event, box, about }) => h("label", { title: about }, box, h("code", {}, event))));
    const skip = h("input", { type: "checkbox" });
    const close = () => ((isEdited = false), draw(), element.querySelector(".block-title button")?.focus());
    const save = (event) => {
      event.preventDefault();
      const events = isAll.checked ? null : boxes.filter((each) => each.box.checked).map((each) => each.event);
      send({ url: url.value.trim(), secret: secret.value, events }, !skip.checked, close);
    };
    const form = h(
      "form",
      { className: "form-grid", onsubmit: save },
      h("label", {}, h("span", {}, "URL"), url),
      h("label", {}, h("span", {}, t("apps.webhook_secret")), secret),
      h("div", {}, h("label", { className: "check" }, isAll, t("apps.all_events")), choice),
      h("label", { className: "check" }, skip, t("apps.skip")),
      h("div", { className: "form-buttons" }, h("button", { className: "dark" }, t("apps.save_webhook")), button({ className: "edge", onclick: () => (fill(result), close()) }, t("apps.cancel"))),
      result,
    );
    fill(element, h("div", { className: "block-title" }, h("h3", {}, "Webhook")), form);
    url.focus();
  }

  /** Set the webhook; the receiver has to answer first, and what it answered stays in sight. */
  async function send(webhook, verify = true, done = () => undefined) {
    const asked = app;
    const isAsked = verify && webhook.url;
    fill(result, isAsked && h("p", { className: "hint-line" }, t("apps.asking", { url: webhook.url })));
    let refused = null;
    try {
      await api.patch(`apps/${encodeURIComponent(asked.client_key)}`, { webhook, verify });
    } catch (error) {
      refused = error.message || t("frame.away");
    }
    const shown = isAsked ? await answer(asked) : null;
    if (app.client_key !== asked.client_key) return;
    fill(result, refused ? h("div", { className: "refusal" }, icon("refused", 14), h("div", {}, h("p", {}, refused), shown)) : shown && h("div", { className: "handshake" }, shown));
    if (refused) return;
    done();
    await changed();
  }

  async function answer(asked) {
    const { deliveries } = await api.get("deliveries", { app: asked.client_key, event: "verify_webhook", limit: 1 }).catch(() => ({ deliveries: [] }));
    const [sent] = deliveries;
    const last = sent?.attempts.at(-1);
    if (!last) return null;
    return h(
      "dl",
      { className: "challenge" },
      h("dt", {}, t("apps.sent")),
      h("dd", {}, h("code", {}, sent.body)),
      h("dt", {}, t("apps.answered")),
      h("dd", {}, h("b", {}, last.status ?? last.error ?? "—"), " ", h("code", {}, last.body || ""), h("span", { className: "soft" }, ` ${took(last.took_ms)}`)),
    );
  }

  return { element, show };
}
