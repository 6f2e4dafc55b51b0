// The options of a client and of a call, and how they are handed to the core, which checks what they hold.

import { encode, unsupported } from "./encode.js";
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

const CLIENT_OPTIONS: { [name in keyof Required<ClientOptions>]: true } = {
  apiKey: true,
  apiKeyFile: true,
  baseURL: true,
  timeout: true,
  connectTimeout: true,
  maxRetries: true,
  fetch: true,
  transport: true,
  logger: true,
  dangerouslyAllowBrowser: true,
};

const CALL_OPTIONS: { [name in keyof Required<CallOptions>]: true } = { signal: true, timeout: true, maxRetries: true };

/** A client's settings as the core reads them. */
export function settings(options: ClientOptions): string {
  refuseUnknown(options, CLIENT_OPTIONS);
  const { fetch, transport } = options;
  if (fetch !== undefined && typeof fetch !== "function") {
    throw new ConfigError("fetch", "is no function; give one that is called as the global fetch is");
  }
  if (transport !== undefined && typeof transport?.send !== "function") {
    throw new ConfigError("transport", "has no function send; give an object with one");
  }
  if (fetch && transport) throw new ConfigError("fetch", "is given beside transport; give one of them");
  const all = members({
    api_key: json(options.apiKey),
    api_key_file: json(options.apiKeyFile),
    base_url: json(options.baseURL),
    timeout_seconds: seconds(options.timeout),
    connect_timeout_seconds: seconds(options.connectTimeout),
    max_retries: json(options.maxRetries),
    agent: json(runtimeName()),
  });
  return `{${all.join()}}`;
}

/** A call's own limits as members of the core's call, each with a comma in front. */
export function limits(options: CallOptions): string {
  refuseUnknown(options, CALL_OPTIONS);
  const { signal, timeout, maxRetries } = options;
  if (signal != null && typeof signal.addEventListener !== "function") {
    throw new ConfigError("signal", "is no AbortSignal; give the signal of an AbortController");
  }
  if (timeout === undefined && maxRetries === undefined) return "";
  return ["", ...members({ timeout_seconds: seconds(timeout), max_retries: json(maxRetries) })].join();
}

/** The members of an object that are there, as JSON. */
function members(object: Record<string, string | undefined>): string[] {
  return Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`]));
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
function refuseUnknown(options: object, known: Record<string, true>): void {
  if (options === null || typeof options !== "object") {
    throw new ConfigError("options", `are no object; give an object with ${Object.keys(known).join(", ")}`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new ConfigError(name, `is no option; there are ${Object.keys(known).join(", ")}`);
    }
  }
}
