// The control API of one world: JSON over fetch, with the token if the server wants one.

const ROOT = new URL("..", import.meta.url).href; // …/_mock/
const TOKEN = "mockdouyin.token";

/** What the server refused, in its own words. */
export class ApiError extends Error {
  constructor(status, message, data = null) {
    super(message);
    this.status = status;
    this.data = data;
  }
}

/**
 * Return the API of a world:
 *   get(path, query)  post(path, body)  patch(path, body)  put(path, body)  remove(path)   → the answer's JSON
 *   root.get(path, query) …                                              the same below /_mock/
 *   open(path, {query, headers, signal}) → Response                       for streams
 * A failure is an ApiError whose message can be shown. `askToken(wrong)` is awaited on a 401.
 */
export function createApi(world, language, askToken) {
  const at = (prefix) => ({
    get: (path, query) => json("GET", prefix + path, { query }),
    post: (path, body = {}) => json("POST", prefix + path, { body }),
    patch: (path, body = {}) => json("PATCH", prefix + path, { body }),
    put: (path, body = {}) => json("PUT", prefix + path, { body }),
    remove: (path, query) => json("DELETE", prefix + path, { query }),
    open: (path, given) => request("GET", prefix + path, given),
  });

  async function request(method, path, { query, body, headers, signal } = {}) {
    const url = new URL(path, ROOT);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
    }
    url.searchParams.set("lang", language());
    for (;;) {
      const token = sessionStorage.getItem(TOKEN);
      const sent = { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
      if (body !== undefined) sent["content-type"] = "application/json";
      let response;
      try {
        response = await fetch(url, { method, headers: sent, signal, body: body === undefined ? undefined : JSON.stringify(body) });
      } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new ApiError(0, "");
      }
      if (response.status !== 401) return response;
      if (sessionStorage.getItem(TOKEN) === token) await askToken(Boolean(token), (given) => sessionStorage.setItem(TOKEN, given));
    }
  }

  async function json(method, path, given) {
    const response = await request(method, path, given);
    const data = await response.json().catch(() => null);
    if (!response.ok) throw failure(response, data);
    return data;
  }

  return { world, ...at(`worlds/${encodeURIComponent(world)}/`), root: at("") };
}

export function failure(response, data) {
  const text = String(data?.error ?? `HTTP ${response.status}`).replace(/^mockdouyin: /, "");
  return new ApiError(response.status, text, data);
}

/** Return bytes of a text in base64, as `handle` takes them. */
export function toBase64(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (each) => String.fromCharCode(each)).join(""));
}

export function fromBase64(text) {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)));
}
