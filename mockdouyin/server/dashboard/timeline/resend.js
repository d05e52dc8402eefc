// Edit an exchange and send it again, and see where the two replies differ.

import { button, fill, h } from "../dom.js";
import { fromBase64, toBase64 } from "../api.js";
import { openDialog } from "../overlay.js";

const SET_ANEW = new Set(["host", "content-length", "transfer-encoding", "connection"]);

const pretty = (body) => (typeof body === "string" ? body : body === null ? "" : JSON.stringify(body, null, 2));

export async function resend(exchange, given) {
  const { api, t, open } = given;
  let whole;
  try {
    whole = await api.get(`exchanges/${exchange.id}`, { reveal: true }); // a masked secret would be refused
  } catch (error) {
    given.fail(error);
    return null;
  }
  const field = (word, element) => h("label", { className: "field" }, h("span", {}, t(`resend.${word}`)), element);
  const { query, body, headers } = whole.request;
  const target = h("input", { className: "mono", value: whole.path + (query ? `?${query}` : ""), spellcheck: false });
  const heads = h("textarea", { rows: 4, spellcheck: false, value: Object.entries(headers).filter(([name]) => !SET_ANEW.has(name)).map(([name, value]) => `${name}: ${value}`).join("\n") });
  const text = h("textarea", { rows: 8, spellcheck: false, value: pretty(body) });
  const said = h("p", { className: "wrong", role: "status" });
  const result = h("div", { className: "result-diff" });

  async function send(event) {
    event.preventDefault();
    fill(said);
    const [path, ...rest] = target.value.split("?");
    const lines = heads.value.split("\n").filter((line) => line.includes(":"));
    const sent = lines.map((line) => [line.slice(0, line.indexOf(":")).trim().toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
    const isJson = typeof body === "object" && body !== null;
    try {
      const raw = isJson ? compact(text.value) : text.value;
      const reply = await api.post("handle", { method: whole.method, path, query: rest.join("?"), headers: sent, body: toBase64(raw), host: whole.host });
      show(reply);
    } catch (error) {
      fill(said, error.message || t("frame.away"));
    }
  }

  function show(reply) {
    const now = parsed(fromBase64(reply.body));
    const id = reply.headers.find(([name]) => name === "x-tt-logid")?.[1];
    const number = id ? Number.parseInt(id.slice(-12), 16) : 0;
    const seen = number > 0 && button({ className: "link", onclick: () => (dialog.close(), open(number)) }, `#${number}`);
    fill(
      result,
      h("h3", {}, t("resend.diff"), " ", seen, reply.fault && h("span", { className: "badge is-fault" }, reply.fault)),
      h("div", { className: "diff-heads soft" }, h("span", {}, `#${whole.id} · HTTP ${whole.status}`), h("span", {}, `HTTP ${reply.status}`)),
      h("div", { className: "diff" }, diff(pretty(whole.reply.body).split("\n"), pretty(now).split("\n"))),
    );
    result.scrollIntoView({ block: "nearest" });
  }

  const form = h("form", { onsubmit: send }, h("p", { className: "hint" }, t("resend.secrets")), field("target", target), field("headers", heads), field("body", text), said, h("div", { className: "buttons" }, h("button", { className: "dark" }, t("resend.send"))), result);
  const dialog = openDialog(t("resend.title", { n: exchange.id }), t("frame.close"), form);
  dialog.classList.add("wide");
  text.focus();
  return dialog;
}

const compact = (text) => {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text; // what is broken is sent broken: that may be what is tried
  }
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Lines side by side: what both have is quiet, what one alone has is marked. */
function diff(before, after) {
  const [a, b] = [before.slice(0, 400), after.slice(0, 400)];
  const same = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) same[i][j] = a[i] === b[j] ? same[i + 1][j + 1] + 1 : Math.max(same[i + 1][j], same[i][j + 1]);
  const rows = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) rows.push([a[i++], b[j++], false]);
    else if (i < a.length && (j >= b.length || same[i + 1][j] >= same[i][j + 1])) rows.push([a[i++], null, true]);
    else rows.push([null, b[j++], true]);
  }
  // A line that went and one that came in its place stand side by side.
  const merged = [];
  for (const row of rows) {
    const gone = merged.find((each) => each[2] && each[1] === null && each.open);
    if (row[2] && row[0] === null && gone) ((gone[1] = row[1]), (gone.open = false));
    else merged.push(Object.assign(row, { open: row[1] === null }));
    if (!row[2]) for (const each of merged) each.open = false;
  }
  return merged.map(([one, other, isOther]) => [h("code", { className: isOther && one !== null ? "gone" : "" }, one ?? ""), h("code", { className: isOther && other !== null ? "came" : "" }, other ?? "")]);
}
