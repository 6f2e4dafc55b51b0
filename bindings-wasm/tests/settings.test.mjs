// Settings: where they come from and when they are read, what is refused, and that no key is ever shown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { inspect } from "node:util";

import { ActivitySmith, ConfigError } from "activitysmith-kit";

import { client, failure, KEY, progress } from "./support/kit.mjs";
import { serve, silence, updated } from "./support/server.mjs";

const VARIABLES = ["API_KEY", "API_KEY_FILE", "BASE_URL", "ALLOW_HOST", "DISABLED", "RULES"].map(
  (name) => `ACTIVITYSMITH_${name}`,
);

/** Sets these variables and no other of ours, until the test is over. */
function environment(test, variables) {
  const before = VARIABLES.map((name) => [name, process.env[name]]);
  const set = (name, value) => (value === undefined ? delete process.env[name] : (process.env[name] = value));
  for (const name of VARIABLES) set(name, variables[name]);
  test.after(() => before.forEach(([name, value]) => set(name, value)));
}

const keySent = (server) => /^authorization: Bearer (.*)$/im.exec(server.requests.at(-1).head)[1];

test("the key is read at the first call, from the variable or from the file", async (t) => {
  const server = await serve(t, [updated(), updated(), updated()]);
  const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-"));
  t.after(() => rm(folder, { recursive: true }));
  environment(t, { ACTIVITYSMITH_BASE_URL: server.baseURL });

  const fromVariable = new ActivitySmith();
  process.env.ACTIVITYSMITH_API_KEY = "ask_test_variable";
  await fromVariable.liveActivities.endStream("k");
  assert.equal(keySent(server), "ask_test_variable");

  const apiKeyFile = join(folder, "key");
  const fromOption = new ActivitySmith({ apiKeyFile });
  await writeFile(apiKeyFile, "ask_test_file\n");
  await fromOption.liveActivities.endStream("k");
  assert.equal(keySent(server), "ask_test_file");

  delete process.env.ACTIVITYSMITH_API_KEY;
  process.env.ACTIVITYSMITH_API_KEY_FILE = apiKeyFile;
  await new ActivitySmith().liveActivities.endStream("k");
  assert.equal(keySent(server), "ask_test_file");
});

test("a missing key shows at the first call only, by the names of this package", async (t) => {
  environment(t, { ACTIVITYSMITH_BASE_URL: "http://127.0.0.1:9/api" });
  const error = await failure(new ActivitySmith().liveActivities.endStream("k"));
  assert.ok(error instanceof ConfigError);
  assert.equal(error.message, "ACTIVITYSMITH_API_KEY is not set; set it, or pass the key as apiKey");
  const file = await failure(new ActivitySmith({ apiKeyFile: "/nowhere/key" }).liveActivities.endStream("k"));
  assert.match(file.message, /^apiKeyFile names a file that cannot be read: ENOENT/);
  const named = await failure(new ActivitySmith({ apiKeyFile: "/nowhere/api_key" }).liveActivities.endStream("k"));
  assert.match(named.message, /'\/nowhere\/api_key'/, "a path is the caller's own");
});

test("a disabled client looks at no setting and sends nothing", async (t) => {
  environment(t, { ACTIVITYSMITH_DISABLED: "1" });
  const { data, response } = await new ActivitySmith({ baseURL: "nonsense" }).liveActivities
    .stream("nightly-backup", progress())
    .withResponse();
  assert.deepEqual([data.operation, data.stream_key, data.facts.attempts], ["disabled", "nightly-backup", 0]);
  assert.equal(response, undefined);
});

test("a disabled client makes a call of anything", async (t) => {
  environment(t, { ACTIVITYSMITH_DISABLED: "1" });
  for (const options of [{ timeout: 0 }, { baseUrl: "x" }, { fetch: "x" }, { transport: {} }, null, "ask_1"]) {
    const activitysmith = new ActivitySmith(options);
    const { liveActivities, notifications, metrics } = activitysmith;
    for (const own of [undefined, { timeout: 0 }, { headers: {} }, null])
      assert.equal((await liveActivities.stream("k", progress(), own)).operation, "disabled");
    assert.equal((await liveActivities.endStream(Object.create(null), 7)).operation, "disabled");
    const others = [
      notifications.replace("..", {}),
      notifications.sendPushNotification(),
      metrics.update("K", NaN, 7),
      activitysmith.badgeCount(-1, { timeout: 0 }),
    ];
    for (const { facts } of await Promise.all(others)) assert.deepEqual([facts.status, facts.attempts], [0, 0]);
  }
});

