// Programs written for the official package, with nothing but its name changed.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";

import ActivitySmith, * as named from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

import { failure } from "./support/kit.mjs";

const require = createRequire(import.meta.url);
const emulator = await startEmulator();
after(() => emulator.stop());

/** The official package takes a key and nothing else. */
function connect(Client) {
  const { options } = emulator.account();
  process.env.ACTIVITYSMITH_BASE_URL = options.baseURL;
  return new Client({ apiKey: options.apiKey });
}

test("require gives the class, which is the import's, with all else as its members", () => {
  const required = require("activitysmith-kit");
  assert.equal(required, ActivitySmith);
  assert.deepEqual([required.ActivitySmith, required.default, named.ActivitySmith], [required, required, required]);
  const { NotFound, ApiError } = required;
  assert.equal(NotFound, named.NotFound);
  assert.ok(NotFound.prototype instanceof ApiError);
});

test("stream and endStream, as its documentation writes them", async () => {
  const activitysmith = connect(require("activitysmith-kit"));
  const metrics = [
    { label: "CPU", value: 9, unit: "%" },
    { label: "MEM", value: 45, unit: "%" },
  ];
  const status = await activitysmith.liveActivities.stream("prod-web-1", {
    content_state: { title: "Server Health", subtitle: "prod-web-1", type: "metrics", metrics },
    action: { title: "Open Dashboard", type: "open_url", url: "https://ops.example.com/servers/prod-web-1" },
    secondary_action: undefined,
  });
  assert.deepEqual([status.success, status.operation, typeof status.activity_id], [true, "started", "string"]);
  const ended = await activitysmith.liveActivities.endStream("prod-web-1", {
    content_state: {
      title: "Server Health",
      subtitle: "prod-web-1",
      type: "metrics",
      metrics,
      auto_dismiss_minutes: 2,
    },
  });
  assert.equal(ended.operation, "ended");
});

test("its helpers", async () => {
  const activitysmith = connect(ActivitySmith);
  const outcome = await activitysmith.liveActivities.stream("customer-ops", {
    content_state: ActivitySmith.contentState({
      type: ActivitySmith.liveActivityTypes.alert,
      title: "Reactivation",
      message: "Lumen is back",
      icon: ActivitySmith.alertIcon("cloud.sun", { color: "yellow" }),
      badge: ActivitySmith.alertBadge("Win", { color: undefined }),
      subtitle: undefined,
    }),
    channels: ["sales"],
  });
  assert.equal(outcome.operation, "started");
  assert.deepEqual(ActivitySmith.contentState({ title: "T", subtitle: undefined }), { title: "T" });
  assert.deepEqual(ActivitySmith.alertIcon("bolt"), { symbol: "bolt" });
  assert.deepEqual(ActivitySmith.liveActivityTypes.segmentedProgress, "segmented_progress");
});

test("the older names", async () => {
  const { liveActivities } = connect(ActivitySmith);
  const liveActivityStreamRequest = { content_state: { title: "T", type: "progress", percentage: 1 } };
  const started = await liveActivities.reconcileLiveActivityStream({ streamKey: "k", liveActivityStreamRequest });
  assert.equal(started.operation, "started");
  const raw = await liveActivities.reconcileLiveActivityStreamRaw({ streamKey: "k", liveActivityStreamRequest });
  assert.deepEqual([raw.raw.status, (await raw.value()).operation], [200, "noop"]);
  const liveActivityStreamDeleteRequest = { content_state: { title: "T", percentage: 100 } };
  const ended = await liveActivities.endLiveActivityStream({ streamKey: "k", liveActivityStreamDeleteRequest });
  assert.equal(ended.operation, "ended");
  await liveActivities.stream("k", liveActivityStreamRequest);
  assert.equal((await liveActivities.endLiveActivityStreamRaw({ streamKey: "k" })).raw.ok, true);
});

test("a signal as the third argument", async () => {
  const { liveActivities } = connect(ActivitySmith);
  const request = { content_state: { title: "T", type: "progress", percentage: 1 } };
  const { signal } = new AbortController();
  assert.equal((await liveActivities.stream("k", request, { signal })).operation, "started");
  const error = await failure(liveActivities.endStream("k", undefined, { signal: AbortSignal.abort() }));
  assert.equal(error.name, "AbortError");
});

test("errors that are looked into through their response", async () => {
  const error = await failure(connect(ActivitySmith).liveActivities.endStream("never"));
  assert.equal(error.response.status, 404);
  assert.equal((await error.response.json()).error, "Live Activity stream not found");
  assert.match(error.response.headers.get("content-type"), /json/);
  assert.match(error.headers.get("ratelimit"), /r=/);
});
