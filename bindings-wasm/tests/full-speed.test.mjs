// For real: half a minute of all that a loop can give, on three streams, with the service's limits.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setImmediate } from "node:timers/promises";

import { ActivitySmith } from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

import { progress } from "./support/kit.mjs";

const SECONDS = 30;
const STREAMS = ["one", "two", "three"];
/** Any machine gets so far. */
const FEWEST = 100_000;

const emulator = await startEmulator({ limits: "service" });
after(() => emulator.stop());

test("a hundred thousand updates a second meet no limit", async (t) => {
  const account = emulator.account();
  const { liveActivities } = new ActivitySmith(account.options);

  async function job(live) {
    const until = performance.now() + 1_000 * SECONDS;
    let updates = 0;
    while (performance.now() < until) {
      for (let step = 0; step < 1_000; step++) {
        updates += 1;
        live.update({ percentage: (updates % 100_000) / 1_000 });
      }
      // As all work that waits for something now and then.
      await setImmediate();
    }
    live.update({ percentage: 77 });
    return { live, updates };
  }

  const done = await Promise.all(STREAMS.map((key) => liveActivities.publish(key, progress(0), job)));
  for (const { live, updates } of done) {
    assert.equal(live.problem, undefined);
    assert.equal(live.counters.updates, updates + 2, "with the first state and the last one");
  }
  const updates = done.reduce((sum, job) => sum + job.updates, 0);
  t.diagnostic(`${Math.round(updates / SECONDS)} updates a second`);
  assert.ok(updates >= FEWEST, `${updates} updates`);

  const requests = await account.requests();
  for (const { status } of requests) assert.equal(status, 200);
  assert.ok(requests.length <= 5 * STREAMS.length, `${requests.length} requests`);
  for (const key of STREAMS) {
    const { state, content_state } = await account.stream(key);
    assert.deepEqual([state, content_state], ["ended", progress(77)]);
  }
});
