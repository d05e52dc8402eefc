// Sheets of a phone: what is asked for before something is done.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";

/** Return a sheet: a title, what is asked, fields, one or two buttons; with `answers` they have keys, A and D;
    without `closes` it stays until it is answered. */
export function sheet({ model, phone, context: { t } }, { app, title, about, fields = [], deny, allow, submit, answers = false, closes = true }) {
  const problem = h("p", { className: "refusal", role: "status", hidden: true });
  const say = (text) => (fill(problem, text), (problem.hidden = !text));
  const act = async (event, which) => {
    event.preventDefault();
    await submit(which, say);
  };
  const element = h(
    "form",
    { className: "phone-sheet", role: "dialog", "aria-label": title, onsubmit: (event) => act(event, "allow") },
    h("header", {}, app && h("span", { className: "app-icon small-icon", "aria-hidden": "true" }, model.appIcon(app)), h("h3", {}, title), closes && button({ className: "quiet square small close", "aria-label": t("frame.close"), title: t("frame.close"), onclick: phone.close }, icon("close", 14))),
    h("div", { className: "sheet-body" }, about && h("p", { className: "soft" }, about), fields, problem),
    h("footer", {}, deny && button({ className: "phone-edge", dataset: answers ? { answer: "deny" } : {}, title: answers ? "D" : "", onclick: (event) => act(event, "deny") }, deny), h("button", { className: "phone-main", dataset: answers ? { answer: "allow" } : {}, title: answers ? "A" : "" }, allow)),
  );
  return element;
}

export function field(words, control) {
  return h("label", { className: "field" }, h("span", {}, words), control);
}

export function select(options, chosen, props = {}) {
  return h("select", props, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
}

/** A select of the app whose webhook tells of what is done. */
export function appSelect({ model, name }, kinds = null) {
  const apps = model.apps.filter((each) => !kinds || kinds.includes(each.kind));
  const here = model.appOf(name);
  const chosen = here?.kind === "web" ? here : (model.apps.find((each) => each.kind === "web") ?? here);
  return select(apps.map((each) => [each.client_key, model.appName(each.client_key)]), chosen?.client_key);
}

/** Ask for messages of some templates, and say what the person answers to each. */
export function subscribeSheet(scene) {
  const { model, mini, phone, call, context: { t } } = scene;
  const templates = Object.entries(mini.templates ?? {});
  const rows = templates.map(([id, { kind, title }], n) => {
    const box = h("input", { type: "checkbox", checked: n === 0, "aria-label": id });
    const answer = select(["accept", "reject", "ban"].map((each) => [each, t(`people.${each}`)]), "accept", { "aria-label": t("people.answer_to", { id }) });
    return { id, box, answer, element: h("li", {}, h("label", {}, box, h("span", { className: "template" }, h("b", {}, title || id), h("code", { className: "soft", title: id }, id), h("span", { className: "soft" }, t(`people.kind_${kind}`)))), answer) };
  });
  return sheet(scene, {
    app: mini,
    title: t("people.subscribe_title"),
    about: rows.length ? t("people.subscribe_about") : t("people.no_templates"),
    fields: [h("ul", { className: "templates" }, rows.map((each) => each.element))],
    allow: t("people.ok"),
    submit: () => {
      const chosen = rows.filter((each) => each.box.checked);
      phone.close();
      return call("requestSubscribeMessage", { tmplIds: chosen.map((each) => each.id), answers: Object.fromEntries(chosen.map((each) => [each.id, each.answer.value])) });
    },
  });
}

/** Follow, digg, comment or write to somebody; an app's webhook tells of it. */
export function actSheet(scene) {
  const { name, deed, model, phone, context: { api, t } } = scene;
  const others = model.people.filter((each) => each.name !== name).map((each) => [each.name, each.name]);
  const other = select(others, others[0]?.[0]);
  const app = appSelect(scene);
  const hasText = deed === "comment" || deed === "message";
  const text = h("textarea", { rows: 2, value: t("people.hello"), maxLength: 500 });
  const item = h("input", { placeholder: t("people.newest"), autocomplete: "off" });
  const post = (act) => {
    const given = { app: app.value, person: name, other: other.value || undefined, ...(hasText ? { text: text.value } : {}), ...(item.value.trim() ? { item_id: item.value.trim() } : {}) };
    phone.close();
    return phone.run(`social.${act}`, t(`people.did_${act}`), () => api.post(`acts/${act}`, given));
  };
  return sheet(scene, {
    title: t(`people.do_${deed}`),
    fields: [field(t(`people.whom_${deed}`), other), hasText && field(t("people.text"), text), (deed === "comment" || deed === "digg") && field("item_id", item), field(t("people.webhook_of"), app)],
    deny: deed === "follow" && t("people.did_unfollow"),
    allow: t(`people.do_${deed}`),
    submit: (which) => post(which === "deny" ? "unfollow" : deed),
  });
}

/** Open a share link and publish the video. */
export function publishSheet(scene) {
  const { name, given, model, phone, context: { api, t } } = scene;
  const schema = h("textarea", { rows: 4, placeholder: "snssdk1128://openplatform/share?share_type=h5&…", value: given.schema ?? "", spellcheck: false });
  const app = appSelect(scene, ["web"]);
  const problem = h("p", { className: "refusal", role: "status", hidden: true });
  const build = async () => {
    problem.hidden = true;
    try {
      ({ schema: schema.value } = await api.post("share/build", { app: app.value || undefined }));
    } catch (error) {
      fill(problem, error.message || t("frame.away"));
      problem.hidden = false;
    }
  };
  return sheet(scene, {
    title: t("people.publish_title"),
    about: t("people.publish_about"),
    fields: [field("schema", schema), h("div", { className: "line" }, app, button({ className: "phone-edge", onclick: build, disabled: !model.apps.some((each) => each.kind === "web") }, t("people.build"))), problem],
    allow: t("people.do_publish"),
    submit: () => {
      phone.close();
      return phone.run("share.publish", t("people.did_publish"), () => api.post("share/publish", { schema: schema.value.trim(), person: name }));
    },
  });
}
