// One app: its keys, webhook, templates, redirect URIs and scopes.

import { button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton, copyText } from "../copy.js";
import { copyField } from "../forms.js";
import { appName, appSign } from "./names.js";
import { createPayment } from "./payment.js";
import { createRedirects } from "./redirects.js";
import { createWebhook } from "./webhook.js";

const masked = (secret) => (secret.length > 10 ? `${secret.slice(0, 4)}${"*".repeat(16)}${secret.slice(-4)}` : "*".repeat(8));

export function createAppDetail(context, { changed, back }) {
  const { t } = context;
  let app = null;
  let version = "";
  let isRevealed = false;
  const title = h("div", { className: "app-title", tabIndex: -1 });
  const eye = button({ className: "quiet square", onclick: () => ((isRevealed = !isRevealed), drawKeys(), payment.drawKeys(isRevealed)) }, icon("eye"));
  const keys = h("dl", { className: "app-keys" });
  const webhook = createWebhook(context, { changed });
  const redirects = createRedirects(context, { changed });
  const payment = createPayment(context, { changed, masked });
  const facts = h("div", {});
  const element = h(
    "section",
    { className: "pane app-detail", "aria-label": t("apps.detail") },
    h("header", { className: "pane-title" }, button({ className: "quiet square back-link", "aria-label": t("apps.back"), onclick: back }, icon("left")), title, h("span", { className: "gap" }), eye),
    h("div", { className: "pane-body" }, h("div", { className: "block" }, keys), payment.element, webhook.element, redirects.element, facts),
  );

  /** Show an app; returns whether it is another one than before, whose secret is hidden again. */
  function show(given) {
    const isOther = app?.client_key !== given.client_key;
    const now = JSON.stringify(given);
    if (now === version) return false;
    version = now;
    app = given;
    if (isOther) isRevealed = false;
    fill(title, appSign(app, t), h("span", { className: "words" }, h("span", { className: "line" }, h("h2", {}, appName(app, t)), h("span", { className: "soft" }, t(`apps.kind_${app.kind}`)), app.banned && h("span", { className: "badge is-refused" }, t("apps.banned")), app.trial && h("span", { className: "badge is-fault" }, t("apps.trial"))), h("span", { className: "soft" }, summary())));
    drawKeys();
    payment.show(app, isOther, isRevealed);
    webhook.show(app, isOther);
    redirects.show(app, isOther);
    fill(facts, templates(), scopes());
    return isOther;
  }

  function summary() {
    return [t("apps.scopes_n", { n: app.scopes.length }), t("apps.templates_n", { n: Object.keys(app.templates).length })].join(" · ");
  }

  function drawKeys() {
    const words = t(isRevealed ? "apps.hide" : "apps.reveal");
    eye.title = words;
    eye.setAttribute("aria-label", words);
    eye.setAttribute("aria-pressed", String(isRevealed));
    const isWeb = app.kind === "web";
    const line = (word, ...value) => [h("dt", {}, word), h("dd", {}, value)];
    const secret = (word, value) => line(word, copyField(isRevealed ? value : masked(value), t, { words: t("apps.copy_secret"), make: () => value, done: () => t("apps.copied_secret") }));
    fill(
      keys,
      line(isWeb ? "client_key" : "AppID", copyField(app.client_key, t)),
      secret(isWeb ? "client_secret" : "AppSecret", app.client_secret),
      app.webhook?.secret ? secret(t("apps.webhook_secret"), app.webhook.secret) : line(t("apps.webhook_secret"), h("span", { className: "soft" }, t("apps.same_secret", { name: isWeb ? "client_secret" : "AppSecret" }))),
      app.name !== appName(app, t) && line(t("apps.name"), copyField(app.name, t)),
      app.developer !== "developer" && line(t("apps.developer"), copyField(app.developer, t)),
      app.public_key && line(t("apps.public_key"), copyButton({ className: "edge small-words" }, t("forms.copy"), () => app.public_key, () => t("forms.copied"))),
      app.testers.length > 0 && line(t("apps.testers"), app.testers.join(", ")),
      line(t("apps.configuration"), copyButton({ className: "edge small-words" }, ".env", dotenv, () => t("apps.copied_secret")), copyButton({ className: "edge small-words" }, "curl", curl, () => t("apps.copied_secret"))),
    );
  }

  const base = () => location.origin + (context.world === "default" ? "" : `/@${context.world}`);
  const dotenv = () => `DOUYIN_BASE_URL=${base()}\nDOUYIN_CLIENT_KEY=${app.client_key}\nDOUYIN_CLIENT_SECRET=${app.client_secret}\n`;

  function curl() {
    const body = JSON.stringify({ appid: app.client_key, secret: app.client_secret, grant_type: "client_credential" });
    if (app.kind === "mini_program") return `curl '${base()}/api/apps/v2/token' -H 'content-type: application/json' -d '${body}'`;
    return `curl '${base()}/oauth/client_token/' -F client_key=${app.client_key} -F client_secret=${app.client_secret} -F grant_type=client_credential`;
  }

  function templates() {
    const entries = Object.entries(app.templates);
    const row = ([id, each]) => h("li", {}, h("b", {}, each.title || each.fields.join(" ")), copyField(id, t), h("span", { className: "badge" }, t(`apps.template_${each.kind}`)), h("span", { className: "soft" }, each.fields.join(t("apps.comma")), each.quota !== null && ` · ${t("apps.quota", { n: each.quota })}`));
    return h("section", { className: "block" }, h("div", { className: "block-title" }, h("h3", {}, t("apps.templates"))), entries.length ? h("ul", { className: "templates" }, entries.map(row)) : h("p", { className: "soft" }, t("apps.no_templates")));
  }

  function scopes() {
    const field = h("input", { placeholder: t("apps.find_scope"), "aria-label": t("apps.find_scope"), spellcheck: false, autocomplete: "off", oninput: () => draw() });
    const found = h("div", { className: "scopes" });
    const left = h("p", { className: "soft" });
    function draw() {
      const fits = app.scopes.filter((each) => each.includes(field.value.trim()));
      fill(found, fits.slice(0, 40).map((each) => h("code", {}, each)));
      say(left, fits.length > 40 ? t("apps.more_scopes", { n: fits.length - 40 }) : fits.length ? "" : t("apps.no_scopes"));
    }
    draw();
    return h("section", { className: "block" }, h("div", { className: "block-title" }, h("h3", {}, t("apps.scopes")), h("span", { className: "soft" }, String(app.scopes.length)), h("span", { className: "gap" }), app.scopes.length > 8 && field), found, left);
  }

  return { element, show, loadOrders: () => payment.load(), focus: () => title.focus(), copyKey: () => app && copyText(app.client_key) };
}
