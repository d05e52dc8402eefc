// Send an event: any one from a form, or a delivery's body again, edited and signed anew.

import { fill, h } from "../dom.js";
import { language } from "../i18n.js";
import { openDialog } from "../overlay.js";

const events = new Map(); // by language: the same as long as the server runs

async function eventsOf(api) {
  const spoken = language();
  if (!events.has(spoken)) events.set(spoken, (await api.root.get("events")).events);
  return events.get(spoken);
}

const field = (t, word, ...elements) => h("label", { className: "field" }, h("span", {}, t(`send.${word}`)), elements);
const choice = (props, options) => h("select", props, options.map(([value, words]) => h("option", { value }, words)));

/** Show a dialog with a form that is posted to `path`; `make()` returns the body, or throws what is wrong with it. */
function dialogOf({ api, t, sent }, title, path, parts, make) {
  const wrong = h("p", { className: "wrong", role: "status" });
  const go = h("button", { className: "dark" }, t("send.go"));

  async function send(event) {
    event.preventDefault();
    fill(wrong);
    go.disabled = true;
    try {
      const delivery = await api.post(path, make());
      dialog.close();
      sent(delivery);
    } catch (error) {
      fill(wrong, error.message || t("frame.away"));
    } finally {
      go.disabled = false;
    }
  }

  const dialog = openDialog(title, t("frame.close"), h("form", { className: "send-form", onsubmit: send, oninput: () => fill(wrong) }, parts, wrong, h("div", { className: "buttons" }, go)));
  dialog.classList.add("wide");
  return dialog;
}

/** Trigger an event: the platform writes it, and what is given here replaces parts of it. */
export async function trigger(given) {
  const { api, t, names, fail } = given;
  let known;
  let people;
  try {
    [known, { people }] = await Promise.all([eventsOf(api), api.get("people", { limit: 200 }), names.load()]);
  } catch (error) {
    fail(error);
    return;
  }
  const persons = people.map((each) => [each.name, each.name]);
  const kind = choice({ name: "event" }, known.map((each) => [each.event, `${each.event} · ${t(isPayment(each.event) ? "send.form_payment" : `send.form_${each.content}`)}`]));
  const about = h("span", { className: "soft about" });
  const app = choice({ name: "app" }, [...names.apps.values()].map((each) => [each.client_key, `${names.app(each.client_key)} ${each.client_key}`]));
  const person = choice({ name: "person" }, persons);
  const other = choice({ name: "other" }, [["", t("send.anybody")], ...persons]);
  const to = h("input", { name: "to", className: "mono", type: "url", spellcheck: false });
  const secret = h("input", { name: "secret", className: "mono", spellcheck: false, autocomplete: "off", placeholder: t("send.own_secret") });
  const content = h("textarea", { name: "content", rows: 4, spellcheck: false, placeholder: "{}" });
  const fields = h("textarea", { name: "fields", rows: 2, spellcheck: false, placeholder: "{}" });
  const form = choice({ name: "form" }, [["", t("send.form_own")], ["object", t("send.form_object")], ["string", t("send.form_string")]]);
  const once = h("input", { type: "checkbox", name: "once" });
  const [whom, receiver, key, inner] = [field(t, "other", other), field(t, "to", to), field(t, "secret", secret), field(t, "content", content)];
  const more = h("details", {}, h("summary", { className: "soft" }, t("send.more")), field(t, "fields", fields), field(t, "form", form));
  const words = [[receiver, ["to", "to_notify_url"]], [key, ["secret", "token"]], [inner, ["content", "msg_fields"]]];
  const web = [...names.apps.values()].find((each) => each.webhook?.url) ?? [...names.apps.values()].find((each) => each.kind === "web");
  if (web) app.value = given.app && names.apps.has(given.app) ? given.app : web.client_key;

  const tell = () => {
    fill(about, known.find((each) => each.event === kind.value)?.about ?? "");
    const pays = isPayment(kind.value);
    if (pays && !names.apps.get(app.value)?.payment.salt) app.value = [...names.apps.values()].find((each) => each.payment.salt)?.client_key ?? app.value;
    const chosen = names.apps.get(app.value);
    const own = pays ? chosen?.payment[URLS[kind.value] ?? "notify_url"] : chosen?.webhook?.url;
    to.placeholder = own || t(pays ? "send.no_notify_url" : "send.no_webhook");
    to.required = !own;
    secret.placeholder = t(pays ? "send.own_token" : "send.own_secret");
    content.placeholder = !pays ? "{}" : isPlatforms(kind.value) ? '{"out_order_no": "ORDER-1"}' : '{"cp_orderno": "ORDER-1", "total_amount": 1990}';
    for (const [label, word] of words) fill(label.firstChild, t(`send.${pays ? word[1] : word[0]}`));
    more.hidden = whom.hidden = pays;
    key.hidden = isPlatforms(kind.value);
    if (pays) fields.value = form.value = other.value = "";
    if (key.hidden) secret.value = "";
  };
  kind.onchange = tell;
  app.onchange = tell;
  tell();

  const parts = [
    field(t, "event", kind, about),
    h("div", { className: "fields" }, field(t, "app", app), field(t, "person", person), whom),
    h("div", { className: "fields" }, receiver, key),
    inner,
    more,
    h("label", { className: "check" }, once, t("send.once")),
  ];
  dialogOf(given, t("send.title"), "events", parts, () => ({
    event: kind.value,
    app: app.value,
    person: person.value || null,
    other: other.value || null,
    to: to.value.trim(),
    secret: secret.value,
    content: objectOf(content.value, isPayment(kind.value) ? "msg" : "content", t),
    fields: objectOf(fields.value, "fields", t),
    form: form.value || null,
    once: once.checked,
  }));
  kind.focus();
}

function objectOf(text, word, t) {
  if (!text.trim()) return {};
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(t("send.bad_json", { field: word, says: error.message }));
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error(t("send.no_object", { field: word }));
  return value;
}

/** Where what a delivery told is sent once more, signed anew. */
export const resending = (delivery) => `deliveries/${encodeURIComponent(delivery.id)}/resend`;

export const isPayment = (event) => event.startsWith("ecpay_") || isPlatforms(event);

/** Whether a callback is signed by the platform's own key, which nobody gives. */
export const isPlatforms = (event) => event.startsWith("trade_");

// The payment setting that has the receiver, where it is not the notify_url.
const URLS = { trade_pre_create_order: "create_order_callback" };

/** Edit a delivery's body, or a payment callback's msg, and send it signed over its new bytes. */
export function edit(delivery, given) {
  const { t } = given;
  const msg = isPayment(delivery.event) ? msgOf(delivery.body) : null;
  const word = msg === null ? "raw" : "msg";
  const text = h("textarea", { name: word, rows: 14, spellcheck: false, value: msg ?? delivery.body });
  const secret = h("input", { name: "secret", className: "mono", spellcheck: false, autocomplete: "off", placeholder: t(isPayment(delivery.event) ? "send.own_token" : "send.own_secret") });
  const key = !isPlatforms(delivery.event) && field(t, isPayment(delivery.event) ? "token" : "secret", secret);
  const parts = [h("p", { className: "hint" }, t(msg === null ? "send.exact" : "send.exact_msg")), field(t, word, text), key];
  dialogOf(given, t("send.edit_title", { event: delivery.event }), resending(delivery), parts, () => ({ [word]: text.value, secret: secret.value }));
  text.focus();
}

/** The `msg` of a payment callback; null where the body is none. */
function msgOf(body) {
  try {
    const { msg } = JSON.parse(body);
    return typeof msg === "string" ? msg : null;
  } catch {
    return null;
  }
}
