// Stories, joined here of the links that rows carry. The server joins them as well (GET stories), but
// would read its whole journal for each answer; here the rows are at hand, and a story grows with the
// stream at the cost of what came.

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
 * Return stories: `add(rows)` joins rows to them, whether later or earlier than those before; `of(id)`
 * is the story of a row's number, or undefined of a row that is alone. A story, made anew when it
 * grows: `{key, rows, kind, number, ownNumber, person, app, verdict, latest}`.
 */
export function createStories() {
  const parents = new Map(); // of a link the one that leads it, until one leads itself
  const groups = new Map(); // of a link that leads itself the rows, in order
  const stories = new Map();

  function leader(name) {
    let at = name;
    while (parents.get(at) !== at) at = parents.get(at);
    for (let each = name; each !== at; ) {
      const next = parents.get(each);
      parents.set(each, at);
      each = next;
    }
    return at;
  }

  // The least name leads, so that a story's key does not depend on what was read first.
  function join(one, other) {
    const [a, b] = [leader(one), leader(other)];
    if (a === b) return;
    const [least, most] = a < b ? [a, b] : [b, a];
    parents.set(most, least);
    groups.get(least).push(...groups.get(most));
    groups.delete(most);
  }

  function add(rows) {
    const grown = new Set();
    for (const row of rows) {
      const names = narrowest(row.links);
      const all = row.delivery ? [...names, `delivery:${row.delivery}`] : names;
      if (!all.length) continue;
      for (const name of all) {
        if (!parents.has(name)) (parents.set(name, name), groups.set(name, []));
        join(all[0], name);
      }
      groups.get(leader(all[0])).push(row);
      grown.add(all[0]);
    }
    for (const key of new Set([...grown].map(leader))) grow(key, groups.get(key));
  }

  function grow(key, members) {
    if (members.length < 2) return;
    members.sort((one, other) => one.id - other.id);
    const story = tell(key, [...members]);
    for (const row of members) stories.set(row.id, story);
  }

  return { add, of: (id) => stories.get(id) };
}

/** The link that a story is named by: the first that is not of a sheet, which belongs to what asked. */
function whatItIs(rows) {
  let sheet = "event";
  for (const row of rows) {
    const links = narrowest(row.links);
    const link = links.find((each) => !isSheet(each));
    if (link) return link;
    if (links.length) sheet = links[0];
  }
  return sheet;
}

// Kinds that end in a number by which their backend knows them.
const NUMBERED_BY_THEIR_BACKEND = ["order", "withdrawal"];

function tell(key, rows) {
  const words = whatItIs(rows).split(":");
  const [kind = "event", , , number = ""] = words;
  return {
    key,
    rows,
    kind: KINDS[kind] ?? kind,
    number: Number(number) || 0,
    ownNumber: NUMBERED_BY_THEIR_BACKEND.includes(kind) ? decodeURIComponent(words.at(-1)) : "",
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
    if (!words.includes(word) && !row.kind?.startsWith("sheet.")) words.push(word);
  }
  return words.length > 4 ? [...words.slice(0, 3), "…", words.at(-1)] : words;
}

/** What came of a tt.pay that was not refused: what is said of it after its name. */
export function outcome(row) {
  const said = row?.kind === "phone.pay" && row.verdict === "ok" ? /tt\.pay[^:：]*(?:：|: )(.*)$/s.exec(row.says) : null;
  return said ? said[1] : "";
}

/** What came of a story's latest tt.pay. */
export const paid = (story) => outcome(story.rows.findLast((row) => row.kind === "phone.pay"));

export function shortName(row) {
  if (row.type === "exchange") return row.path.split("/").filter(Boolean).at(-1) ?? "/";
  if (row.type === "delivery") return row.says.split(" ")[0]; // what is said of an attempt begins with its event
  return row.kind.startsWith("phone.") ? `tt.${row.kind.slice(6)}` : row.kind;
}
