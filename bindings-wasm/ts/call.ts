// One call, from what the caller hands in to its outcome.

import { fromCore, fromThrown } from "./decode.js";
import type { Driver } from "./driver.js";
import { encode, encodeRequest, object } from "./encode.js";
import { AbortError, ConfigError } from "./errors.js";
import { log, report } from "./log.js";
import type { StreamResponse } from "./models.js";
import { type CallOptions, limits } from "./options.js";
import { ofFetch } from "./runtime.js";
import type { TransportAnswer } from "./transport.js";

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

/** @internal What a call is about, as the caller handed it in. To read it may fail. */
export type Subject = () => [streamKey: unknown, request: unknown];

interface Outcome {
  data: StreamResponse;
  answer: TransportAnswer | undefined;
}

/** @internal Begins a call. Whatever is wrong with it rejects the promise. */
export function call(
  driver: Driver,
  purpose: "stream" | "end",
  subject: Subject,
  options: CallOptions = {},
): CallPromise {
  const outcome = perform(driver, purpose, subject, options);
  const data = outcome.then(({ data }) => data) as CallPromise;
  data.withResponse = () => {
    // Whoever asks for both hears of a failure here, and nowhere else.
    data.catch(() => {});
    return outcome.then(({ data, answer }) => ({ data, response: answer && response(driver, answer) }));
  };
  return data;
}

async function perform(
  driver: Driver,
  purpose: "stream" | "end",
  subject: Subject,
  options: CallOptions,
): Promise<Outcome> {
  const { inert, logger } = driver.connection;
  try {
    const signal = options?.signal ?? undefined;
    if (signal?.aborted) throw new AbortError(signal.reason, 0);
    const [streamKey, request] = read(subject);
    const text = callText(purpose, streamKey, request, inert ? {} : limits(options));
    const { outcome, operation } = await driver.call(text, inert ? undefined : signal);
    const { last, hint } = operation;
    if ("failed" in outcome) {
      outcome.failed.description += hint;
      const error = fromCore(outcome.failed, last && "cause" in last ? last.cause : undefined);
      log(logger, "debug", `${streamKey}: ${error.message}`);
      throw error;
    }
    const data = outcome.done!;
    if (!inert) report(logger, streamKey as string, data);
    return { data, answer: last && "answer" in last ? last.answer : undefined };
  } catch (thrown) {
    throw fromThrown(thrown);
  }
}

function read(subject: Subject): ReturnType<Subject> {
  try {
    return subject();
  } catch (cause) {
    throw new ConfigError("parameters", "cannot be read; give an object with a streamKey", { cause });
  }
}

/** @internal A call as the JSON that the core reads. What the caller hands in is put into it, not judged. */
export function callText(
  purpose: string,
  streamKey: unknown,
  request: unknown,
  limits: Record<string, string | undefined>,
): string {
  // An end may say nothing at all.
  const body = purpose === "end" && request == null ? "{}" : encodeRequest(request);
  return object({ purpose: encode(purpose), stream_key: encode(streamKey), body, ...limits });
}

/** An answer as callers are given it: without the key, should it repeat that. */
function response(driver: Driver, { status, headers, body }: TransportAnswer): Response {
  const bare = status === 204 || status === 205 || status === 304;
  const clean = driver.native.redact(body) as Uint8Array<ArrayBuffer>;
  const response = new (ofFetch("Response"))(bare ? null : clean, { status });
  for (const [name, value] of headers) {
    try {
      response.headers.append(name, new TextDecoder().decode(driver.native.redact(new TextEncoder().encode(value))));
    } catch {
      // What no `Response` can hold, a transport of the caller's made up; the call succeeded all the same.
    }
  }
  return response;
}
