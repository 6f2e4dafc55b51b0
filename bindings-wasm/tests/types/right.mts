// Programs that must compile, and the types that they are given. Nothing here is run.

import { expectTypeOf } from "expect-type";

import ActivitySmith, {
  ActivitySmith as Named,
  type ActivityResponse,
  type BadgeResponse,
  type CallPromise,
  type ContentState,
  type EndRequest,
  type EndStreamRequest,
  type ErrorKind,
  type EventKind,
  type FinalState,
  type MetricResponse,
  NotFound,
  type Operation,
  type Progress,
  type Publisher,
  type Push,
  type PushResponse,
  RateLimited,
  type StreamRequest,
  type StreamResponse,
  ValidationError,
} from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

expectTypeOf(ActivitySmith).toEqualTypeOf(Named);

const activitysmith = new ActivitySmith({ apiKey: process.env["ACTIVITYSMITH_API_KEY"] });
const { liveActivities, notifications, metrics } = activitysmith;

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

// Activities by their ids; what updates and ends one need not be whole.
const { activity_id = "" } = await liveActivities.start(states[1]);
liveActivities.start({
  content_state: states[0],
  alert: { title: "Go" },
  channels: ["sre"],
  target: { channels: ["sre"] },
});
liveActivities.update({
  activity_id,
  content_state: { title: "T", type: "segmented_progress", current_step: 2 },
  tags: [],
});
const last = { title: "T", percentage: 100, auto_dismiss_minutes: 0 };
expectTypeOf(liveActivities.end({ activity_id, content_state: last })).toEqualTypeOf<CallPromise<ActivityResponse>>();
liveActivities.startLiveActivity({ liveActivityStartRequest: { content_state: states[1] } }, { timeout: 1_000 });
const { raw, value } = await liveActivities.endLiveActivityRaw({
  liveActivityEndRequest: { activity_id, content_state: last },
});
expectTypeOf(raw).toEqualTypeOf<Response>();
expectTypeOf(value).returns.resolves.toEqualTypeOf<ActivityResponse>();

// Pushes, metrics and the badge.
const push: Push = {
  title: "Backup failed",
  actions: [{ type: "open_url", title: "Log", url: "slack://channel?id=1" }],
  payload: order,
  interruption_level: "time-sensitive",
  target: { channels: ["ops"] },
};
expectTypeOf(notifications.send(push)).toEqualTypeOf<CallPromise<PushResponse>>();
notifications.send("Backup failed", { signal: null });
notifications.replace("n1", { title: "Backup done", tags: [] });
notifications.sendPushNotification({ pushNotificationRequest: push });
expectTypeOf(metrics.update("k", 1n)).toEqualTypeOf<CallPromise<MetricResponse>>();
metrics.update("k", "ok", { timestamp: new Date() }, { timeout: 1_000 });
metrics.update("k", { value: 1, timestamp: "2026-01-31T09:30:00Z" });
metrics.updateMetricValueRaw({ key: "k", metricValueUpdateRequest: { value: 1 } });
expectTypeOf(activitysmith.badgeCount(3, { channels: ["ops"] })).toEqualTypeOf<CallPromise<BadgeResponse>>();

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
expectTypeOf<{}>().toExtend<EndStreamRequest>();
expectTypeOf<{ activity_id: string; content_state: Progress }>().toExtend<EndRequest>();

const emulator = await startEmulator({ limits: "none" });
const account = emulator.account();
new ActivitySmith(account.options);
const [first] = await account.requests();
expectTypeOf(first!.status).toBeNumber();
expectTypeOf(first!.body).toBeAny();

// Publishing, by a callback and by a handle; a patch has every field of the state, and those of a request beside them.
const steps = { type: "segmented_progress", title: "Deploy", number_of_steps: 5, current_step: 0 } as const;
const result = await liveActivities.publish("k", states[1], async (live) => {
  expectTypeOf(live).toEqualTypeOf<Publisher<"progress">>();
  live.update({ percentage: 50 });
  live.update({ value: 3, upper_limit: 9, subtitle: undefined }, { urgent: true });
  live.update({ color: "red", alert: { title: "Half way" }, tags: [] });
  live.update({ content_state: { percentage: 50, extra: { angle: 90 } }, metadata: { run: 1 } });
  live.replace({ type: "value", title: "T", value: 3 });
  return 7;
});
expectTypeOf(result).toBeNumber();
expectTypeOf(liveActivities.publish("k", steps, () => "s")).resolves.toBeString();
for (const state of [states[0], states[1], states[3], states[5]]) liveActivities.publish("k", state).detach();
for (const state of [states[2], states[4], states[6], states[7]]) liveActivities.publish("k", { content_state: state });
const live = liveActivities.publish("k", { content_state: steps, channels: ["sre"] }, { minInterval: 500 });
expectTypeOf(live).toEqualTypeOf<Publisher<"segmented_progress">>();
live.update({ current_step: 2, step_colors: ["green", "red"] });
expectTypeOf(await live.flush({ timeout: 1_000 })).toBeBoolean();
expectTypeOf(await live.finish({ current_step: 5, auto_dismiss_seconds: 0 })).toBeBoolean();
expectTypeOf(live.fail(new Error())).resolves.toBeBoolean();
expectTypeOf(live.problem?.isTransient).toEqualTypeOf<boolean | undefined>();
expectTypeOf(live.counters.coalesced).toBeNumber();
expectTypeOf(live.events()[0]!.kind).toEqualTypeOf<EventKind | (string & {})>();
async function scope() {
  await using handle = liveActivities.publish("k", states[3]);
  handle.update({ metrics: [{ label: "CPU", value: 9 }] });
}
expectTypeOf(scope).returns.resolves.toBeVoid();

// Tracking: what the items are, and nothing else.
for await (const item of liveActivities.track([1, Promise.resolve(2)], "k", { title: "T", total: 2, minInterval: 9 })) {
  expectTypeOf(item).toBeNumber();
}
async function* lines() {
  yield "line";
}
for await (const line of liveActivities.track(lines(), "k", { title: "T" })) expectTypeOf(line).toBeString();
const items = liveActivities.trackSync(new Set(["a"]), "k", { title: "T" });
for (const item of items) expectTypeOf(item).toBeString();
expectTypeOf(items.finished).resolves.toBeBoolean();
liveActivities.publish("k", states[1], { onFailure: "Backup failed", onSuccess: push });
new ActivitySmith({ waitUntil: (work) => void work.then() });
