// A backend in Express: POST /login takes the code of tt.login.
//
//     mockdouyin run -- node express.mjs

import { pathToFileURL } from "node:url";
import express from "express";
import { Douyin, RefusedError } from "./douyin.mjs";

export function createApp(douyin = new Douyin()) {
  const app = express();
  app.use(express.json());
  app.post("/login", async (request, response) => {
    const session = await douyin.codeToSession(request.body.code); // the session_key stays here
    response.json({ openid: session.openid });
  });
  app.use((error, request, response, next) => {
    const refused = error instanceof RefusedError;
    response.status(refused ? 401 : 502).json({ error: refused ? error.message : "Douyin is away" });
  });
  return app;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  createApp().listen(process.env.PORT ?? 3000, "127.0.0.1");
}
