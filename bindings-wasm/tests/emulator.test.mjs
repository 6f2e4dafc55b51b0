// Calls against the emulator, which knows what the service does. ASMITH_BIN names its program.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import {
  ActivityLimitReached,
  ActivitySmith,
  ApiError,
  BillingBlocked,
  Forbidden,
  NoRecipients,
  NotFound,
  Unauthorized,
} from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

import { failure, progress } from "./support/kit.mjs";

const emulator = await startEmulator();
after(() => emulator.stop());

/** An account of its own, a client of it, and the client's parts. */
function fresh(options = {}) {
  const account = emulator.account();
  const activitysmith = new ActivitySmith({ ...account.options, ...options });
  return { account, activitysmith, ...activitysmith };
}

test("the documentation's example starts, updates and ends a stream", async () => {
  const { account, liveActivities } = fresh();
  const content_state = { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 };
  const started = await liveActivities.stream("search-reindex", { content_state });
  assert.equal(started.operation, "started");
  const updated = await liveActivities.stream("search-reindex", {
    content_state: { ...content_state, percentage: 43 },
  });
  assert.deepEqual([updated.operation, updated.activity_id], ["updated", started.activity_id]);
  assert.equal((await liveActivities.endStream("search-reindex")).operation, "ended");
  assert.deepEqual(
    (await account.requests()).map(({ method }) => method),
    ["PUT", "PUT", "DELETE"],
  );
});

test("every state starts a stream of its own", async () => {
  const title = "T";
  const states = {
    segmented: { type: "segmented_progress", title, number_of_steps: 4, current_step: 1 },
    progress: { type: "progress", title, value: 3, upper_limit: 9 },
    metrics: { type: "metrics", title, metrics: [{ label: "CPU", value: 7 }] },
    stats: { type: "stats", title, metrics: [{ label: "Orders", value: "7" }] },
    alert: { type: "alert", title, message: "m" },
    countdown: { type: "timer", title, duration_seconds: 60 },
    value: { type: "value", title, value: "007" },
  };
  // As many as may run at once.
  for (const half of [Object.entries(states).slice(0, 4), Object.entries(states).slice(4)]) {
    const { liveActivities } = fresh();
    for (const [key, state] of half) assert.equal((await liveActivities.stream(key, state)).operation, "started", key);
  }
});

test("an activity is started, updated and ended by its id", async () => {
  const { account, liveActivities } = fresh();
  const { activity_id } = await liveActivities.start(progress(1));
  const updated = await liveActivities.update({ activity_id, content_state: { title: "T", percentage: 50 } });
  assert.equal(updated.activity_id, activity_id);
  const ended = await liveActivities.end({ activity_id, content_state: { title: "T" }, auto_dismiss_minutes: 0 });
  assert.equal(ended.success, true);
  const [start, , end] = await account.requests();
  assert.deepEqual(start.body, { content_state: progress(1) });
  assert.deepEqual(end.body, { activity_id, content_state: { title: "T", auto_dismiss_minutes: 0 } });
});

test("a push is sent and replaced, as an object or by its title", async () => {
  const { account, notifications } = fresh();
  const { notification_id } = await notifications.send({ title: "Backup failed", channels: ["ops"] });
  assert.equal((await notifications.replace(notification_id, "Backup done")).notification_id, notification_id);
  assert.equal((await notifications.send("Hello")).devices_notified, 1);
  assert.deepEqual(
    (await account.requests()).map(({ body }) => body),
    [{ title: "Backup failed", target: { channels: ["ops"] } }, { title: "Backup done" }, { title: "Hello" }],
  );
});

test("a metric is a value or a request, measured at a Date or at a time as text", async () => {
  const { account, metrics } = fresh();
  const timestamp = new Date(0);
  const text = timestamp.toISOString();
  await metrics.update("k", 99.9);
  await metrics.update("k", "ok", { timestamp });
  await metrics.update("k", 9007199254740993n, { timestamp: text }, { timeout: 5_000 });
  await metrics.update("k", { value: 1, timestamp });
  await metrics.updateMetricValue({ key: "k", metricValueUpdateRequest: { value: 1, timestamp } });
  const bodies = (await account.requests()).map(({ body }) => body);
  assert.deepEqual(bodies.slice(0, 2), [{ value: 99.9 }, { value: "ok", timestamp: text }]);
  assert.deepEqual(bodies.slice(3), Array(2).fill({ value: 1, timestamp: text }));
  const refused = (await failure(metrics.update("k", 1, { timestamp: new Date(NaN) }))).message;
  assert.match(refused, /timestamp is an invalid Date; give a time such as/);
});

test("an end can have a last state, and say when it goes", async () => {
  const { account, liveActivities } = fresh();
  await liveActivities.stream("k", progress(1));
  await liveActivities.endStream("k", { content_state: progress(100), auto_dismiss_seconds: 0 });
  const { body } = (await account.requests()).at(-1);
  assert.deepEqual(body, { content_state: { ...progress(100), auto_dismiss_seconds: 0 } });
});

test("a state by itself ends a stream, too", async () => {
  const { liveActivities } = fresh();
  await liveActivities.stream("k", progress(1));
  assert.equal((await liveActivities.endStream("k", progress(100))).operation, "ended");
});

test("buttons, channels, tags and metadata arrive", async () => {
  const { liveActivities } = fresh();
  const outcome = await liveActivities.stream("k", {
    content_state: progress(1),
    action: { type: "open_url", title: "Log", url: "https://ci.example.com/runs/17" },
    channels: ["ops"],
    tags: ["deploy"],
    metadata: { run: "r-9", attempt: 2, dry: false },
  });
  assert.deepEqual([outcome.effective_channel_slugs, outcome.tags], [["ops"], ["deploy"]]);
  assert.deepEqual((await liveActivities.stream("k", { content_state: progress(2), tags: [] })).tags, []);
});

