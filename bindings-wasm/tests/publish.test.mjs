// Publishers against the emulator: what a job's progress looks like while it runs and when it is over, over both transports.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import {
  ActivitySmith,
  ConfigError,
  ConnectionError,
  TimeoutError,
  Unauthorized,
  ValidationError,
} from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

import { client, failure, progress } from "./support/kit.mjs";
import { answer, serve, silence, updated } from "./support/server.mjs";

const emulator = await startEmulator();
after(() => emulator.stop());

/** For short jobs. */
const SHOW = { minInterval: 0 };

/** An account of its own, a client of it, and the warnings that its logger received. */
function fresh(options = {}) {
  const account = emulator.account();
  const warnings = [];
  const logger = { warn: (text) => warnings.push(text) };
  const { liveActivities } = new ActivitySmith({ ...account.options, logger, ...options });
  return { account, liveActivities, warnings };
}

/** A client without a service: nothing listens on port 1 of this machine. */
function nobody(options = {}) {
  const warnings = [];
  const logger = { warn: (text) => warnings.push(text) };
  const { liveActivities } = client({ baseURL: "http://127.0.0.1:1/api" }, { logger, ...options });
  return { liveActivities, warnings };
}

const methods = async (account) => (await account.requests()).map(({ method }) => method);
const shown = async (account, key) => (await account.stream(key)).content_state;

for (const [name, options] of [
  ["node:http", {}],
  ["fetch", { fetch: globalThis.fetch }],
]) {
  test(`a thousand updates are a start and an end with the last state, over ${name}`, async () => {
    const { account, liveActivities, warnings } = fresh(options);
    const result = await liveActivities.publish("reindex", progress(0), async (live) => {
      assert.equal(await live.flush(), true);
      for (let step = 1; step <= 1_000; step++) live.update({ percentage: step / 20 });
      return live;
    });
    assert.deepEqual(await methods(account), ["PUT", "DELETE"]);
    assert.deepEqual(await shown(account, "reindex"), progress(50));
    const { updates, sent, acknowledged, coalesced } = result.counters;
    assert.deepEqual([updates, sent, acknowledged, coalesced], [1_001, 2, 2, 999]);
    assert.deepEqual(
      result.events().map(({ kind }) => kind),
      ["acknowledged", "ended"],
    );
    assert.deepEqual(warnings, []);
  });

  test(`an exception ends the stream as failed and is thrown on unchanged, over ${name}`, async () => {
    const { account, liveActivities } = fresh(options);
    class DiskFull extends Error {}
    const thrown = new DiskFull("secret");
    const job = async () => {
      throw thrown;
    };
    assert.equal(await failure(liveActivities.publish("backup", progress(7), job)), thrown);
    const state = await shown(account, "backup");
    const badge = { title: "Failed", color: "red" };
    const failed = { color: "red", badge, subtitle: "DiskFull", auto_dismiss_minutes: 60 };
    assert.deepEqual(state, { ...progress(7), ...failed });
  });
}

test("what is no error is named by its type, never by its text", async () => {
  const { account, liveActivities } = fresh();
  for (const [thrown, name] of [
    ["secret", "String"],
    [7, "Number"],
    [undefined, undefined],
    [Object.create(null), undefined],
  ]) {
    const job = () => Promise.reject(thrown);
    assert.equal(await failure(liveActivities.publish("k", progress(), job)), thrown);
    assert.equal((await shown(account, "k")).subtitle, name);
  }
});

test("a job may be no promise, and gives back what it gives", async () => {
  const { liveActivities } = fresh();
  assert.equal(await liveActivities.publish("k", progress(), () => 7), 7);
});

test("a stream ends once, however the job has ended it", async () => {
  const { account, liveActivities } = fresh();
  await liveActivities.publish("k", progress(), async (live) => {
    assert.equal(await live.finish({ percentage: 80, auto_dismiss_seconds: 0 }), true);
    assert.deepEqual(
      [await live.finish({ percentage: 90 }), await live.fail("late"), live.problem],
      [true, true, undefined],
    );
  });
  assert.deepEqual(await methods(account), ["PUT", "DELETE"]);
  assert.deepEqual((await account.requests()).at(-1).body.content_state, { ...progress(80), auto_dismiss_seconds: 0 });
});

