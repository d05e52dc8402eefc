// What the server says of its types, settings and scenarios, asked for once.

import { language } from "./i18n.js";

let asked = null;

/** Return the schemas of the control API by name; empty if they cannot be had now. */
export async function schemas(api) {
  asked ??= api.root.get("openapi.json", { part: "control" });
  try {
    return (await asked).components.schemas;
  } catch {
    asked = null;
    return {};
  }
}

let chinese = null;

/** Return Chinese texts for what the server explains in English: {settings, scenarios, events}, by name. */
export async function explained() {
  if (language() !== "zh") return { settings: {}, scenarios: {}, events: {} };
  chinese ??= fetch(new URL("zh_explained.json", import.meta.url)).then((answer) => answer.json());
  return chinese;
}