test("a paused stream answers and shows nothing", async () => {
  const { account, liveActivities } = fresh();
  await liveActivities.stream("k", progress(1));
  await account.pause("k");
  const paused = await liveActivities.stream("k", progress(2));
  assert.deepEqual([paused.operation, paused.activity_id], ["paused", undefined]);
  await account.resume("k");
  assert.equal((await liveActivities.stream("k", progress(3))).operation, "started");
  await account.dismiss("k");
  assert.equal((await account.stream("k")).stream_key, "k");
});

test("refusals have errors of their own", async () => {
  const { account, liveActivities } = fresh();
  const refusal = () => failure(liveActivities.stream("k", progress(1)));
  await account.configure({ billing: "trial_expired" });
  const blocked = await refusal();
  assert.ok(blocked instanceof BillingBlocked && blocked instanceof ApiError);
  assert.ok(blocked.upgradeUrl);
  await account.configure({ revoked: true });
  assert.ok((await refusal()) instanceof Unauthorized);
  await account.configure({ has_device: false });
  assert.ok((await refusal()) instanceof NoRecipients);
  await account.configure({ key_channels: ["sre"] });
  assert.ok(
    (await failure(liveActivities.stream("k", { content_state: progress(1), channels: ["board"] }))) instanceof
      Forbidden,
  );
  const unknown = await failure(liveActivities.endStream("never"));
  assert.ok(unknown instanceof NotFound);
  assert.deepEqual([unknown.status, unknown.isTransient, unknown.name], [404, false, "NotFound"]);
  assert.deepEqual(JSON.parse(unknown.body).error, unknown.code);
});

test("a sixth activity finds no place", async () => {
  const { liveActivities } = fresh();
  for (const key of ["a", "b", "c", "d", "e"]) await liveActivities.stream(key, progress(1));
  const error = await failure(liveActivities.stream("f", progress(1)));
  assert.ok(error instanceof ActivityLimitReached);
  assert.deepEqual([error.limit, error.active, error.attempts], [5, 5, 1]);
});

test("what breaks a rule never leaves", async () => {
  const { account, liveActivities } = fresh();
  for (const request of [
    progress(101),
    { content_state: progress(1), channels: [] },
    { content_state: { ...progress(1), subtitel: "s" } },
  ]) {
    assert.equal((await failure(liveActivities.stream("k", request))).kind, "validation");
  }
  assert.deepEqual(await account.requests(), []);
});

test("withResponse gives the service's own answer beside the outcome", async () => {
  const { liveActivities } = fresh();
  const { data, response } = await liveActivities.stream("k", progress(1)).withResponse();
  assert.ok(response instanceof Response);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("ratelimit-policy"), /account:live-activities/);
  assert.equal((await response.json()).activity_id, data.activity_id);
  const error = await failure(liveActivities.endStream("never").withResponse());
  assert.deepEqual([error.response.status, (await error.response.json()).error], [404, error.code]);
});

test("a logger receives warnings and outcomes, and cannot make a call fail", async () => {
  const heard = [];
  const logger = { debug: (text) => heard.push(["debug", text]), warn: (text) => heard.push(["warn", text]) };
  const { liveActivities } = fresh({ logger });
  const steps = { type: "segmented_progress", title: "T", number_of_steps: 3, current_step: 2, step_colors: ["red"] };
  await liveActivities.stream("k", steps);
  assert.deepEqual(
    heard.map(([level]) => level),
    ["warn", "debug"],
  );
  assert.match(heard[0][1], /^activitysmith-kit: k: content_state\.step_colors has 1 colors for 2 completed steps/);
  assert.match(heard[1][1], /^activitysmith-kit: k: started/);
  const broken = fresh({
    logger: {
      debug() {
        throw new Error("no");
      },
    },
  });
  assert.equal((await broken.liveActivities.stream("k", progress(1))).operation, "started");
});

test("the service's clock can be moved", async (t) => {
  const still = await startEmulator({ clock: "2026-12-01T08:00:00Z", limits: "none", startTimeout: Infinity });
  t.after(() => still.stop());
  const { liveActivities } = new ActivitySmith(still.account().options);
  const before = (await liveActivities.stream("k", progress(1))).timestamp;
  await still.advance(3600);
  const after = (await liveActivities.stream("k", progress(2))).timestamp;
  assert.equal(Date.parse(after) - Date.parse(before), 3_600_000);
});

test("an emulator that cannot be started says what is missing", async () => {
  const error = await failure(startEmulator({ asmith: "/nowhere/asmith" }));
  assert.match(
    error.message,
    /^cannot run \/nowhere\/asmith: .*ENOENT; `npm install --save-dev activitysmith-kit-emulator` brings it/,
  );
  assert.match(
    (await failure(startEmulator({ asmith: process.execPath }))).message,
    /ended \(code 1\) before it listened/,
  );
});

test("a program that is no emulator is not waited for, and leaves nothing behind", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-"));
  t.after(() => rm(folder, { recursive: true }));
  const program = async (name, lines) => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return path;
  };
  const listeners = process.listenerCount("exit");
  const talker = await program("talker", "echo hello; exec sleep 60");
  assert.match((await failure(startEmulator({ asmith: talker }))).message, /began with "hello", which is no address/);
  const silent = await program("silent", "exec sleep 60");
  const late = await failure(startEmulator({ asmith: silent, startTimeout: 100 }));
  assert.match(late.message, /did not listen within 100 ms/);
  assert.equal(process.listenerCount("exit"), listeners);
});