/** What a program does that forgets that a publisher is at its end. */
function changeLate(live) {
  live.update({ percentage: 99 });
  live.update({ percentage: "none", nonsense: live }, { urgent: true, options: "none" });
  live.replace(progress(98));
  live.replace(undefined);
}

const IGNORED = "activitysmith-kit: k: a change came after the stream was ended; it is ignored";

for (const [how, end] of [
  ["finished", (live) => live.finish()],
  ["failed", (live) => live.fail(new Error("no"))],
  ["disposed of", (live) => live[Symbol.asyncDispose]()],
  ["detached", async (live) => live.detach()],
]) {
  test(`changes after a publisher is ${how} throw nothing, and one line is logged`, async () => {
    const { account, liveActivities, warnings } = fresh();
    const live = liveActivities.publish("k", progress());
    await live.flush();
    const ended = end(live);
    changeLate(live);
    await ended;
    changeLate(live);
    // In a later turn, too, when the publisher is forgotten.
    await new Promise((resolve) => setTimeout(resolve));
    changeLate(live);
    await live.flush();
    assert.equal((await shown(account, "k")).percentage, 1);
    assert.deepEqual(warnings, [IGNORED]);
    const late = live.events().filter(({ kind }) => kind === "after_end");
    assert.deepEqual(
      late.map(({ warning }) => warning),
      [true],
    );
  });
}

test("a scope's publisher may be changed after it, and that of a loop", async () => {
  const { account, liveActivities, warnings } = fresh();
  const escaped = await liveActivities.publish("k", progress(), (live) => live);
  changeLate(escaped);
  assert.deepEqual([await escaped.finish(), await escaped.fail("late"), escaped.problem], [true, true, undefined]);
  assert.deepEqual([await shown(account, "k"), warnings], [progress(), [IGNORED]]);
  const items = liveActivities.track([1, 2], "k", { title: "T" });
  for await (const item of items) void item;
  changeLate(items.live);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(warnings, [IGNORED, IGNORED]);
});

test("a job's own exception survives every end that follows it", async () => {
  const mistake = new Error("the job's own mistake");
  for (const { liveActivities } of [
    fresh(),
    nobody({ timeout: 2_000 }),
    nobody({ apiKey: undefined, apiKeyFile: "/nowhere/key" }),
  ]) {
    const begin = () => liveActivities.publish("k", progress());
    const ways = {
      async handle() {
        const live = begin();
        try {
          throw mistake;
        } catch (error) {
          await live.fail(error);
          throw error;
        } finally {
          await live.finish();
        }
      },
      async disposed() {
        const live = begin();
        try {
          throw mistake;
        } catch (error) {
          await live.fail(error);
          throw error;
        } finally {
          await live[Symbol.asyncDispose]();
        }
      },
      scope: () =>
        liveActivities.publish("k", progress(), async (live) => {
          try {
            throw mistake;
          } finally {
            await live.finish();
            live.update({ percentage: 7 });
            live.detach();
          }
        }),
      async loop() {
        for await (const item of liveActivities.track([1, 2], "k", { title: "T" })) {
          void item;
          throw mistake;
        }
      },
      async items() {
        const items = async function* () {
          yield 1;
          throw mistake;
        };
        for await (const item of liveActivities.track(items(), "k", { title: "T" })) void item;
      },
    };
    for (const [way, run] of Object.entries(ways)) assert.equal(await failure(run()), mistake, way);
  }
});

test("a failure's reason may be of any length, and is cut", async () => {
  const { account, liveActivities } = fresh();
  assert.equal(await liveActivities.publish("k", progress()).fail("x".repeat(50_000_000)), true);
  assert.match((await shown(account, "k")).subtitle, /^x{255}…$/);
});

