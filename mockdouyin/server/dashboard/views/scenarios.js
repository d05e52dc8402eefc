// Scenarios and rules: what the platform shall do otherwise, and how it is set.

import { fill, h } from "../dom.js";
import { icon as draw } from "../icons.js";
import { refresher } from "../forms.js";
import { createRuleForm } from "../scenarios/form.js";
import { createPreview } from "../scenarios/preview.js";
import { createRules } from "../scenarios/rules.js";
import { createScenarioList } from "../scenarios/scenario_list.js";
import { createSettings } from "../scenarios/settings.js";

export const name = "scenarios";
export const key = "4";
export const icon = "rule";

const RULES = /^(rule|world|snapshot|scenario)\./;
const SETTINGS = /^(settings|world|snapshot|scenario)\./;

export function mount(root, context) {
  const { api, live, clock, t, route, navigate, fail } = context;
  const nothing = { scenario: null, new: null, rule: null, on: null, error: null };
  let here = "";
  let listed = "";
  let emulated = null;
  const catalog = () => (emulated ??= api.get("endpoints").catch((error) => (fail(error), (emulated = null), { endpoints: [], phone: [] })));
  const close = () => navigate({ params: nothing });
  const list = createScenarioList(context, { open: (scenario) => navigate({ params: { ...nothing, scenario } }), use });
  const preview = createPreview(context, { close: () => (list.focus(), close()), use });
  const rules = createRules(context, { choose: (rule) => navigate({ params: { ...nothing, rule: rule.id } }), create: () => (navigate({ params: { ...nothing, new: 1 } }), form.focus()) });
  const settings = createSettings(context);
  const form = createRuleForm(context, { added: () => loadRules.now(), close, catalog });
  const search = h("input", { type: "search", placeholder: t("scenarios.search"), "aria-label": t("scenarios.search"), spellcheck: false, autocomplete: "off", oninput: () => navigate({ params: { q: search.value || null } }, { replace: true }) });
  const goTo = h("nav", { className: "narrow-parts", "aria-label": t("scenarios.parts") }, ["rules", "scenarios", "settings"].map((part) => h("a", { className: "chip", dataset: { part }, href: context.link({ params: { ...nothing, part } }), onclick: (event) => (event.preventDefault(), navigate({ params: { ...nothing, part } })) }, t(`scenarios.${part}`))));
  const middle = h("div", { className: "pane rules-pane" }, h("div", { className: "pane-body" }, rules.element, settings.element));
  const area = h("div", { className: "columns-of-panes scenarios-view" }, goTo, list.element, middle, form.element, preview.element);
  fill(context.tools, h("label", { className: "search" }, draw("search", 14), search, h("kbd", {}, "/")));
  fill(root, area);

  const loadRules = refresher(async () => {
    try {
      const found = await api.get("rules", { near: true });
      if (found.scenario !== here) {
        ({ listed } = await api.get("scenario"));
        emulated = null; // it may declare endpoints
      }
      here = found.scenario;
      rules.show(found);
      context.badge(found.rules.length);
    } catch (error) {
      fail(error);
      return;
    }
    update();
  }, 500);
  const loadSettings = refresher(settings.load);

  /** Switch the world to a scenario; whatever changes with it is asked for anew. */
  async function use(scenario) {
    try {
      list.tell(await api.put("scenario", { scenario }));
    } catch (error) {
      fail(error);
      return;
    }
    await Promise.all([loadRules.now(), loadSettings.now()]);
  }

  async function loadScenarios() {
    try {
      const { scenarios } = await api.root.get("scenarios");
      list.load(scenarios.map((each) => ({ ...each, yaml: each.text })));
    } catch (error) {
      fail(error);
    }
    update();
  }

  function update() {
    const { params } = route();
    const scenario = list.find(params.scenario);
    const rule = params.rule && rules.find(params.rule);
    const isOpen = Boolean(params.scenario || params.new || params.rule || params.on);
    area.classList.toggle("has-form", isOpen);
    area.dataset.part = params.part ?? "rules";
    for (const each of goTo.children) each.setAttribute("aria-current", String(each.dataset.part === area.dataset.part));
    const text = (params.q ?? "").toLowerCase().trim();
    if (search.value !== (params.q ?? "")) search.value = params.q ?? "";
    list.filter(text);
    settings.filter(text);
    list.show(listed ?? "", params.scenario ?? "");
    rules.mark();
    preview.element.hidden = !scenario;
    form.element.hidden = Boolean(scenario);
    if (scenario) preview.show(scenario, listed ?? "");
    else if (rule || !params.rule) form.begin(rule || { ...(params.on ? { on: params.on, times: 1 } : {}), ...(params.error ? { error: params.error } : {}) });
  }

  function step(by) {
    const ids = rules.ids();
    if (!ids.length) return;
    const place = ids.indexOf(route().params.rule);
    navigate({ params: { ...nothing, rule: ids[place < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, place + by))] } }, { replace: true });
  }

  const unsubscribe = live.subscribe(({ type, rows: happened, old }) => {
    if (type === "reset" || (type === "state" && live.state === "live")) (loadRules.soon(), loadSettings.soon());
    if (type !== "rows" || old) return;
    if (happened.some((row) => SETTINGS.test(row.kind ?? ""))) loadSettings.soon();
    const counts = rules.ids().length > 0 && happened.some((row) => row.type === "exchange" || row.kind?.startsWith("phone."));
    if (counts || happened.some((row) => RULES.test(row.kind ?? ""))) loadRules.soon();
    if (happened.some((row) => row.type === "exchange" || /^(phone|rule|scenario)\./.test(row.kind ?? ""))) form.tryAgain();
    if (happened.some((row) => /^(person|app)\.add/.test(row.kind ?? ""))) form.loadNames();
  });
  const unsubscribeClock = clock.subscribe(() => rules.ids().length && loadRules.soon());
  const unbind = context.keys.bind({
    j: () => step(1),
    k: () => step(-1),
    r: () => (navigate({ params: { ...nothing, new: 1 } }), form.focus()),
    "/": () => search.focus(),
    Escape: () => (["scenario", "new", "rule", "on"].some((each) => each in route().params) ? close() : false),
  });
  loadScenarios();
  form.load();
  loadRules.now();
  loadSettings.now();

  function unmount() {
    unbind();
    unsubscribe();
    unsubscribeClock();
    loadRules.stop();
    loadSettings.stop();
    form.stop();
  }

  return { update, unmount };
}
