// An exchange in other words: curl, pytest, Markdown, HAR. Secrets are masked where they were.

const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "accept", "transfer-encoding"]);
const SECRETS = new Set(["secret", "client_secret", "app_secret", "appsecret"]);

const hasBody = (exchange) => exchange.request.body !== "" && exchange.request.body !== null;
const bodyText = (body) => (typeof body === "string" ? body : JSON.stringify(body));
const kept = (headers) => Object.entries(headers).filter(([name]) => !LEFT_OUT.has(name.toLowerCase()));

function address(exchange, { world }) {
  const prefix = world === "default" ? "" : `/@${world}`;
  return `${location.origin}${prefix}${exchange.path}${exchange.request.query ? `?${exchange.request.query}` : ""}`;
}

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

export function curl(exchange, context) {
  const parts = [`curl -X ${exchange.method} ${quoted(address(exchange, context))}`];
  for (const [name, value] of kept(exchange.request.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (hasBody(exchange)) parts.push(`--data-raw ${quoted(bodyText(exchange.request.body))}`);
  return parts.join(" \\\n  ");
}

/** A value in Python; what a fresh world gives another value is asked for there. */
function python(value, name, given) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    if (value && value === given.exchange.app) return "app.client_key";
    if (SECRETS.has(name)) return "app.client_secret";
    if (name === "code" && given.login) return "code";
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((each) => python(each, "", given)).join(", ")}]`;
  return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${python(each, key, given)}`).join(", ")}}`;
}

export function pytest(exchange, { names, story }) {
  const app = names.apps.get(exchange.app);
  const login = story?.rows.find((row) => row.kind === "phone.login");
  const given = { exchange, login };
  const title = [exchange.endpoint?.split(".").at(-1) ?? "call", exchange.error?.name ?? exchange.verdict].join("_");
  const lines = ["import httpx", "", "", `def test_${title.replaceAll(/\W/g, "_")}(douyin):`];
  if (exchange.why) lines.push(`    # ${exchange.why.replaceAll(/\s+/g, " ")}`);
  if (app) lines.push(`    app = douyin.app(${JSON.stringify(["web", "mini_program", "mini_game"].includes(app.name) ? app.kind : app.name)})`);
  if (login) lines.push(`    code = douyin.phone(${exchange.person ? JSON.stringify(exchange.person) : ""}).login()["code"]`);
  if (exchange.error && exchange.endpoint) lines.push(`    douyin.rule(${JSON.stringify(exchange.endpoint)}, error=${JSON.stringify(exchange.error.name)}, times=1)`);
  lines.push("    reply = httpx.request(", `        ${JSON.stringify(exchange.method)},`, `        douyin.url + ${JSON.stringify(exchange.path)},`);
  const query = Object.fromEntries(new URLSearchParams(exchange.request.query));
  if (Object.keys(query).length) lines.push(`        params=${python(query, "", given)},`);
  const { body, headers } = exchange.request;
  const type = headers["content-type"] ?? "";
  const sent = Object.fromEntries(kept(headers).filter(([name]) => name.toLowerCase() !== "content-type"));
  if (Object.keys(sent).length) lines.push(`        headers=${python(sent, "", given)},`);
  if (hasBody(exchange) && typeof body === "object") lines.push(`        json=${python(body, "", given)},`);
  else if (hasBody(exchange) && type.includes("urlencoded")) lines.push(`        data=${python(Object.fromEntries(new URLSearchParams(body)), "", given)},`);
  else if (hasBody(exchange)) lines.push(`        content=${JSON.stringify(body)},`, `        headers={"content-type": ${JSON.stringify(type)}},`);
  lines.push("    )", `    assert reply.status_code == ${exchange.status}`);
  const field = exchange.error && exchange.reply.body !== null && typeof exchange.reply.body === "object" && Object.keys(exchange.reply.body).find((name) => exchange.reply.body[name] === exchange.error.code);
  if (field) lines.push(`    assert reply.json()[${JSON.stringify(field)}] == ${exchange.error.code}`);
  return `${lines.join("\n")}\n`;
}

export function markdown(exchange, { t }) {
  const block = (value) => ["```json", typeof value === "string" ? value : JSON.stringify(value, null, 2), "```"].join("\n");
  const verdict = `${t(`timeline.verdict_${exchange.verdict}`)} ${exchange.error?.code ?? ""}`.trim();
  return [
    `### #${exchange.id} ${exchange.method} ${exchange.path}`,
    `${verdict} · HTTP ${exchange.status} · ${exchange.time}`,
    exchange.why && `> ${exchange.why}`,
    exchange.request.query && `\`?${exchange.request.query}\``,
    hasBody(exchange) && `${t("timeline.request")}\n\n${block(exchange.request.body)}`,
    `${t("timeline.reply")}\n\n${block(exchange.reply.body)}`,
  ].filter(Boolean).join("\n\n");
}

export function har(exchanges, context) {
  const pairs = (found) => Object.entries(found).map(([name, value]) => ({ name, value }));
  const entry = (exchange) => ({
    startedDateTime: exchange.time,
    time: exchange.took_ms,
    request: {
      method: exchange.method,
      url: address(exchange, context),
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(exchange.request.headers),
      queryString: [...new URLSearchParams(exchange.request.query)].map(([name, value]) => ({ name, value })),
      ...(hasBody(exchange) ? { postData: { mimeType: exchange.request.headers["content-type"] ?? "", text: bodyText(exchange.request.body) } } : {}),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: exchange.status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(exchange.reply.headers),
      content: { size: bodyText(exchange.reply.body).length, mimeType: exchange.reply.headers["content-type"] ?? "", text: bodyText(exchange.reply.body) },
      redirectURL: "",
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: exchange.took_ms, receive: 0 },
    comment: exchange.why || undefined,
  });
  return JSON.stringify({ log: { version: "1.2", creator: { name: "mockdouyin", version: "1" }, entries: exchanges.map(entry) } }, null, 2);
}