test("a second end has the outcome of the first", async () => {
  const { account, liveActivities } = fresh();
  const live = liveActivities.publish("k", progress());
  assert.deepEqual(await Promise.all([live.fail("first"), live.finish({ nonsense: 1 }), live.fail()]), [
    true,
    true,
    true,
  ]);
  assert.equal((await shown(account, "k")).subtitle, "first");
  const other = nobody({ timeout: 2_000 }).liveActivities.publish("k", progress());
  assert.deepEqual([await other.finish(), await other.finish()], [false, false]);
  assert.ok(other.problem instanceof ConnectionError);
});

test("a handle is disposed of with its last state", async () => {
  const { account, liveActivities } = fresh();
  const live = liveActivities.publish("k", progress());
  live.update({ percentage: 40 });
  await live[Symbol.asyncDispose]();
  assert.deepEqual(await shown(account, "k"), progress(40));
  await live[Symbol.asyncDispose]();
  assert.equal((await account.stream("k")).state, "ended");
});

test("a failure says why where the state has room for it", async () => {
  const { account, liveActivities } = fresh();
  const live = liveActivities.publish("page", { type: "alert", title: "Disk", message: "90 % full" });
  assert.equal(await live.fail("No space"), true);
  assert.equal((await shown(account, "page")).message, "No space");
  const other = liveActivities.publish("other", progress());
  await other.fail(new RangeError("secret"));
  assert.equal((await shown(account, "other")).subtitle, "RangeError");
});

test("changes go at once and carry their alert once", async () => {
  const { account, liveActivities } = fresh();
  const steps = { type: "segmented_progress", title: "Deploy", number_of_steps: 3, current_step: 0 };
  await liveActivities.publish(
    "deploy",
    { content_state: steps, tags: ["deploy"] },
    async (live) => {
      await live.flush();
      live.update({ current_step: 1, alert: { title: "Built" } });
      await live.flush();
      live.update({ content_state: { current_step: 2 } });
      await live.flush();
    },
    SHOW,
  );
  const bodies = (await account.requests()).map(({ body }) => body);
  assert.deepEqual(
    bodies.map(({ alert }) => alert?.title),
    [undefined, "Built", undefined, undefined],
  );
  assert.deepEqual((await account.stream("deploy")).tags, ["deploy"]);
  assert.equal((await shown(account, "deploy")).current_step, 2);
});

test("an urgent number does not wait for its turn, and another one does", async () => {
  const { liveActivities } = fresh();
  const live = liveActivities.publish("k", progress(0), { minInterval: 60_000 });
  await live.flush();
  live.update({ percentage: 5 }, { urgent: true });
  live.update({ percentage: 6 });
  assert.equal(live.counters.sent, 1);
  assert.equal(await live.flush(), true);
  assert.deepEqual([live.counters.sent, live.counters.coalesced], [2, 1]);
  live.detach();
});

