// For tests: a world of one's own on a running mockdouyin, and what can be done in it.
// `mockdouyin run -- npm test` sets both variables; `mockdouyin serve` needs none.

const { MOCKDOUYIN_URL = "http://127.0.0.1:8600", MOCKDOUYIN_CONTROL_TOKEN: token } = process.env;

async function call(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const reply = await fetch(`${MOCKDOUYIN_URL}/_mock${path}`, { method, headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(await reply.text());
  return reply.json();
}

export class World {
  // Its own apps, people, clock and rules: tests do not disturb each other.
  static async create(options = {}) {
    const world = new World();
    Object.assign(world, await call("POST", "/worlds", options));
    world.url = `${MOCKDOUYIN_URL}/@${world.world}`;
    return world;
  }

  // The credentials of one of its apps, as the backend takes them.
  app(kind = "mini_program") {
    const app = this.apps.find((each) => each.kind === kind);
    return { url: this.url, appId: app.client_key, secret: app.client_secret };
  }

  // What tt.login, tt.getPhoneNumber … give the front end.
  phone(api, given = {}) {
    return this.post(`/phone/${api}`, given);
  }

  rule(rule) {
    return this.post("/rules", rule);
  }

  advance(by) {
    return this.post("/clock/advance", { by });
  }

  post(path, body) {
    return call("POST", `/worlds/${this.world}${path}`, body);
  }

  drop() {
    return call("DELETE", `/worlds/${this.world}`);
  }
}
