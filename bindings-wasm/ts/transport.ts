// The seam between a call and whatever carries its requests. It names no HTTP library.

import { wellFormed } from "./encode.js";

/** An HTTP request. Its headers hold the key; do not log them. */
export interface TransportRequest {
  method: string;
  /** The full URL. */
  url: string;
  /** Whether it goes to this machine, so no proxy is used. */
  loopback: boolean;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** JSON, if any. */
  body: string | undefined;
}

/** What a transport receives beside the request. */
export interface TransportOptions {
  /** Aborted when the answer is no longer needed. */
  readonly signal: AbortSignal;
  /** Calls back when the answer is no longer needed: at once if that is so already. */
  onAbort(listener: () => void): void;
  /** The timeout of connecting, in milliseconds, where the transport supports it. */
  readonly connectTimeout: number;
  /** The maximum size of an answer, in bytes. */
  readonly largestAnswer: number;
  /** Whether it is a publisher's request, which should not keep a process alive. */
  readonly background: boolean;
}

/** An HTTP answer. */
export interface TransportAnswer {
  status: number;
  /** The headers, as `Headers` or a `Map`. */
  headers: Iterable<readonly [name: string, value: string]>;
  /** The whole body. */
  body: Uint8Array;
}

/**
 * Sends requests to the service: each once, without following redirects, and with an answer for every status. Timeouts and retries are
 * the client's. It rejects with a `TransportError`; any other error counts as interrupted.
 */
export interface Transport {
  send(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer>;
}

/**
 * Why there is no answer: there was no connection (`connect`, `connect_timeout`), so nothing was sent; or it was `interrupted`, and the
 * service may have carried out the request.
 */
export type TransportFailure = "connect" | "connect_timeout" | "interrupted";

/** The error of a transport. Its message must not hold secrets. */
export class TransportError extends Error {
  readonly failure: TransportFailure;
  /** A hint, appended to the call's error. */
  readonly hint: string;

  constructor(failure: TransportFailure, message: string, options?: ErrorOptions & { hint?: string | undefined }) {
    super(message, options);
    this.name = "TransportError";
    this.failure = failure;
    this.hint = options?.hint ?? "";
  }
}

/** Whether a transport rejected with what it should; anything may be thrown, even what cannot be asked for its kind. */
export function isTransportError(thrown: unknown): thrown is TransportError {
  try {
    return thrown instanceof TransportError;
  } catch {
    return false;
  }
}

/** How many causes of an error are looked at. A chain may have no end: one that leads back to itself, or is made as it is read. */
const MOST_CAUSES = 100;

/** An error and what caused it, down to the cause beneath all others. */
export function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  try {
    for (let each = error; each !== undefined && chain.length < MOST_CAUSES; each = (each as Error).cause)
      chain.push(each);
  } catch {
    // What cannot be read ends the chain.
  }
  return chain;
}

/** Takes away what parsers put into their errors of the text that they could not read: it may hold a secret. */
export function withoutContents(cause: unknown): void {
  try {
    for (const error of causes(cause))
      for (const name of ["rawPacket", "data"]) Reflect.deleteProperty(Object(error), name);
  } catch {
    // An object that refuses ends the chain.
  }
}

/** The longest text of a failure, in characters; the core keeps less. */
const LONGEST_TEXT = 2_000;

/** What an error says, which may be of any kind. Where a name has several addresses, the failures of each are in it. */
export function described(error: unknown): { code: string; text: string } {
  try {
    const { message, errors, code } = Object(error);
    const texts = [message, Array.isArray(errors) && errors.map((each) => each.message).join("; "), code];
    return { code: String(code), text: wellFormed(String(texts.find(Boolean) ?? error).slice(0, LONGEST_TEXT)) };
  } catch {
    return { code: "", text: "the transport failed with something that has no text" };
  }
}

/** How many headers of an answer are looked at. */
const MOST_HEADERS = 1_000;

/** An answer's headers as texts: a transport of the caller's may give an iterator, be it for one use or an endless one, of anything. */
export function listed(headers: TransportAnswer["headers"]): [name: string, value: string][] {
  const list: [string, string][] = [];
  for (const [name, value] of headers)
    if (list.push([wellFormed(`${name}`), wellFormed(`${value}`)]) === MOST_HEADERS) break;
  return list;
}

export function tooLarge(largestAnswer: number): TransportError {
  return new TransportError("interrupted", `the answer is larger than ${largestAnswer} bytes`);
}
