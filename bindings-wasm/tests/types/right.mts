// Programs that must compile, and the types that they are given. Nothing here is run.

import { expectTypeOf } from "expect-type";

import ActivitySmith, {
  ActivitySmith as Named,
  type CallPromise,
  type ContentState,
  type EndRequest,
  type ErrorKind,
  type FinalState,
  NotFound,
  type Operation,
  type Progress,
  RateLimited,
  type StreamRequest,
  type StreamResponse,
  ValidationError,
} from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

expectTypeOf(ActivitySmith).toEqualTypeOf(Named);

const activitysmith = new ActivitySmith({ apiKey: process.env["ACTIVITYSMITH_API_KEY"] });
const { liveActivities } = activitysmith;

// Every state, by itself and in a request.
const states = [
  { type: "segmented_progress", title: "Deploy", number_of_steps: 5, current_step: 2, step_colors: ["green", "red"] },
  { type: "progress", title: "Backup", percentage: 42 },
  { type: "progress", title: "Backup", value: 31, upper_limit: 96, icon: { symbol: "externaldrive", color: "cyan" } },
  { type: "metrics", title: "node-3", metrics: [{ label: "CPU", value: 71, unit: "%" }] },
  { type: "stats", title: "Shop", metrics: [{ label: "Returns", value: "-3" }] },
  { type: "alert", title: "Refund", message: "Approve 20?", badge: { title: "new" } },
  { type: "timer", title: "Oven", duration_seconds: 90.5, counts_down: false },
  { type: "value", title: "Queue", value: 9007199254740993n },
  { title: "An update", percentage: 7 },
  { title: "Newer than this release", extra: { type: "gauge", angle: 90 } },
] as const satisfies readonly ContentState[];
for (const state of states) {
  liveActivities.stream("k", state);
  liveActivities.stream("k", { content_state: state });
  liveActivities.endStream("k", state);
}

// A body that an interface describes.
interface Order {
  id: number;
}
const order: Order = { id: 7 };
const approve = { type: "webhook", title: "Go", url: "https://a.test", body: order } as const;
liveActivities.stream("k", { content_state: states[1], action: approve });

// Everything that a request can have.
liveActivities.stream("k", {
  content_state: { type: "progress", title: "T", percentage: 1, auto_dismiss_minutes: 5 },
  action: { type: "webhook", title: "Go", url: "https://a.test", method: "POST", body: { deep: [1] } },
  secondary_action: { type: "open_url", title: "Look", url: "https://b.test" },
  alert: { title: "Half way", body: "no errors" },
  channels: ["sre"],
  target: { channels: ["sre"] },
  tags: [],
  metadata: { run: "r-9", try: 2, row: 1n, dry: false },
  extra: { priority: 3 },
});

// An end says as much or as little as it likes; a last state need not be whole.
liveActivities.endStream("k");
liveActivities.endStream("k", null, { timeout: 1_000 });
liveActivities.endStream("k", { content_state: { type: "segmented_progress", title: "T" }, auto_dismiss_seconds: 0 });
liveActivities.endStream("k", { content_state: { title: "T", type: "alert", auto_dismiss_seconds: 3 } });

// The official package's helpers and older names.
liveActivities.stream("k", {
  content_state: ActivitySmith.contentState({
    type: ActivitySmith.liveActivityTypes.alert,
    title: "T",
    message: "m",
    icon: ActivitySmith.alertIcon("cloud.sun", { color: "yellow" }),
    badge: ActivitySmith.alertBadge("Win"),
  }),
});
liveActivities.reconcileLiveActivityStream({ streamKey: "k", liveActivityStreamRequest: { content_state: states[1] } });
liveActivities.endLiveActivityStreamRaw({ streamKey: "k" });

// What comes back.
expectTypeOf(liveActivities.stream).returns.toEqualTypeOf<CallPromise>();
expectTypeOf(liveActivities.endStream).returns.resolves.toEqualTypeOf<StreamResponse>();
const outcome = await liveActivities.stream("k", states[1], { signal: AbortSignal.timeout(100), maxRetries: 0 });
expectTypeOf(outcome.operation).toEqualTypeOf<Operation | (string & {})>();
expectTypeOf(outcome.devices_notified).toEqualTypeOf<number | undefined>();
expectTypeOf(outcome.facts.attempts).toBeNumber();
switch (outcome.operation) {
  case "started":
  case "an operation newer than this release":
    break;
}
const { data, response } = await liveActivities.endStream("k").withResponse();
expectTypeOf(data).toEqualTypeOf<StreamResponse>();
expectTypeOf(response).toEqualTypeOf<Response | undefined>();

try {
  await liveActivities.endStream("k");
} catch (error) {
  if (error instanceof ValidationError) expectTypeOf(error.violations[0]!.path).toBeString();
  if (error instanceof RateLimited) expectTypeOf(error.retryAfter).toEqualTypeOf<number | undefined>();
  if (error instanceof NotFound) expectTypeOf(error.kind).extract<ErrorKind>().not.toBeNever();
}

// Settings, and a transport of one's own.
new ActivitySmith();
new ActivitySmith({ logger: console, fetch: globalThis.fetch, timeout: 5_000, connectTimeout: 500 });
new ActivitySmith({
  transport: { send: async ({ url }) => ({ status: url.length, headers: new Headers(), body: new Uint8Array() }) },
});

// Types by name.
expectTypeOf<Progress>().toExtend<ContentState>();
expectTypeOf<Progress>().toExtend<FinalState>();
expectTypeOf<{ content_state: Progress }>().toExtend<StreamRequest>();
expectTypeOf<object>().not.toExtend<StreamRequest>();
expectTypeOf<{}>().toExtend<EndRequest>();

const emulator = await startEmulator({ limits: "none" });
const account = emulator.account();
new ActivitySmith(account.options);
const [first] = await account.requests();
expectTypeOf(first!.status).toBeNumber();
expectTypeOf(first!.body).toBeAny();
