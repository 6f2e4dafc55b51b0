// One call from its request to its outcome: sends, waits and sends again, as the core says. The only loop of this
// package.

import { type Attempt, attempt, type TransportLimits } from "./attempt.js";
import { coreCall, type Subject } from "./core-call.js";
import { fromCore, fromThrown } from "./decode.js";
import { AbortError, type ErrorDetails } from "./errors.js";
import { log, report } from "./log.js";
import type { StreamResponse } from "./models.js";
import type { CallOptions, Logger } from "./options.js";
import { readMonotonic, readWall, ofFetch } from "./runtime.js";
import type { Transport, TransportAnswer, TransportRequest } from "./transport.js";
import type { Session } from "./wasm.js";

/** @internal What calls of a client share. */
export interface Connection {
  readonly session: Session;
  /** Nothing is ever sent, and no option of a call is looked at. */
  readonly inert: boolean;
  readonly limits: TransportLimits;
  readonly transport: Transport;
  /** What requests have in common with those before them: with a body, and without. */
  readonly heads: Map<boolean, Head>;
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

/** What requests have in common. */
interface Head {
  base_url: string;
  loopback: boolean;
  headers: Record<string, string>;
}

/** @internal A call under way: its number in the core, what to send, and how many milliseconds that may take. */
export interface Outgoing {
  number: number;
  request: TransportRequest;
  timeLeft: number;
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
    const begun = connection.session.begin(text, readMonotonic(), readWall());
    if (connection.inert) return { data: JSON.parse(begun), answer: undefined };
    return await drive(connection, outgoing(connection, begun), about.streamKey as string, signal);
  } catch (thrown) {
    throw fromThrown(thrown);
  }
}

async function drive(
  { session, limits, transport, hint, logger }: Connection,
  { number, request, timeLeft }: Outgoing,
  streamKey: string,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    for (let attempts = 1, left = timeLeft; ; attempts++) {
      const attempted = await attempt(transport, request, limits, left, signal, attempts);
      const step: Step = JSON.parse(handOver(session, number, attempted));
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
      left = session.timeLeft(number, readMonotonic());
    }
  } finally {
    session.forget(number);
  }
}

/** @internal What to send, from the core's lines. */
export function outgoing({ session, heads }: Connection, lines: string): Outgoing {
  const [number, timeLeft, method, path, body] = lines.split("\n") as [string, string, string, string, string?];
  let head = heads.get(body === undefined);
  if (!head) heads.set(body === undefined, (head = JSON.parse(session.head(Number(number))) as Head));
  const { base_url, loopback, headers } = head;
  // A transport of the caller's may do with its headers what it likes.
  const request = { method, url: base_url + path, loopback, headers: { ...headers }, body };
  return { number: Number(number), request, timeLeft: Number(timeLeft) };
}

/** @internal Hands an attempt to the core. A hint is told with the failure to connect. */
export function handOver(session: Session, call: number, attempted: Attempt, hint = ""): string {
  const [monotonic, wall, chance] = [readMonotonic(), readWall(), Math.random()];
  if ("failure" in attempted) {
    const { failure, cause } = attempted;
    const detail = describe(session, cause) + (failure === "connect" ? hint : "");
    return session.unanswered(call, failure, detail, monotonic, wall, chance);
  }
  const { answer, lines } = attempted;
  return session.answered(call, answer.status, lines, answer.body, monotonic, wall, chance);
}

/** The longest text of a transport's failure that is handed on, in characters; longer than any key. */
const LONGEST_DETAIL = 1_000;

function describe(session: Session, cause: unknown): string {
  try {
    const text = String(cause instanceof Error ? cause.message : cause);
    if (text.length <= LONGEST_DETAIL) return text;
    // Of a key that is cut in two the first half would not be known for one, so the cut is made after the key is out.
    return redactText(session, text.slice(0, 2 * LONGEST_DETAIL)).slice(0, LONGEST_DETAIL);
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
  const response = new (ofFetch("Response"))(bare ? null : clean, { status });
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
