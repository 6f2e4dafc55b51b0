// Programs that must not compile, one in each line that is marked. A line that compiles fails the check.

import { ActivitySmith, type Metric } from "activitysmith-kit";

const activitysmith = new ActivitySmith();
const { liveActivities, notifications, metrics } = activitysmith;
const type = "progress";
const title = "T";
const content_state = { type, title, percentage: 1 } as const;
const steps = { type: "segmented_progress", title, number_of_steps: 1, current_step: 1 } as const;
const link = { title, url: "https://a.test" };

// @ts-expect-error a misspelt field
liveActivities.stream("k", { type, title, percentage: 1, subtitel: "s" });
// @ts-expect-error a misspelt field in a request
liveActivities.stream("k", { content_state: { type, title, percentage: 1 }, channel: ["a"] });
// @ts-expect-error a misspelt field in a request's state
liveActivities.stream("k", { content_state: { type, titel: "T", percentage: 1 } });
// @ts-expect-error a misspelt field of an update
liveActivities.stream("k", { title, percentag: 1 });
// @ts-expect-error a wrong type
liveActivities.stream("k", { type, title, percentage: "abc" });
// @ts-expect-error a wrong type of a title
liveActivities.stream("k", { type, title: 7, percentage: 1 });
// @ts-expect-error null is no value
liveActivities.stream("k", { type, title, percentage: 1, subtitle: null });
// @ts-expect-error no such type
liveActivities.stream("k", { type: "nonsense", title });
// @ts-expect-error an alert without its message
liveActivities.stream("k", { type: "alert", title });
// @ts-expect-error an alert without its message, in a request
liveActivities.stream("k", { content_state: { type: "alert", title } });
// @ts-expect-error a state without a title
liveActivities.stream("k", { type, percentage: 1 });
// @ts-expect-error steps without their number
liveActivities.stream("k", { type: "segmented_progress", title, current_step: 1 });
// @ts-expect-error a field of another state
liveActivities.stream("k", { type: "timer", title, percentage: 1 });
// @ts-expect-error a field of another state, in a request
liveActivities.stream("k", { content_state: { type: "alert", title, message: "m", percentage: 1 } });
// @ts-expect-error no such colour
liveActivities.stream("k", { type, title, percentage: 1, color: "pink" });
// @ts-expect-error no such colour of a step
liveActivities.stream("k", { ...steps, step_colors: ["pink"] });
// @ts-expect-error an icon without its symbol
liveActivities.stream("k", { type, title, percentage: 1, icon: { color: "red" } });
// @ts-expect-error a badge on a state that has none
liveActivities.stream("k", { type: "stats", title, metrics: [], badge: { title: "b" } });
// @ts-expect-error a metric without its value
liveActivities.stream("k", { type: "metrics", title, metrics: [{ label: "CPU" }] });
// @ts-expect-error a text for a metric that is drawn
liveActivities.stream("k", { type: "metrics", title, metrics: [{ label: "CPU", value: "9" }] });
// @ts-expect-error progress without a number
liveActivities.stream("k", { type, title });
// @ts-expect-error progress without a number, in a request
liveActivities.stream("k", { content_state: { type, title } });
// @ts-expect-error a value without its limit
liveActivities.stream("k", { type, title, value: 3 });
// @ts-expect-error a limit without its value
liveActivities.stream("k", { type, title, upper_limit: 3 });
// @ts-expect-error a field of a state beside a request's
liveActivities.stream("k", { content_state, subtitle: "s" });
// @ts-expect-error a field of a last state beside an end's
liveActivities.endStream("k", { content_state, percentage: 3 });
// @ts-expect-error a field of a request beside a state's
liveActivities.stream("k", { type, title, percentage: 1, channels: ["sre"] });
// @ts-expect-error a field of a request beside an update's
liveActivities.stream("k", { title, percentage: 1, channels: ["sre"] });
// @ts-expect-error a misspelt field of a metric
liveActivities.stream("k", { type: "metrics", title, metrics: [{ label: "CPU", value: 1, units: "%" }] });
// @ts-expect-error a Date is no text
liveActivities.stream("k", { type: "value", title, value: new Date() });
// @ts-expect-error an empty request
liveActivities.stream("k", {});
// @ts-expect-error no request
liveActivities.stream("k");
// @ts-expect-error no key
liveActivities.stream({ type, title, percentage: 1 });
// @ts-expect-error a text for a list
liveActivities.stream("k", { content_state, channels: "sre" });
// @ts-expect-error metadata is flat
liveActivities.stream("k", { content_state, metadata: { deep: { a: 1 } } });
// @ts-expect-error a button without an address
liveActivities.stream("k", { content_state, action: { type: "open_url", title } });
// @ts-expect-error a body on a button that has none
liveActivities.stream("k", { content_state, action: { ...link, type: "open_url", body: {} } });
// @ts-expect-error a list for a body
liveActivities.stream("k", { content_state, action: { ...link, type: "webhook", body: [1] } });
// @ts-expect-error no such method
liveActivities.stream("k", { content_state, action: { ...link, type: "webhook", method: "PATCH" } });
// @ts-expect-error a misspelt field of an end
liveActivities.endStream("k", { auto_dismiss_second: 3 });
// @ts-expect-error a misspelt field of a last state
liveActivities.endStream("k", { content_state: { title, percentag: 1 } });
// @ts-expect-error a last state without a title
liveActivities.endStream("k", { content_state: { type: "alert" } });
// @ts-expect-error channels are those of the stream
liveActivities.endStream("k", { channels: ["sre"] });
// @ts-expect-error no such option
liveActivities.stream("k", { type, title, percentage: 1 }, { retries: 3 });
// @ts-expect-error a wrong type of an option
liveActivities.stream("k", { type, title, percentage: 1 }, { timeout: "5s" });
// @ts-expect-error no such option of a client
new ActivitySmith({ baseUrl: "http://127.0.0.1" });
// @ts-expect-error a key as an argument
new ActivitySmith("ask_1");
// @ts-expect-error a client keeps its key to itself
activitysmith.apiKey;
// @ts-expect-error an answer's field that is not known
(await liveActivities.endStream("k")).device_count;
// @ts-expect-error no such colour for an icon
ActivitySmith.alertIcon("bolt", { color: "pink" });
// @ts-expect-error a helper checks, too
ActivitySmith.contentState({ type: "alert", title });
// @ts-expect-error a metric by itself
const metric: Metric = { label: "CPU", value: true };
// @ts-expect-error the older names have the same types
liveActivities.reconcileLiveActivityStream({ streamKey: "k", liveActivityStreamRequest: {} });
// @ts-expect-error a start without a type
liveActivities.start({ title, percentage: 1 });
// @ts-expect-error a start that is not whole
liveActivities.start({ content_state: { type: "alert", title } });
// @ts-expect-error a start cannot say when it leaves
liveActivities.start({ content_state: { ...content_state, auto_dismiss_minutes: 1 } });
// @ts-expect-error an update of no activity
liveActivities.update({ content_state });
// @ts-expect-error an activity's recipients are those of its start
liveActivities.update({ activity_id: "a", content_state, channels: ["sre"] });
// @ts-expect-error an activity leaves in minutes
liveActivities.end({ activity_id: "a", content_state, auto_dismiss_seconds: 3 });
// @ts-expect-error a push without a title
notifications.send({ message: "exit 3" });
// @ts-expect-error no such level
notifications.send({ title, interruption_level: "loud" });
// @ts-expect-error a replacement makes no sound
notifications.replace("n1", { title, sound: "default" });
// @ts-expect-error a replacement without its id
notifications.replace({ title });
// @ts-expect-error the long names have the same types
notifications.sendPushNotification({ pushNotificationRequest: { titel: "T" } });
// @ts-expect-error a metric that is no number
metrics.update("k", true);
// @ts-expect-error a time as a number
metrics.update("k", 1, { timestamp: 5 });
// @ts-expect-error an option before its place
activitysmith.badgeCount(1, { timeout: 5 });
// @ts-expect-error a signal by itself
liveActivities.stream("k", content_state, AbortSignal.timeout(100));
// @ts-expect-error a misspelt field of a push
liveActivities.publish("k", content_state, { onFailure: { titel: "T" } });

