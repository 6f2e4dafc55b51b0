// The error tree: every failure of a call or of a client's settings is one of these. What they say comes from the core;
// how it becomes one of them is in decode.ts. Generated from the core's models by `cargo xtask generate`; not to be edited.

import type { ErrorKind, ViolationCode } from "./models.js";
import { ofFetch } from "./runtime.js";

/** One broken rule. */
export interface Violation {
  /** Where, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole. */
  path: string;
  /** Which kind of rule. */
  code: ViolationCode | (string & {});
  /** A sentence that names the field, what is wrong and what to do. */
  message: string;
}

/** An error as the core writes it. */
export interface ErrorDetails {
  kind: ErrorKind | (string & {});
  description: string;
  transient?: boolean;
  attempts?: number;
  setting?: string;
  problem?: string;
  violations?: Violation[];
  status?: number;
  code?: string | null;
  message?: string | null;
  body?: string;
  request_id?: string | null;
  retry_after_seconds?: number | null;
  date?: string | null;
  upgrade_url?: string | null;
  effective_channel_slugs?: string[] | null;
  limit?: number | null;
  active?: number | null;
  blocked_devices?: number | null;
  targeted_devices?: number | null;
  location?: string | null;
}

/** A call failed. The error holds no key. */
export class ActivitySmithError extends Error {
  /** The kind of failure as text, the same in every language; `aborted` and `internal` are this one's own. */
  readonly kind: ErrorKind | "aborted" | "internal" | (string & {});
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly isTransient: boolean;
  /** How often it was tried; 0 when nothing was sent. */
  readonly attempts: number;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details.description, options);
    this.kind = details.kind;
    this.isTransient = details.transient ?? false;
    this.attempts = details.attempts ?? 0;
  }
}

/** A setting that is missing or cannot be used. */
export class ConfigError extends ActivitySmithError {
  /** Which setting, by the name under which it was given. */
  readonly setting: string;
  /** What is wrong and what to do. */
  readonly problem: string;

  constructor(setting: string, problem: string, options?: ErrorOptions) {
    super({ kind: "config", description: `${setting} ${problem}` }, options);
    this.setting = setting;
    this.problem = problem;
  }
}

/** The request breaks rules of the API. Nothing was sent. */
export class ValidationError extends ActivitySmithError {
  /** Every broken rule, at least one. */
  readonly violations: readonly Violation[];

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.violations = details.violations ?? [];
  }
}

/** No answer came: the service was not reached, or the connection broke. */
export class ConnectionError extends ActivitySmithError {}

/** No answer came in time. The service may have done what was asked. */
export class TimeoutError extends ConnectionError {}

/**
 * The client is closed, or the handle belongs to another process. A call that was under way may have been carried out.
 */
export class ClosedError extends ActivitySmithError {}

/** The service answered, but not with success. */
export class ApiError extends ActivitySmithError {
  /** The HTTP status. */
  readonly status: number;
  /** The machine-readable name, if the answer had one: its `code`, or else its `error` label. */
  readonly code: string | undefined;
  /** The service's prose, if the answer had one. It changes; do not compare it. */
  readonly detail: string | undefined;
  /** The answer's body, shortened to 64 KiB. */
  readonly body: string;
  /** The service's or a proxy's name for the request. */
  readonly requestId: string | undefined;
  /** How long to wait before the next try, if the service said so. In milliseconds. */
  readonly retryAfter: number | undefined;
  /** What time it was where the answer came from, as its `Date` header says. */
  readonly date: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.status = details.status ?? 0;
    this.code = details.code ?? undefined;
    this.detail = details.message ?? undefined;
    this.body = details.body ?? "";
    this.requestId = details.request_id ?? undefined;
    const seconds = details.retry_after_seconds ?? undefined;
    this.retryAfter = seconds === undefined ? undefined : seconds * 1000;
    this.date = details.date ?? undefined;
  }

  /** Status and body as a `Response`, where programs written for the official package look for them. */
  get response(): Response {
    // Some statuses have no body, and some that come over the wire are none to a `Response`.
    const bare = this.status === 204 || this.status === 205 || this.status === 304;
    const status = this.status >= 200 && this.status <= 599 ? this.status : 500;
    return new (ofFetch("Response"))(bare ? null : this.body, { status });
  }
}

/** 400 and other refusals of the request itself. */
export class BadRequest extends ApiError {}

/** 401: no such key. */
export class Unauthorized extends ApiError {}

/** 402: the trial is over, or a spending cap is reached. */
export class BillingBlocked extends ApiError {
  /** Where to change that. */
  readonly upgradeUrl: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.upgradeUrl = details.upgrade_url ?? undefined;
  }
}

/** 403: the key may not do this, for example not reach that channel. */
export class Forbidden extends ApiError {}

/** 404: no such stream, or not the API's address. */
export class NotFound extends ApiError {}

/** 422 (404 of older services): nobody to deliver to. It heals when somebody pairs a device. */
export class NoRecipients extends ApiError {
  /** The channels that had nobody; none for the whole account. */
  readonly effectiveChannelSlugs: readonly string[] | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.effectiveChannelSlugs = details.effective_channel_slugs ?? undefined;
  }
}

/** 429: too many requests for now; see `retryAfter`. */
export class RateLimited extends ApiError {}

/** 429: as many activities run as there may. It heals only when one ends. */
export class ActivityLimitReached extends ApiError {
  /** How many may run. */
  readonly limit: number | undefined;
  /** How many run. */
  readonly active: number | undefined;
  /** How many targeted devices are full, where only some are. */
  readonly blockedDevices: number | undefined;
  /** How many devices were targeted. */
  readonly targetedDevices: number | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.limit = details.limit ?? undefined;
    this.active = details.active ?? undefined;
    this.blockedDevices = details.blocked_devices ?? undefined;
    this.targetedDevices = details.targeted_devices ?? undefined;
  }
}

/** 5xx and 408: the service, or something in front of it, is in trouble. */
export class ServerError extends ApiError {}

/** 3xx: redirects are not followed, since the key would go along. */
export class Redirect extends ApiError {
  /** Where it points. */
  readonly location: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.location = details.location ?? undefined;
  }
}

/** A success whose body is not the service's, for example a network's log-in page. */
export class Unreadable extends ApiError {}

/** The call's `signal` was aborted; `cause` is its reason. What was sent may have been carried out. */
export class AbortError extends ActivitySmithError {
  constructor(cause: unknown, attempts: number) {
    super({ kind: "aborted", description: "the call was aborted by its signal", attempts }, { cause });
  }
}
