// What was sent: the exact bytes, the headers, and what the signature is made of.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { jsonTree, unfolded } from "../json.js";
import { copyButton } from "../copy.js";
import { isPayment } from "./send.js";

/** Return the section; `signature` comes later and may be null. */
export function bytes(delivery, signature, { t }) {
  const size = new TextEncoder().encode(delivery.body).length;
  return h(
    "section",
    { className: "pair one sent" },
    h(
      "div",
      { className: "side" },
      h("header", {}, h("h3", {}, t("deliveries.sent"), h("span", { className: "soft" }, t(delivery.attempts.length > 1 ? "deliveries.size_same" : "deliveries.size", { n: size, attempts: delivery.attempts.length }))), h("span", { className: "tools" }, verdict(signature, t), copyButton({ className: "quiet square small", "aria-label": t("deliveries.copy_body"), title: t("deliveries.copy_body") }, "", () => delivery.body, "✓"))),
      delivery.body === "" ? h("p", { className: "soft none" }, t("timeline.no_body")) : h("pre", { className: "raw mono", tabIndex: 0 }, delivery.body),
      signature && recipe(signature, delivery, t),
      tree(delivery.body, t),
      h("dl", { className: "headers sent-headers" }, Object.entries(delivery.headers).map(([name, value]) => [h("dt", {}, h("code", {}, name)), h("dd", {}, h("code", {}, value))])),
    ),
  );
}

function verdict(signature, t) {
  if (!signature || !signature.covers) return null;
  const [word, tone] = signature.verifies === null ? ["unknown", "soft"] : signature.verifies ? ["right", "is-ok"] : ["wrong", "is-fault"];
  return h("span", { className: `${tone} verified` }, icon(signature.verifies ? "ok" : signature.verifies === null ? "act" : "fault", 14), t(`deliveries.signature_${word}`));
}

function recipe(signature, delivery, t) {
  if (!signature.covers) return null;
  const name = signature.header ?? (isPayment(delivery.event) ? "msg_signature" : t("deliveries.in_query"));
  return h("p", { className: "recipe" }, h("code", {}, name), " = ", h("code", {}, signature.covers), h("span", { className: "soft" }, t("deliveries.signed_with")), h("code", {}, signature.secret), signature.why && h("span", { className: signature.verifies === false ? "is-fault" : "soft" }, ` ${signature.why}`));
}

/** The body as a tree, folded. */
function tree(body, t) {
  const value = unfolded(body);
  if (value === null || typeof value !== "object") return null;
  return h("details", { className: "as-tree" }, h("summary", {}, t("deliveries.as_tree")), jsonTree(value, t));
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The same request as a curl command: bytes, signature and all. */
export function curl(delivery) {
  const headers = Object.entries(delivery.headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
  const body = delivery.body === "" ? [] : [`  --data-binary ${quoted(delivery.body)}`];
  return [`curl ${quoted(delivery.url)}`, ...headers, ...body].join(" \\\n");
}
