// One attempt of a call: hands a request to the transport and waits for its answer, as long as there is time. It knows nothing of
// repetitions.

import { unref } from "./runtime.js";
import {
  isTransportError,
  listed,
  tooLarge,
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportFailure,
  type TransportOptions,
  type TransportRequest,
} from "./transport.js";

/** A request as the core gives it: what to send, and what an attempt must keep to. */
export interface Sending extends TransportRequest {
  /** Its number. */
  request: number;
  /** The call that it belongs to, unless it is a publisher's. */
  op: number | null;
  timeout_seconds: number;
  connect_timeout_seconds: number;
  /** In bytes. */
  largest_answer: number;
}

/** How an attempt went: answered, or not, and why. */
export type Attempted = { answer: TransportAnswer } | { failure: "timeout" | TransportFailure; cause: unknown };

/**
 * An attempt, and what a transport is told while its answer is waited for. A signal is made only when it is asked for, being dear. In
 * the background it keeps no process alive.
 */
export class Attempt implements TransportOptions {
  readonly connectTimeout: number;
  readonly largestAnswer: number;
  readonly background: boolean;
  readonly #request: TransportRequest;
  #settle!: (attempted: Attempted) => void;
  readonly #result = new Promise<Attempted>((resolve) => (this.#settle = resolve));
  readonly #timer: ReturnType<typeof setTimeout>;
  #controller: AbortController | undefined;
  #listeners: (() => void)[] = [];
  #over = false;

  constructor({ op, timeout_seconds, connect_timeout_seconds, largest_answer, ...sending }: Sending) {
    this.connectTimeout = connect_timeout_seconds * 1000;
    this.largestAnswer = largest_answer;
    this.background = op === null;
    const { method, url, loopback, headers, body } = sending;
    this.#request = { method, url, loopback, headers, body: body ?? undefined };
    this.#timer = setTimeout(() => this.stop(), timeout_seconds * 1000);
    if (this.background) unref(this.#timer);
  }

  /** Makes the attempt. It is never rejected. */
  make(transport: Transport): Promise<Attempted> {
    const over = (attempted: Attempted) => {
      clearTimeout(this.#timer);
      this.#settle(attempted);
    };
    answered(transport, this.#request, this).then(over, (cause) => over({ failure: failureOf(cause), cause }));
    return this.#result;
  }

  /** Waits no longer, whatever a transport makes of being told. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#settle({ failure: "timeout", cause: undefined });
    this.#over = true;
    this.#controller?.abort();
    this.#listeners.forEach(tell);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#over) this.#controller.abort();
    return this.#controller.signal;
  }

  onAbort(listener: () => void): void {
    if (this.#over) tell(listener);
    else this.#listeners.push(listener);
  }
}

/** This runs in a timer or in an event of the caller's signal, where nothing would catch what a listener throws. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch {
    // Nobody waits for it any longer.
  }
}

/** A transport of the caller's may throw at once, and answer with anything. */
async function answered(
  transport: Transport,
  request: TransportRequest,
  options: TransportOptions,
): Promise<Attempted> {
  const { status, headers, body } = (await transport.send(request, options)) ?? {};
  if (isStatus(status) && isBytes(body) && Symbol.iterator in Object(headers)) {
    if (body.byteLength > options.largestAnswer) throw tooLarge(options.largestAnswer);
    return { answer: { status, headers: listed(headers), body } };
  }
  throw new TransportError(
    "interrupted",
    "the transport gave no answer with a status, headers and the bytes of a body",
  );
}

function isStatus(status: unknown): boolean {
  return Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 999;
}

/** Whichever realm they come from; to ask for the kind of those from another is dear. */
function isBytes(body: unknown): boolean {
  return body instanceof Uint8Array || Object.prototype.toString.call(body) === "[object Uint8Array]";
}

function failureOf(cause: unknown): TransportFailure {
  return isTransportError(cause) ? cause.failure : "interrupted";
}