const job = liveActivities.publish("k", { type, title, percentage: 1 });
// @ts-expect-error a first state without its type
liveActivities.publish("k", { title, percentage: 1 });
// @ts-expect-error a misspelt field of a first state
liveActivities.publish("k", { type, title, percentage: 1, subtitel: "s" });
// @ts-expect-error a first state that is not whole
liveActivities.publish("k", { type: "alert", title });
// @ts-expect-error a first state that is not whole, with a job
liveActivities.publish("k", { type: "alert", title }, async () => {});
// @ts-expect-error a misspelt field of a request
liveActivities.publish("k", { content_state, channel: ["a"] });
// @ts-expect-error no such option of publishing
liveActivities.publish("k", content_state, { pase: 3 });
// @ts-expect-error an interval as a text
liveActivities.publish("k", content_state, { minInterval: "1s" });
// @ts-expect-error a misspelt field of a patch
job.update({ percentag: 5 });
// @ts-expect-error a wrong type in a patch
job.update({ percentage: "5" });
// @ts-expect-error null is no value in a patch
job.update({ subtitle: null });
// @ts-expect-error a field of another state in a patch
job.update({ current_step: 5 });
// @ts-expect-error no such colour in a patch
job.update({ color: "pink" });
// @ts-expect-error a field of a state beside a request's in a patch
job.update({ content_state: { percentage: 5 }, percentage: 6 });
// @ts-expect-error a misspelt field in a request's patch
job.update({ content_state: { percentag: 5 } });
// @ts-expect-error no patch
job.update();
// @ts-expect-error no such option of an update
job.update({ percentage: 5 }, { urgnet: true });
// @ts-expect-error a patch for a whole state
job.replace({ percentage: 5 });
// @ts-expect-error a misspelt field of a last patch
job.finish({ percentag: 5 });
// @ts-expect-error a misspelt field of a patch in a job
liveActivities.publish("k", content_state, (live) => live.update({ percentag: 5 }));
// @ts-expect-error items without a title
liveActivities.track([1], "k");
// @ts-expect-error no such option of tracking
liveActivities.track([1], "k", { title, totl: 3 });
// @ts-expect-error a number is no items
liveActivities.track(3, "k", { title });
// @ts-expect-error what is not there yet cannot be awaited in a loop that is not async
liveActivities.trackSync((async function* () {})(), "k", { title });
// @ts-expect-error a function that waits for nothing
new ActivitySmith({ waitUntil: true });
