// Structured cloning: what works only in its own thread is refused, and what is data goes over whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { serialize } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";

import { ActivitySmith, ApiError } from "activitysmith-kit";

import { client, failure, progress } from "./support/kit.mjs";
import { answer, serve, updated } from "./support/server.mjs";

/** A client that nothing answers. */
const unanswered = (options) => client({ baseURL: "http://127.0.0.1:1/api" }, { maxRetries: 0, ...options });

const { port1, port2 } = new MessageChannel();
test.after(() => port1.close());

const WAYS = {
  structuredClone,
  postMessage: (value) => port2.postMessage(value),
  "a worker's data": (workerData) => new Worker("", { eval: true, workerData }),
  "v8.serialize": serialize,
};

const REFUSED = { name: "DataCloneError", message: /works in its own thread only; make a client in each/ };

test("what reaches the core is refused, wherever it stands", async () => {
  const activitysmith = unanswered();
  const { liveActivities, notifications, metrics } = activitysmith;
  const live = liveActivities.publish("k", progress());
  const inert = unanswered({ apiKey: undefined, apiKeyFile: "/nowhere/key" }).liveActivities.publish("k", progress());
  const track = liveActivities.track([1], "t", { title: "T" });
  const trackSync = liveActivities.trackSync([1], "s", { title: "T" });
  const subclass = new (class extends ActivitySmith {})({ apiKey: "ask_test_k", baseURL: "http://127.0.0.1:1/api" });
  const all = { activitysmith, liveActivities, notifications, metrics, live, inert, track, trackSync, subclass };
  for (const [way, clone] of Object.entries(WAYS)) {
    for (const [name, value] of Object.entries(all)) {
      for (const within of [value, [value], { job: { value } }, new Map([[1, value]])]) {
        // `v8.serialize` says the same without the name.
        const expected = way === "v8.serialize" ? { message: REFUSED.message } : REFUSED;
        assert.throws(() => clone(within), expected, `${way} of ${name}`);
      }
    }
  }
  for (const each of [live, track.live, trackSync.live]) each.detach();
});

test("the mark that refuses is in no JSON, and no log shows it", () => {
  const activitysmith = unanswered();
  const { liveActivities } = activitysmith;
  assert.equal(JSON.stringify({ liveActivities }), `{"liveActivities":{}}`);
  assert.equal(
    inspect(activitysmith, { breakLength: Infinity }),
    "ActivitySmith { liveActivities: LiveActivities {}, notifications: Notifications {}, metrics: WidgetMetrics {} }",
  );
  const live = liveActivities.publish("k", progress());
  assert.equal(JSON.stringify(live), `{"streamKey":"k"}`);
  assert.equal(inspect(live), "Publisher { streamKey: 'k' }");
  live.detach();
});

test("a pending call is refused", async (t) => {
  const server = await serve(t, [updated()]);
  const call = client(server).liveActivities.stream("k", progress());
  assert.throws(() => structuredClone(call), { name: "DataCloneError" });
  await call;
});

test("errors, outcomes, events and counters are cloned", async (t) => {
  const refused = answer("404 Not Found", `{"error":"Live Activity stream not found"}`);
  const server = await serve(t, [refused, ...Array(3).fill(updated())]);
  const { liveActivities } = client(server);
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  const fetch = () => Promise.reject(new Error("no", { cause: "no" }));
  const errors = [
    await failure(liveActivities.endStream("k")),
    await failure(liveActivities.stream("k", { title: 7 })),
    await failure(liveActivities.stream("k", progress(), { signal: controller.signal })),
    await failure(liveActivities.stream("k", progress(), { timeout: 0 })),
    await failure(unanswered().liveActivities.endStream("k")),
    await failure(unanswered({ fetch }).liveActivities.endStream("k")),
  ];
  assert.ok(errors[0] instanceof ApiError);
  for (const error of errors) {
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise((resolve) => port1.once("message", resolve));
    port2.postMessage(error);
    for (const clone of [structuredClone(error), await arrived]) {
      assert.deepEqual([clone instanceof Error, clone.message], [true, error.message], error.name);
    }
    port1.close();
  }
  const outcome = await liveActivities.stream("k", progress());
  const live = liveActivities.publish("k", progress());
  await live.finish();
  for (const data of [outcome, live.counters, live.events()]) assert.deepEqual(structuredClone(data), data);
});
