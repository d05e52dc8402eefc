// What the front end got: of a call from here the whole, of others' calls what the journal shows.

import { button, fill, h, say } from "../dom.js";
import { icon, mark } from "../icons.js";
import { jsonTree } from "../json.js";
import { copyButton } from "../copy.js";

const PAUSE = 800; // milliseconds between two looks at what others did

export function createResult(name, model, { api, t, link, world }) {
  const element = h("section", { className: "got", "aria-label": t("people.got") });
  const said = h("p", { className: "unseen", role: "status" });
  const result = { element, said, draw, run, unmount: () => clearTimeout(timer) };
  const claims = []; // calls from here whose row is not here yet
  let shown = null; // {title, ok, data, id, isOwn, isMasked, error}
  let last = 0; // the newest row that was looked at
  let waiting = null;
  let timer = 0;

  async function run(kind, title, call) {
    const claim = { kind };
    claims.push(claim);
    paint({ title, isBusy: true, isOwn: true });
    try {
      const data = await call();
      paint({ title, ok: !isRefusal(data), data, isOwn: true, id: claim.id, rule: claim.rule });
      return true;
    } catch (error) {
      if (claims.includes(claim)) claims.splice(claims.indexOf(claim), 1);
      paint({ title, ok: false, error: error.message || t("frame.away"), data: error.data, isOwn: true });
      return false;
    } finally {
      claim.isDone = true;
    }
  }

  /** Look at what came since: rows of calls from here get their number, others' are fetched. */
  function draw() {
    const rows = model.rowsOf(name);
    const fresh = rows.filter((row) => row.id > last);
    if (!rows.length && shown?.id) paint(null);
    if (!fresh.length) {
      if (!shown) paint(null);
      return;
    }
    last = rows.at(-1).id;
    const others = fresh.filter((row) => !claimed(row));
    if (others.length && !shown?.isBusy) look(others.at(-1));
  }

  function claimed(row) {
    const n = claims.findIndex((each) => each.kind === row.kind || (each.kind === "consent" && row.kind.startsWith("consent.")));
    if (n < 0) return false;
    const [claim] = claims.splice(n, 1);
    Object.assign(claim, { id: row.id, rule: row.rule });
    if (claim.isDone && shown?.isOwn) paint({ ...shown, id: row.id, rule: row.rule });
    return true;
  }

  function look(row) {
    if (shown?.isOwn) {
      paint({ ...shown, newer: row });
      return;
    }
    waiting = row;
    timer ||= setTimeout(() => ((timer = 0), load(waiting)), shown ? PAUSE : 0);
  }

  async function load(row, reveal = false) {
    const before = shown;
    try {
      const act = await api.get(`acts/${row.id}`, { reveal: reveal ? "true" : "" });
      if (shown !== before) return; // something was done here meanwhile
      paint({ title: titleOf(act.kind), ok: act.verdict === "ok", data: act.result, id: row.id, rule: row.rule, row, isMasked: !reveal, says: act.says, why: act.why });
    } catch {
      if (shown === before) paint(null); // the journal has dropped it
    }
  }

  function titleOf(kind) {
    return kind.startsWith("phone.") ? `tt.${kind.slice(6)}` : t(`people.did_${kind.split(".").at(-1)}`);
  }

  function paint(what) {
    shown = what;
    if (!what) {
      const line = command();
      fill(element, h("h3", {}, t("people.got")), h("p", { className: "soft" }, t("people.got_nothing")), h("div", { className: "paste" }, h("code", {}, line), copyButton({ className: "quiet square small", "aria-label": t("people.copy"), title: t("people.copy") }, "", () => line, "")));
      return;
    }
    const { title, ok, data, error, id, isBusy, newer, isMasked, row } = what;
    const code = title === "tt.pay" && ok && codeOf(data, t);
    if (!isBusy) say(said, `${title} ${error ?? (code ? code.textContent : t(ok ? "people.success" : "people.fail"))}`);
    const head = h("header", {}, isBusy ? mark("pending", "", 13) : mark(ok ? "ok" : "refused", t(ok ? "people.success" : "people.fail"), 13), h("b", {}, title), code, what.rule && h("span", { className: "soft by-rule", title: what.rule }, t("people.by_rule")), id && h("a", { className: "link soft", href: link({ view: "timeline", params: { q: null, at: id } }) }, `#${id}`));
    const body = error ? h("p", { className: "refusal", role: "status" }, error) : data === undefined || data === null ? h("p", { className: "soft" }, isBusy ? "…" : what.says || t("people.got_no_data")) : jsonTree(data, t, ok ? {} : { errMsg: "refused", errNo: "refused" });
    const holds = JSON.stringify(data ?? error ?? null, null, 2);
    const copy = !isBusy && (data || error) && copyButton({ className: "quiet small-text" }, t("people.copy"), () => holds, () => t(isMasked ? "people.copied_masked" : "people.copied"));
    const reveal = isMasked && data && holds.includes("***") && button({ className: "quiet small-text", onclick: () => load(row, true) }, icon("eye", 14), t("people.reveal"));
    const other = newer && button({ className: "link newer", onclick: () => load(newer) }, t("people.newer", { title: titleOf(newer.kind), id: newer.id }));
    fill(element, head, body, h("footer", {}, copy, reveal, other));
  }

  /** What to paste into a shell so that this person logs in. */
  function command() {
    const quoted = /^[\p{L}\p{N}_-]+$/u.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
    const where = location.origin === "http://127.0.0.1:8600" ? "" : ` --url ${location.origin}`;
    return `mockdouyin code --person ${quoted}${where}${world === "default" ? "" : ` --world ${world}`}`;
  }

  return result;
}

const PAY_CODES = { 0: "is-ok", 1: "is-fault", 2: "is-refused", 3: "is-pending", 4: "is-pending", 9: "is-pending" };

/** What the code means that tt.pay passes to `success`, whatever became of the order. */
function codeOf(data, t) {
  const tone = PAY_CODES[data?.code];
  return tone && h("span", { className: `badge ${tone}` }, t(`people.pay_code_${data.code}`));
}

/** Whether tt passed it to `fail`, or the person declined: no code, and nothing that goes on. */
function isRefusal(data) {
  const isDenial = data !== null && typeof data === "object" && "location" in data && !("status" in data) && data.code === null;
  return isDenial || /:fail/.test(String(data?.errMsg ?? ""));
}
