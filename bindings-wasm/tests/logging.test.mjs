// Loggers that fail, and outputs that cannot be written: what is logged is dropped, and the job goes on to its own exit code.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { startEmulator } from "activitysmith-kit/testing";

import { client, progress } from "./support/kit.mjs";

const emulator = await startEmulator();
after(() => emulator.stop());

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** A job that has much to log: no service, no key, late changes. It ends with 7, unless something else ends it. */
const job = (logger) => `
  import { ActivitySmith } from "activitysmith-kit";
  const options = { apiKey: "ask_test_k", baseURL: "http://127.0.0.1:1/api", logger: ${logger} };
  const progress = { type: "progress", title: "T", percentage: 1 };
  const { liveActivities } = new ActivitySmith(options);
  await liveActivities.stream("k", progress, { maxRetries: 1 }).catch(() => {});
  const live = liveActivities.publish("k", progress);
  live.update({ percentage: 200 });
  await live.finish();
  live.update({ percentage: 9 });
  new ActivitySmith({ ...options, apiKey: undefined, apiKeyFile: "/nowhere/key" }).liveActivities.publish("k", progress);
  for (const item of liveActivities.trackSync([1], "t", { title: "T" })) void item;
  process.exitCode = 7;`;

/** Runs a program under a shell's redirections; gives how it ended, and what it wrote to what is left of its outputs. */
function run(program, { redirections = "", stdio = ["ignore", "pipe", "pipe"], begun = () => {} } = {}) {
  const arguments_ = ["-c", `exec "$0" --input-type=module -e "$1" ${redirections}`, process.execPath, program];
  const child = spawn("/bin/sh", arguments_, { cwd: HERE, stdio });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (said += text));
  begun(child);
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, said })));
}

const CONSOLES = {
  console: "console",
  "console by its methods": "{ warn: console.warn, debug: console.error }",
  "standard output": "{ warn: console.log, debug: console.log }",
};

const OUTPUTS = {
  closed: { redirections: "1>&- 2>&-" },
  full: { stdio: ["ignore", openSync("/dev/full", "w"), openSync("/dev/full", "w")] },
  "read by nothing": { begun: ({ stdout, stderr }) => (stdout.destroy(), stderr.destroy()) },
};

const posix = process.platform === "win32" && "there is no /dev/full";

for (const [name, logger] of Object.entries(CONSOLES)) {
  for (const [what, how] of Object.entries(OUTPUTS)) {
    test(`${name}, to outputs that are ${what}, changes no exit code`, { skip: posix }, async () => {
      assert.deepEqual(await run(job(logger), how), { code: 7, signal: null, said: "" });
    });
  }
}

const LOGGERS = {
  "throws an error": "(() => { const warn = () => { throw new Error('no'); }; return { warn, debug: warn }; })()",
  "throws nothing": "(() => { const warn = () => { throw undefined; }; return { warn, debug: warn }; })()",
  "throws what has no text": "{ warn() { throw Object.create(null); } }",
  rejects: "{ async warn() { throw new Error('no'); }, debug: () => Promise.reject() }",
  "gives a promise that throws": "{ warn: () => ({ then() { throw new Error('no'); } }) }",
  "has getters that throw": "{ get warn() { throw new Error('no'); }, get debug() { throw new Error('no'); } }",
  "has no functions": "{ warn: 'none', debug: 5 }",
  "is a revoked proxy": "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
  "is none": "5",
  "overflows the stack": "{ warn(text) { this.warn(text); } }",
};

for (const [what, logger] of Object.entries(LOGGERS)) {
  test(`a logger that ${what} changes no exit code`, async () => {
    assert.deepEqual(await run(job(logger)), { code: 7, signal: null, said: "" });
  });
}

test("a process whose warnings throw is warned of nothing", async () => {
  const program = `process.emitWarning = console.warn = console.error = () => { throw new Error("no"); };${job("console")}`;
  const { code, said } = await run(program);
  assert.equal(code, 7);
  assert.doesNotMatch(said, /Error/);
});

test("what a program writes itself to a full output ends it as without a logger", { skip: posix }, async () => {
  const program = (logger) => `
    import { ActivitySmith } from "activitysmith-kit";
    const transport = { send: async () => ({ status: 200, headers: [], body: new Uint8Array() }) };
    const options = { apiKey: "ask_test_k", baseURL: "http://127.0.0.1:1/api", transport, logger: ${logger} };
    const turn = () => new Promise(setImmediate);
    for (let call = 0; call < 3; call++) {
      await new ActivitySmith(options).liveActivities.endStream("k");
      for (let turns = 0; turns < 10; turns++) await turn();
    }
    for (let line = 0; line < 3; line++) {
      console.log(line);
      await turn();
    }
    process.exitCode = 7;`;
  assert.deepEqual(await run(program("console"), OUTPUTS.full), await run(program("undefined"), OUTPUTS.full));
});

test("a logger may use the publishers that are logged", async () => {
  const account = emulator.account();
  const lines = [];
  const uses = (text) => {
    lines.push(text);
    live.update({ subtitle: "from the logger" });
    live.events();
    void live.finish();
    other.detach();
  };
  const { liveActivities } = client(account.options, { ...account.options, logger: { warn: uses, debug: uses } });
  const live = liveActivities.publish("k", progress());
  const other = liveActivities.publish("other", progress());
  assert.equal(await live.flush(), true);
  assert.equal(await live.finish(), true);
  assert.equal((await account.stream("k")).content_state.subtitle, "from the logger");
  assert.deepEqual(lines.filter((text) => text.includes("after the stream was ended")).length, 1, lines.join("\n"));
});

test("a logger that publishes without a key is told once", async () => {
  const lines = [];
  const warn = (text) => {
    lines.push(text);
    if (lines.length < 100) liveActivities.publish("k", progress());
  };
  const { liveActivities } = client({}, { apiKey: undefined, apiKeyFile: "/nowhere/key", logger: { warn } });
  liveActivities.publish("k", progress());
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(lines.length, 1);
});

test("a waitUntil that fails breaks no job", async () => {
  const program = (waitUntil) => `
    import { ActivitySmith } from "activitysmith-kit";
    const options = { ...${JSON.stringify(emulator.account().options)}, waitUntil: ${waitUntil} };
    const { liveActivities } = new ActivitySmith(options);
    if (await liveActivities.publish("k", { type: "progress", title: "T", percentage: 1 }).finish()) process.exitCode = 7;`;
  for (const waitUntil of ["() => { throw Object.create(null); }", "async () => { throw new Error('no'); }"]) {
    assert.deepEqual(await run(program(waitUntil)), { code: 7, signal: null, said: "" });
  }
});