test("a minimum interval is kept", async () => {
  const { account, liveActivities } = fresh();
  const started = performance.now();
  const live = liveActivities.publish("k", progress(0), { minInterval: 50 });
  for (let step = 1; live.counters.sent < 4; step++) {
    live.update({ percentage: step % 100 });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(performance.now() - started >= 150, `${performance.now() - started} ms`);
  await live.finish();
  assert.equal((await methods(account)).length, 5);
});

test("another state can take the place of the whole one", async () => {
  const { account, liveActivities } = fresh();
  const live = liveActivities.publish("k", { ...progress(), subtitle: "s" });
  live.replace({ type: "segmented_progress", title: "T", number_of_steps: 2, current_step: 1 });
  await live.finish();
  assert.equal((await shown(account, "k")).current_step, 1);
  assert.equal((await shown(account, "k")).subtitle, undefined);
});

test("a detached publisher leaves its activity as it is", async () => {
  const { account, liveActivities } = fresh();
  await liveActivities.publish("k", progress(), async (live) => {
    await live.flush();
    live.update({ percentage: 9 });
    live.detach();
    assert.equal(await live.flush({ timeout: 50 }), false);
    assert.match(live.problem.message, /is detached/);
  });
  assert.deepEqual(await methods(account), ["PUT"]);
});

test("a state is checked before anything is published, and what is refused changes nothing", async () => {
  const { account, liveActivities } = fresh();
  const refusals = [
    () => liveActivities.publish("k", { title: "T" }),
    () => liveActivities.publish("", progress()),
    () => liveActivities.publish(7, progress()),
    () => liveActivities.publish("k", { ...progress(), subtitel: "s" }),
    () => liveActivities.publish("k", undefined),
  ];
  for (const refusal of refusals) assert.throws(refusal, ValidationError);
  assert.ok((await failure(liveActivities.publish("k", { title: "T" }, () => {}))) instanceof ValidationError);
  const live = liveActivities.publish("k", progress(3));
  const wrong = [
    { percentage: "50" },
    { percentage: {} },
    { percentage: [1] },
    { percentage: true },
    { percentage: null },
  ];
  for (const patch of [...wrong, { percentag: 5 }, { number_of_steps: "3" }, undefined, 7, NaN]) {
    assert.throws(() => live.update(patch), ValidationError, String(patch));
  }
  assert.ok((await failure(live.finish({ percentage: "9" }))) instanceof ValidationError);
  await live.finish();
  assert.deepEqual(await shown(account, "k"), progress(3));
});

test("numbers that a loop computes are brought into their range, or skipped, and one line is logged", async () => {
  const { account, liveActivities, warnings } = fresh();
  const live = liveActivities.publish("k", progress(3), SHOW);
  const shownAs = async (patch) => {
    live.update(patch);
    assert.equal(await live.flush(), true);
    return (await shown(account, "k")).percentage;
  };
  // So large an error is rounding, and no warning.
  assert.equal(await shownAs({ percentage: 100.00000000000001 }), 100);
  assert.equal(await shownAs({ percentage: -1e-12 }), 0);
  assert.deepEqual(warnings, []);
  for (const [percentage, expected] of [
    [101, 100],
    [-5, 0],
    [7, 7],
    [NaN, 7],
    [Infinity, 7],
    [-Infinity, 7],
    [0 / 0, 7],
    [250n, 100],
    [-(10n ** 30n), 0],
    [1e308, 100],
    [-0, 0],
    [Number(42.5), 42.5],
  ]) {
    assert.equal(await shownAs({ percentage }), expected, String(percentage));
  }
  assert.equal(await live.finish({ percentage: 1e9 }), true);
  assert.equal((await shown(account, "k")).percentage, 100);
  assert.deepEqual(warnings, ["activitysmith-kit: k: content_state.percentage is 101; 100 is shown"]);
});

test("so are steps, values and first states", async () => {
  const { account, liveActivities, warnings } = fresh();
  const steps = { type: "segmented_progress", title: "T", number_of_steps: 4, current_step: 1 };
  const live = liveActivities.publish("steps", steps);
  live.update({ current_step: 9.5 });
  await live.finish({ number_of_steps: NaN });
  assert.deepEqual(await shown(account, "steps"), { ...steps, current_step: 4 });
  const first = liveActivities.publish("first", progress(100.4));
  first.replace(progress(NaN));
  await first.finish();
  assert.deepEqual(await shown(account, "first"), progress(100));
  const value = liveActivities.publish("value", { type: "value", title: "T", value: 1 });
  value.update({ value: NaN });
  value.update({ value: Infinity, subtitle: "s" });
  await value.finish();
  assert.deepEqual(await shown(account, "value"), { type: "value", title: "T", value: 1, subtitle: "s" });
  assert.equal(warnings.length, 3, warnings.join("\n"));
});

test("a single call is as strict as ever", async () => {
  const { account, liveActivities } = fresh();
  for (const percentage of [101, -1, NaN, Infinity, 101n, 100.00000000000001]) {
    assert.ok((await failure(liveActivities.stream("k", progress(percentage)))) instanceof ValidationError);
    assert.ok((await failure(liveActivities.endStream("k", progress(percentage)))) instanceof ValidationError);
  }
  assert.deepEqual(await account.requests(), []);
});

test("a job's end is pushed: how it went, as an object or as a title", async () => {
  const { account, liveActivities } = fresh();
  const pushes = { onFailure: "Backup failed", onSuccess: { title: "Backup done", channels: ["ops"] }, ...SHOW };
  const thrown = new Error("no");
  const fail = () => {
    throw thrown;
  };
  assert.equal(await failure(liveActivities.publish("failed", progress(), fail, pushes)), thrown);
  await liveActivities.publish("done", progress(), () => {}, pushes);
  for await (const item of liveActivities.track([1], "track", { title: "T", ...pushes })) void item;
  const sync = liveActivities.trackSync([1], "sync", { title: "T", ...pushes });
  for (const item of sync) void item;
  assert.equal(await sync.finished, true);
  const pushed = (await account.requests()).filter(({ path }) => path === "/push-notification");
  const done = { title: "Backup done", target: { channels: ["ops"] } };
  assert.deepEqual(
    pushed.map(({ body }) => body),
    [{ title: "Backup failed" }, done, done, done],
  );
});

test("options that cannot be are refused", async () => {
  const { liveActivities } = fresh();
  assert.throws(() => liveActivities.publish("k", progress(), { onFailure: { titel: "T" } }), {
    name: "ValidationError",
    message: /on_failure\.titel is unknown; did you mean title\?.*on_failure\.title is missing/s,
  });
  for (const [options, problem] of [
    [{ minInterval: -1 }, /^minInterval is -1; give a number of milliseconds of at least 0$/],
    [{ minInterval: "1s" }, /^minInterval is a string/],
    [{ showAfter: -1 }, /^showAfter is -1; give a number of milliseconds of at least 0$/],
    [{ flushTimeout: NaN }, /^flushTimeout is NaN; give a number of milliseconds of at least 0$/],
    [{ pase: 1 }, /^unknown option pase; known options: minInterval, flushTimeout, showAfter, onFailure, onSuccess$/],
  ]) {
    assert.throws(() => liveActivities.publish("k", progress(), options), { name: "ConfigError", message: problem });
  }
  const live = liveActivities.publish("k", progress());
  assert.throws(
    () => live.update({ percentage: 5 }, { urgnet: true }),
    /^ConfigError: unknown option urgnet; known options: urgent$/,
  );
  assert.throws(() => live.update({ percentage: 5 }, { urgent: "x" }), /^ConfigError: urgent is a string; give true/);
  assert.match((await failure(live.flush({ timeout: NaN }))).message, /^timeout is NaN/);
  live.detach();
  assert.throws(() => fresh({ waitUntil: 7 }), /waitUntil must be a function/);
});

const LONG = [Infinity, Number.MAX_VALUE, 1e308, 2 ** 64, 2 ** 53, 2 ** 31, 2 ** 31 - 1];
const NONE = [NaN, -Infinity, -1, -Number.MIN_VALUE, 10n, "1", null, {}, []];

test("a duration of any size is taken, and no timer goes off because of it", async (t) => {
  const warnings = [];
  const warn = ({ message }) => warnings.push(message);
  process.on("warning", warn);
  t.after(() => process.off("warning", warn));
  for (const long of [...LONG, Number.MIN_VALUE, 0]) {
    const { account, liveActivities } = fresh();
    const live = liveActivities.publish("k", progress(), { minInterval: long });
    assert.equal(await live.flush({ timeout: Math.max(long, 10_000) }), true);
    live.update({ percentage: 9 });
    assert.equal(await live.finish(), true, String(long));
    const items = liveActivities.track([1, 2], "t", { title: "T", minInterval: long, total: long });
    for await (const item of items) void item;
    assert.equal((await shown(account, "t")).percentage, 100);
  }
  const { liveActivities } = nobody();
  const live = liveActivities.publish("k", progress(), { minInterval: Infinity });
  let over = false;
  const flushed = live.flush({ timeout: Infinity }).then((arrived) => ((over = true), arrived));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(over, false, "it waits on");
  live.detach();
  assert.deepEqual([await flushed, warnings], [false, []]);
});

test("what is no duration is refused by its name", async () => {
  const { account, liveActivities } = fresh();
  const live = liveActivities.publish("k", progress());
  for (const none of NONE) {
    const refused = { name: "ConfigError", message: /^(minInterval|total|timeout) is .*; give a number of/ };
    assert.throws(() => liveActivities.publish("k", progress(), { minInterval: none }), refused, String(none));
    for (const options of [{ minInterval: none }, { total: none }])
      assert.throws(() => liveActivities.track([1], "k", { title: "T", ...options }), refused);
    await assert.rejects(live.flush({ timeout: none }), refused);
  }
  live.detach();
  for (const none of [...NONE, ...LONG, Number.MIN_VALUE, 0, 86_400_001]) {
    for (const name of ["timeout", "connectTimeout"])
      assert.throws(() => client(account.options, { [name]: none }), { name: "ConfigError" }, `${name}: ${none}`);
    await assert.rejects(liveActivities.stream("k", progress(), { timeout: none }), { name: "ConfigError" });
  }
});

test("without a network a job runs at full speed, ends, and is told once", async () => {
  const { liveActivities, warnings } = nobody();
  const live = liveActivities.publish("k", progress());
  for (let step = 0; step < 20_000; step++) live.update({ percentage: step % 100 });
  assert.equal(live.counters.updates, 20_001);
  assert.equal(await live.flush({ timeout: 50 }), false);
  assert.ok(live.problem instanceof TimeoutError);
  assert.equal(await live.finish(), false);
  assert.ok(live.problem instanceof ConnectionError);
  assert.match(live.problem.message, /could not connect/);
  assert.equal(live.counters.acknowledged, 0);
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0], /^activitysmith-kit: k: .*could not connect/);
});

