// One call, from what the caller hands in to its outcome.

import type { Attempted } from "./attempt.js";
import { fromCore, fromThrown } from "./decode.js";
import type { Driver } from "./driver.js";
import { encode, encodeMetric, encodePush, encodeRequest, object } from "./encode.js";
import { ActivitySmithError, AbortError, ConfigError } from "./errors.js";
import type { StreamResponse } from "./models.js";
import { type CallOptions, limits } from "./options.js";
import { type HeaderList, responseOf } from "./response.js";
import { onAbort } from "./signals.js";
import type { Operation } from "./steps.js";
import { isTransportError } from "./transport.js";

/** The outcome of a call, and the answer that it came from; none where nothing was sent. */
export interface WithResponse<Answer = StreamResponse> {
  data: Answer;
  response: Response | undefined;
}

/** The promise of a call. */
export interface CallPromise<Answer = StreamResponse> extends Promise<Answer> {
  /** The outcome together with the service's answer: status, headers and body. */
  withResponse(): Promise<WithResponse<Answer>>;
}

/** @internal What a call is about, as the caller handed it in. To read it may fail. */
export type Subject = () => [key: unknown, request: unknown];

/** @internal Begins a call. Whatever is wrong with it rejects the promise. */
export function call<Answer = StreamResponse>(
  driver: Driver,
  endpoint: string,
  subject: Subject,
  options: CallOptions = {},
): CallPromise<Answer> {
  let operation: Operation | undefined;
  let ignoreSignal = () => {};
  const perform = async () => {
    const signal = driver.inert ? undefined : (options?.signal ?? undefined);
    const abort = () => driver.cancel(operation!, new AbortError(signal!.reason, operation!.attempts));
    try {
      if (signal?.aborted) throw new AbortError(signal.reason, 0);
      const text = callText(endpoint, ...read(subject, driver.inert), driver.inert ? {} : limits(options));
      operation = driver.start((op) => driver.native.start(text, op));
      if (signal) ignoreSignal = onAbort(signal, abort);
      const outcome = await operation.outcome;
      if ("done" in outcome) return outcome.done as Answer;
      const cause = operation.last?.cause;
      if (isTransportError(cause)) outcome.failed.description += cause.hint;
      throw fromCore({ ...outcome.failed, headers: headers(driver, operation.last) }, cause);
    } catch (thrown) {
      throw fromThrown(thrown);
    } finally {
      ignoreSignal();
    }
  };
  const data = perform() as CallPromise<Answer>;
  data.withResponse = async () => ({ data: await data, response: response(driver, operation!.last) });
  return data;
}

/** Where callers may write requests in a shorter form: those that have a state, and others. */
const WRITERS: Record<string, (request: unknown) => string> = {
  stream: encodeRequest,
  // An end may say nothing at all.
  end_stream: (request) => (request == null ? "{}" : encodeRequest(request)),
  start: encodeRequest,
  push: encodePush,
  replace_push: encodePush,
  metric: encodeMetric,
};

/** @internal A call as the core reads it. */
export function callText(endpoint: string, key: unknown, request: unknown, limits: object): string {
  const body = (WRITERS[endpoint] ?? encode)(request);
  return object({ endpoint: `"${endpoint}"`, key: encode(key), body, ...limits });
}

/** Where nothing is sent, nothing is refused. */
function read(subject: Subject, inert: boolean): ReturnType<Subject> {
  try {
    return subject();
  } catch (cause) {
    if (inert) return ["", undefined];
    if (cause instanceof ActivitySmithError) throw cause;
    throw new ConfigError("parameters", "cannot be read; give an object with the request", { cause });
  }
}

/** An answer as callers are given it: without the key, should it repeat that. */
function response(driver: Driver, last: Attempted | undefined): Response | undefined {
  if (!last || !("status" in last.report)) return undefined;
  return responseOf(last.report.status, redacted(driver, last.body!), headers(driver, last));
}

function headers(driver: Driver, last: Attempted | undefined): HeaderList {
  if (!last || !("status" in last.report)) return [];
  const clean = (value: string) => new TextDecoder().decode(redacted(driver, new TextEncoder().encode(value)));
  return last.report.headers.map(([name, value]) => [name, clean(value)]);
}

function redacted(driver: Driver, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return driver.native.redact(bytes) as Uint8Array<ArrayBuffer>;
}
