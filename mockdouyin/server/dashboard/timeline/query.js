// The search: words such as `verdict:refused code:40018 person:小明`, all of which have to fit. The
// beginning of a value is enough, so that the list narrows as one types.

const FIELDS = {
  verdict: (row, value) => (row.type === "delivery" && row.verdict === "refused" ? "fault".startsWith(value) : row.verdict.startsWith(value)),
  code: (row, value) => String(row.code ?? "").startsWith(value),
  error: (row, value) => row.error !== null && row.error.startsWith(value),
  person: (row, value) => row.person.startsWith(value),
  app: (row, value, names) => row.app.startsWith(value) || names.app(row.app).startsWith(value),
  endpoint: (row, value) => row.endpoint !== null && (row.endpoint.startsWith(value) || row.endpoint.includes(`.${value}`) || (value.endsWith(".*") && row.endpoint.startsWith(value.slice(0, -1)))),
  kind: (row, value) => row.kind !== null && row.kind.startsWith(value),
  type: (row, value) => row.type === value,
  rule: (row, value) => row.rule === value,
  status: (row, value) => String(row.status ?? "") === value,
  link: (row, value) => row.links.includes(value),
  delivery: (row, value) => row.delivery === value,
  finding: (row, value, names) => names.findings(row.id).some(({ rule }) => value === "any" || rule.startsWith(value)),
  since: (row, value) => row.id >= Number(value.replace("#", "")),
  took: (row, value) => row.took_ms !== null && row.took_ms > Number.parseFloat(value.replace(">", "")),
};

export const NAMES = Object.keys(FIELDS);

/** Split a query into its words; quotes keep spaces together: `path:"a b"`. */
export function words(query) {
  return [...query.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word);
}

function parse(word) {
  const [, negated, name, value] = /^(-?)([a-z]+):(.*)$/s.exec(word) ?? [];
  if (name && name in FIELDS) return { negated: Boolean(negated), name, value: value.replaceAll('"', "") };
  return { name: "", value: word.replaceAll('"', "").toLowerCase() };
}

/** The text of a query: what is left beside its words with a name. */
export const plainText = (query) => words(query).filter((word) => !parse(word).name).map((word) => word.replaceAll('"', "")).join(" ");

/**
 * Return a function that tells whether a row fits; `names.app(key)` gives an app's name,
 * `names.findings(id)` what a row shows. `found` has the
 * numbers of rows whose bodies hold the query's text.
 */
export function compile(query, names, found = new Set()) {
  const terms = words(query).map(parse).filter((term) => term.value !== "");
  if (!terms.length) return null;
  const apps = new Map(); // looked up once for all rows
  const app = (key) => apps.get(key) ?? (apps.set(key, names.app(key)), apps.get(key));
  const known = { app, findings: names.findings };
  const has = (row, text) => found.has(row.id) || rowText(row).includes(text) || app(row.app).toLowerCase().includes(text);
  return (row) => terms.every((term) => (term.name ? FIELDS[term.name](row, term.value, known) !== term.negated : has(row, term.value)));
}

const texts = new WeakMap();

function rowText(row) {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [`#${row.id}`, row.method, row.path, row.endpoint, row.kind, row.says, row.why, row.person, row.app, row.code, row.error, row.rule, row.delivery];
    text = parts.filter((each) => each !== null && each !== "").join(" ").toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** Put a word into a query in place of those of its name, or take it away if `value` is null. */
export function withWord(query, name, value) {
  const others = words(query).filter((word) => parse(word).name !== name);
  if (value !== null) others.push(/\s/.test(value) ? `${name}:"${value}"` : `${name}:${value}`);
  return others.join(" ");
}

/** The value that a query gives to a name. */
export const valueOf = (query, name) => words(query).map(parse).find((term) => term.name === name && !term.negated)?.value ?? null;
