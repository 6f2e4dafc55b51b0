// The requests that the official package really sends, as tests/golden/node.jsonl has them, beside those that ours sends for the same code.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import Official from "activitysmith";

import { CALLS, statics } from "../golden/calls.mjs";
import { fresh } from "./support/kit.mjs";

const file = (name) => readFile(new URL(`../golden/${name}`, import.meta.url), "utf8");
const ROWS = (await file("node.jsonl")).trim().split("\n").map(JSON.parse);
const DIFFERENCES = JSON.parse(await file("differences.json")).node;

const timestamp = "2026-01-01T00:00:00Z";
const BADGE = {
  badge: 3,
  devices_updated: 1,
  users_updated: 1,
  effective_channel_slugs: null,
  timestamp,
  new_field: 1,
};

/** What the service answers, as far as it matters. */
function answer(path) {
  if (path.startsWith("/metrics/")) return { success: true };
  return path === "/badge" ? { success: true, ...BADGE } : { success: true, activity_id: "a", timestamp };
}

/** What a class does for each call, in the form of the file, and the headers of its first request. */
async function record(Client) {
  const sent = [];
  const fetch = async (url, { method, headers, body }) => {
    const path = new URL(url).pathname.replace("/api", "");
    sent.push({ method, path, body: body == null ? null : JSON.parse(body), headers });
    return new Response(JSON.stringify(answer(path)), { headers: { "content-type": "application/json" } });
  };
  // The official package takes the global one, and ours an option that the official one does not look at.
  const theirs = globalThis.fetch;
  globalThis.fetch = fetch;
  const client = new Client({ apiKey: "ask_x", fetch });
  const rows = [];
  let headers;
  for (const [call, perform] of Object.entries(CALLS)) {
    sent.length = 0;
    try {
      const returned = await perform(client);
      const [request, ...more] = sent;
      assert.equal(more.length, 0, call);
      headers ??= request.headers;
      const { method, path, body } = request;
      rows.push({ call, method, path, body, returnKeys: Object.keys(returned) });
    } catch (error) {
      assert.equal(sent.length, 0, call);
      rows.push({ call, raises: error.name, message: error.message });
    }
  }
  globalThis.fetch = theirs;
  return { rows, headers };
}

test("the calls are those of the file: activitysmith 1.10.0 does what it says", async () => {
  const { rows, headers } = await record(Official);
  assert.deepEqual([...rows, { statics: statics(Official) }, { headers }], ROWS);
});

test("ours sends the same and refuses the same, but for what differences.json names", async (t) => {
  const Kit = createRequire(join(await fresh(t), "package.json"))("activitysmith-kit");
  const { rows } = await record(Kit);
  const found = {};
  rows.forEach(({ call, raises, method, path, body }, index) => {
    const golden = ROWS[index];
    if (raises) {
      assert.equal(raises, "ValidationError", call);
      if (!golden.raises) found[call] = { raises };
      return;
    }
    assert.deepEqual([call, method, path], [golden.call, golden.method, golden.path]);
    if (!isDeepStrictEqual(body, golden.body)) found[call] = { body };
  });
  const { statics: theirs } = ROWS.find((row) => row.statics);
  for (const [name, value] of Object.entries(statics(Kit)))
    if (!isDeepStrictEqual(value, theirs[name])) found.statics = { ...found.statics, [name]: value };
  const named = Object.entries(DIFFERENCES).map(([call, { reason, ...difference }]) => [call, difference]);
  assert.deepEqual(found, Object.fromEntries(named));
});
