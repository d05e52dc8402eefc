// What a client has to be set to so that it calls this world, for each runtime.

import { fill, h } from "../dom.js";
import { segments, well } from "../forms.js";

const RUNTIMES = ["python", "node", "java", "go", "php", "ruby", "dotnet", "curl", "bun", "browser"];
const NAMES = { python: "Python", node: "Node", java: "Java", go: "Go", php: "PHP", ruby: "Ruby", dotnet: ".NET", curl: "curl", bun: "Bun" };
const SHELLS = ["sh", "fish", "powershell", "dotenv", "json"];

export function createRuntimes({ api, t, world, fail }) {
  const body = h("div", {});
  const element = h("section", { className: "block", "aria-label": t("apps.runtimes") }, body);
  const base = location.origin + (world === "default" ? "" : `/@${world}`);
  let runtime = "python";
  let shell = "sh";
  let isDrawn = false;
  let found = null;

  async function show() {
    if (isDrawn) return;
    isDrawn = true;
    try {
      found = await api.get("environment", { shell });
    } catch (error) {
      isDrawn = false;
      fail(error);
      return;
    }
    draw();
  }

  async function choose(given) {
    shell = given;
    isDrawn = false;
    await show();
  }

  function draw() {
    const heading = (about, ...more) => h("div", { className: "block-title" }, h("h3", {}, t("apps.runtimes")), h("span", { className: "soft" }, about), h("span", { className: "gap" }), more);
    if (!Object.keys(found.runtimes).length) {
      fill(body, heading(t("apps.by_base")), h("p", { className: "soft" }, t("apps.by_base_about")), well(`DOUYIN_BASE_URL=${base}`, t, t("apps.by_base")), h("p", { className: "soft" }, t("apps.not_intercepted")), well(`mockdouyin run -- CMD\nmockdouyin serve --intercept`, t, t("apps.runtimes")));
      return;
    }
    const text = h("div", {});
    const write = () => fill(text, well(runtime === "browser" ? found.browser : found.runtimes[runtime], t, runtime));
    const known = RUNTIMES.filter((each) => each === "browser" || each in found.runtimes);
    const shells = h("select", { "aria-label": t("apps.shell"), onchange: () => choose(shells.value) }, SHELLS.map((each) => h("option", { value: each, selected: each === shell }, each)));
    write();
    fill(body, heading(t("apps.intercepted"), shells), segments(t("apps.runtimes"), known.map((each) => [each, NAMES[each] ?? t("apps.browser")]), runtime, (each) => ((runtime = each), write())), text, h("p", { className: "soft" }, t("apps.or_base"), " ", h("code", {}, base)));
  }

  return { element, show };
}
