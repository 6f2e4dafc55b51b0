// Uses every method and static of the official package, checks what each gives, and prints the methods that it has called.

import assert from "node:assert/strict";

import ActivitySmith from "activitysmith";

const client = new ActivitySmith({ apiKey: process.env.ACTIVITYSMITH_API_KEY });
const key = process.argv[2];
const called = {};

/** A part of the client that notes what is called. A raw method gives the same answer, only wrapped. */
function noting(part) {
  called[part] = [];
  return new Proxy(client[part], {
    get:
      (target, name) =>
      async (...given) => {
        called[part].push(name);
        const answer = await target[name](...given);
        if (!name.endsWith("Raw")) return answer;
        assert.equal(answer.raw.status, 200);
        assert.match(answer.raw.headers.get("content-type"), /json/);
        return answer.value();
      },
  });
}

const live = noting("liveActivities");
const push = noting("notifications");
const metrics = noting("metrics");
const init = { signal: AbortSignal.timeout(60_000) };

const types = ActivitySmith.liveActivityTypes;
assert.equal(client.liveActivities.constructor.types, types);
const STEPS = { title: "Print", type: types.segmentedProgress, number_of_steps: 3, current_step: 1 };
const LATER = { ...STEPS, current_step: 2 };

for (const form of ["", "LiveActivity", "LiveActivityRaw"]) {
  // The short form takes the body, the others an object that names it.
  const call = (verb, body) => {
    const name = `liveActivity${verb[0].toUpperCase()}${verb.slice(1)}Request`;
    return live[`${verb}${form}`](form === "" ? body : { [name]: body }, init);
  };
  const started = await call("start", { content_state: STEPS });
  assert.equal(started.success, true);
  const id = started.activity_id;
  assert.equal((await call("update", { activity_id: id, content_state: LATER })).activity_id, id);
  assert.equal((await call("end", { activity_id: id, content_state: LATER })).activity_id, id);
}

const ALERT = ActivitySmith.contentState({
  title: "Reactivation",
  type: types.alert,
  message: "Lumen is back",
  icon: ActivitySmith.alertIcon("cloud.sun", { color: "yellow" }),
  badge: ActivitySmith.alertBadge("Customer", { color: "magenta" }),
});
assert.equal((await live.stream(key, { content_state: ALERT }, init)).operation, "started");
assert.equal((await live.endStream(key, { content_state: ALERT }, init)).operation, "ended");
for (const raw of ["", "Raw"]) {
  const put = { streamKey: key, liveActivityStreamRequest: { content_state: STEPS } };
  assert.equal((await live[`reconcileLiveActivityStream${raw}`](put)).operation, "started");
  assert.equal((await live[`endLiveActivityStream${raw}`]({ streamKey: key })).operation, "ended");
}

const message = { title: "Backup failed", message: "disk 3" };
assert.equal((await push.send({ ...message, channels: ["crew"] }, init)).success, true);
for (const raw of ["", "Raw"]) {
  const sent = await push[`sendPushNotification${raw}`]({ pushNotificationRequest: message });
  assert.equal(sent.devices_notified, 1);
}

assert.equal((await metrics.update("shop.queue_len", 14, { timestamp: new Date() }, init)).success, true);
for (const raw of ["", "Raw"]) {
  const value = { key: "shop.queue_len", metricValueUpdateRequest: { value: "many" } };
  assert.equal((await metrics[`updateMetricValue${raw}`](value)).success, true);
}

assert.equal((await client.badgeCount(14)).badge, 14);
assert.deepEqual((await client.badgeCount(0, { channels: ["crew"] }, init)).effective_channel_slugs, ["crew"]);

// What a program finds out about a failure.
const error = await client.liveActivities.endStream("never").catch((thrown) => thrown);
assert.equal(error.response.status, 404);
assert.equal((await error.response.json()).error, "Live Activity stream not found");

console.log(JSON.stringify(called));
