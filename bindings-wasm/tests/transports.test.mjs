// Transports of the caller's own: what they are given, and what becomes of whatever they do.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { ActivitySmith, ConnectionError, TransportError } from "activitysmith-kit";

import { failure, KEY, progress } from "./support/kit.mjs";

const connect = (options) =>
  new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api", ...options }).liveActivities;
const answer = (text = `{"operation":"updated"}`) => ({
  status: 200,
  headers: [],
  body: new TextEncoder().encode(text),
});

/** Runs a program to its end; an uncaught exception in it is a failure. */
const run = (program) =>
  promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: new URL("..", import.meta.url),
  });

test("a transport is given the whole request, and how long it may take to connect", async () => {
  let given;
  const transport = { send: async (...all) => ((given = all), answer()) };
  await connect({ transport, connectTimeout: 1500 }).stream("k", progress());
  const [request, { signal, connectTimeout }] = given;
  assert.equal(request.method, "PUT");
  assert.equal(request.url, "http://127.0.0.1:9/api/live-activity/stream/k");
  assert.equal(request.headers.authorization, `Bearer ${KEY}`);
  assert.equal(request.body, `{"content_state":{"type":"progress","title":"T","percentage":1}}`);
  assert.ok(signal instanceof AbortSignal);
  assert.equal(connectTimeout, 1500);
});

test("a transport that fails says how far it got", async () => {
  const attempts = { connect: 3, connect_timeout: 3, interrupted: 1 };
  for (const [kind, expected] of Object.entries(attempts)) {
    const cause = new TransportError(kind, "no luck");
    const loud = { content_state: progress(), alert: { title: "!" } };
    const error = await failure(connect({ transport: { send: () => Promise.reject(cause) } }).stream("k", loud));
    assert.ok(error instanceof ConnectionError);
    assert.deepEqual([error.attempts, error.cause], [expected, cause], "a sound is made once");
  }
});

test("whatever a transport throws or gives is an error of ours", async () => {
  const thrower = () => {
    throw new Error("at once");
  };
  for (const send of [thrower, async () => undefined, async () => ({}), async () => ({ ...answer(), body: "text" })]) {
    const error = await failure(connect({ transport: { send }, maxRetries: 0 }).stream("k", progress()));
    assert.equal(error.kind, "connection", String(error));
  }
});

test("a transport that ignores its signal delays no caller", async () => {
  const transport = { send: () => new Promise(() => {}) };
  assert.equal((await failure(connect({ transport, timeout: 50 }).stream("k", progress()))).kind, "timeout");
  const controller = new AbortController();
  const promise = failure(connect({ transport }).stream("k", progress(), { signal: controller.signal }));
  controller.abort();
  assert.equal((await promise).kind, "aborted");
});

test("a transport can ask to be called back instead", async () => {
  const told = new Promise((resolve) => {
    const transport = { send: (_, options) => (options.onAbort(resolve), new Promise(() => {})) };
    connect({ transport, timeout: 50 })
      .stream("k", progress())
      .catch(() => {});
  });
  await told;
});

test("the signal of an attempt that took too long is aborted", async () => {
  let signal;
  const transport = { send: (_, options) => ((signal = options.signal), new Promise(() => {})) };
  await failure(connect({ transport, timeout: 50 }).stream("k", progress()));
  assert.equal(signal.aborted, true);
});

test("a fetch of the caller's own is called as a plain function, and follows no redirect", async () => {
  let given;
  async function fetch(url, init) {
    given = { self: this, url, init };
    return new Response(`{"operation":"updated"}`, { headers: { "x-request-id": "req-7" } });
  }
  const { facts } = await connect({ fetch }).stream("k", progress());
  assert.equal(facts.request_id, "req-7");
  assert.equal(given.self, undefined);
  assert.deepEqual(
    [given.url, given.init.method, given.init.redirect],
    ["http://127.0.0.1:9/api/live-activity/stream/k", "PUT", "manual"],
  );
});

