// The options that are the core's. Generated from the core's models by `cargo xtask generate`; not to be edited.

import type { Push } from "./requests.js";

/** The settings of a client. Durations are in milliseconds. */
export interface ClientOptions {
  /** The API key. Default: `ACTIVITYSMITH_API_KEY`, or the file `ACTIVITYSMITH_API_KEY_FILE`, at the first call. */
  apiKey?: string | undefined;
  /** The file with the API key and nothing else but white space, read at the first call. */
  apiKeyFile?: string | undefined;
  /** The base URL. Default: `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only. */
  baseURL?: string | undefined;
  /** The timeout of a call, including all attempts and pauses: at most one day, 15 seconds by default. */
  timeout?: number | undefined;
  /** The timeout of connecting: at most one day, 5 seconds by default. */
  connectTimeout?: number | undefined;
  /** The maximum number of retries, where retrying is safe: 2 by default. */
  maxRetries?: number | undefined;
  /**
   * The timeout of a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2 seconds after a
   * success and 5 after a failure.
   */
  flushTimeout?: number | undefined;
}

/** The options of a single call, in place of the client's settings. Durations are in milliseconds. */
export interface CallOptions {
  /** The timeout of this call, including all attempts and pauses. */
  timeout?: number | undefined;
  /** The maximum number of retries, where retrying is safe. */
  maxRetries?: number | undefined;
}

/** Options of publishing. Durations are in milliseconds. */
export interface PublishOptions {
  /** Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them. */
  minInterval?: number | undefined;
  /** The timeout of the end. Default: the client's `flushTimeout`. */
  flushTimeout?: number | undefined;
  /** Sends nothing for this time, unless the job fails: a shorter job is never shown. */
  showAfter?: number | undefined;
  /** A push notification if the job fails. If it cannot be sent, that is logged. */
  onFailure?: Push | string | undefined;
  /** A push notification if the job succeeds. If it cannot be sent, that is logged. */
  onSuccess?: Push | string | undefined;
}

/** Options of a tracked loop. */
export interface TrackOptions extends PublishOptions {
  /** The headline; not blank. */
  title: string;
  /** The number of items, where it cannot be determined. */
  total?: number | undefined;
}

/** Options of a change. */
export interface ChangeOptions {
  /** Sends numbers as soon as any other change. */
  urgent?: boolean | undefined;
}

/** Options of a flush. Durations are in milliseconds. */
export interface FlushOptions {
  /** The timeout: 10 seconds by default. */
  timeout?: number | undefined;
}

/** @internal What the core calls each of them. */
export const NAMES = {
  client: {
    apiKey: "api_key",
    apiKeyFile: "api_key_file",
    baseURL: "base_url",
    timeout: "timeout_seconds",
    connectTimeout: "connect_timeout_seconds",
    maxRetries: "max_retries",
    flushTimeout: "flush_timeout_seconds",
  },
  call: { timeout: "timeout_seconds", maxRetries: "max_retries" },
  publish: {
    minInterval: "min_interval_seconds",
    flushTimeout: "flush_timeout_seconds",
    showAfter: "show_after_seconds",
    onFailure: "on_failure",
    onSuccess: "on_success",
  },
  change: { urgent: "urgent" },
  flush: { timeout: "timeout_seconds" },
};
