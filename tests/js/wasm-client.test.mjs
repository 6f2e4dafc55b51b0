// The core's own HTTP client, compiled to WebAssembly, in Node: what a Rust program for wasm32 has.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { createRequire } from "node:module";

import { given } from "./support/kit.mjs";

const { publishing, roundTrip } = createRequire(import.meta.url)(given("KIT_WASM_CLIENT"));

test("reqwest on wasm32 makes a round trip", async () => {
  const answer = await roundTrip(given("ACTIVITYSMITH_BASE_URL"), given("ACTIVITYSMITH_API_KEY"), "js-wasm-client");
  assert.deepEqual(answer, ["started", "ended"]);
});

test("a publisher on wasm32 shows its last state", async () => {
  const answer = await publishing(given("ACTIVITYSMITH_BASE_URL"), given("ACTIVITYSMITH_API_KEY"), "js-wasm-publisher");
  assert.equal(answer, "ended");
});

test("reqwest on wasm32 reports a refused connection", async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(roundTrip(`http://127.0.0.1:${port}/api`, "ask_test_refused", "js-refused"), /connect/);
});