test("settings that cannot be are refused by their names, at once", (t) => {
  environment(t, {});
  const refused = (options) => {
    try {
      new ActivitySmith(options);
    } catch (error) {
      assert.ok(error instanceof ConfigError, inspect(error));
      return error.message;
    }
    assert.fail(`${inspect(options)} was taken`);
  };
  assert.equal(refused({ apiKey: " " }), "apiKey is empty; give a key, such as ask_...");
  assert.match(refused({ apiKey: "ask_1\n" }), /^apiKey contains a line break/);
  assert.equal(refused({ apiKey: 7 }), "apiKey is a number; give a string");
  assert.match(refused({ baseURL: "127.0.0.1:80/api" }), /^baseURL must start with https:/);
  assert.match(refused({ baseURL: "http://example.com", apiKey: "ask_1" }), /plain http/);
  assert.match(refused({ apiKey: KEY }), /is a test key/);
  assert.match(refused({ timeout: 0 }), /^timeout must be more than 0$/);
  const remedy = "give a number of milliseconds of at least 0";
  assert.equal(refused({ timeout: Number.NaN }), `timeout is NaN; ${remedy}`);
  assert.equal(refused({ timeout: "5s" }), `timeout is a string; ${remedy}`);
  assert.equal(refused({ timeout: 15_000n }), `timeout is a bigint; ${remedy}`);
  assert.equal(refused({ timeout: { toJSON: () => 5 } }), `timeout is an object; ${remedy}`);
  assert.equal(refused({ connectTimeout: null }), `connectTimeout is null; ${remedy}`);
  assert.equal(refused({ flushTimeout: -1 }), `flushTimeout is -1; ${remedy}`);
  assert.match(refused({ connectTimeout: Infinity }), /^connectTimeout must be at most 86,400,000 ms \(one day\)$/);
  assert.equal(refused({ maxRetries: 1.5 }), "maxRetries is 1.5; give a whole number of at least 0");
  assert.match(refused({ baseUrl: "https://example.com" }), /^unknown option baseUrl; did you mean baseURL\?$/);
  assert.match(refused({ fetch() {}, transport: { send() {} } }), /^fetch and transport exclude each other/);
  assert.match(refused({ fetch: "x" }), /^fetch must be a function$/);
  assert.match(refused({ transport: {} }), /^transport must be an object with a function send/);
  assert.equal(refused("ask_1"), "options is a string; give an object");
});

test("options of a call that cannot be are refused, and nothing is sent", async (t) => {
  const server = await serve(t, []);
  const refused = async (options) =>
    (await failure(client(server).liveActivities.stream("k", progress(), options))).message;
  assert.match(await refused({ header: {} }), /^unknown option header; known options: signal, timeout, maxRetries$/);
  assert.equal(await refused(AbortSignal.abort()), "options is an AbortSignal; pass { signal }");
  assert.equal(await refused(null), "options is null; give an object");
  assert.equal(await refused(async () => ({})), "options is a function; pass { signal }");
  assert.match(await refused({ signal: {} }), /^signal must be an AbortSignal/);
  assert.match(await refused({ timeout: 1e15 }), /^timeout must be at most 86,400,000 ms \(one day\)$/);
  assert.equal(await refused({ timeout: 5n }), "timeout is a bigint; give a number of milliseconds of at least 0");
  assert.match(await refused({ maxRetries: -1 }), /^maxRetries is -1/);
  assert.equal(server.connections, 0);
});

test("options among the fields before them are refused, and nothing is sent", async (t) => {
  const server = await serve(t, []);
  const refused = async (promise) => (await failure(promise)).message;
  const activitysmith = client(server);
  assert.equal(
    await refused(activitysmith.badgeCount(1, { timeout: 5 })),
    "timeout is one of the options, which come last: badgeCount(badge, {}, { timeout })",
  );
  assert.equal(
    await refused(activitysmith.metrics.update("k", 1, { signal: AbortSignal.abort() })),
    "signal is one of the options, which come last: metrics.update(key, value, {}, { timeout })",
  );
  assert.equal(
    await refused(activitysmith.badgeCount(1, AbortSignal.abort())),
    "options is an AbortSignal; pass { signal }",
  );
  assert.match(
    await refused(activitysmith.badgeCount(1, { chanels: ["a"] })),
    /chanels is unknown; did you mean channels/,
  );
  assert.equal(server.connections, 0);
});

test("a RequestInit is taken for its signal", async (t) => {
  const server = await serve(t, [updated()]);
  const { liveActivities } = client(server);
  const { signal } = new AbortController();
  await liveActivities.stream("k", progress(), { signal, method: "GET", headers: { "x-a": "b" }, cache: "no-store" });
  assert.match(server.requests[0].head, /^PUT (?![^]*x-a)/);
});

