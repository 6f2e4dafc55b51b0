// Calls against servers that misbehave, over real connections on loopback.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";

import { ApiError, ConnectionError, Redirect, TimeoutError, Unauthorized, Unreadable } from "activitysmith-kit";

import { client, failure, KEY, progress } from "./support/kit.mjs";
import { answer, bytes, close, serve, silence, updated } from "./support/server.mjs";

/** Both transports of this runtime must behave alike. */
for (const [name, options] of [
  ["node:http", {}],
  ["fetch", { fetch: (...all) => globalThis.fetch(...all) }],
]) {
  const connect = (server, more) => client(server, { ...options, ...more });
  const stream = (server, more, request = progress()) => connect(server, more).liveActivities.stream("k", request);

  test(`${name}: the request is what the contract says`, async (t) => {
    const server = await serve(t, [updated()]);
    await connect(server).liveActivities.stream("search-reindex", progress(42));
    const [{ head, body }] = server.requests;
    assert.match(head, /^PUT \/api\/live-activity\/stream\/search-reindex HTTP\/1.1\r\n/);
    for (const line of [`authorization: Bearer ${KEY}`, "accept: application/json", "content-type: application/json"]) {
      assert.ok(head.toLowerCase().split("\r\n").includes(line.toLowerCase()), `${line} is not in ${head}`);
    }
    assert.match(head, /^user-agent: activitysmith-kit-node\/\d/im);
    assert.equal(body, `{"content_state":{"type":"progress","title":"T","percentage":42}}`);
  });

  test(`${name}: an end has a body only when it says something`, async (t) => {
    const server = await serve(t, [updated(), updated()]);
    await connect(server).liveActivities.endStream("k");
    await connect(server).liveActivities.endStream("k", { content_state: { title: "é" } });
    const [silent, last] = server.requests;
    assert.match(silent.head, /^DELETE /);
    assert.doesNotMatch(silent.head, /content-type/i);
    assert.equal(last.body, `{"content_state":{"title":"é"}}`);
  });

  test(`${name}: a connection that breaks is tried again`, async (t) => {
    const server = await serve(t, [close, close, updated()]);
    assert.equal((await stream(server)).facts.attempts, 3);
    assert.equal(server.requests.length, 3);
  });

  test(`${name}: half an answer is none`, async (t) => {
    const half = bytes('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"operation":"upd');
    const server = await serve(t, [half, updated(), half]);
    assert.equal((await stream(server)).facts.attempts, 2);
    const error = await failure(stream(server, { maxRetries: 0 }));
    assert.ok(error instanceof ConnectionError && !(error instanceof TimeoutError), inspect(error));
    assert.equal(error.isTransient, true);
    assert.ok(error.cause instanceof Error);
  });

  test(`${name}: half an answer to a sound is not asked for again`, async (t) => {
    const server = await serve(t, [bytes("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"), updated()]);
    await failure(stream(server, {}, { content_state: progress(), alert: { title: "!" } }));
    assert.equal(server.requests.length, 1);
  });

  test(`${name}: silence costs no more than the timeout`, async (t) => {
    const server = await serve(t, [silence]);
    const error = await failure(stream(server, { timeout: 150 }));
    assert.ok(error instanceof TimeoutError, inspect(error));
    assert.equal(error.message, "no answer within 0.15 s (attempts: 1)");
  });

  test(`${name}: a body that never ends costs no more than the timeout`, async (t) => {
    const server = await serve(t, [{ text: "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", kept: true }]);
    assert.equal((await failure(stream(server, { timeout: 150 }))).kind, "timeout");
  });

  test(`${name}: a call may be more or less patient than its client`, async (t) => {
    const server = await serve(t, [silence, close, updated()]);
    const { liveActivities } = connect(server, { timeout: 60_000 });
    assert.equal((await failure(liveActivities.stream("k", progress(), { timeout: 100 }))).kind, "timeout");
    assert.equal((await failure(liveActivities.stream("k", progress(), { maxRetries: 0 }))).attempts, 1);
  });

  test(`${name}: a refused connection is reported as one`, async () => {
    const port = await freePort();
    const error = await failure(stream({ baseURL: `http://127.0.0.1:${port}/api` }, { maxRetries: 0 }));
    assert.equal(error.kind, "connection");
    assert.match(error.message, /^could not connect: .*ECONNREFUSED/);
  });

  test(`${name}: a redirect is named and not followed`, async (t) => {
    const elsewhere = await serve(t, [updated()]);
    const server = await serve(t, [answer("307 Temporary Redirect", "", { location: elsewhere.baseURL })]);
    const error = await failure(stream(server));
    assert.ok(error instanceof Redirect, inspect(error));
    assert.equal(error.location, elsewhere.baseURL);
    assert.equal(elsewhere.requests.length, 0, "the key went elsewhere");
  });

  test(`${name}: an endless answer is cut short`, async (t) => {
    const large = "x".repeat(2 * 1024 * 1024);
    const chunked = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n`;
    const server = await serve(t, [answer("200 OK", large), { text: chunked, kept: true }]);
    for (let call = 0; call < 2; call++)
      assert.match((await failure(stream(server, { maxRetries: 0 }))).message, /larger than/);
  });

  test(`${name}: an answer that is no HTTP is an error that repeats none of it`, async (t) => {
    const server = await serve(t, [bytes(`SSH-2.0-${KEY}\r\n`)]);
    const error = await failure(stream(server, { maxRetries: 0 }));
    assert.equal(error.kind, "connection");
    assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
  });

  test(`${name}: pages, nothing and 204 are outcomes or errors of ours`, async (t) => {
    const page = "<html>please log in</html>";
    const server = await serve(t, [
      answer("200 OK", page, { "content-type": "text/html" }),
      answer("200 OK"),
      bytes("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
      answer("502 Bad Gateway", page),
    ]);
    const error = await failure(stream(server));
    assert.ok(error instanceof Unreadable && error instanceof ApiError);
    assert.equal(error.body, page);
    assert.equal((await stream(server)).operation, "");
    assert.equal((await connect(server).liveActivities.endStream("k")).facts.status, 204);
    assert.equal((await failure(stream(server, { maxRetries: 0 }))).kind, "server_error");
  });

  test(`${name}: a rate limit is waited for, as long as there is time`, async (t) => {
    const limited = (seconds) => answer("429 Too Many Requests", "{}", { "retry-after": String(seconds) });
    const server = await serve(t, [limited(0), updated(), limited(60)]);
    assert.equal((await stream(server)).facts.attempts, 2);
    const error = await failure(stream(server));
    assert.deepEqual([error.kind, error.retryAfter, error.attempts], ["rate_limited", 60_000, 1]);
  });

  test(`${name}: a lost answer to an end is an end`, async (t) => {
    const server = await serve(t, [close, answer("404 Not Found", `{"error":"Live Activity stream not found"}`)]);
    const outcome = await connect(server).liveActivities.endStream("k");
    assert.deepEqual([outcome.operation, outcome.ignored], ["ended", true]);
  });

  test(`${name}: a server that repeats the key does not spread it`, async (t) => {
    const body = `{"error":"no ${KEY}","message":"${KEY}?"}`;
    const server = await serve(t, [answer("401 Unauthorized", body, { "x-request-id": KEY })]);
    const error = await failure(stream(server));
    assert.ok(error instanceof Unauthorized);
    for (const text of [
      error.message,
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
    ]) {
      assert.ok(!text.includes(KEY), text);
    }
    assert.ok(error.body.includes("[redacted]"));
  });

  test(`${name}: an abort ends a call at once, while it is sent and while it waits`, async (t) => {
    const server = await serve(t, [silence, answer("503 Service Unavailable", "", { "retry-after": "5" })]);
    const reason = new Error("enough");
    const controllers = [new AbortController(), new AbortController()];
    // The second is told that it waits, and is aborted before it has begun to.
    const logger = { debug: (text) => text.includes("trying again in") && controllers[1].abort(reason) };
    const arrived = server.nextRequest();
    arrived.then(() => controllers[0].abort(reason));
    for (const { signal } of controllers) {
      const began = performance.now();
      const error = await failure(connect(server, { logger }).liveActivities.stream("k", progress(), { signal }));
      assert.deepEqual([error.name, error.kind, error.cause], ["AbortError", "aborted", reason]);
      // It would else wait 5 s and more.
      assert.ok(performance.now() - began < 4_500);
    }
    assert.equal(server.requests.length, 2);
  });

  test(`${name}: the answer that is handed on is as clean as the error`, async (t) => {
    const body = `{"operation":"updated","message":"hello ${KEY}"}`;
    const server = await serve(t, [answer("200 OK", body, { "x-request-id": KEY })]);
    const { data, response } = await connect(server).liveActivities.stream("k", progress()).withResponse();
    assert.equal(data.message, "hello [redacted]");
    assert.equal(await response.text(), body.replace(KEY, "[redacted]"));
    assert.equal(response.headers.get("x-request-id"), "[redacted]");
  });

  test(`${name}: many calls at once are all answered`, async (t) => {
    const server = await serve(
      t,
      Array.from({ length: 20 }, () => updated({ kept: true })),
    );
    const { liveActivities } = connect(server);
    const calls = Array.from({ length: 20 }, (_, index) => liveActivities.stream(`k${index}`, progress(index)));
    for (const outcome of await Promise.all(calls)) assert.equal(outcome.operation, "updated");
    const keys = server.requests.map(({ head }) => /stream\/(\S+)/.exec(head)[1]);
    assert.equal(new Set(keys).size, 20);
  });
}

test("a connection is used again, by other clients too", async (t) => {
  const server = await serve(
    t,
    Array.from({ length: 5 }, () => updated({ kept: true })),
  );
  for (let call = 0; call < 5; call++) await client(server).liveActivities.stream("k", progress());
  assert.equal(server.connections, 1);
});

test("a connection that the server closed while this program was busy is not written into", async (t) => {
  // It answers, and closes the connection without having said so.
  const unannounced = bytes(updated({ kept: true }).text);
  const server = await inAnotherProcess(t, [unannounced, unannounced, unannounced]);
  const { liveActivities } = client(server, { maxRetries: 0 });
  for (let call = 0; call < 3; call++) {
    await liveActivities.stream("k", { content_state: progress(), alert: { title: "!" } });
    // Busy for longer than the server needs to close it, and deaf meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
});

test("a call that is aborted or late while connections are looked at is not sent", async (t) => {
  const server = await serve(t, [updated({ kept: true }), updated({ kept: true }), updated({ kept: true })]);
  const { liveActivities } = client(server);
  const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
  await liveActivities.stream("first", progress());
  pause();
  const controller = new AbortController();
  const aborted = failure(liveActivities.stream("aborted", progress(), { signal: controller.signal }));
  controller.abort();
  assert.equal((await aborted).kind, "aborted");
  pause();
  const late = failure(liveActivities.stream("late", progress(), { timeout: 1 }));
  pause();
  assert.equal((await late).kind, "timeout");
  await liveActivities.stream("last", progress());
  const keys = server.requests.map(({ head }) => /stream\/(\S+)/.exec(head)[1]);
  assert.deepEqual(keys, ["first", "last"]);
});

test("an aborted signal rejects before anything is done", async (t) => {
  const server = await serve(t, []);
  const signal = AbortSignal.abort("no");
  const error = await failure(client(server).liveActivities.stream("a/b", {}, { signal }));
  assert.deepEqual([error.name, error.cause, error.attempts], ["AbortError", "no", 0]);
  assert.equal(server.connections, 0);
});

test("a signal keeps no trace of calls that are over", async (t) => {
  const server = await serve(t, [updated(), close, updated()]);
  const { signal } = new AbortController();
  const listeners = new Set();
  for (const [name, change] of [
    ["addEventListener", "add"],
    ["removeEventListener", "delete"],
  ]) {
    const original = signal[name];
    signal[name] = function (type, listener, ...rest) {
      listeners[change](listener);
      return original.call(this, type, listener, ...rest);
    };
  }
  for (let call = 0; call < 2; call++) await client(server).liveActivities.stream("k", progress(), { signal });
  assert.equal(listeners.size, 0);
});

test("a signal of many calls has one listener, which aborts them all", async (t) => {
  const server = await serve(t, Array(20).fill(silence));
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 20 }, (_, call) =>
    failure(client(server).liveActivities.stream(`k${call}`, progress(), { signal })),
  );
  assert.equal(getEventListeners(signal, "abort").length, 1);
  controller.abort("enough");
  for (const error of await Promise.all(calls)) assert.deepEqual([error.name, error.cause], ["AbortError", "enough"]);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The same server, but with a life of its own while this process is busy. */
async function inAnotherProcess(test, behaviours) {
  const { Worker } = await import("node:worker_threads");
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    const { serve } = await import(workerData.server);
    const { baseURL } = await serve({ after() {} }, workerData.behaviours);
    parentPort.postMessage(baseURL);`;
  const server = new URL("./support/server.mjs", import.meta.url).href;
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const worker = new Worker(url, { workerData: { server, behaviours } });
  test.after(() => worker.terminate());
  return { baseURL: await new Promise((resolve) => worker.once("message", resolve)) };
}
