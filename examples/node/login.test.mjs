// Tests of the Express backend with Vitest: `mockdouyin run -- npx vitest run`

import { afterEach, beforeEach, expect, test } from "vitest";
import { Douyin } from "./douyin.mjs";
import { createApp } from "./express.mjs";
import { World } from "./mockdouyin.mjs";

let world, server;

beforeEach(async () => {
  world = await World.create();
  server = createApp(new Douyin(world.app())).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
});

afterEach(async () => {
  server.close();
  await world.drop();
});

function login(code) {
  const headers = { "Content-Type": "application/json" };
  const url = `http://127.0.0.1:${server.address().port}/login`;
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ code }) });
}

test("a code logs in once", async () => {
  const { code } = await world.phone("login");

  expect((await login(code)).status).toBe(200);
  expect((await login(code)).status).toBe(401);
});

test("a code is bad after five minutes", async () => {
  const { code } = await world.phone("login");
  await world.advance("5m1s");

  expect(await (await login(code)).json()).toEqual({ error: "40018 bad code" });
});

test("the answer is lost, and with it the code", async () => {
  await world.rule({ on: "code_to_session", fault: "reset", times: 1 });
  const { code } = await world.phone("login");

  expect((await login(code)).status).toBe(502);
  expect((await login(code)).status).toBe(401);
  expect((await login((await world.phone("login")).code)).status).toBe(200);
});
