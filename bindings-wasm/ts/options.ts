// The options of a client and of a call, and how they are handed to the core, which checks what they hold.

import { encode, object, unsupported } from "./encode.js";
import { ConfigError } from "./errors.js";
import type { Fetch } from "./fetch-transport.js";
import { runtimeName } from "./runtime.js";
import type { Transport } from "./transport.js";

/** Where warnings and details go; `console` will do. What it lacks is not called. */
export interface Logger {
  debug?(message: string): void;
  warn?(message: string): void;
}

/** What a client is set up with. All is optional; durations are in milliseconds. */
export interface ClientOptions {
  /**
   * The API key. Else it is read at the first call: from `ACTIVITYSMITH_API_KEY`, or the file that
   * `ACTIVITYSMITH_API_KEY_FILE` names.
   */
  apiKey?: string | undefined;
  /** The file that holds the API key, and nothing else but white space; it is read at the first call. */
  apiKeyFile?: string | undefined;
  /** Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only. */
  baseURL?: string | undefined;
  /** How long a whole call may take, with all attempts and pauses: at most a day, 15,000 by default. */
  timeout?: number | undefined;
  /** How long connecting may take: at most a day, 5,000 by default. Only Node's own transport can tell. */
  connectTimeout?: number | undefined;
  /** How often a request is repeated at most, where that is safe: 2 by default. */
  maxRetries?: number | undefined;
  /** Carries the requests in place of `node:http` (in Node) or the global `fetch` (elsewhere). */
  fetch?: Fetch | undefined;
  /** Carries the requests in any other way. */
  transport?: Transport | undefined;
  /** Hears the service's warnings, the core's advice and, as details, the outcome of each call. Silent by default. */
  logger?: Logger | undefined;
  /** Lets a client be made in a browser, where every visitor can read the key. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Has an edge runtime wait for what publishers send after the answer: `context.waitUntil.bind(context)`. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** What a single call may have otherwise. Durations are in milliseconds. */
export interface CallOptions {
  /** Ends the call at once when it is aborted. */
  signal?: AbortSignal | null | undefined;
  /** How long this call may take, with all attempts and pauses. */
  timeout?: number | undefined;
  /** How often this request is repeated at most. */
  maxRetries?: number | undefined;
}

/** How a stream is published. */
export interface PublishOptions {
  /**
   * So many milliseconds lie between two updates at least, whatever iOS makes of that: for short shows. By default it is as often as
   * iOS shows it.
   */
  pace?: number | undefined;
}

/** What is shown of items. */
export interface TrackOptions extends PublishOptions {
  /** The headline. */
  title: string;
  /** How many items there are, where they do not tell themselves. */
  total?: number | undefined;
}

/** How a change is sent. */
export interface ChangeOptions {
  /** Has a figure go as soon as any other change. */
  urgent?: boolean | undefined;
}

/** How a state is waited for. */
export interface FlushOptions {
  /** At most so many milliseconds: 10,000 by default. */
  timeout?: number | undefined;
}

/** A client's settings as the core reads them. */
export function settings(options: ClientOptions): string {
  refuseUnknown(options, [
    "apiKey",
    "apiKeyFile",
    "baseURL",
    "timeout",
    "connectTimeout",
    "maxRetries",
    "fetch",
    "transport",
    "logger",
    "dangerouslyAllowBrowser",
    "waitUntil",
  ]);
  const { fetch, transport, waitUntil } = options;
  if (fetch !== undefined && typeof fetch !== "function") {
    throw new ConfigError("fetch", "is no function; give one that is called as the global fetch is");
  }
  if (transport !== undefined && typeof transport?.send !== "function") {
    throw new ConfigError("transport", "has no function send; give an object with one");
  }
  if (waitUntil !== undefined && typeof waitUntil !== "function") {
    throw new ConfigError("waitUntil", "is no function; give that of the runtime's context, bound to it");
  }
  if (fetch && transport) throw new ConfigError("fetch", "is given beside transport; give one of them");
  return object({
    api_key: json(options.apiKey),
    api_key_file: json(options.apiKeyFile),
    base_url: json(options.baseURL),
    timeout_seconds: seconds(options.timeout),
    connect_timeout_seconds: seconds(options.connectTimeout),
    max_retries: json(options.maxRetries),
    agent: json(runtimeName()),
  });
}

/** A call's own limits as members of the core's call. */
export function limits(options: CallOptions): Record<string, string | undefined> {
  refuseUnknown(options, ["signal", "timeout", "maxRetries"]);
  const { signal, timeout, maxRetries } = options;
  if (signal != null && typeof signal.addEventListener !== "function") {
    throw new ConfigError("signal", "is no AbortSignal; give the signal of an AbortController");
  }
  return { timeout_seconds: seconds(timeout), max_retries: json(maxRetries) };
}

/** What there is to publish as the core reads it, with its pace. */
export function beginning(streamKey: unknown, body: string, options: PublishOptions): string {
  refuseUnknown(options, ["pace"]);
  return object({ stream_key: encode(streamKey), body, pace_seconds: amount("pace", options.pace, "milliseconds") });
}

/** The same of items, whose number is given or known. */
export function tracked(streamKey: unknown, options: TrackOptions, known: number | undefined): string {
  refuseUnknown(options, ["title", "total", "pace"]);
  const { title, total = known, pace } = options;
  return object({
    stream_key: encode(streamKey),
    body: object({ title: encode(title) }),
    pace_seconds: amount("pace", pace, "milliseconds"),
    items: object({ total: amount("total", total, "items") }),
  });
}

/** Whether a change is urgent, as the core reads it. */
export function urgency(options: ChangeOptions): string {
  refuseUnknown(options, ["urgent"]);
  return encode(options.urgent ?? false);
}

/** How long a state is waited for, as the core reads it. */
export function flush(options: FlushOptions): string {
  refuseUnknown(options, ["timeout"]);
  return object({ timeout_seconds: amount("timeout", options.timeout, "milliseconds") });
}

/** What is counted in items as a whole number, and what is a time in seconds. JSON has no infinity, and the core no larger numbers. */
function amount(name: string, value: unknown, unit: "milliseconds" | "items"): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= 0) {
    const most = Math.min(value, Number.MAX_SAFE_INTEGER);
    return JSON.stringify(unit === "items" ? Math.trunc(most) : most / 1000);
  }
  const is = typeof value === "number" ? `${value}` : `a ${value === null ? "null" : typeof value}`;
  throw new ConfigError(name, `is ${is}; give a number of ${unit} of at least 0`);
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : encode(value);
}

/** A duration in seconds. What is no number is for the core to refuse, and must not look like seconds to it. */
function seconds(milliseconds: unknown): string | undefined {
  if (typeof milliseconds === "number") return encode(milliseconds / 1000);
  if (typeof milliseconds === "bigint") return unsupported("a BigInt");
  if (typeof milliseconds === "object" && milliseconds !== null) return unsupported("an object");
  return json(milliseconds);
}

/** An option that is not known would be one that has no effect. */
function refuseUnknown<Options extends object>(options: Options, known: (keyof Options & string)[]): void {
  if (options === null || typeof options !== "object") {
    throw new ConfigError("options", `are no object; give an object with ${known.join(", ")}`);
  }
  for (const name of Object.keys(options)) {
    if (!(known as string[]).includes(name)) {
      throw new ConfigError(name, `is no option; there are ${known.join(", ")}`);
    }
  }
}