test("without a key a job runs all the same, and is told once", async () => {
  const { liveActivities, warnings } = nobody({ apiKey: undefined, apiKeyFile: "/nowhere/key" });
  for (const key of ["one", "two"]) {
    const live = await liveActivities.publish(key, progress(), async (live) => {
      live.update({ percentage: 5 });
      assert.equal(await live.flush(), false);
      return live;
    });
    assert.ok(live.problem instanceof ConfigError);
    assert.deepEqual([live.counters.sent, live.events()], [0, []]);
  }
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /^activitysmith-kit: nothing is published: api_key_file names a file/);
});

test("where it is disabled a job runs all the same, and nothing is said", async (t) => {
  process.env.ACTIVITYSMITH_DISABLED = "1";
  t.after(() => delete process.env.ACTIVITYSMITH_DISABLED);
  const { liveActivities, warnings } = nobody();
  const live = liveActivities.publish("k", progress());
  live.update({ percentage: 1_000 });
  assert.deepEqual([await live.flush(), await live.finish(), live.problem], [true, true, undefined]);
  assert.deepEqual(warnings, []);
});

test("a key that will not do stops a client's publishers, and breaks no job", async () => {
  const { account, liveActivities, warnings } = fresh();
  await account.configure({ revoked: true });
  const live = liveActivities.publish("k", progress());
  assert.equal(await live.flush(), false);
  live.update({ percentage: 9 });
  assert.equal(await live.finish(), false);
  assert.equal((await account.requests()).length, 1, "what would not be taken is not sent");
  assert.match(live.problem.message, /401|key/i);
  assert.ok(warnings.length >= 1 && warnings.length <= 2, warnings.join("\n"));
  assert.ok((await failure(liveActivities.stream("k", progress()))) instanceof Unauthorized, "calls say so themselves");
});

