// What the server says of its types and settings, asked for once in each language.

import { language } from "./i18n.js";

const asked = new Map();

/** Return the schemas of the control API by name; empty if they cannot be had now. */
export async function schemas(api) {
  const spoken = language();
  if (!asked.has(spoken)) asked.set(spoken, api.root.get("openapi.json", { part: "control" }));
  try {
    return (await asked.get(spoken)).components.schemas;
  } catch {
    asked.delete(spoken);
    return {};
  }
}
