// Send an event: any one from a form, or a delivery's body again, edited and signed anew.

import { button, fill, h } from "../dom.js";
import { openDialog } from "../overlay.js";

let events = null; // the same as long as the server runs

async function eventsOf(api) {
  events ??= (await api.root.get("events")).events;
  return events;
}

const field = (t, word, ...elements) => h("label", { className: "field" }, h("span", {}, t(`send.${word}`)), elements);
const choice = (props, options) => h("select", props, options.map(([value, words]) => h("option", { value }, words)));

/** Show a dialog with a form; `make()` returns the event's body, or throws what is wrong with it. */
function dialogOf({ api, t, sent }, title, parts, make) {
  const wrong = h("p", { className: "wrong", role: "status" });
  const go = h("button", { className: "dark" }, t("send.go"));

  async function send(event) {
    event.preventDefault();
    fill(wrong);
    go.disabled = true;
    try {
      const delivery = await api.post("events", make());
      dialog.close();
      sent(delivery);
    } catch (error) {
      fill(wrong, error.message || t("frame.away"));
    } finally {
      go.disabled = false;
    }
  }

  const dialog = openDialog(title, t("frame.close"), h("form", { className: "send-form", onsubmit: send }, parts, wrong, h("div", { className: "buttons" }, go)));
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
  const kind = choice({ name: "event" }, known.map((each) => [each.event, `${each.event} · ${t(`send.form_${each.content}`)}`]));
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
  const web = [...names.apps.values()].find((each) => each.webhook?.url) ?? [...names.apps.values()].find((each) => each.kind === "web");
  if (web) app.value = given.app && names.apps.has(given.app) ? given.app : web.client_key;

  const tell = () => {
    fill(about, known.find((each) => each.event === kind.value)?.about ?? "");
    const isPayment = kind.value.startsWith("ecpay_");
    if (isPayment && !names.apps.get(app.value)?.payment.salt) app.value = [...names.apps.values()].find((each) => each.payment.salt)?.client_key ?? app.value;
    const chosen = names.apps.get(app.value);
    const own = isPayment ? chosen?.payment.notify_url : chosen?.webhook?.url;
    to.placeholder = own || t("send.no_webhook");
    to.required = !own;
  };
  kind.onchange = tell;
  app.onchange = tell;
  tell();

  const parts = [
    field(t, "event", kind, about),
    h("div", { className: "fields" }, field(t, "app", app), field(t, "person", person), field(t, "other", other)),
    h("div", { className: "fields" }, field(t, "to", to), field(t, "secret", secret)),
    field(t, "content", content),
    h("details", {}, h("summary", { className: "soft" }, t("send.more")), field(t, "fields", fields), field(t, "form", form)),
    h("label", { className: "check" }, once, t("send.once")),
  ];
  dialogOf(given, t("send.title"), parts, () => ({
    event: kind.value,
    app: app.value,
    person: person.value || null,
    other: other.value || null,
    to: to.value.trim(),
    secret: secret.value,
    content: objectOf(content.value, "content", t),
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

/** The body of an event that repeats a delivery: a new Msg-Id, signed anew, to the same receiver. */
export const again = (delivery, raw = delivery.body) => ({ event: delivery.event, app: delivery.app, person: delivery.person || null, to: delivery.url, raw, once: true });

/** Edit a delivery's body, and send it signed over its new bytes. */
export function edit(delivery, given) {
  const { t } = given;
  const text = h("textarea", { name: "raw", rows: 14, spellcheck: false, value: delivery.body });
  const secret = h("input", { name: "secret", className: "mono", spellcheck: false, autocomplete: "off", placeholder: t("send.own_secret") });
  const parts = [h("p", { className: "hint" }, t("send.exact")), field(t, "raw", text), field(t, "secret", secret)];
  dialogOf(given, t("send.edit_title", { event: delivery.event }), parts, () => ({ ...again(delivery, text.value), secret: secret.value }));
  text.focus();
}

/** A button of a row of actions. */
export const action = (props, ...words) => button({ className: "edge", ...props }, words);
