// Nothing has happened yet: commands to paste, and a person to begin with.

import { button, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { copyButton } from "../copy.js";
import { face } from "./rows.js";

/** Return `{element, show()}`; show() fills it once. */
export function createEmpty({ api, world, t, fail }, names) {
  const element = h("section", { className: "pane empty", hidden: true });
  let isShown = false;

  function command(word, text) {
    return h("div", { className: "command" }, h("h3", {}, t(`empty.${word}`), h("span", { className: "soft" }, t(`empty.${word}_about`))), h("div", { className: "well" }, h("pre", {}, text), copyButton({ className: "quiet" }, t("timeline.copy"), () => text, () => t("timeline.copied"))));
  }

  async function show() {
    if (isShown) return;
    isShown = true;
    const [{ apps }, { people }] = await Promise.all([api.get("apps"), api.get("people", { limit: 1 })]).catch((error) => (fail(error), [{ apps: [] }, { people: [] }]));
    const base = location.origin + (world === "default" ? "" : `/@${world}`);
    const app = apps.find((each) => each.kind === "web") ?? apps[0];
    const mini = apps.find((each) => each.kind === "mini_program");
    const token = app && `curl '${base}/oauth/client_token/?client_key=${app.client_key}&client_secret=${app.client_secret}&grant_type=client_credential'`;
    const [person] = people;
    const start = mini && person && h(
      "aside",
      { className: "start" },
      h("h3", {}, t("empty.no_backend")),
      h("p", { className: "soft" }, t("empty.no_backend_about")),
      h("div", { className: "who" }, face(person.name), h("span", {}, h("b", {}, person.name), h("br"), h("span", { className: "soft" }, names.app(mini.client_key))), button({ className: "dark", onclick: () => login(mini, person) }, icon("phone", 14), t("empty.login"))),
    );
    fill(
      element,
      h("div", { className: "commands" }, h("h1", {}, t("empty.title")), h("p", { className: "soft" }, t("empty.about")), token && command("try", token), command("run", "mockdouyin run -- node server.js"), command("base", `base_url = "${base}"`), command("test", 'def test_login(douyin):\n    code = douyin.phone().login()["code"]')),
      start,
    );
  }

  async function login(app, person) {
    try {
      await api.post("phone/login", { app: app.client_key, person: person.name });
    } catch (error) {
      fail(error);
    }
  }

  return { element, show };
}