/** Errors whose causes are without end, or cannot be read, and what is said of each. */
function endlessErrors() {
  const self = new Error("itself");
  self.cause = self;
  const [one, other] = [new Error("one"), new Error("other")];
  [one.cause, other.cause] = [other, one];
  let long = new Error("beneath");
  for (let level = 0; level < 100_000; level++) long = new Error("long", { cause: long });
  const fresh = () => Object.defineProperty(new Error("fresh"), "cause", { get: fresh });
  const thrower = () => {
    throw new Error("a getter's own");
  };
  const hidden = Object.defineProperty(new Error("hidden"), "cause", { get: thrower });
  const mute = Object.defineProperties(new Error(""), { message: { get: thrower }, code: { get: thrower } });
  const aggregate = new AggregateError([self, one], "aggregate");
  aggregate.errors.push(aggregate);
  aggregate.cause = aggregate;
  const { proxy, revoke } = Proxy.revocable(new Error("revoked"), {});
  revoke();
  const deny = () => false;
  const guarded = new Proxy(Object.assign(new Error("guarded"), { data: "d" }), { deleteProperty: deny, get: thrower });
  const noText = /something that has no text/;
  return [
    [self, /itself/],
    [one, /other/],
    [long, /long/],
    [fresh(), /fresh/],
    [hidden, /hidden/],
    [mute, noText],
    [aggregate, /aggregate/],
    [proxy, noText],
    [guarded, noText],
    [Object.create(null), noText],
    [null, /null/],
    [undefined, /undefined/],
    [Symbol("s"), /Symbol\(s\)/],
    [new Error("x".repeat(10_000_000)), /x{900}/],
  ];
}

test("an error of a fetch is looked at as far as it goes, and no further", async () => {
  for (const [cause, said] of endlessErrors()) {
    for (const fetch of [
      () => Promise.reject(cause),
      () => {
        throw cause;
      },
    ]) {
      const error = await failure(connect({ fetch, maxRetries: 0 }).stream("k", progress()));
      assert.ok(error instanceof ConnectionError);
      assert.match(error.message, said);
      assert.ok(error.message.length < 2_000);
      assert.equal(error.cause.cause, cause);
    }
    const send = () => Promise.reject(cause);
    const error = await failure(connect({ transport: { send }, maxRetries: 0 }).stream("k", progress()));
    assert.deepEqual([error.kind, error.cause === cause], ["connection", true]);
    const body = { getReader: () => ({ read: () => Promise.reject(cause) }) };
    const broken = async () => ({ status: 200, headers: new Headers(), body });
    assert.equal((await failure(connect({ fetch: broken, maxRetries: 0 }).stream("k", progress()))).kind, "connection");
  }
});

test("a long text that repeats the key does not spread half of it", async () => {
  for (let before = 980; before <= 1_000; before++) {
    const send = () => Promise.reject(new Error("x".repeat(before) + KEY + "x".repeat(2_000)));
    const { message } = await failure(connect({ transport: { send }, maxRetries: 0 }).stream("k", progress()));
    assert.doesNotMatch(message, /ask/);
  }
});

test("an answer that is too large for the client is none, whichever transport gives it", async () => {
  const send = async () => ({ ...answer(), body: new Uint8Array(1048577) });
  const error = await failure(connect({ transport: { send }, maxRetries: 0 }).stream("k", progress()));
  assert.match(error.message, /the answer is larger than 1048576 bytes/);
});

test("headers and bodies without end end", async () => {
  const headers = function* () {
    for (let number = 0; ; number++) yield ["x-request-id", `req-${number}`];
  };
  const transport = { send: async () => ({ ...answer(), headers: headers() }) };
  const { data, response } = await connect({ transport }).stream("k", progress()).withResponse();
  assert.deepEqual([data.operation, data.facts.request_id], ["updated", "req-0"]);
  assert.match(response.headers.get("x-request-id"), /^req-0, /, "an iterator for one use is enough");
  const body = {
    getReader: () => ({ read: async () => ({ done: false, value: new Uint8Array(0) }), cancel: async () => {} }),
  };
  const fetch = async () => ({ status: 200, headers: new Headers(), body });
  const error = await failure(connect({ fetch, maxRetries: 0 }).stream("k", progress()));
  assert.match(error.message, /the answer is larger than 1048576 bytes/);
});

