// The options that are the core's. Generated from the core's models by `cargo xtask generate`; not to be edited.

/** What a session or a client is set up with. Durations are in milliseconds. */
export interface ClientOptions {
  /**
   * The API key. Else it is read at the first call: from `ACTIVITYSMITH_API_KEY`, or from the file that
   * `ACTIVITYSMITH_API_KEY_FILE` names.
   */
  apiKey?: string | undefined;
  /** The file that holds the API key, and nothing else but white space; it is read at the first call. */
  apiKeyFile?: string | undefined;
  /** Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only. */
  baseURL?: string | undefined;
  /** How long a whole call may take, with all attempts and pauses: at most a day, 15 seconds by default. */
  timeout?: number | undefined;
  /** How long connecting may take: at most a day, 5 seconds by default. */
  connectTimeout?: number | undefined;
  /** How often a request is repeated at most, where that is safe: 2 by default. */
  maxRetries?: number | undefined;
  /**
   * How long the end of a publisher may take. Else `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2 seconds after a
   * success and 5 after a failure.
   */
  flushTimeout?: number | undefined;
}

/** What a single call may have in place of the client's settings. Durations are in milliseconds. */
export interface CallOptions {
  /** How long this call may take, with all attempts and pauses. */
  timeout?: number | undefined;
  /** How often this request is repeated at most, where that is safe. */
  maxRetries?: number | undefined;
}

/** How a stream is published. Durations are in milliseconds. */
export interface PublishOptions {
  /** Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them. */
  minInterval?: number | undefined;
  /** How long the end may take; else as the client's `flushTimeout` says. */
  flushTimeout?: number | undefined;
  /** How long nothing is sent, unless the job fails: a job that is over before shows nothing. */
  showAfter?: number | undefined;
}

/** What is shown of items. */
export interface TrackOptions extends PublishOptions {
  /** The headline; not blank. */
  title: string;
  /** How many items there are, where they do not tell it themselves. */
  total?: number | undefined;
}

/** How a change is sent. */
export interface ChangeOptions {
  /** Has a figure go as soon as any other change. */
  urgent?: boolean | undefined;
}

/** How a state is waited for. Durations are in milliseconds. */
export interface FlushOptions {
  /** How long at most: 10 seconds by default. */
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
  },
  change: { urgent: "urgent" },
  flush: { timeout: "timeout_seconds" },
};
