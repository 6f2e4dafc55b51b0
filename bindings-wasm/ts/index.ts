// What the package gives, in every runtime.

export { ActivitySmith, ActivitySmith as default } from "./client.js";
export type { CallPromise, WithResponse } from "./call.js";
export {
  AbortError,
  ActivityLimitReached,
  ActivitySmithError,
  ApiError,
  BadRequest,
  BillingBlocked,
  ConfigError,
  ConnectionError,
  Forbidden,
  NoRecipients,
  NotFound,
  RateLimited,
  Redirect,
  ServerError,
  TimeoutError,
  Unauthorized,
  Unreadable,
  ValidationError,
} from "./errors.js";
export type { ErrorDetails, Violation } from "./errors.js";
export type { Fetch } from "./fetch-transport.js";
export type { EndParameters, LiveActivities, RawAnswer, StreamParameters } from "./live-activities.js";
export type {
  Action,
  Alert,
  Badge,
  Color,
  ContentState,
  Counters,
  ErrorKind,
  EventKind,
  Icon,
  Metric,
  Metrics,
  OpenUrl,
  Operation,
  Progress,
  PushAlert,
  RateLimit,
  ResponseFacts,
  SegmentedProgress,
  StateType,
  Stats,
  StreamResponse,
  Timer,
  Update,
  Value,
  ViolationCode,
  Webhook,
  WebhookMethod,
} from "./models.js";
export type {
  CallOptions,
  ChangeOptions,
  ClientOptions,
  FlushOptions,
  Logger,
  PublishOptions,
  TrackOptions,
} from "./options.js";
export type { Publisher, PublisherEvent } from "./publisher.js";
export type {
  Dismissal,
  EndRequest,
  FinalState,
  FirstState,
  Patch,
  PublishRequest,
  StreamRequest,
  StreamState,
} from "./requests.js";
export type { Track, TrackSync } from "./track.js";
export { TransportError } from "./transport.js";
export type { Transport, TransportAnswer, TransportFailure, TransportOptions, TransportRequest } from "./transport.js";
