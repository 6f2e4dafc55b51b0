// What states, requests and answers hold. Generated from the core's models by `cargo xtask generate`; not to be edited.

/** A colour of the API's palette. */
export type Color = "lime" | "green" | "cyan" | "blue" | "purple" | "magenta" | "red" | "orange" | "yellow" | "gray";

/** Which of the seven states one is. */
export type StateType = "segmented_progress" | "progress" | "metrics" | "stats" | "alert" | "timer" | "value";

/** How a `Webhook` is called. */
export type WebhookMethod = "GET" | "POST";

/** How much a notification interrupts. */
export type InterruptionLevel = "passive" | "active" | "time-sensitive";

/** What the service did; new ones may come. */
export type Operation = "started" | "updated" | "rotated" | "noop" | "paused" | "ended" | "disabled";

/** The kind of rule that a value breaks. Stable; messages are not. */
export type ViolationCode =
  | "missing"
  | "unknown_field"
  | "duplicate_field"
  | "wrong_type"
  | "not_finite"
  | "too_many_digits"
  | "not_integer"
  | "out_of_range"
  | "empty"
  | "too_long"
  | "unknown_value"
  | "bad_format"
  | "not_applicable"
  | "conflict"
  | "duplicate_item"
  | "invalid_json";

/** The kind of a failure. */
export type ErrorKind =
  | "config"
  | "validation"
  | "connection"
  | "timeout"
  | "closed"
  | "bad_request"
  | "unauthorized"
  | "billing_blocked"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "no_recipients"
  | "rate_limited"
  | "activity_limit_reached"
  | "server_error"
  | "redirect"
  | "unreadable";

/** Every type of a state. */
export const STATE_TYPES = {
  segmentedProgress: "segmented_progress",
  progress: "progress",
  metrics: "metrics",
  stats: "stats",
  alert: "alert",
  timer: "timer",
  value: "value",
} as const satisfies Record<string, StateType>;

/** What a Live Activity shows. */
export type ContentState = SegmentedProgress | Progress | Metrics | Stats | Alert | Timer | Value | Change;

/** A button of a Live Activity. */
export type Action = OpenUrl | Webhook;

