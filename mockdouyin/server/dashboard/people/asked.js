// The sheet of a call that waits: what the app asks of the person, and their answer.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { cashierPart } from "./cashier.js";
import { face } from "../timeline/rows.js";
import { sheet } from "./sheets.js";

/** Return the sheet of `asked`, one of those that the server lists. */
export function askedSheet(scene, asked) {
  const { model, context: { api, t, fail } } = scene;
  const { cashier } = asked.details;
  const part = cashier ? cashierPart(scene, cashier, (decision) => give({ decision })) : (PARTS[Object.keys(PARTS).find((each) => asked.details[each])] ?? account)(scene, asked);
  const app = model.apps.find((each) => each.client_key === asked.app);

  const submit = (which, say) => give({ allow: which === "allow", ...(which === "allow" ? part.decided?.() : {}) }, say);

  async function give(answer, say = fail) {
    try {
      await api.post("phone/answer", { id: asked.id, ...answer });
    } catch (error) {
      if (error.status !== 404) return say === fail ? fail(error) : say(error.message || t("frame.away"));
    }
    return model.answered(asked.id); // by somebody else, if there is none any more
  }

  return sheet(scene, {
    app,
    title: t(cashier ? "people.cashier_of" : "people.asked_by", { app: model.appName(asked.app) }),
    fields: [!cashier && h("p", { className: "wants" }, asked.asks), part.element],
    deny: t(cashier ? "people.end_cancel" : "people.deny"),
    allow: t(cashier ? "people.pay" : "people.allow"),
    answers: true,
    closes: false,
    submit,
  });
}

/** What a sheet shows by what its details have, and what its answer says beside allow. */
const PARTS = { templates, scopes, phone };

function account({ name, model, context: { t } }) {
  return { element: h("div", { className: "account" }, face(name), h("span", {}, model.find(name)?.nickname || name), h("span", { className: "soft" }, t("people.account")), icon("check", 14)) };
}

function phone({ context: { t } }, { details }) {
  return { element: h("div", { className: "account" }, h("b", { className: "number" }, details.phone), h("span", { className: "soft" }, t("people.bound_number")), icon("check", 14)) };
}

function templates({ context: { t } }, { details }) {
  const rows = details.templates.map(({ id, title, kind }) => {
    const box = h("input", { type: "checkbox", role: "switch", checked: true });
    return { id, box, element: h("li", {}, h("label", {}, h("span", { className: "template" }, h("b", {}, title || id), h("span", { className: "soft", title: id }, t(`people.kind_${kind}`))), box)) };
  });
  return {
    element: h("ul", { className: "templates" }, rows.map((each) => each.element)),
    decided: () => ({ answers: Object.fromEntries(rows.map(({ id, box }) => [id, box.checked ? "accept" : "reject"])) }),
  };
}

function scopes(_, { details }) {
  const rows = details.scopes.map(({ scope, optional, ticked }) => ({ scope, optional, box: h("input", { type: "checkbox", checked: ticked, disabled: !optional }) }));
  const own = rows.filter((each) => each.optional);
  return {
    element: h("div", { className: "ticks" }, rows.map(({ scope, box }) => h("label", {}, box, h("code", {}, scope)))),
    decided: () => (own.length ? { tick: own.filter(({ box }) => box.checked).map(({ scope }) => scope) } : {}),
  };
}
