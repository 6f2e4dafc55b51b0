// Proxies that the environment asks for: used where Node can, else named where no connection comes about.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";

import { client, failure } from "./support/kit.mjs";
import { serve, silence } from "./support/server.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
const AGENT_KNOWS_PROXIES = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

/** This machine by an address that is not loopback, so that proxies are for it, too. */
const beyondLoopback = ({ baseURL }) => ({ baseURL: baseURL.replace("http://127.0.0.1", "https://0.0.0.0") });

/** Sets a variable until the test is over. */
function set(test, name, value) {
  const before = process.env[name];
  process.env[name] = value;
  test.after(() => (before === undefined ? delete process.env[name] : (process.env[name] = before)));
}

/** A port that no program listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const end = (server, options) =>
  failure(client(server, { apiKey: "ask_1", maxRetries: 0, ...options }).liveActivities.endStream("k"));

test("a proxy that this Node ignores is named", { skip: AGENT_KNOWS_PROXIES }, async (t) => {
  set(t, "HTTPS_PROXY", "http://127.0.0.1:1");
  const hint = /; HTTPS_PROXY is set, but Node uses it from 22\.21 and 24\.5 on only$/;
  const refused = await end({ baseURL: `https://0.0.0.0:${await freePort()}/api` });
  assert.match(refused.message, /^could not connect: .*ECONNREFUSED/);
  assert.match(refused.message, hint);
  const stalled = await end(beyondLoopback(await serve(t, [silence])), { connectTimeout: 100 });
  assert.match(stalled.message, /^could not connect in time/);
  assert.match(stalled.message, hint);
});

test("a proxy that this Node knows is asked", { skip: !AGENT_KNOWS_PROXIES }, async (t) => {
  const asked = [];
  const proxy = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      asked.push(String(data).split("\r\n")[0]);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  t.after(() => proxy.close());
  set(t, "HTTPS_PROXY", `http://127.0.0.1:${proxy.address().port}`);
  const error = await end({ baseURL: "https://0.0.0.0:4010/api" });
  assert.deepEqual(asked, ["CONNECT 0.0.0.0:4010 HTTP/1.1"]);
  assert.equal(error.kind, "connection");
  assert.doesNotMatch(error.message, /HTTPS_PROXY is set/);
});

test("a proxy that fetch ignores is named, unless Node was told to use it", async (t) => {
  set(t, "HTTPS_PROXY", "http://127.0.0.1:1");
  const server = { baseURL: `https://0.0.0.0:${await freePort()}/api` };
  const fetch = (...all) => globalThis.fetch(...all);
  const hint = /; HTTPS_PROXY is set, but Node's own fetch uses it only with NODE_USE_ENV_PROXY=1$/;
  assert.match((await end(server, { fetch })).message, hint);
  set(t, "NODE_USE_ENV_PROXY", "1");
  assert.doesNotMatch((await end(server, { fetch })).message, hint);
});

test("an error does not name a proxy that was not used", async (t) => {
  set(t, "HTTP_PROXY", "http://127.0.0.1:1");
  const nobody = { baseURL: `http://127.0.0.1:${await freePort()}/api` };
  assert.match((await end(nobody)).message, /ECONNREFUSED[^;]*$/);
});
