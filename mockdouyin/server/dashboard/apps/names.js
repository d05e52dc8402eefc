// How an app is called, and its sign.

import { h } from "../dom.js";

const DEMOS = ["web", "mini_program", "mini_game"];

export function appName(app, t) {
  return DEMOS.includes(app.name) && app.name === app.kind ? t(`timeline.app_${app.name}`) : app.name;
}

export function appSign(app, t) {
  return h("span", { className: `app-sign is-${app.kind}`, "aria-hidden": "true" }, t(`apps.sign_${app.kind}`));
}
