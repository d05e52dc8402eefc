// What the OpenAPI document says of types, asked for once.

let asked = null;

/** Return the schemas of the control API by name; empty if they cannot be had now. */
export async function schemas(api) {
  asked ??= api.root.get("openapi.json");
  try {
    return (await asked).components.schemas;
  } catch {
    asked = null;
    return {};
  }
}
