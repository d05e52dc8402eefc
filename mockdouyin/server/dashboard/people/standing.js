// Who is logged in, and whose consent still holds, by what is valid now: sessions, tokens, codes.

const MAX = 1000;
const PAUSE = 1000; // milliseconds between what happened and asking anew, at least
const CHANGES = /^(phone\.(login|showDouyinOpenAuth)|consent\.|clock\.|world\.|snapshot\.)/;

/** Return `{holds(app, person, isWeb), stop()}`; a column asks once a second, as time goes by. */
export function createStanding({ api, live, clock }) {
  const known = new Map(); // by app: when each person's session, and what they granted, end
  let timer = 0;

  async function ask(app) {
    try {
      const page = await api.get("credentials", { app, kind: "session,token,code", limit: MAX });
      const ends = new Map();
      for (const { kind, name, person, expires } of page.credentials) {
        if (!person || (kind === "code" && name !== "auth_code")) continue;
        const key = `${kind === "session" ? "session" : "grant"} ${person}`;
        ends.set(key, Math.max(ends.get(key) ?? 0, Date.parse(expires)));
      }
      known.set(app, page.more ? null : ends);
    } catch {
      known.delete(app); // the stream's state says that the server is away
    }
  }

  /** Whether it holds by the world's clock; undefined if that is not known. */
  function holds(app, person, isWeb) {
    if (!known.has(app)) {
      known.set(app, null);
      ask(app);
    }
    const ends = known.get(app);
    return ends && clock.known ? (ends.get(`${isWeb ? "grant" : "session"} ${person}`) ?? 0) > clock.now() : undefined;
  }

  const unsubscribe = live.subscribe(({ type, rows = [], old }) => {
    const matters = type === "reset" || (!old && rows.some((row) => CHANGES.test(row.kind ?? "") || (row.person && row.endpoint?.startsWith("oauth."))));
    if (matters) timer ||= setTimeout(() => ((timer = 0), [...known.keys()].forEach(ask)), PAUSE);
  });

  return { holds, stop: () => (unsubscribe(), clearTimeout(timer)) };
}