test("a browser's hidden redirect is told as one", async () => {
  const hidden = { type: "opaqueredirect", status: 0, headers: new Headers(), body: null };
  assert.equal((await failure(connect({ fetch: async () => hidden }).stream("k", progress()))).kind, "redirect");
});

test("a failure is told once where the answer is asked for, and not hushed up where nothing is", async () => {
  const program = (use) => `
    import { ActivitySmith } from "activitysmith-kit";
    const transport = { send: async () => ({ status: 400, headers: [], body: new Uint8Array() }) };
    const options = { apiKey: "${KEY}", baseURL: "http://127.0.0.1:9/api", transport };
    const promise = new ActivitySmith(options).liveActivities.endStream("k");
    ${use}`;
  await run(program("promise.withResponse().catch(() => {});"));
  await run(program("promise.catch(() => {});"));
  assert.match((await failure(run(program("")))).stderr, /BadRequest: the service refused the request/);
});

test("a transport that asks too late is told at once", async () => {
  let told = 0;
  let late;
  const transport = {
    async send(_, options) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      options.onAbort(() => (told += 1));
      late(options.signal.aborted);
      throw new Error("too late");
    },
  };
  const aborted = new Promise((resolve) => (late = resolve));
  assert.equal((await failure(connect({ transport, timeout: 20 }).stream("k", progress()))).kind, "timeout");
  assert.deepEqual([await aborted, told], [true, 1]);
});

test("neither a listener that throws nor a logger that rejects ends the process", async () => {
  const setUp = `
    import { ActivitySmith } from "activitysmith-kit";
    const options = { apiKey: "${KEY}", baseURL: "http://127.0.0.1:9/api" };
    const progress = { type: "progress", title: "T", percentage: 1 };`;
  await run(`${setUp}
    const transport = {
      send: (_, options) => (options.onAbort(() => { throw new Error("listener"); }), new Promise(() => {})),
    };
    await new ActivitySmith({ ...options, transport, timeout: 20 }).liveActivities.stream("k", progress).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));`);
  await run(`${setUp}
    const transport = { send: async () => ({ status: 200, headers: [], body: new Uint8Array() }) };
    const logger = { debug: async () => { throw new Error("logger"); } };
    await new ActivitySmith({ ...options, transport, logger }).liveActivities.stream("k", progress);
    await new Promise((resolve) => setTimeout(resolve, 20));`);
});

test("a failure of a transport that repeats the key does not spread it, but for its own object", async () => {
  const cause = new Error(`no route with ${KEY}`);
  const transport = { send: () => Promise.reject(cause) };
  const error = await failure(connect({ transport, maxRetries: 0 }).stream("k", progress()));
  assert.match(error.message, /no route with \[redacted\]/);
  assert.equal(error.cause, cause);
});

test("headers that no Response can hold, or that would be several, do not make a success fail", async () => {
  const headers = [
    ["x-request-id", "req-7"],
    ["x-mood", "\u{1f600}"],
    ["not a name", "x"],
    ["x-two", "a\nretry-after\n9"],
    ["retry-after", "1"],
  ];
  const transport = { send: async () => ({ ...answer(), headers }) };
  const { data, response } = await connect({ transport }).stream("k", progress()).withResponse();
  assert.deepEqual([data.operation, data.facts.request_id], ["updated", "req-7"]);
  assert.deepEqual(
    [...response.headers],
    [
      ["retry-after", "1"],
      ["x-request-id", "req-7"],
    ],
  );
});

test("a status that is none is no answer", async () => {
  for (const status of [0, 65_736, -200, 200.5]) {
    const transport = { send: async () => ({ ...answer(), status }) };
    const error = await failure(connect({ transport, maxRetries: 0 }).stream("k", progress()));
    assert.equal(error.kind, "connection", String(status));
  }
});
