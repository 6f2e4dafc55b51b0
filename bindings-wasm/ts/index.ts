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
  ErrorKind,
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
export type { CallOptions, ClientOptions, Logger } from "./options.js";
export type { Dismissal, EndRequest, FinalState, StreamRequest, StreamState } from "./requests.js";
export { TransportError } from "./transport.js";
export type { Transport, TransportAnswer, TransportFailure, TransportOptions, TransportRequest } from "./transport.js";
