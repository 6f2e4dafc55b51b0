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

const { liveActivities } = new ActivitySmith({ apiKey: given("ACTIVITYSMITH_API_KEY") });

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