test("no client shows its key", async (t) => {
  const server = await serve(t, [updated()]);
  const activitysmith = client(server);
  await activitysmith.liveActivities.stream("k", progress());
  const everything = { depth: 20, showHidden: true, getters: true };
  for (const value of [activitysmith, ...Object.values(activitysmith)]) {
    const printed = [true, false].map((customInspect) => inspect(value, { ...everything, customInspect }));
    for (const text of [JSON.stringify(value), ...printed]) {
      assert.ok(!text.includes(KEY), text);
    }
  }
});

test("a key is no name for a stream", async (t) => {
  const server = await serve(t, []);
  const error = await failure(client(server).liveActivities.endStream(KEY));
  assert.equal(error.kind, "config");
  assert.ok(!inspect(error).includes(KEY));
});

test("a browser is refused, unless it is allowed", async (t) => {
  const pretend = (variables) => {
    const before = Object.entries(variables).map(([name]) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const [name, value] of Object.entries(variables))
      Object.defineProperty(globalThis, name, { value, configurable: true });
    return () =>
      before.forEach(([name, was]) => (was ? Object.defineProperty(globalThis, name, was) : delete globalThis[name]));
  };
  const navigator = { userAgent: "Mozilla/5.0" };
  const page = { process: undefined, document: {}, navigator };
  const worker = { process: undefined, WorkerGlobalScope: class {}, navigator };
  for (const browser of [page, worker]) {
    const restore = pretend(browser);
    try {
      assert.throws(() => new ActivitySmith({ apiKey: "ask_1" }), /^ConfigError: dangerouslyAllowBrowser is not set/);
      new ActivitySmith({ apiKey: "ask_1", dangerouslyAllowBrowser: true });
    } finally {
      restore();
    }
  }
  const restore = pretend({ process: undefined, navigator: { userAgent: "Cloudflare-Workers" } });
  t.after(restore);
  new ActivitySmith({ apiKey: "ask_1" });
});

test("a pending call keeps the process alive, and what is kept after it does not", async (t) => {
  const server = await serve(t, [{ text: "", kept: false }, updated({ kept: true })]);
  const program = `
    import { ActivitySmith } from "activitysmith-kit";
    const { operation } = await new ActivitySmith().liveActivities.endStream("k");
    console.log(operation);`;
  const environment = { ...process.env, ACTIVITYSMITH_API_KEY: KEY, ACTIVITYSMITH_BASE_URL: server.baseURL };
  const parameters = ["--input-type=module", "--eval", program];
  const run = promisify(execFile)(process.execPath, parameters, {
    cwd: new URL("..", import.meta.url),
    env: environment,
    timeout: 10_000,
  });
  assert.equal((await run).stdout, "updated\n");
});

test("a key file may be a pipe that ends, and nothing else that is no file", async (t) => {
  const server = await serve(t, [updated()]);
  const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-"));
  t.after(() => rm(folder, { recursive: true }));
  const pipe = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  // The call reads the pipe at once, so another process has to write to it.
  const writer = promisify(execFile)("sh", ["-c", `{ printf ask_te; sleep 0.05; echo st_pipe; } > ${pipe}`]);
  await new ActivitySmith({ baseURL: server.baseURL, apiKeyFile: pipe }).liveActivities.endStream("k");
  assert.equal(keySent(server), "ask_test_pipe");
  await writer;

  const refusal = async (apiKeyFile) =>
    (await failure(new ActivitySmith({ apiKeyFile }).liveActivities.endStream("k"))).message;
  const refused = "apiKeyFile names a file that cannot be read:";
  assert.equal(await refusal(pipe), `${refused} no whole text came through the pipe within 5 s`);
  for (const other of [folder, "/dev/zero"]) assert.equal(await refusal(other), `${refused} it is not a regular file`);
  const large = join(folder, "large");
  await writeFile(large, "x".repeat(1024 * 1024 + 1));
  assert.equal(await refusal(large), `${refused} it is larger than 1 MiB`);
});

test("the core reads its rules from the environment", async (t) => {
  const silent = await serve(t, [silence]);
  environment(t, { ACTIVITYSMITH_RULES: '{"kept_events": 1, "flush_timeout_seconds": 0.25}' });
  const live = client(silent).liveActivities.publish("k", progress(130));
  assert.equal(await live.flush(), false);
  assert.equal(live.problem.message, "the newest state has not arrived within 0.25 s");
  live.detach();
  live.update({ percentage: 5 });
  assert.equal(live.events().length, 1);
});
