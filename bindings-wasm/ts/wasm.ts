// The core as WebAssembly, compiled when the first client is made. Where the module comes from is said by the entries.

import { initSync, Session as CoreSession } from "../pkg/glue.js";
import { ConfigError } from "./errors.js";

/** What the core asks of the runtime; neither function throws anything but a text. */
export interface Host {
  variable(name: string): string | undefined;
  readFile(path: string): string;
}

/** A session of the core. It throws errors as their JSON, its own misuse as a text; times are in milliseconds, calls are numbers. */
export interface Session {
  connectTimeout(): number;
  begin(call: string, monotonic: number, wall: number): string;
  head(call: number): string;
  timeLeft(call: number, monotonic: number): number;
  answered(
    call: number,
    status: number,
    headers: string,
    body: Uint8Array,
    monotonic: number,
    wall: number,
    jitter: number,
  ): string;
  unanswered(call: number, failure: string, detail: string, monotonic: number, wall: number, jitter: number): string;
  forget(call: number): void;
  redact(bytes: Uint8Array): Uint8Array;
  obstacle(): string | undefined;
  publish(streamKey: string, first: string, pace: number | undefined, monotonic: number): Publication;
  track(
    streamKey: string,
    title: string,
    total: number | undefined,
    pace: number | undefined,
    monotonic: number,
  ): Publication;
  count(publication: Publication, done: number, monotonic: number): boolean;
  update(publication: Publication, patch: string, urgent: boolean, monotonic: number): boolean;
  replace(publication: Publication, state: string, urgent: boolean, monotonic: number): boolean;
  hasten(publication: Publication): void;
  end(publication: Publication, how: string, detail: string, attended: boolean, monotonic: number): number;
  close(publication: Publication): void;
  newest(publication: Publication): string | undefined;
  ending(publication: Publication): string | undefined;
  news(): string | undefined;
  counters(publication: Publication): string;
  remove(publication: Publication): void;
  poll(monotonic: number, wall: number): string | undefined;
  wait(monotonic: number): number | undefined;
}

/** A publisher of the core. It is freed when nobody has it any more. */
export interface Publication {
  readonly number: number;
  look(): number | undefined;
}

let source: (() => WebAssembly.Module) | undefined;
let ready = false;

/** Says where the module comes from. */
export function loadFrom(module: () => WebAssembly.Module): void {
  source ??= module;
}

/** Opens a session that sends nothing, where the environment asks for that. */
export function openInertSession(host: Host): Session | undefined {
  load();
  return CoreSession.inert(host);
}

/** Opens a session with settings as the core reads them from JSON. */
export function openSession(settings: string, host: Host): Session {
  load();
  return new CoreSession(settings, host);
}

/** What is reported of a change that comes after an end, as JSON. */
export function afterEnd(): string {
  return CoreSession.afterEnd();
}

/** The largest answer that is read, in bytes. */
export function largestAnswer(): number {
  return CoreSession.largestAnswer();
}

function load(): void {
  if (ready) return;
  initSync({ module: compiled() });
  ready = true;
}

function compiled(): WebAssembly.Module {
  try {
    return source!();
  } catch (cause) {
    throw new ConfigError(
      "WebAssembly",
      "cannot be compiled here; a page must be UTF-8, and its Content-Security-Policy allow 'wasm-unsafe-eval'",
      { cause },
    );
  }
}
