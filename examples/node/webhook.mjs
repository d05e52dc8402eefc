// A receiver of webhooks for Express: verifies the signature, echoes the challenge, takes each event once.
//
//     mockdouyin check-webhook http://127.0.0.1:3000/webhook --secret fa4efa4efa4efa4efa4efa4efa4e0003

import { createHash, timingSafeEqual } from "node:crypto";
import express from "express";

export function webhook(secret, onEvent) {
  const seen = new Set(); // in Redis or a table, where there are several processes

  function receive(request, response) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const right = createHash("sha1").update(secret).update(body).digest(); // over the bytes as they came
    const given = Buffer.from(request.get("X-Douyin-Signature") ?? "", "hex");
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      return response.status(401).json({ error: "the signature is wrong" });
    }
    const event = parsed(body);
    if (!event) return response.status(400).json({ error: "not JSON" });
    if (event.event === "verify_webhook") {
      return response.json({ challenge: event.content.challenge });
    }
    const id = request.get("Msg-Id");
    if (!seen.has(id)) onEvent(event); // a retry has the same id
    seen.add(id);
    response.json({ ok: true });
  }

  return [express.raw({ type: () => true, limit: "1mb" }), receive];
}

function parsed(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
