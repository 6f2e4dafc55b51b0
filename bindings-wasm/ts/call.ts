// One call from its request to its outcome: sends, waits and sends again, as the core says. The only loop of this
// package.

import { encode } from "./encode.js";
import { AbortError, type ErrorDetails, fromCore, fromThrown } from "./errors.js";
import type { StreamResponse } from "./models.js";
import { type CallOptions, type Logger, patience } from "./options.js";
import {
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportOptions,
  type TransportRequest,
} from "./transport.js";
import type { Exchange, Session } from "./wasm.js";

/** What calls of a client share. */
export interface Connection {
  readonly session: Session;
  readonly transport: Transport;
  readonly logger: Logger | undefined;
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

interface Outgoing {
  method: string;
  base_url: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** How one attempt went: answered, or not, and why. */
type Attempt = { answer: TransportAnswer } | { failure: "timeout" | TransportError["failure"]; cause: unknown };

interface Outcome {
  data: StreamResponse;
  answer: TransportAnswer | undefined;
}

/** Begins a call. `body` is JSON for the core. */
export function call(
  connection: Connection,
  purpose: "stream" | "end",
  streamKey: unknown,
  body: string,
  options: CallOptions,
): CallPromise {
  const outcome = perform(connection, purpose, streamKey, body, options);
  const data = outcome.then(({ data }) => data) as CallPromise;
  data.withResponse = () => {
    // Whoever asks for both hears of a failure here, and nowhere else.
    data.catch(() => {});
    return outcome.then(({ data, answer }) => ({ data, response: answer && asResponse(answer) }));
  };
  return data;
}

async function perform(
  connection: Connection,
  purpose: string,
  streamKey: unknown,
  body: string,
  options: CallOptions,
): Promise<Outcome> {
  try {
    const limits = patience(options);
    const signal = options.signal ?? undefined;
    if (signal?.aborted) throw new AbortError(signal.reason, 0);
    const text = `{"purpose":"${purpose}","stream_key":${encode(streamKey)},"body":${body}${limits}}`;
    const exchange = connection.session.begin(text, performance.now(), Date.now());
    try {
      return await drive(connection, exchange, String(streamKey), signal);
    } finally {
      exchange.free();
    }
  } catch (thrown) {
    throw fromThrown(thrown);
  }
}

async function drive(
  { session, transport, logger }: Connection,
  exchange: Exchange,
  streamKey: string,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const inert = exchange.outcome();
  if (inert !== undefined) return { data: JSON.parse(inert), answer: undefined };
  const request = outgoing(session, exchange);
  for (let attempts = 1; ; attempts++) {
    const attempt = await send(session, transport, exchange, request, signal, attempts);
    const step = next(session, exchange, attempt);
    if ("done" in step) {
      report(logger, streamKey, step.done);
      return { data: step.done, answer: "answer" in attempt ? attempt.answer : undefined };
    }
    if ("failed" in step) {
      const error = fromCore(step.failed, "cause" in attempt ? attempt.cause : undefined);
      log(logger, "debug", `${streamKey}: ${error.message}`);
      throw error;
    }
    const pause = step.retry_after_seconds * 1000;
    log(logger, "debug", `${streamKey}: trying again in ${Math.round(pause)} ms`);
    await sleep(pause, signal, attempts);
  }
}

function outgoing(session: Session, exchange: Exchange): TransportRequest {
  const request = JSON.parse(session.request(exchange)) as Outgoing;
  return {
    method: request.method,
    url: request.base_url + request.path,
    headers: request.headers,
    body: request.body ?? undefined,
  };
}

/** One attempt. It rejects only when the caller's signal is aborted. */
function send(
  session: Session,
  transport: Transport,
  exchange: Exchange,
  request: TransportRequest,
  signal: AbortSignal | undefined,
  attempts: number,
): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const waiting = new Waiting(session.connectTimeout());
    // Whatever a transport makes of being told, nobody waits any longer.
    const timer = setTimeout(() => {
      settle(() => resolve({ failure: "timeout", cause: undefined }));
      waiting.end();
    }, exchange.timeLeft(performance.now()));
    const abort = () => {
      settle(() => reject(new AbortError(signal!.reason, attempts)));
      waiting.end();
    };
    const settle = (how: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      how();
    };
    signal?.addEventListener("abort", abort);
    sent(transport, request, waiting).then(
      (answer) => settle(() => resolve({ answer })),
      (cause) => settle(() => resolve({ failure: failureOf(cause), cause })),
    );
  });
}

/** What a transport is told while its answer is waited for. A signal is made only when it is asked for, being dear. */
class Waiting implements TransportOptions {
  readonly connectTimeout: number;
  #controller: AbortController | undefined;
  #listeners: (() => void)[] = [];

  constructor(connectTimeout: number) {
    this.connectTimeout = connectTimeout;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  onAbort(listener: () => void): void {
    this.#listeners.push(listener);
  }

  end(): void {
    this.#controller?.abort();
    for (const listener of this.#listeners) listener();
  }
}

/** A transport of the caller's may throw at once, and answer with anything. */
async function sent(
  transport: Transport,
  request: TransportRequest,
  options: TransportOptions,
): Promise<TransportAnswer> {
  const answer = await transport.send(request, options);
  if (Number.isInteger(answer?.status) && ArrayBuffer.isView(answer.body) && Symbol.iterator in answer.headers)
    return answer;
  throw new TransportError(
    "interrupted",
    "the transport gave no answer with a status, headers and the bytes of a body",
  );
}

function failureOf(cause: unknown): TransportError["failure"] {
  return cause instanceof TransportError ? cause.failure : "interrupted";
}

/** Hands an attempt to the core. */
function next(session: Session, exchange: Exchange, attempt: Attempt): Step {
  const [monotonic, wall, chance] = [performance.now(), Date.now(), Math.random()];
  if ("failure" in attempt) {
    const { failure, cause } = attempt;
    return JSON.parse(session.unanswered(exchange, failure, describe(cause), monotonic, wall, chance));
  }
  const { status, headers, body } = attempt.answer;
  return JSON.parse(session.answered(exchange, status, lines(headers), body, monotonic, wall, chance));
}

/** Headers as lines, a name and its value by turns. */
function lines(headers: TransportAnswer["headers"]): string {
  let text = "";
  for (const [name, value] of headers) text += `${name}\n${value}\n`;
  return text;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function sleep(milliseconds: number, signal: AbortSignal | undefined, attempts: number): Promise<void> {
  return new Promise((resolve, reject) => {
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

function report(logger: Logger | undefined, streamKey: string, outcome: StreamResponse): void {
  if (!logger) return;
  for (const advice of outcome.facts.advice ?? []) log(logger, "warn", `${streamKey}: ${advice}`);
  if (outcome.warning) log(logger, "warn", `${streamKey}: the service warns: ${outcome.warning}`);
  log(logger, "debug", `${streamKey}: ${outcome.operation} (attempts: ${outcome.facts.attempts})`);
}

/** A logger that fails must not make a call fail that succeeded. */
function log(logger: Logger | undefined, level: "debug" | "warn", message: string): void {
  try {
    logger?.[level]?.(`activitysmith-kit: ${message}`);
  } catch {
    // There is nowhere to say so.
  }
}

function asResponse({ status, headers, body }: TransportAnswer): Response {
  const bare = status === 204 || status === 205 || status === 304;
  const response = new Response(bare ? null : (body as Uint8Array<ArrayBuffer>), { status });
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}
