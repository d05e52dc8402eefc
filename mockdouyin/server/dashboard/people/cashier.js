// The cashier on a phone: what an order costs, the ways to pay, and what else a person can do there.

import { button, h } from "../dom.js";
import { sheet } from "./sheets.js";

const OTHERS = ["fail", "timeout", "close", "leave"];

/** Return the cashier's part of a sheet: element, decided(): the way that is chosen. `decide(decision)` is called by a click on another end. */
export function cashierPart({ name, context: { t } }, { order_id, out_order_no, subject, total_amount, ways }, decide) {
  const radios = ways.map((way, n) => h("input", { type: "radio", name: `way-${name}`, value: way, checked: n === 0 }));
  const line = (radio) => h("label", { className: `way of-${radio.value}` }, h("i", { className: "way-sign", "aria-hidden": "true" }, t(`people.way_sign_${radio.value}`)), h("span", {}, t(`people.way_${radio.value}`)), radio);
  const element = h(
    "div",
    { className: "cashier" },
    h("p", { className: "amount" }, h("span", {}, "¥"), yuan(total_amount)),
    h("p", { className: "soft order-of", title: order_id }, subject, " · ", h("code", {}, out_order_no)),
    h("fieldset", { className: "ways", "aria-label": t("people.ways") }, radios.map(line)),
    h("details", { ontoggle: (event) => event.target.open && event.target.scrollIntoView({ block: "nearest" }) }, h("summary", {}, t("people.more_ends")), h("div", { className: "ends" }, OTHERS.map((each) => button({ className: "phone-edge", onclick: () => decide(each) }, t(`people.end_${each}`))))),
  );
  return { element, decided: () => ({ way: radios.find((each) => each.checked)?.value }) };
}

/** 1990 分 as `19.90`. */
export function yuan(amount) {
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}

/** Return the sheet that pays the app's latest order, from the screen of the app. */
export async function paySheet(scene) {
  const { mini, model, phone, call, context: { api, t } } = scene;
  const { orders: [order] } = await api.get("orders", { app: mini.client_key, limit: 1 });
  const title = t("people.cashier_of", { app: model.appName(mini.client_key) });
  if (order?.status !== "PROCESSING" || !order.ways.length) {
    return sheet(scene, { app: mini, title, about: t(order ? "people.order_ended" : "people.no_order", { number: order?.out_order_no }), allow: t("people.ok"), submit: phone.close });
  }
  const [name, which] = order.kind === "trade" ? ["continueToPay", { orderId: order.order_id }] : ["pay", { order_id: order.order_id }];
  const pay = (given) => (phone.close(), call(name, { ...which, ...given }));
  const part = cashierPart(scene, order, (decision) => pay({ decision }));
  return sheet(scene, { app: mini, title, fields: [part.element], deny: t("people.end_cancel"), allow: t("people.pay"), submit: (which) => pay(which === "allow" ? part.decided() : { decision: "cancel" }) });
}
