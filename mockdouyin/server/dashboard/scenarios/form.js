// A form for a rule, made of the endpoint's own parameters and errors.

import { a, button, fill, h, say } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton } from "../copy.js";
import { segments } from "../forms.js";
import { language } from "../i18n.js";
import { createConditions } from "./conditions.js";
import { createDryRun } from "./dry_run.js";
import { createEffect } from "./effect.js";
import { createTiming } from "./timing.js";
import { flow } from "./yaml.js";

const SHOWN = 200; // people in the list

export function createRuleForm(context, { added, close, catalog }) {
  const { api, t } = context;
  const known = h("datalist", { id: "endpoint-names" });
  const on = h("input", { list: "endpoint-names", className: "mono", required: true, spellcheck: false, autocomplete: "off", placeholder: "mini_program.code_to_session", "aria-describedby": "endpoint-about", oninput: () => void look() });
  const about = h("p", { id: "endpoint-about", className: "soft endpoint-about" });
  const conditions = createConditions(t, draw, { person: "rule-people", app: "rule-apps" });
  const people = h("datalist", { id: "rule-people" });
  const apps = h("datalist", { id: "rule-apps" });
  const effect = createEffect(context, draw);
  const timing = createTiming(t, draw);
  const preview = h("code", {});
  const dryRun = createDryRun(context, () => (on.value.trim() ? rule() : null));
  const said = h("div", { role: "status" });
  const more = h("details", { className: "more-of-rule" }, h("summary", {}, t("scenarios.more")), timing.more);
  const field = (word, ...input) => h("div", {}, h("span", { className: "label-text" }, word), input);
  const copy = copyButton({ className: "quiet" }, t("forms.copy"), () => yaml(), () => t("forms.copied"));
  const fields = h(
    "div",
    { className: "form-grid block" },
    h("label", {}, h("span", {}, t("scenarios.on")), on),
    known,
    people,
    apps,
    about,
    conditions.element,
    effect.element,
    field(t("scenarios.how_often"), timing.element),
    more,
    field(t("scenarios.yaml"), h("div", { className: "well" }, h("pre", { tabIndex: 0, "aria-label": t("scenarios.yaml") }, preview), copy)),
    said,
  );
  const form = h(
    "form",
    { className: "pane-form", onsubmit: send, onkeydown: (event) => event.key === "Enter" && event.target.tagName === "INPUT" && event.target.type === "text" && event.target !== on && event.preventDefault() },
    h("div", { className: "pane-body" }, fields),
    dryRun.element,
    h("footer", { className: "form-foot" }, button({ className: "quiet", onclick: close }, t("apps.cancel")), h("span", { className: "gap" }), h("button", { className: "dark" }, t("scenarios.add"))),
  );
  const title = h("h2", { tabIndex: -1 }, t("scenarios.new"));
  const origin = h("span", { className: "badge", hidden: true });
  const element = h(
    "section",
    { className: "pane rule-pane", "aria-label": t("scenarios.new") },
    h("header", { className: "pane-title" }, button({ className: "quiet square back-link", "aria-label": t("apps.back"), onclick: close }, icon("left")), title, origin),
    form,
  );
  let looked = null;
  let begun = "";

  async function load() {
    const { endpoints, phone } = await catalog();
    const families = [...new Set(endpoints.map((each) => each.name.split(".")[0]))];
    const options = [...endpoints.map((each) => [each.name, `${each.methods[0]} ${each.paths[0]}`]), ...phone.map((each) => [each.name, "tt"]), ...families.map((each) => [`${each}.*`, ""]), ["*", ""]];
    fill(known, options.map(([value, words]) => h("option", { value }, words)));
    loadNames();
    await look();
  }

  async function loadNames() {
    try {
      const [found, known] = await Promise.all([api.get("people", { limit: SHOWN }), api.get("apps")]);
      fill(people, found.people.map(({ name, nickname }) => h("option", { value: name }, nickname)));
      fill(apps, known.apps.map(({ name, kind }) => h("option", { value: name }, kind)));
    } catch {
      // A name can be typed.
    }
  }

  /** Show what is known of the endpoint that `on` names: its path, parameters and errors. */
  async function look() {
    const name = on.value.trim();
    draw();
    if (looked === name) return;
    looked = name;
    const { endpoints, phone } = await catalog();
    const endpoint = endpoints.find((each) => each.name === name) ?? endpoints.find((each) => each.name.endsWith(`.${name}`));
    const tt = phone.find((each) => each.name === name);
    const isWide = !endpoint && /^[\w*.]+$/.test(name);
    let errors = [];
    if (endpoint) {
      try {
        ({ errors } = await api.get("errors", { endpoint: endpoint.name }));
      } catch (error) {
        say(said, error.message);
      }
    }
    if (looked !== name) return;
    if (endpoint) fill(about, h("code", {}, `${endpoint.methods.join(" ")} ${endpoint.paths[0]}`), " ", h("span", {}, language() === "zh" ? endpoint.title : endpoint.about), " ", a(endpoint.doc, { className: "link", target: "_blank", rel: "noreferrer" }, t("scenarios.doc")));
    else fill(about, tt ? tt.about : name ? t("scenarios.wide") : "");
    conditions.offer(endpoint?.parameters ?? tt?.arguments ?? [], tt || isWide ? ["person", "app"] : (endpoint?.subjects ?? []));
    effect.offer(endpoint ? errors : [], name !== "");
    draw();
  }

  function rule() {
    return { on: on.value.trim(), ...conditions.value(), ...effect.value(), ...timing.value() };
  }

  const yaml = () => `- ${flow(rule())}`;

  function draw() {
    say(preview, yaml());
    dryRun.soon();
  }

  /** Begin with a rule that there is, or with what the address names. */
  function begin(given) {
    const now = JSON.stringify(given);
    if (now === begun) return;
    begun = now;
    on.value = [given.on ?? ""].flat()[0];
    origin.hidden = !given.id;
    if (given.id) say(origin, t("scenarios.like_that", { id: given.id }));
    conditions.take(given.when ?? {});
    effect.take(given);
    timing.take(given);
    more.open = ["after", "chance", "ttl"].some((name) => name in given);
    fill(said);
    looked = null;
    look();
  }

  async function send(event) {
    event.preventDefault();
    fill(said);
    try {
      const given = rule();
      const made = await api.post("rules", { ...given, set_by: t("rule.set_by") });
      fill(said, h("p", { className: "hint-line is-done" }, icon("ok", 13), " ", t("scenarios.added", { id: made.id })));
      said.scrollIntoView({ block: "nearest" });
      added(made);
    } catch (error) {
      fill(said, h("p", { className: "refusal" }, icon("refused", 14), error.message || t("frame.away")));
      said.scrollIntoView({ block: "nearest" });
    }
  }

  return { element, load, loadNames, begin, focus: () => on.focus(), tryAgain: dryRun.soon, stop: dryRun.stop };
}
