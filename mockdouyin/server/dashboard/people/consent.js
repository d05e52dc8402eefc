// Consent on a phone: the permission sheet, the QR code, and taking consent back.

import { h } from "../dom.js";
import { face } from "../timeline/rows.js";
import { field, select, sheet } from "./sheets.js";

/**
 * The permission sheet: a web app asks as the consent page does, a mini-app by
 * tt.showDouyinOpenAuth. `given` is what a link that was pasted asks for.
 */
export function consentSheet(scene) {
  const { name, given, model, phone, call, context: { api, t } } = scene;
  const here = model.appOf(name) ?? model.chosenApp();
  const app = model.apps.find((each) => each.client_key === given.client_key) ?? here;
  const isWeb = app.kind === "web";
  const list = `scopes-${app.client_key}-${name.length}`;
  const scope = h("input", { value: given.scope ?? "user_info", list, autocomplete: "off", spellcheck: false });
  const optional = h("input", { value: given.optional_scope ?? "", placeholder: "mobile,1,login_id,0", autocomplete: "off", spellcheck: false });
  const redirect = h("input", { value: given.redirect_uri ?? app.redirect_uris[0] ?? "", autocomplete: "off", spellcheck: false });
  const state = h("input", { value: given.state ?? "", autocomplete: "off", spellcheck: false });
  const ticks = h("div", { className: "ticks" });
  const drawTicks = () => ticks.replaceChildren(...options(optional.value).map(([each, on]) => h("label", {}, h("input", { type: "checkbox", checked: on, value: each }), h("code", {}, each))));
  optional.oninput = drawTicks;
  drawTicks();
  const ticked = () => [...ticks.querySelectorAll("input:checked")].map((each) => each.value);

  function submit(which) {
    phone.close();
    const decision = which === "deny" ? "deny" : "allow";
    if (app !== model.appOf(name)) phone.show(app.client_key); // a link leads to the app that asks
    if (!isWeb) return call("showDouyinOpenAuth", { scopeList: words(scope.value), decision });
    const asked = { client_key: app.client_key, scope: scope.value, optional_scope: optional.value, tick: ticked(), redirect_uri: redirect.value, state: state.value, person: name, decision };
    return phone.run("consent", t(`people.did_${decision}`), () => api.post("oauth/authorize", asked));
  }

  const known = [...new Set(["user_info", ...app.scopes])];
  const more = isWeb && h("details", {}, h("summary", {}, t("people.more_fields")), field("optionalScope", optional), field("redirect_uri", redirect), field("state", state));
  return sheet(scene, {
    app,
    title: t("people.asks", { app: model.appName(app.client_key) }),
    fields: [field(isWeb ? "scope" : "scopeList", scope), h("datalist", { id: list }, known.map((each) => h("option", { value: each }))), ticks, more, account(scene)],
    deny: t("people.deny"),
    allow: t("people.allow"),
    answers: true,
    submit,
  });
}

/** Who answers: the account that the app gets to know. */
function account({ name, model, context: { t } }) {
  return h("div", { className: "account" }, face(name), h("span", {}, model.find(name)?.nickname || name), h("span", { className: "soft" }, t("people.account")));
}

/** `mobile,1,login_id,0` as pairs, the way the consent page reads it. */
function options(text) {
  const found = new Map();
  let last = "";
  for (const word of words(text)) {
    if ((word === "0" || word === "1") && last) found.set(last, word === "1");
    else if (!found.has((last = word))) found.set(word, false);
  }
  return [...found];
}

function words(text) {
  return text.split(/[,\s]+/).filter(Boolean);
}

/** The camera: it takes a QR code's token, a consent link, or a share link. */
export function scanSheet(scene) {
  const { name, phone, open, context: { api, t } } = scene;
  const code = h("textarea", { rows: 4, placeholder: t("people.scan_paste"), spellcheck: false });
  const decision = select([["", t("people.scan_only")], ["allow", t("people.scan_allow")], ["deny", t("people.scan_deny")]], "");
  return sheet(scene, {
    title: t("people.scan"),
    about: t("people.scan_about"),
    fields: [field(t("people.scan_code"), code), field(t("people.scan_then"), decision)],
    allow: t("people.do_scan"),
    submit: (which, say) => {
      const read = readCode(code.value.trim());
      if (!read) return say(t("people.scan_nothing"));
      if (read.deed) return open(read.deed, read);
      phone.close();
      const given = { token: read.token, person: name, ...(decision.value ? { decision: decision.value } : {}) };
      return phone.run("consent.scan", t("people.did_scan"), () => api.post("oauth/scan", given));
    },
  });
}

/** What was pasted: the token of a QR code, or a link with what it asks for. */
export function readCode(text) {
  if (!text) return null;
  if (/^snssdk\d+:/.test(text)) return { deed: "publish", schema: text };
  const query = new URLSearchParams(/[?]([^#]*)/.exec(text)?.[1] ?? "");
  if (query.get("client_key") && !query.get("token")) {
    return { deed: "consent", client_key: query.get("client_key"), scope: query.get("scope") ?? "", optional_scope: query.get("optionalScope") ?? "", redirect_uri: query.get("redirect_uri") ?? "", state: query.get("state") ?? "" };
  }
  return { token: query.get("token") ?? text };
}

/** Taking consent back is asked here, in place: it cannot be undone by a click. */
export function revokeSheet(scene) {
  const { name, model, phone, context: { api, t } } = scene;
  const grants = model.rowsOf(name).filter((row) => row.verdict === "ok" && /^consent\.(allow|scan)|showDouyinOpenAuth$/.test(row.kind));
  const last = grants.at(-1)?.app ?? model.apps.find((each) => each.kind === "web")?.client_key;
  const app = select(model.apps.map((each) => [each.client_key, model.appName(each.client_key)]), last);
  return sheet(scene, {
    title: t("people.revoke"),
    about: t("people.revoke_about"),
    fields: [field(t("people.revoke_from"), app)],
    deny: t("people.keep"),
    allow: t("people.revoke_now"),
    submit: (which) => {
      phone.close();
      if (which === "deny") return false;
      return phone.run("consent.revoke", t("people.did_revoke"), () => api.post("oauth/revoke", { client_key: app.value, person: name }));
    },
  });
}
