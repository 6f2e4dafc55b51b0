// The options of a client and of a call, and how they are handed to the core, which checks what they hold.

import { encode, encodePush, kindOf, object, withArticle } from "./encode.js";
import { ConfigError } from "./errors.js";
import type { Fetch } from "./fetch-transport.js";
import * as core from "./option-fields.js";
import { runtimeName } from "./runtime.js";
import type { Transport } from "./transport.js";

export type * from "./option-fields.js";

/** A logger, for example `console`. Missing methods are skipped. */
export interface Logger {
  debug?(message: string): void;
  warn?(message: string): void;
}

/** The settings of a client, all optional. Durations are in milliseconds. `connectTimeout` needs Node's own transport. */
export interface ClientOptions extends core.ClientOptions {
  /** Sends the requests, in place of `node:http` (in Node) or the global `fetch` (elsewhere). */
  fetch?: Fetch | undefined;
  /** Sends the requests in any other way. */
  transport?: Transport | undefined;
  /** Receives warnings and advice and, as debug messages, the outcome of each call. No log by default. */
  logger?: Logger | undefined;
  /** Allows a client in a browser, where every visitor can read the key. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Keeps an edge runtime alive for what publishers send after the response: `context.waitUntil.bind(context)`. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** The options of a single call. Durations are in milliseconds. */
export interface CallOptions extends core.CallOptions {
  /** Cancels the call when aborted. */
  signal?: AbortSignal | null | undefined;
}

/** Options by their names, and what the core calls them; nothing for those that it does not read. */
type Names<Options = Record<string, unknown>> = Record<keyof Options, string | undefined>;

const CLIENT: Names<ClientOptions> = {
  ...core.NAMES.client,
  fetch: undefined,
  transport: undefined,
  logger: undefined,
  dangerouslyAllowBrowser: undefined,
  waitUntil: undefined,
};
const CALL: Names<CallOptions> = { signal: undefined, ...core.NAMES.call };
/** The members of a `RequestInit`, which the official package takes in place of options. Beside the signal none has an effect. */
const INIT =
  /^(method|headers|body|mode|credentials|cache|redirect|referrer|referrerPolicy|integrity|keepalive|window|duplex|priority|dispatcher)$/;
const TRACK: Names<core.TrackOptions> = { title: undefined, total: undefined, ...core.NAMES.publish };

/** @internal A client's settings as the core reads them. */
export function settings(options: ClientOptions): string {
  const members = named(options, CLIENT);
  const { fetch, transport, waitUntil } = options;
  const isNone = (value: unknown) => value !== undefined && typeof value !== "function";
  if (isNone(fetch)) throw new ConfigError("fetch", "must be a function");
  if (transport !== undefined && isNone(transport?.send ?? null))
    throw new ConfigError("transport", "must be an object with a function send");
  if (isNone(waitUntil)) throw new ConfigError("waitUntil", "must be a function: context.waitUntil.bind(context)");
  if (fetch && transport) throw new ConfigError("fetch", "and transport exclude each other; give one of them");
  return object({ ...members, agent: json(runtimeName()) });
}

/** @internal A call's own limits as members of the core's call. */
export function limits(options: CallOptions): Names {
  const members = named(options, CALL);
  if (options.signal != null && typeof options.signal.addEventListener !== "function")
    throw new ConfigError("signal", "must be an AbortSignal");
  return members;
}

/** @internal What there is to publish as the core reads it. */
export function beginning(streamKey: unknown, body: string, options: core.PublishOptions): string {
  return object({ stream_key: encode(streamKey), body, ...named(options, core.NAMES.publish) });
}

/** @internal The same of items, whose number is given or known. */
export function tracked(
  streamKey: unknown,
  options: Partial<core.TrackOptions> = {},
  known: number | undefined,
): string {
  const members = named(options, TRACK);
  const { title, total = known } = options;
  const items = object({ total: amount("total", total, "items") });
  return object({ stream_key: encode(streamKey), body: object({ title: json(title) }), items, ...members });
}

/** @internal How a change is sent, as members of the core's change. */
export function urgency(options: core.ChangeOptions): Names {
  return named(options, core.NAMES.change);
}

/** @internal How long a state is waited for, as the core reads it. */
export function flush(options: core.FlushOptions): string {
  return object(named(options, core.NAMES.flush));
}

/** Options under the core's names, as JSON. An option that is not known would be one that has no effect. */
function named(options: object, names: Names): Names {
  const known = Object.keys(names);
  plain(options);
  const isKnown = (name: string) => known.includes(name) || (names === CALL && INIT.test(name));
  const unknown = Object.keys(options).find((name) => !isKnown(name));
  if (unknown !== undefined) {
    const bare = (name: string) => name.replaceAll("_", "").toLowerCase();
    const meant = known.find((name) => bare(name) === bare(unknown));
    const hint = meant ? `did you mean ${meant}?` : `known options: ${known.join(", ")}`;
    throw Object.assign(new ConfigError("unknown option", `${unknown}; ${hint}`), { setting: unknown });
  }
  const members: Names = {};
  for (const [name, called] of Object.entries(names)) {
    const value = (options as Record<string, unknown>)[name];
    if (called?.startsWith("on_")) members[called] = value === undefined ? undefined : encodePush(value);
    else if (called !== undefined) members[called] = called.endsWith("_seconds") ? amount(name, value) : json(value);
  }
  return members;
}

/** @internal What a call takes before its options: fields of the request. An option has no place among them. */
export function fields<Fields extends object>(given: Fields | null | undefined, example: string): Fields | undefined {
  if (given == null) return undefined;
  plain(given);
  const option = Object.keys(given).find((name) => Object.hasOwn(CALL, name));
  if (option !== undefined) throw new ConfigError(option, `is one of the options, which come last: ${example}`);
  return given;
}

/** Anything but an object of members would have no effect. */
function plain(given: unknown): void {
  const kind = typeof given === "object" && given !== null ? kindOf(given) : typeof given;
  if (kind === "Object") return;
  // The official package takes functions.
  const hint = kind === "AbortSignal" || kind === "function" ? "pass { signal }" : "give an object";
  throw new ConfigError("options", `is ${given === null ? "null" : withArticle(kind)}; ${hint}`);
}

/** Items as a whole number, and milliseconds as seconds. JSON has no infinity, and the core no larger numbers. */
function amount(name: string, value: unknown, unit: "milliseconds" | "items" = "milliseconds"): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= 0) {
    const most = Math.min(value, Number.MAX_SAFE_INTEGER);
    return JSON.stringify(unit === "items" ? Math.trunc(most) : most / 1000);
  }
  const kind = value === null ? "null" : withArticle(typeof value);
  const is = typeof value === "number" ? value : kind;
  throw new ConfigError(name, `is ${is}; give a number of ${unit} of at least 0`);
}

function json(value: unknown): string | undefined {
  return value === undefined ? undefined : encode(value);
}
