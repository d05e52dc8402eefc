// Guaranteed payment of an app: its keys, where callbacks go, and its orders.

import { a, button, fill, h, say } from "../dom.js";
import { copyField } from "../forms.js";
import { yuan } from "../people/cashier.js";

const PAGE = 20;
const STATES = { SUCCESS: "is-ok", PROCESSING: "is-pending", FAIL: "is-refused", TIMEOUT: "is-fault" };

export function createPayment(context, { changed, masked }) {
  const { api, t, link, fail } = context;
  const keys = h("dl", { className: "app-keys" });
  const addresses = ["notify_url", "create_order_callback"].map(address);
  const count = h("span", { className: "soft" });
  const list = h("ul", { className: "orders" });
  const more = button({ className: "quiet", hidden: true, onclick: () => load(true) }, t("apps.earlier_orders"));
  const element = h("section", { className: "block app-payment", "aria-label": t("apps.payment") }, h("div", { className: "block-title" }, h("h3", {}, t("apps.payment"))), keys, addresses.map((each) => each.form), h("div", { className: "block-title" }, h("h3", {}, t("apps.orders")), count), list, more);
  let app = null;
  let orders = [];

  /** Show an app; `isOther` if another one was shown before. */
  function show(given, isOther, isRevealed) {
    app = given;
    element.hidden = !app.payment.salt;
    if (element.hidden) return;
    drawKeys(isRevealed);
    for (const { setting, url } of addresses) if (isOther || document.activeElement !== url) url.value = app.payment[setting];
    if (isOther) {
      orders = [];
      draw(0, false);
      load();
    }
  }

  function drawKeys(isRevealed) {
    const { salt, sandbox_salt, token, merchant_uid } = app.payment;
    const line = (word, value) => [h("dt", {}, word), h("dd", {}, value)];
    const secret = (word, value) => line(word, copyField(isRevealed ? value : masked(value), t, { words: t("apps.copy_secret"), make: () => value, done: () => t("apps.copied_secret") }));
    fill(keys, secret("SALT", salt), secret(t("apps.sandbox_salt"), sandbox_salt), secret("Token", token), line(t("apps.merchant"), copyField(merchant_uid, t)));
  }

  /** The form of a setting that is an address of the app's own server. */
  function address(setting) {
    const url = h("input", { className: "mono", inputmode: "url", spellcheck: false, autocomplete: "off", placeholder: t("apps.hook_example"), "aria-label": setting });
    const problem = h("p", { className: "refusal", role: "status", hidden: true });
    const form = h("form", { className: "notify-line", onsubmit: save }, h("label", {}, h("span", { className: "soft" }, t(`apps.${setting}`)), url), h("button", { className: "edge" }, t("apps.save")), problem);

    async function save(event) {
      event.preventDefault();
      let says = "";
      try {
        await api.patch(`apps/${encodeURIComponent(app.client_key)}`, { payment: { [setting]: url.value.trim() } });
      } catch (error) {
        says = error.message || t("frame.away");
      }
      say(problem, says);
      problem.hidden = !says;
      if (!says) await changed();
    }
    return { setting, url, form };
  }

  /** Ask for the newest orders, or for those before the oldest that is shown. */
  async function load(isEarlier = false) {
    const asked = app;
    if (!asked?.payment.salt) return;
    try {
      const before = isEarlier ? orders[0]?.order_id : null;
      const page = await api.get("orders", { app: asked.client_key, limit: isEarlier ? PAGE : Math.min(200, Math.max(PAGE, orders.length)), before });
      if (asked.client_key !== app.client_key) return;
      orders = isEarlier ? [...page.orders, ...orders] : page.orders;
      draw(page.total, page.more);
    } catch (error) {
      fail(error);
    }
  }

  function draw(total, hasMore) {
    say(count, total ? String(total) : "");
    more.hidden = !hasMore;
    fill(list, orders.length ? [...orders].reverse().map(row) : h("li", { className: "soft" }, t("apps.no_orders")));
  }

  function row(order) {
    const sums = [["refunded", order.refunded], ["settled", order.settled], ["in_transit", order.in_transit]].filter(([, sum]) => sum);
    const story = link({ view: "timeline", params: { q: `link:${order.link}`, app: null } });
    return h(
      "li",
      { className: "order", dataset: { order: order.out_order_no } },
      h("span", { className: "order-head" }, h("b", { className: "sum" }, `¥${yuan(order.total_amount)}`), h("span", { className: "order-subject" }, order.subject), order.sandbox && h("span", { className: "badge" }, t("apps.of_sandbox")), order.kind === "trade" && h("span", { className: "badge" }, "tt.createOrder"), h("span", { className: `badge ${STATES[order.status]}` }, t(`apps.order_${order.status}`))),
      h("span", { className: "order-line soft" }, a(story, { className: "link", title: order.order_id }, h("code", {}, order.out_order_no)), order.payer && h("span", {}, t("apps.paid_by", { person: order.payer, way: t(`people.way_${order.way}`) })), sums.map(([word, sum]) => h("span", {}, `${t(`apps.${word}`)} ¥${yuan(sum)}`))),
      order.callbacks.length > 0 && h("span", { className: "order-line" }, order.callbacks.map(callback)),
      order.status === "SUCCESS" && !order.callbacks.length && h("span", { className: "order-line" }, a(story, { className: "badge is-pending", title: t("apps.uncalled_about") }, t("apps.uncalled"))),
    );
  }

  function callback({ id, event, state, attempts }) {
    const signs = { delivered: "is-ok", failed: "is-refused" };
    const words = `${t(`apps.callback_${state}`)}${attempts > 1 ? ` ×${attempts}` : ""}`;
    return a(link({ view: "deliveries", params: { at: id, app: null } }), { className: `badge ${signs[state] ?? "is-pending"}` }, h("code", {}, event.replace(/^(ecpay|trade)_/, "")), " ", words);
  }

  return { element, show, load, drawKeys };
}
