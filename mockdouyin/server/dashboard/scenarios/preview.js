// One scenario: what is in it, for this world or for a new one.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { reaching } from "../command.js";
import { well } from "../forms.js";

export function createPreview({ api, t, navigate, world }, { close, use }) {
  const title = h("h2", { className: "mono", tabIndex: -1 });
  const body = h("div", { className: "pane-body" });
  const element = h("section", { className: "pane rule-pane", "aria-label": t("scenarios.scenario") }, h("header", { className: "pane-title" }, button({ className: "quiet square back-link", "aria-label": t("apps.back"), onclick: close }, icon("left")), title, h("span", { className: "gap" }), button({ className: "quiet square", "aria-label": t("frame.close"), title: t("frame.close"), onclick: close }, icon("close"))), body);
  let shown = null;

  function show(scenario, here) {
    const version = `${scenario.name} ${here}`;
    if (shown === version) return;
    shown = version;
    const isOn = scenario.name === here;
    title.textContent = scenario.name;
    const name = h("input", { className: "mono", value: "", placeholder: t("scenarios.world_made_up"), "aria-label": t("scenarios.world_name"), spellcheck: false, autocomplete: "off" });
    const said = h("div", { role: "status" });
    async function begin(event) {
      event.preventDefault();
      try {
        const made = await api.root.post("worlds", { scenario: scenario.name, ...(name.value.trim() ? { name: name.value.trim() } : {}) });
        navigate({ world: made.world, view: "scenarios", params: {} });
      } catch (error) {
        fill(said, h("p", { className: "refusal" }, icon("refused", 14), error.message || t("frame.away")));
      }
    }
    fill(
      body,
      scenario.about && h("p", { className: "block" }, scenario.about),
      h("div", { className: "block" }, isOn ? h("p", { className: "is-ok" }, h("b", {}, t("scenarios.is_on", { world }))) : button({ className: "dark", onclick: () => use(scenario.name) }, icon("play", 14), t("scenarios.use", { world })), h("p", { className: "soft use-about" }, t("scenarios.use_about"))),
      h("form", { className: "block form-grid", onsubmit: begin }, h("h3", {}, t("scenarios.begin")), h("p", { className: "soft" }, t("scenarios.begin_about")), h("div", { className: "form-buttons" }, name, h("button", { className: "edge" }, t("scenarios.begin_go"))), said),
      h("div", { className: "block" }, h("h3", {}, t("scenarios.elsewhere")), h("p", { className: "soft" }, t("scenarios.elsewhere_about")), well(`mockdouyin scenarios use ${scenario.name}${reaching(world)}\nmockdouyin serve --scenario ${scenario.name}\nmockdouyin run --scenario ${scenario.name} -- CMD`, t, t("scenarios.elsewhere")), well(`@pytest.mark.douyin(scenario="${scenario.name}")`, t, "pytest")),
      scenario.yaml !== null && h("div", { className: "block" }, h("h3", {}, "YAML"), well(scenario.yaml, t, "YAML")),
    );
  }

  return { element, show, focus: () => title.focus() };
}
