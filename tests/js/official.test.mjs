// The service's own SDK against our emulator: each type of state is started, updated and ended as at the service.

import assert from "node:assert/strict";
import { test } from "node:test";

import ActivitySmith from "activitysmith";

import { given } from "./support/kit.mjs";

const STATES = {
  progress: [{ percentage: 10 }, { percentage: 20 }],
  segmented_progress: [
    { number_of_steps: 3, current_step: 1 },
    { number_of_steps: 3, current_step: 2 },
  ],
  metrics: [
    { metrics: [{ label: "CPU", value: 42, unit: "%" }] },
    { metrics: [{ label: "CPU", value: 43, unit: "%" }] },
  ],
  stats: [{ metrics: [{ label: "Sales", value: "1,204" }] }, { metrics: [{ label: "Sales", value: "1,205" }] }],
  alert: [{ message: "The disk is nearly full" }, { message: "The disk is full" }],
  timer: [{ duration_seconds: 600 }, { is_running: false }],
  value: [{ value: 12 }, { value: 13 }],
};

// It has no way to be told where the service is.
const theirs = globalThis.fetch;
globalThis.fetch = (url, init) =>
  theirs(url.replace("https://activitysmith.com/api", given("ACTIVITYSMITH_BASE_URL")), init);

const client = new ActivitySmith({ apiKey: given("ACTIVITYSMITH_API_KEY") });
const { liveActivities } = client;

for (const [type, [first, second]] of Object.entries(STATES)) {
  test(`activitysmith 1.10.0 streams ${type}`, async () => {
    const key = `js-official-${type}`;
    const send = (state) => liveActivities.stream(key, { content_state: { title: "Official", type, ...state } });
    const started = await send(first);
    assert.equal(started.operation, "started");
    assert.equal(started.stream_key, key);
    assert.equal((await send(second)).operation, "updated");
    assert.equal((await liveActivities.endStream(key)).operation, "ended");
  });
}

/** What can be called on it. */
function methods(thing) {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(thing));
  return names.filter((name) => name !== "constructor" && typeof thing[name] === "function").sort();
}

const STEPS = { title: "Print", type: "segmented_progress", number_of_steps: 3, current_step: 1 };
const LATER = { ...STEPS, current_step: 2 };
const called = new Map();

/** A part of the client that notes what is called. A raw method gives the same answer, only wrapped. */
function noting(part) {
  called.set(part, new Set());
  return new Proxy(part, {
    get:
      (target, name) =>
      async (...given) => {
        called.get(part).add(name);
        const answer = await target[name](...given);
        return name.endsWith("Raw") ? answer.value() : answer;
      },
  });
}

test("activitysmith 1.10.0 gets the documented answer from each of its methods", async () => {
  const live = noting(client.liveActivities);
  const push = noting(client.notifications);
  const metrics = noting(client.metrics);

  for (const form of ["", "LiveActivity", "LiveActivityRaw"]) {
    // The short form takes the body, the others an object that names it.
    const call = (verb, body) => {
      const name = `liveActivity${verb[0].toUpperCase()}${verb.slice(1)}Request`;
      return live[`${verb}${form}`](form === "" ? body : { [name]: body });
    };
    const started = await call("start", { content_state: STEPS });
    assert.equal(started.success, true);
    const id = started.activity_id;
    assert.equal((await call("update", { activity_id: id, content_state: LATER })).activity_id, id);
    assert.equal((await call("end", { activity_id: id, content_state: LATER })).activity_id, id);
  }

  const key = "js-official-methods";
  assert.equal((await live.stream(key, { content_state: STEPS })).operation, "started");
  assert.equal((await live.endStream(key)).operation, "ended");
  for (const raw of ["", "Raw"]) {
    const put = { streamKey: key, liveActivityStreamRequest: { content_state: STEPS } };
    assert.equal((await live[`reconcileLiveActivityStream${raw}`](put)).operation, "started");
    assert.equal((await live[`endLiveActivityStream${raw}`]({ streamKey: key })).operation, "ended");
  }

  const message = { title: "Backup failed", message: "disk 3" };
  assert.equal((await push.send({ ...message, channels: ["crew"] })).success, true);
  for (const raw of ["", "Raw"]) {
    const sent = await push[`sendPushNotification${raw}`]({ pushNotificationRequest: message });
    assert.equal(sent.devices_notified, 1);
  }

  assert.equal((await metrics.update("shop.queue_len", 14)).success, true);
  for (const raw of ["", "Raw"]) {
    const value = { key: "shop.queue_len", metricValueUpdateRequest: { value: "many" } };
    assert.equal((await metrics[`updateMetricValue${raw}`](value)).success, true);
  }

  assert.equal((await client.badgeCount(14)).badge, 14);
  assert.deepEqual((await client.badgeCount(0, { channels: ["crew"] })).effective_channel_slugs, ["crew"]);

  assert.deepEqual(methods(client), ["badgeCount"]);
  for (const [part, names] of called) assert.deepEqual([...names].sort(), methods(part));
});