/** A server that takes everything, and says nothing of its limits. */
const patient = (t) => serve(t, Array(40).fill(updated()));

test("the publishers of a client share its budget", async (t) => {
  const server = await patient(t);
  const { liveActivities } = client(server);
  const began = performance.now();
  const lives = Array.from({ length: 12 }, (_, number) => liveActivities.publish(`k${number}`, progress()));
  // Of ten at once three are kept for ends; there is another one every 1.2 s.
  const most = () => 7 + Math.floor((performance.now() - began) / 1_200);
  const arrived = await Promise.all(lives.slice(0, 7).map((live) => live.flush({ timeout: 10_000 })));
  assert.equal(arrived.filter(Boolean).length, 7);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(server.requests.length <= most(), server.requests.length);
  assert.equal(await lives[0].finish(), true);
  assert.ok(server.requests.length <= most() + 1, server.requests.length);
  for (const live of lives) live.detach();
});

test("calls are charged to the budget, and not held up by it", async (t) => {
  const server = await patient(t);
  const { liveActivities } = client(server);
  for (let call = 0; call < 12; call++) await liveActivities.stream("call", progress(call));
  const live = liveActivities.publish("k", progress());
  assert.equal(await live.flush({ timeout: 500 }), false);
  assert.equal(server.requests.length, 12);
  live.detach();
});

