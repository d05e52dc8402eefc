// A backend in Express: POST /login takes the code of tt.login, POST /webhook what Douyin tells.
//
//     mockdouyin run -- node express.mjs

import { pathToFileURL } from "node:url";
import express from "express";
import { Douyin, RefusedError } from "./douyin.mjs";
import { webhook } from "./webhook.mjs";

const WEBHOOK_SECRET = process.env.DOUYIN_WEBHOOK_SECRET ?? "fa4efa4efa4efa4efa4efa4efa4e0003";

export function createApp(douyin = new Douyin()) {
  const app = express();
  app.post("/webhook", webhook(WEBHOOK_SECRET, ({ event }) => console.log("event", event)));
  app.use(express.json()); // after the webhook, whose signature is over the raw body
  app.post("/login", async (request, response) => {
    const session = await douyin.codeToSession(request.body.code); // the session_key stays here
    response.json({ openid: session.openid });
  });
  app.use((error, request, response, next) => {
    if (error instanceof RefusedError) return response.status(401).json({ error: error.message });
    if (error.status) return response.status(error.status).json({ error: error.message }); // no JSON, too long
    response.status(502).json({ error: "Douyin is away" });
  });
  return app;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  createApp().listen(process.env.PORT ?? 3000, "127.0.0.1");
}
