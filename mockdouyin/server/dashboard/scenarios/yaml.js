// Rules as scenario YAML: flow mappings on a line each, quoted only where YAML would read something else.

const PLAIN = /^[A-Za-z_\u4e00-\u9fff][\w./\u4e00-\u9fff-]*(?: [\w./\u4e00-\u9fff-]+)*$/;
const WORDS = /^(true|false|yes|no|on|off|null|y|n)$/i;

export function scalar(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}

export function flow(value) {
  if (value === null || typeof value !== "object") return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  return `{${Object.entries(value).map(([name, each]) => `${name === "on" ? "on" : scalar(name)}: ${flow(each)}`).join(", ")}}`;
}

/** Return rules as the section of a scenario; what the server added to them is left out. */
export function rulesYaml(rules) {
  return `rules:\n${rules.map((each) => `  - ${flow(written(each))}\n`).join("")}`;
}

const ADDED = new Set(["id", "hits", "seen", "set_by", "ends", "expired", "closest", "near"]);

/** Return a rule as somebody would write it. */
export function written(rule) {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !ADDED.has(name)));
}