test("a publisher keeps the limits that the service told another one", async (t) => {
  const limited = answer("429 Too Many Requests", `{"error":"rate_limited","code":"rate_limited"}`, {
    "retry-after": "30",
  });
  const server = await serve(t, [limited, updated()]);
  const { liveActivities } = client(server, { maxRetries: 0 });
  await failure(liveActivities.stream("call", progress()));
  const live = liveActivities.publish("k", progress());
  assert.equal(await live.flush({ timeout: 200 }), false);
  assert.equal(server.requests.length, 1);
  live.detach();
});

test("a state that the service refuses is told by a flush and not sent again", async (t) => {
  const refused = answer("400 Bad Request", `{"error":"Bad Request","message":"no such icon"}`);
  const server = await serve(t, [refused, updated()]);
  const { liveActivities } = client(server);
  const live = liveActivities.publish("k", progress(0), SHOW);
  for (let time = 0; time < 2; time++) {
    assert.equal(await live.flush(), false);
    assert.match(live.problem.message, /no such icon/);
  }
  assert.equal(server.requests.length, 1);
  live.update({ percentage: 50 });
  assert.deepEqual([await live.flush(), live.problem], [true, undefined]);
  live.detach();
});

test("a request that is never answered is given up, and sent once more", async (t) => {
  const server = await serve(t, [silence, updated(), updated()]);
  const { liveActivities } = client(server, { timeout: 5_000 });
  const live = liveActivities.publish("k", progress());
  assert.equal(await live.flush({ timeout: 30_000 }), true);
  assert.equal(server.requests.length, 2);
  live.detach();
});

test("every background promise is handed to waitUntil, and none is rejected", async () => {
  const promises = [];
  const { account, liveActivities } = fresh({ waitUntil: (promise) => promises.push(promise) });
  const live = liveActivities.publish("k", progress());
  await Promise.resolve();
  assert.equal(promises.length, 1, "the request");
  live.finish();
  assert.ok(promises.length >= 2, "the end");
  for (let waited = 0; waited < promises.length; waited++) await promises[waited];
  assert.deepEqual(await methods(account), ["PUT", "DELETE"]);
  const broken = fresh({
    waitUntil() {
      throw new Error("no");
    },
  });
  assert.equal(await broken.liveActivities.publish("k", progress()).finish(), true);
});

test("a logger that fails breaks no job", async () => {
  const logger = {
    debug() {
      throw new Error("no");
    },
  };
  const { liveActivities } = fresh({ logger });
  assert.equal(await liveActivities.publish("k", progress()).finish(), true);
});

test("an end is waited for no longer than it may take", async (t) => {
  const server = await serve(t, Array(9).fill(silence));
  const hour = 3_600_000;
  for (const [ofClient, ofPublisher] of [
    [300, undefined],
    [hour, 300],
    [hour, 0],
  ]) {
    const { liveActivities } = client(server, { timeout: hour, flushTimeout: ofClient });
    const live = liveActivities.publish("k", progress(), { flushTimeout: ofPublisher });
    assert.equal(await live.fail("no"), false);
    assert.ok(live.problem instanceof TimeoutError);
    assert.match(live.problem.message, /within 0(\.\d+)? s/);
  }
});

test("a job that is over before it is to be shown sends nothing, and one that fails is shown at once", async () => {
  const { account, liveActivities, warnings } = fresh();
  const later = { showAfter: 3_600_000 };
  const live = await liveActivities.publish("short", progress(), (live) => live, later);
  for await (const item of liveActivities.track([1], "loop", { title: "T", ...later })) void item;
  assert.deepEqual([await live.finish(), live.problem, await account.requests(), warnings], [true, undefined, [], []]);
  await failure(liveActivities.publish("broken", progress(), () => Promise.reject(new RangeError("no")), later));
  assert.equal((await shown(account, "broken")).subtitle, "RangeError");
});
