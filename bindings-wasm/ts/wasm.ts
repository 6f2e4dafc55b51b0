// The core as WebAssembly, compiled when the first client is made. Where the module comes from is said by the entries.

import { initSync, Session as CoreSession } from "../pkg/glue.js";
import { ConfigError } from "./errors.js";

/** What the core asks of the runtime; neither function throws anything but a text. */
export interface Host {
  variable(name: string): string | undefined;
  readFile(path: string): string;
}

/** A session of the core. It throws the core's errors as JSON; times are in milliseconds. */
export interface Session {
  connectTimeout(): number;
  begin(call: string, monotonic: number, wall: number): Exchange;
  request(exchange: Exchange): string;
  answered(
    exchange: Exchange,
    status: number,
    headers: string,
    body: Uint8Array,
    monotonic: number,
    wall: number,
    jitter: number,
  ): string;
  unanswered(
    exchange: Exchange,
    failure: string,
    detail: string,
    monotonic: number,
    wall: number,
    jitter: number,
  ): string;
}

/** A call of the core under way; it must be freed. */
export interface Exchange {
  outcome(): string | undefined;
  timeLeft(monotonic: number): number;
  free(): void;
}

let source: (() => WebAssembly.Module) | undefined;
let ready = false;

/** Says where the module comes from. */
export function loadFrom(module: () => WebAssembly.Module): void {
  source ??= module;
}

/** Opens a session with settings as the core reads them from JSON. */
export function openSession(settings: string, host: Host): Session {
  if (!ready) {
    initSync({ module: compiled() });
    ready = true;
  }
  return new CoreSession(settings, host) as Session;
}

function compiled(): WebAssembly.Module {
  try {
    return source!();
  } catch (cause) {
    throw new ConfigError(
      "WebAssembly",
      "cannot be compiled here; a page whose Content-Security-Policy limits scripts must allow 'wasm-unsafe-eval'",
      { cause },
    );
  }
}
