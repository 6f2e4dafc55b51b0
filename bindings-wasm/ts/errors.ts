// The error tree: every failure of a call or of a client's settings is one of these. What they say comes from the core;
// how it becomes one of them is in decode.ts. Generated from the core's models by `cargo xtask generate`; not to be edited.

import type { ErrorKind, ViolationCode } from "./models.js";
import { type HeaderList, responseOf } from "./response.js";

/** One broken rule. */
export interface Violation {
  /** The path, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole. */
  path: string;
  /** The kind of rule. */
  code: ViolationCode | (string & {});
  /** A sentence that names the field, what is wrong and what to do. */
  message: string;
}

/** An error as the core writes it. */
export interface ErrorDetails {
  kind: ErrorKind | (string & {});
  description: string;
  /** @internal The answer's, in a call. */
  headers?: HeaderList;
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
  /** Whether the same call may succeed later, unchanged. */
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

/** A setting is missing or invalid. */
export class ConfigError extends ActivitySmithError {
  /** The name of the setting. */
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

/** The service answered with an error. */
export class ApiError extends ActivitySmithError {
  /** The HTTP status. */
  readonly status: number;
  /** The machine-readable name, if the answer had one: its `code`, or else its `error` label. */
  readonly code: string | undefined;
  /** The service's message, if the answer had one. The wording may change; do not compare it. */
  readonly detail: string | undefined;
  /** The answer's body, shortened to 64 KiB. */
  readonly body: string;
  /** The request id of the service or a proxy. */
  readonly requestId: string | undefined;
  /** How long to wait before the next attempt, if the service said so. In milliseconds. */
  readonly retryAfter: number | undefined;
  /** The `Date` header of the answer. */
  readonly date: string | undefined;
  // Out of sight, since they are many.
  readonly #headers: HeaderList;

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
    this.#headers = details.headers ?? [];
  }

  /** The answer as a `Response`, where programs written for the official package look for it. A publisher's error has no headers. */
  get response(): Response {
    return responseOf(this.status, this.body, this.#headers);
  }

  /** The answer's headers. */
  get headers(): Headers {
    return this.response.headers;
  }
}

/** 400 and other refusals of the request itself. */
export class BadRequest extends ApiError {}

/** 401: the API key is unknown. */
export class Unauthorized extends ApiError {}

/** 402: the trial is over, or a spending cap is reached. */
export class BillingBlocked extends ApiError {
  /** Where to resolve it. */
  readonly upgradeUrl: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.upgradeUrl = details.upgrade_url ?? undefined;
  }
}

/** 403: the key lacks permission, for example for that channel. */
export class Forbidden extends ApiError {}

/** 404: nothing has this name, or the base URL is not the API's. */
export class NotFound extends ApiError {}

/** 409: what is there stands against the request, for example a notification that can no longer be replaced. */
export class Conflict extends ApiError {}

/** 422 (404 of older services): there is no device to deliver to. It resolves when a device is paired. */
export class NoRecipients extends ApiError {
  /** The channels without a device; absent for the whole account. */
  readonly effectiveChannelSlugs: readonly string[] | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.effectiveChannelSlugs = details.effective_channel_slugs ?? undefined;
  }
}

/** 429: too many requests for now; see `retryAfter`. */
export class RateLimited extends ApiError {}

/** 429: the limit of running Live Activities is reached. It resolves when one ends. */
export class ActivityLimitReached extends ApiError {
  /** The limit. */
  readonly limit: number | undefined;
  /** The number of running activities. */
  readonly active: number | undefined;
  /** The number of targeted devices at the limit, where only some are. */
  readonly blockedDevices: number | undefined;
  /** The number of targeted devices. */
  readonly targetedDevices: number | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.limit = details.limit ?? undefined;
    this.active = details.active ?? undefined;
    this.blockedDevices = details.blocked_devices ?? undefined;
    this.targetedDevices = details.targeted_devices ?? undefined;
  }
}

/** 5xx and 408: the service, or a proxy in front of it, failed. */
export class ServerError extends ApiError {}

/** 3xx: redirects are not followed, since they would forward the key. */
export class Redirect extends ApiError {
  /** The target. */
  readonly location: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details, options);
    this.location = details.location ?? undefined;
  }
}

/** A success whose body is not the service's, for example a captive portal's page. */
export class Unreadable extends ApiError {}

/** The call's `signal` was aborted; `cause` is its reason. The service may have carried out the request. */
export class AbortError extends ActivitySmithError {
  constructor(cause: unknown, attempts: number) {
    super({ kind: "aborted", description: "the call was aborted by its signal", attempts }, { cause });
  }
}
