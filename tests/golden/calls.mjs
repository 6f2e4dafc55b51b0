// The calls of node.jsonl, in its order and under its names, each as code for a client of the official package or of this one.

const CONTENT_STATE = { title: "T", type: "progress", percentage: 10 };
const BY_ID = { activity_id: "a", content_state: { title: "T" } };
const STARTED_BY_ID = { activity_id: "a", content_state: CONTENT_STATE };

export const CALLS = {
  "notifications.send": ({ notifications }) =>
    notifications.send({ title: "T", message: "M", badge: 3, sound: "default", payload: { a: 1 }, channels: ["ops"] }),
  "notifications.send(newer fields)": ({ notifications }) =>
    notifications.send({
      title: "T",
      icon: "https://x/y",
      interruption_level: "passive",
      tags: ["t"],
      metadata: { k: 1 },
    }),
  "notifications.send(media+actions)": async ({ notifications }) =>
    notifications.send({
      title: "T",
      media: "https://x",
      actions: [{ title: "A", type: "open_url", url: "https://x" }],
    }),
  "notifications.send(media+[])": ({ notifications }) =>
    notifications.send({ title: "T", media: "https://x", actions: [] }),
  "notifications.sendPushNotification": ({ notifications }) =>
    notifications.sendPushNotification({ pushNotificationRequest: { title: "T" } }),
  "notifications.sendPushNotificationRaw": ({ notifications }) =>
    notifications.sendPushNotificationRaw({ pushNotificationRequest: { title: "T" } }),

  "liveActivities.start": ({ liveActivities }) =>
    liveActivities.start({ content_state: CONTENT_STATE, alert: { title: "A" }, channels: ["ops"] }),
  "liveActivities.start(type value, metadata)": ({ liveActivities }) =>
    liveActivities.start({
      content_state: { title: "T", type: "value", value: "1" },
      metadata: { k: 1 },
      tags: ["a"],
    }),
  "liveActivities.update": ({ liveActivities }) =>
    liveActivities.update({ activity_id: "a", content_state: { title: "T", percentage: 5 }, tags: [], metadata: {} }),
  "liveActivities.end": ({ liveActivities }) =>
    liveActivities.end({ activity_id: "a", content_state: { title: "T", auto_dismiss_minutes: 0 } }),
  "liveActivities.stream": ({ liveActivities }) =>
    liveActivities.stream("k", { content_state: CONTENT_STATE, channels: ["a"] }),
  "liveActivities.stream(target)": ({ liveActivities }) =>
    liveActivities.stream("k", { content_state: CONTENT_STATE, target: { channels: ["a"] } }),
  "liveActivities.endStream('k')": ({ liveActivities }) => liveActivities.endStream("k"),
  "liveActivities.endStream(body)": ({ liveActivities }) =>
    liveActivities.endStream("k", {
      content_state: { title: "T", auto_dismiss_seconds: 5 },
      alert: { title: "x" },
      tags: ["t"],
      metadata: {},
    }),

  startLiveActivity: ({ liveActivities }) =>
    liveActivities.startLiveActivity({ liveActivityStartRequest: { content_state: CONTENT_STATE } }),
  updateLiveActivity: ({ liveActivities }) => liveActivities.updateLiveActivity({ liveActivityUpdateRequest: BY_ID }),
  endLiveActivity: ({ liveActivities }) => liveActivities.endLiveActivity({ liveActivityEndRequest: BY_ID }),
  reconcileLiveActivityStream: ({ liveActivities }) =>
    liveActivities.reconcileLiveActivityStream({
      streamKey: "k",
      liveActivityStreamRequest: { content_state: CONTENT_STATE },
    }),
  endLiveActivityStream: ({ liveActivities }) => liveActivities.endLiveActivityStream({ streamKey: "k" }),
  startLiveActivityRaw: ({ liveActivities }) =>
    liveActivities.startLiveActivityRaw({ liveActivityStartRequest: STARTED_BY_ID }),
  updateLiveActivityRaw: ({ liveActivities }) =>
    liveActivities.updateLiveActivityRaw({ liveActivityUpdateRequest: STARTED_BY_ID }),
  endLiveActivityRaw: ({ liveActivities }) =>
    liveActivities.endLiveActivityRaw({ liveActivityEndRequest: STARTED_BY_ID }),

  "metrics.update('k',99.9)": ({ metrics }) => metrics.update("deploy.success_rate", 99.9),
  "metrics.update('k','ok',{timestamp})": ({ metrics }) =>
    metrics.update("k", "ok", { timestamp: new Date("2026-01-01T00:00:00Z") }),
  "metrics.update('k','ok',{timestamp string})": ({ metrics }) =>
    metrics.update("k", "ok", { timestamp: "2026-01-01T00:00:00Z" }),
  "metrics.update('k',{value})": ({ metrics }) => metrics.update("k", { value: 1 }),
  "metrics.updateMetricValue": ({ metrics }) =>
    metrics.updateMetricValue({ key: "k", metricValueUpdateRequest: { value: 1 } }),

  "badgeCount(3)": (client) => client.badgeCount(3),
  "badgeCount(0,{channels})": (client) => client.badgeCount(0, { channels: ["a"] }),
  "badgeCount(-1)": (client) => client.badgeCount(-1),
};

/** What a class gives without a client. */
export function statics({ liveActivityTypes, contentState, alertIcon, alertBadge }) {
  return {
    types: liveActivityTypes,
    contentState: contentState({ title: "x", subtitle: undefined }),
    icon: alertIcon("bolt", { color: "red" }),
    badge: alertBadge("B", { color: "red" }),
  };
}