/** Completed steps of a known number, each its own segment. */
export interface SegmentedProgress {
  type: "segmented_progress";
  /** The headline; not blank. */
  title: string;
  /** How many steps there are, at least 1; it may change later. */
  number_of_steps: number;
  /** How many are completed, from 0 to `number_of_steps`. */
  current_step: number;
  /** The second line. */
  subtitle?: string | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** The current step's colour, in place of `color`. */
  step_color?: Color | undefined;
  /** The completed steps' colours, one for each. */
  step_colors?: readonly Color[] | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** A short label in a corner. */
  badge?: Badge | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A bar: give `percentage`, or `value` with `upper_limit`. With all three, the percentage wins. */
export type Progress = {
  type: "progress";
  /** The headline; not blank. */
  title: string;
  /** The second line. */
  subtitle?: string | undefined;
  /** How much is done, from 0 to 100. */
  percentage?: number | undefined;
  /** How much is done, out of `upper_limit`. */
  value?: number | undefined;
  /** What `value` counts up to; above 0. */
  upper_limit?: number | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** A short label in a corner. */
  badge?: Badge | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
} & ({ percentage: number } | { value: number; upper_limit: number });

/** Metrics drawn as bars: numbers only, best as percentages. */
export interface Metrics {
  type: "metrics";
  /** The headline; not blank. */
  title: string;
  /** 1 to 8 metrics; two look best. */
  metrics: readonly (Metric & { value: number | bigint })[];
  /** The second line. */
  subtitle?: string | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Metrics as numbers or formatted texts. */
export interface Stats {
  type: "stats";
  /** The headline; not blank. */
  title: string;
  /** 1 to 8 metrics. */
  metrics: readonly Metric[];
  /** The second line. */
  subtitle?: string | undefined;
  /** The accent colour; each metric has its own. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A message that asks for attention. */
export interface Alert {
  type: "alert";
  /** The headline; not blank. */
  title: string;
  /** The text; at least 1 character. */
  message: string;
  /** The second line. */
  subtitle?: string | undefined;
  /** The buttons' colour. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** A short label in a corner. */
  badge?: Badge | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/**
 * A countdown or a stopwatch that the device runs by itself. Later updates without `duration_seconds` keep it going;
 * one with it restarts it.
 */
export interface Timer {
  type: "timer";
  /** The headline; not blank. */
  title: string;
  /** The second line. */
  subtitle?: string | undefined;
  /** The window's length in seconds, above 0; fractions are allowed. */
  duration_seconds?: number | undefined;
  /** `false` counts up. The service's default is `true`. */
  counts_down?: boolean | undefined;
  /** `false` pauses, `true` resumes. Left out, it is not sent. */
  is_running?: boolean | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** One prominent value. */
export interface Value {
  type: "value";
  /** The headline; not blank. */
  title: string;
  /** A finite number, or a text that is shown exactly as given. */
  value: number | bigint | string;
  /** The second line. */
  subtitle?: string | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** A short label in a corner. */
  badge?: Badge | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/**
 * Changes to the running activity; the service infers the type. It cannot start an activity: the first request of a
 * stream, and any request that may have to start a new one, needs a typed state.
 */
export interface Change {
  type?: undefined;
  /** The headline; not blank. */
  title: string;
  /** The second line. */
  subtitle?: string | undefined;
  /** `segmented_progress`: how many steps there are, at least 1. */
  number_of_steps?: number | undefined;
  /** `segmented_progress`: how many are completed. */
  current_step?: number | undefined;
  /** `progress`: how much is done, from 0 to 100. */
  percentage?: number | undefined;
  /** `progress`: how much is done, out of `upper_limit`; `value`: the value. */
  value?: number | bigint | string | undefined;
  /** `progress`: what `value` counts up to; above 0. */
  upper_limit?: number | undefined;
  /** `metrics` and `stats`: 1 to 8 metrics. */
  metrics?: readonly Metric[] | undefined;
  /** `alert`: the text. */
  message?: string | undefined;
  /** `timer`: restarts it with this length in seconds. */
  duration_seconds?: number | undefined;
  /** `timer`: the direction. */
  counts_down?: boolean | undefined;
  /** `timer`: `false` pauses, `true` resumes. */
  is_running?: boolean | undefined;
  /** The accent colour. */
  color?: Color | undefined;
  /** `segmented_progress`: the current step's colour. */
  step_color?: Color | undefined;
  /** `segmented_progress`: the completed steps' colours. */
  step_colors?: readonly Color[] | undefined;
  /** A picture beside the title. */
  icon?: Icon | undefined;
  /** A short label in a corner. */
  badge?: Badge | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** One labelled value. `metrics` draws numbers as bars and takes no text; `stats` takes either. */
export interface Metric {
  /** What is measured; at least 1 character. */
  label: string;
  /** The value: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters. */
  value: number | bigint | string;
  /** The unit after the value, for example `%`. */
  unit?: string | undefined;
  /** The colour of the value. */
  color?: Color | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A picture beside the title. */
export interface Icon {
  /** The name of an SF Symbol, for example `server.rack`; at least 1 character. */
  symbol: string;
  /** The symbol's colour. */
  color?: Color | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A short label in a corner. */
export interface Badge {
  /** The label; at least 1 character. */
  title: string;
  /** The label's colour. */
  color?: Color | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A button that opens a web page or runs a Shortcut. */
export interface OpenUrl {
  type: "open_url";
  /** The label; not blank. */
  title: string;
  /** An `http://`, `https://` or `shortcuts://` URL; in a notification also one of an app's own scheme. */
  url: string;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A button that makes the service call a URL. */
export interface Webhook {
  type: "webhook";
  /** The label; not blank. */
  title: string;
  /** An `https://` URL. */
  url: string;
  /** The HTTP method; the service's default is `POST`. */
  method?: WebhookMethod | undefined;
  /** The request body: a JSON object. */
  body?: { readonly [name: string]: unknown } | (object & { [Symbol.iterator]?: never }) | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A notification with one update: a sound and a banner. It is not retried once it may have arrived. */
export interface PushAlert {
  /** The banner's first line. */
  title?: string | undefined;
  /** The banner's text. */
  body?: string | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Shows a state under a stream key: the service starts, updates or replaces the Live Activity. */
export interface StreamRequest {
  /** What to show. */
  content_state: ContentState;
  /** The first button; it applies to every state. */
  action?: Action | undefined;
  /** The second button; it needs a first one and applies to `alert`, `progress`, `segmented_progress` and `value`. */
  secondary_action?: Action | undefined;
  /** A sound and a banner that accompany this update. */
  alert?: PushAlert | undefined;
  /** The slugs of the channels that receive it, at least one. Absent: all that the key can reach. */
  channels?: readonly string[] | undefined;
  /** Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears them. */
  tags?: readonly string[] | undefined;
  /** Details for the service's history. Absent, the stream keeps its own; an empty object clears them. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Ends a stream. Without a final state the last one stays as it is. */
export interface EndStreamRequest {
  /** The final state; a `Change` is enough, since nothing is started. */
  content_state?: ContentState | undefined;
  /**
   * Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a `content_state`, and wins over
   * `auto_dismiss_minutes`. Without either the service waits for about two minutes.
   */
  auto_dismiss_seconds?: number | undefined;
  /** Minutes until the ended activity leaves the Lock Screen; it needs a `content_state`. */
  auto_dismiss_minutes?: number | undefined;
  /** The first button. */
  action?: Action | undefined;
  /** The second button. */
  secondary_action?: Action | undefined;
  /** A sound and a banner that accompany the end. */
  alert?: PushAlert | undefined;
  /** As in `StreamRequest`. */
  tags?: readonly string[] | undefined;
  /** As in `StreamRequest`. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/**
 * Starts a Live Activity. It is not sent again once it may have arrived, since each start makes an activity of its own.
 */
export interface StartRequest {
  /** What to show: a state that names its type. */
  content_state: ContentState;
  /** The first button. */
  action?: Action | undefined;
  /** The second button. */
  secondary_action?: Action | undefined;
  /** A sound and a banner that accompany the start. */
  alert?: PushAlert | undefined;
  /** The slugs of the channels that receive it, at least one. Absent: all that the key can reach. */
  channels?: readonly string[] | undefined;
  /** Labels for the service's history: at most 20. */
  tags?: readonly string[] | undefined;
  /** Details for the service's history. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Updates a Live Activity by its id. */
export interface UpdateRequest {
  /** The activity, as the answer to its start names it. */
  activity_id: string;
  /** What to show. */
  content_state: ContentState;
  /** The first button. */
  action?: Action | undefined;
  /** The second button. */
  secondary_action?: Action | undefined;
  /** Labels for the service's history: at most 20. Absent, the activity keeps its own; an empty list clears them. */
  tags?: readonly string[] | undefined;
  /** Details for the service's history. Absent, the activity keeps its own; an empty object clears them. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Ends a Live Activity by its id. */
export interface EndRequest {
  /** The activity, as the answer to its start names it. */
  activity_id: string;
  /** The final state. */
  content_state: ContentState;
  /**
   * Minutes until the ended activity leaves the Lock Screen, 0 for at once. Without it the service waits for about
   * three.
   */
  auto_dismiss_minutes?: number | undefined;
  /** The first button. */
  action?: Action | undefined;
  /** The second button. */
  secondary_action?: Action | undefined;
  /** As in `UpdateRequest`. */
  tags?: readonly string[] | undefined;
  /** As in `UpdateRequest`. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** A push notification. It is not sent again once it may have arrived. */
export interface Push {
  /** The headline; not blank. */
  title: string;
  /** The text. */
  message?: string | undefined;
  /** The second line. */
  subtitle?: string | undefined;
  /** The `https` URL of a picture in place of the app's icon. */
  icon?: string | undefined;
  /** The `https` URL of a picture or a video. Not together with `actions`. */
  media?: string | undefined;
  /**
   * What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens `media` or
   * the app.
   */
  redirection?: string | undefined;
  /** Up to 4 buttons. */
  actions?: readonly Action[] | undefined;
  /** Data for the receiving app: a JSON object. */
  payload?: { readonly [name: string]: unknown } | (object & { [Symbol.iterator]?: never }) | undefined;
  /** The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647. */
  badge?: number | undefined;
  /** Labels for the service's history: at most 20. */
  tags?: readonly string[] | undefined;
  /** Details for the service's history. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** The sound, by its name: `default` is the system's. */
  sound?: string | undefined;
  /** How much it interrupts. The service's default is `active`. */
  interruption_level?: InterruptionLevel | undefined;
  /** The slugs of the channels that receive it, at least one. Absent: all that the key can reach. */
  channels?: readonly string[] | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/**
 * What replaces a push notification, silently and for the same recipients. Content that is left out is removed; tags
 * and metadata that are left out stay.
 */
export interface PushReplacement {
  /** The headline; not blank. */
  title: string;
  /** The text. */
  message?: string | undefined;
  /** The second line. */
  subtitle?: string | undefined;
  /** The `https` URL of a picture in place of the app's icon. */
  icon?: string | undefined;
  /** The `https` URL of a picture or a video. Not together with `actions`. */
  media?: string | undefined;
  /**
   * What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens `media` or
   * the app.
   */
  redirection?: string | undefined;
  /** Up to 4 buttons. */
  actions?: readonly Action[] | undefined;
  /** Data for the receiving app: a JSON object. */
  payload?: { readonly [name: string]: unknown } | (object & { [Symbol.iterator]?: never }) | undefined;
  /** The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647. */
  badge?: number | undefined;
  /** Labels for the service's history: at most 20. */
  tags?: readonly string[] | undefined;
  /** Details for the service's history. */
  metadata?: { readonly [name: string]: string | number | bigint | boolean } | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Sets the value of a metric. */
export interface MetricRequest {
  /** A finite number, or a text of 1 to 64 characters. */
  value: number | bigint | string;
  /** When it was measured. The service's default is its own time. */
  timestamp?: Date | string | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** Sets the number on the app's icon. */
export interface BadgeRequest {
  /** The number: an integer from 0, which removes it, to 2,147,483,647. */
  badge: number;
  /** The slugs of the channels whose icons show it, at least one. Absent: all that the key can reach. */
  channels?: readonly string[] | undefined;
  /** Fields and values newer than this release, by name; they are sent beside the known ones. */
  extra?: { readonly [name: string]: unknown } | undefined;
}

/** The answer to a stream request or to the end of a stream. */
export interface StreamResponse {
  /** What the service did. */
  operation: Operation | (string & {});
  /** The service's own flag; a push that Apple accepted may still not be displayed. */
  success?: boolean;
  /** The stream's key. */
  stream_key?: string;
  /** The service's time, RFC 3339. */
  timestamp?: string;
  /** The activity that is running or has just ended; absent while the stream is paused or idle. */
  activity_id?: string;
  /** The activity that a rotation ended. */
  previous_activity_id?: string;
  /** For how many devices Apple accepted the push. */
  devices_notified?: number;
  /** For how many devices the push waits until their token is registered. */
  devices_queued?: number;
  /** How many users those devices belong to. */
  users_notified?: number;
  /** The channels that received it; absent for the whole account, or if not stated. */
  effective_channel_slugs?: string[];
  /** The tags that the stream has now. */
  tags?: string[];
  /** A remark of the service, for example that iOS holds back updates because there are too many. */
  warning?: string;
  /** The request had no effect. */
  ignored?: boolean;
  /** Whether a push left the service. */
  remote_push_sent?: boolean;
  /** The stream was marked as ended though Apple did not confirm it. */
  forced_completion?: boolean;
  /** A message of the service. */
  message?: string;
  /** The errors of devices that could not be reached. */
  errors?: string[];
  /** Other members of the answer: fields newer than this release. */
  extra?: { [name: string]: unknown };
  /** How the answer was obtained. */
  facts: ResponseFacts;
}

/** The answer to the start, an update or the end of a Live Activity by its id. */
export interface ActivityResponse {
  /** The service's own flag; a push that Apple accepted may still not be displayed. */
  success?: boolean;
  /** The activity. */
  activity_id?: string;
  /** What the service did, where the activity belongs to a stream. */
  operation?: Operation | (string & {});
  /** The stream that the activity belongs to. */
  stream_key?: string;
  /** The activity that a start ended to make room. */
  ended_activity_id?: string;
  /** The activity that a rotation of its stream ended. */
  previous_activity_id?: string;
  /** For how many devices Apple accepted the push. */
  devices_notified?: number;
  /** For how many devices the push waits until their token is registered. */
  devices_queued?: number;
  /** How many users those devices belong to. */
  users_notified?: number;
  /** The channels that received it; absent for the whole account, or if not stated. */
  effective_channel_slugs?: string[];
  /** The tags that the activity has now. */
  tags?: string[];
  /** The request had no effect. */
  ignored?: boolean;
  /** Why the activity ended. */
  end_reason?: string;
  /** The activity was marked as ended though Apple did not confirm it. */
  forced_completion?: boolean;
  /** A remark of the service. */
  warning?: string;
  /** A message of the service. */
  message?: string;
  /** The errors of devices that could not be reached. */
  errors?: string[];
  /** The service's time, RFC 3339. */
  timestamp?: string;
  /** Other members of the answer: fields newer than this release. */
  extra?: { [name: string]: unknown };
  /** How the answer was obtained. */
  facts: ResponseFacts;
}

/** The answer to a push notification or its replacement. */
export interface PushResponse {
  /** The service's own flag; a push that Apple accepted may still not be displayed. */
  success?: boolean;
  /** What the notification is called, to replace it later. */
  notification_id?: string;
  /** For how many devices Apple accepted it. */
  devices_notified?: number;
  /** How many users those devices belong to. */
  users_notified?: number;
  /** How many devices it was meant for. */
  devices_targeted?: number;
  /** How many devices were switched off since Apple does not know them any more. */
  devices_deactivated?: number;
  /** How many devices Apple does not know any more. */
  devices_unregistered?: number;
  /** The channels that received it; absent for the whole account. */
  effective_channel_slugs?: string[];
  /** Its tags. */
  tags?: string[];
  /** It only tested the key, since no device is paired yet. */
  credential_test?: boolean;
  /** A message of the service. */
  message?: string;
  /** The service's time, RFC 3339. */
  timestamp?: string;
  /** Other members of the answer: fields newer than this release. */
  extra?: { [name: string]: unknown };
  /** How the answer was obtained. */
  facts: ResponseFacts;
}

/** The answer to the value of a metric. */
export interface MetricResponse {
  /** The service's own flag. */
  success?: boolean;
  /** A message of the service. */
  message?: string;
  /** The service's time, RFC 3339. */
  timestamp?: string;
  /** Other members of the answer: fields newer than this release. */
  extra?: { [name: string]: unknown };
  /** How the answer was obtained. */
  facts: ResponseFacts;
}

/** The answer to a badge request. */
export interface BadgeResponse {
  /** The service's own flag. */
  success?: boolean;
  /** The number that was set. */
  badge?: number;
  /** On how many devices. */
  devices_updated?: number;
  /** How many users those devices belong to. */
  users_updated?: number;
  /** As `devices_updated`; the service keeps it for older clients. */
  devices_notified?: number;
  /** As `users_updated`; the service keeps it for older clients. */
  users_notified?: number;
  /** How many devices it was meant for. */
  devices_targeted?: number;
  /** How many devices were switched off since Apple does not know them any more. */
  devices_deactivated?: number;
  /** How many devices Apple does not know any more. */
  devices_unregistered?: number;
  /** The channels that received it; absent for the whole account. */
  effective_channel_slugs?: string[];
  /** The service's time, RFC 3339. */
  timestamp?: string;
  /** Other members of the answer: fields newer than this release. */
  extra?: { [name: string]: unknown };
  /** How the answer was obtained. */
  facts: ResponseFacts;
}

/** How the answer was obtained. Durations are in seconds. */
export interface ResponseFacts {
  /** The HTTP status; 0 when nothing was sent. */
  status: number;
  /** The number of requests sent; 0 when nothing was sent. */
  attempts: number;
  /** The time from the call to the answer, including all attempts and waits. */
  elapsed_seconds: number;
  /** The request id of the service or a proxy. */
  request_id?: string;
  /** Advice for a log: values that are accepted but may not display well. */
  advice?: string[];
  /** The service's rate limits, by policy. */
  rate_limits?: RateLimit[];
}

/** One policy of the service's request limits. */
export interface RateLimit {
  /** The policy's name. */
  policy: string;
  /** The number of requests left in the window. */
  remaining?: number;
  /** Time until the window restarts. */
  reset_seconds?: number;
  /** The number of requests that a window allows. */
  quota?: number;
  /** The window's length. */
  window_seconds?: number;
}

/** An event of a publisher. */
export interface PublisherEvent {
  /** The kind, for example `acknowledged`, `failing` or `not_arrived`; new kinds may appear. */
  kind: EventKind | (string & {});
  /** Human-readable message. */
  message: string;
  /** Whether it is a warning. */
  warning: boolean;
}

/** What can happen to a publisher. */
export type EventKind =
  | "acknowledged"
  | "rotated"
  | "throttled"
  | "paused"
  | "failing"
  | "recovered"
  | "refused"
  | "blocked"
  | "stopped"
  | "alert_replaced"
  | "alert_uncertain"
  | "ended"
  | "not_arrived"
  | "adjusted"
  | "after_end"
  | "advice"
  | "duplicate";

/** Event counters of a publisher. */
export interface Counters {
  /** Updates, including the first state. */
  updates: number;
  /** Updates that were replaced by a newer one before they were sent. */
  coalesced: number;
  /** States that were not sent because the device shows them already. */
  suppressed: number;
  /** Requests that were sent. */
  sent: number;
  /** Requests that the service accepted. */
  acknowledged: number;
  /** Requests that failed. */
  failed: number;
  /** Alerts that were replaced by a newer one before they were sent. */
  alerts_replaced: number;
}
