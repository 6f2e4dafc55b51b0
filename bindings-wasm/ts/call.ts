// One call from its request to its outcome: sends, waits and sends again, as the core says. The only loop of this
// package.

import { type Attempt, attempt, type TransportLimits } from "./attempt.js";
import { coreCall, type Subject } from "./core-call.js";
import { fromCore, fromThrown } from "./decode.js";
import { AbortError, type ErrorDetails } from "./errors.js";
import { log, report } from "./log.js";
import type { StreamResponse } from "./models.js";
import type { CallOptions, Logger } from "./options.js";
import { readMonotonic } from "./runtime.js";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.js";
import type { Exchange, Session } from "./wasm.js";

/** @internal What calls of a client share. */
export interface Connection {
  readonly session: Session;
  /** Nothing is ever sent, and no option of a call is looked at. */
  readonly inert: boolean;
  readonly limits: TransportLimits;
  readonly transport: Transport;
  /** What may help where no connection came about. */
  readonly hint: (request: TransportRequest) => string;
  readonly logger: Logger | undefined;
  /** Has the runtime wait for what goes on in the background. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

/** The outcome of a call, and the answer that it came from; none where nothing was sent. */
export interface WithResponse {
  data: StreamResponse;
  response: Response | undefined;
}

/** The promise of a call. */
export interface CallPromise extends Promise<StreamResponse> {
  /** The outcome together with the service's answer: status, headers and body. */
  withResponse(): Promise<WithResponse>;
}

/** What the core says to do next. */
type Step = { done: StreamResponse } | { failed: ErrorDetails } | { retry_after_seconds: number };

/** A request but for its body. */
interface Head {
  method: string;
  base_url: string;
  loopback: boolean;
  path: string;
  headers: Record<string, string>;
}

interface Outcome {
  data: StreamResponse;
  answer: TransportAnswer | undefined;
}

/** @internal Begins a call. What it is about is asked for where a failure to tell rejects the promise. */
export function call(
  connection: Connection,
  purpose: "stream" | "end",
  subject: () => Subject,
  options: CallOptions = {},
): CallPromise {
  const outcome = perform(connection, purpose, subject, options);
  const data = outcome.then(({ data }) => data) as CallPromise;
  data.withResponse = () => {
    // Whoever asks for both hears of a failure here, and nowhere else.
    data.catch(() => {});
    return outcome.then(({ data, answer }) => ({ data, response: answer && response(connection.session, answer) }));
  };
  return data;
}

async function perform(
  connection: Connection,
  purpose: "stream" | "end",
  subject: () => Subject,
  options: CallOptions,
): Promise<Outcome> {
  try {
    const signal = options?.signal ?? undefined;
    if (signal?.aborted) throw new AbortError(signal.reason, 0);
    const about = subject();
    const text = coreCall(purpose, about, connection.inert ? undefined : options);
    const exchange = connection.session.begin(text, readMonotonic(), Date.now());
    try {
      const { streamKey } = about;
      // Where nothing is sent, it may be anything.
      return await drive(connection, exchange, typeof streamKey === "string" ? streamKey : "", signal);
    } finally {
      exchange.free();
    }
  } catch (thrown) {
    throw fromThrown(thrown);
  }
}

async function drive(
  { session, limits, transport, hint, logger }: Connection,
  exchange: Exchange,
  streamKey: string,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const inert = exchange.outcome();
  if (inert !== undefined) return { data: JSON.parse(inert), answer: undefined };
  const request = outgoing(session, exchange);
  for (let attempts = 1; ; attempts++) {
    const timeLeft = exchange.timeLeft(readMonotonic());
    const attempted = await attempt(transport, request, limits, timeLeft, signal, attempts);
    const step: Step = JSON.parse(handOver(session, exchange, attempted));
    if ("done" in step) {
      report(logger, streamKey, step.done);
      return { data: step.done, answer: "answer" in attempted ? attempted.answer : undefined };
    }
    if ("failed" in step) {
      const { failure = undefined, cause = undefined } = "failure" in attempted ? attempted : {};
      if (failure === "connect" || failure === "connect_timeout") step.failed.description += hint(request);
      const error = fromCore(step.failed, cause);
      log(logger, "debug", `${streamKey}: ${error.message}`);
      throw error;
    }
    const pause = step.retry_after_seconds * 1000;
    log(logger, "debug", `${streamKey}: trying again in ${Math.round(pause)} ms`);
    await sleep(pause, signal, attempts);
  }
}

/** @internal What to send. */
export function outgoing(session: Session, exchange: Exchange): TransportRequest {
  const text = session.request(exchange);
  // JSON on one line, so that the first line break is what separates the two.
  const end = text.indexOf("\n");
  const head = JSON.parse(end < 0 ? text : text.slice(0, end)) as Head;
  const { method, base_url, path, headers, loopback } = head;
  return { method, url: base_url + path, loopback, headers, body: end < 0 ? undefined : text.slice(end + 1) };
}

/** @internal Hands an attempt to the core. A hint is told with the failure to connect. */
export function handOver(session: Session, exchange: Exchange, attempted: Attempt, hint = ""): string {
  const [monotonic, wall, chance] = [readMonotonic(), Date.now(), Math.random()];
  if ("failure" in attempted) {
    const { failure, cause } = attempted;
    const detail = describe(cause) + (failure === "connect" ? hint : "");
    return session.unanswered(exchange, failure, detail, monotonic, wall, chance);
  }
  const { answer, lines } = attempted;
  return session.answered(exchange, answer.status, lines, answer.body, monotonic, wall, chance);
}

function describe(cause: unknown): string {
  try {
    return cause instanceof Error ? String(cause.message) : String(cause);
  } catch {
    return "the transport failed with something that has no text";
  }
}

function sleep(milliseconds: number, signal: AbortSignal | undefined, attempts: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // It may have been aborted since anybody listened.
    if (signal?.aborted) return reject(new AbortError(signal.reason, attempts));
    const abort = () => {
      clearTimeout(timer);
      reject(new AbortError(signal!.reason, attempts));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** An answer as callers are given it: without the key, should it repeat that. */
function response(session: Session, { status, headers, body }: TransportAnswer): Response {
  const bare = status === 204 || status === 205 || status === 304;
  const clean = session.redact(body) as Uint8Array<ArrayBuffer>;
  const response = new Response(bare ? null : clean, { status });
  for (const [name, value] of headers) {
    try {
      response.headers.append(name, redactText(session, value));
    } catch {
      // What no `Response` can hold, a transport of the caller's made up; the call succeeded all the same.
    }
  }
  return response;
}

function redactText(session: Session, text: string): string {
  return new TextDecoder().decode(session.redact(new TextEncoder().encode(text)));
}
