// A `tt` for pages in a browser, and for tests: its calls are made on a person's phone by mockdouyin.
//
//     import { createTt } from "./tt.mjs";
//     const tt = createTt("http://127.0.0.1:8600", { person: "小红" });
//     tt.login({ success: ({ code }) => … });

export function createTt(url, { person, app, token } = {}) {
  async function call(api, { success, fail, complete, ...given } = {}) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const body = JSON.stringify({ person, app, ...given });
    const reply = await fetch(`${url}/_mock/phone/${api}`, { method: "POST", headers, body });
    const result = await reply.json();
    if (!reply.ok) throw new Error(result.error); // no such tt API, a misspelt argument …
    (result.errMsg.endsWith(":ok") ? success : fail)?.(result);
    complete?.(result);
    return result;
  }
  return new Proxy({}, { get: (_, api) => (options) => call(api, options) });
}
