// The seam between a call and whatever carries its requests. It names no HTTP library.

/** A request, ready to go over the wire. One of its headers is the key, so log none. */
export interface TransportRequest {
  method: string;
  /** The whole address. */
  url: string;
  /** Whether it is one of this machine, where no proxy belongs in between. */
  loopback: boolean;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** JSON, if any. */
  body: string | undefined;
}

/** What a transport is told beside the request. */
export interface TransportOptions {
  /** Aborted when the answer is no longer waited for, if need be before it is asked for. */
  readonly signal: AbortSignal;
  /**
   * Calls back when the answer is no longer waited for, at once where that is so already: the same as the signal, for
   * transports that need none.
   */
  onAbort(listener: () => void): void;
  /** How long connecting may take, in milliseconds, where the transport can tell. */
  readonly connectTimeout: number;
  /** How large an answer is read at most, in bytes. */
  readonly largestAnswer: number;
  /** Whether it is a publisher's request, which should keep no process alive by itself. */
  readonly background: boolean;
}

/** An answer as it came. */
export interface TransportAnswer {
  status: number;
  /** At least the headers that the service's answers have; `Headers` and `Map`s will do. */
  headers: Iterable<readonly [name: string, value: string]>;
  /** The whole body. */
  body: Uint8Array;
}

/**
 * Carries a request to the service and its answer back. It sends each request once, follows no redirect and answers
 * every status alike. Time limits and repetitions are the client's. It rejects with a `TransportError`; anything else
 * counts as interrupted.
 */
export interface Transport {
  send(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer>;
}

/**
 * Why there is no answer: no connection came about (`connect`, or `connect_timeout`), so nothing was sent; or it was
 * `interrupted`, and the service may have done what was asked.
 */
export type TransportFailure = "connect" | "connect_timeout" | "interrupted";

/** What a transport rejects with. The message must hold no secret. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransportError";
    this.failure = failure;
  }
}

/** Parsers put what they could not read into their complaints; that is not ours to spread. */
export function withoutContents(cause: unknown): void {
  for (let error = cause; error instanceof Error; error = error.cause) {
    for (const name of ["rawPacket", "data"]) if (Object.hasOwn(error, name)) Reflect.deleteProperty(error, name);
  }
}

export function tooLarge(largestAnswer: number): TransportError {
  return new TransportError("interrupted", `the answer is larger than ${largestAnswer} bytes`);
}
