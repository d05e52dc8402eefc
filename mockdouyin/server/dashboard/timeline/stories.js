// Stories, joined here of the links that rows carry. The server joins them as well (GET stories), but
// would read its whole journal for each answer; here the rows are at hand, and joining ten thousand
// takes a few milliseconds, so that a story grows with the stream.

// Of a row's links only the narrowest count: a reply to a comment also has the consent of its token.
const WIDTHS = { login: 2, grant: 1, qr: 1 };
const KINDS = { sheet: "phone", grant: "consent", qr: "consent", conversation: "message" };

const kindOf = (link) => link.slice(0, link.indexOf(":"));

// The link of a sheet joins it with the call that it held up, and beside another link says nothing more.
const isSheet = (link) => kindOf(link) === "sheet";

function narrowest(links) {
  if (links.length < 2) return links;
  const width = (link) => WIDTHS[kindOf(link)] ?? 0;
  const least = Math.min(...links.filter((link) => !isSheet(link)).map(width));
  return links.filter((link) => isSheet(link) || width(link) === least);
}

/**
 * Return `{stories, of}`: the stories of rows that are in order, and a map from a row's number to its
 * story. A story: `{key, rows, kind, number, person, app, verdict, latest}`; a row alone is none.
 */
export function joinRows(rows) {
  const parents = new Map();
  const find = (name) => {
    let at = name;
    while (parents.get(at) !== at) at = parents.get(at);
    for (let each = name; each !== at; ) {
      const next = parents.get(each);
      parents.set(each, at);
      each = next;
    }
    return at;
  };
  // The least name leads, so that a story's key does not depend on what was read first.
  const join = (one, other) => {
    const [a, b] = [find(one), find(other)];
    if (a !== b) parents.set(a < b ? b : a, a < b ? a : b);
  };
  const first = new Map();
  for (const row of rows) {
    const names = narrowest(row.links);
    const all = row.delivery ? [...names, `delivery:${row.delivery}`] : names;
    for (const name of all) {
      if (!parents.has(name)) parents.set(name, name);
      join(all[0], name);
    }
    if (all.length) first.set(row.id, all[0]);
  }
  const groups = new Map();
  for (const row of rows) {
    const name = first.get(row.id);
    if (name === undefined) continue;
    const key = find(name);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const stories = [];
  const of = new Map();
  for (const [key, members] of groups) {
    if (members.length < 2) continue;
    const story = tell(key, members);
    stories.push(story);
    for (const row of members) of.set(row.id, story);
  }
  return { stories, of };
}

function tell(key, rows) {
  const links = rows.flatMap((row) => narrowest(row.links));
  const [kind = "event", , , number = ""] = (links.find((link) => !isSheet(link)) ?? links[0] ?? "event").split(":");
  return {
    key,
    rows,
    kind: KINDS[kind] ?? kind,
    number: Number(number) || 0,
    person: rows.find((row) => row.person)?.person ?? "",
    app: rows.find((row) => row.app)?.app ?? "",
    verdict: verdictOf(rows),
    latest: rows.at(-1).id,
  };
}

/** Each endpoint, kind of act and delivery counts by its latest verdict: done again is well done. */
function verdictOf(rows) {
  const latest = new Map();
  for (const row of rows) {
    const name = row.type === "delivery" ? row.delivery : (row.endpoint ?? row.kind ?? row.path);
    latest.delete(name);
    latest.set(name, row.type === "delivery" && row.verdict !== "ok" ? "fault" : row.verdict);
  }
  return [...latest.values()].filter((verdict) => verdict !== "ok").at(-1) ?? "ok";
}

/** How many of a story's steps were refused. */
export const refusals = (story) => story.rows.filter((row) => row.verdict === "refused" && row.type !== "delivery").length;

/** Its steps in a few words, as the platform calls them: `tt.login → jscode2session → notify`. */
export function outline(story) {
  const words = [];
  for (const row of story.rows) {
    const word = shortName(row);
    if (word && !words.includes(word)) words.push(word);
  }
  return words.length > 4 ? [...words.slice(0, 3), "…", words.at(-1)] : words;
}

export function shortName(row) {
  if (row.type === "exchange") return row.path.split("/").filter(Boolean).at(-1) ?? "/";
  if (row.type === "delivery") return "webhook";
  return row.kind.startsWith("phone.") ? `tt.${row.kind.slice(6)}` : row.kind;
}
