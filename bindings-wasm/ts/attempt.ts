// One attempt of a call: hands a request to the transport and waits for its answer, as long as there is time.

import { quietly } from "./log.js";
import { unref } from "./runtime.js";
import { described, isTransportError, listed, tooLarge, TransportError } from "./transport.js";
import type { Transport, TransportAnswer, TransportOptions, TransportRequest } from "./transport.js";

/** A request as the core writes it: what to send, and what an attempt must keep to. */
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

/** How an attempt went. */
export interface Attempted {
  /** What the core is given: the head of an answer, or why there is none. */
  report: { status: number; headers: [name: string, value: string][] } | { failure: string; detail: string };
  /** An answer's body. */
  body?: Uint8Array;
  /** What a transport was rejected with. */
  cause?: unknown;
}

/** An attempt, and what its transport is given. A signal is made only when it is asked for, since that takes long. */
export class Attempt implements TransportOptions {
  readonly connectTimeout: number;
  readonly largestAnswer: number;
  readonly background: boolean;
  /** It is never rejected. */
  readonly result: Promise<Attempted>;
  #settle!: (attempted: Attempted) => void;
  readonly #timer: ReturnType<typeof setTimeout>;
  #controller: AbortController | undefined;
  #listeners: (() => void)[] = [];
  #isStopped = false;

  constructor(sending: Sending, transport: Transport) {
    this.connectTimeout = sending.connect_timeout_seconds * 1000;
    this.largestAnswer = sending.largest_answer;
    this.background = sending.op === null;
    this.result = new Promise((settle) => (this.#settle = settle));
    this.#timer = setTimeout(() => this.stop(), sending.timeout_seconds * 1000);
    // A publisher keeps no process alive.
    if (this.background) unref(this.#timer);
    if (sending.timeout_seconds > 0) void this.#make(sending, transport);
    else this.stop();
  }

  async #make({ method, url, loopback, headers, body }: Sending, transport: Transport): Promise<void> {
    try {
      const answer = await transport.send({ method, url, loopback, headers, body: body ?? undefined }, this);
      this.#settle(checked(answer, this.largestAnswer));
    } catch (cause) {
      const { failure, hint } = isTransportError(cause) ? cause : { failure: "interrupted", hint: "" };
      // That of a call is put at the end of its error.
      const detail = described(cause).text + (this.background ? hint : "");
      this.#settle({ report: { failure, detail }, cause });
    }
    clearTimeout(this.#timer);
  }

  /** Waits no longer, and has the transport abandon the request. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#settle({ report: { failure: "timeout", detail: "" } });
    this.#isStopped = true;
    this.#controller?.abort();
    // In a timer or an event, where nothing would catch what they throw.
    for (const listener of this.#listeners) quietly(listener);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isStopped) this.#controller.abort();
    return this.#controller.signal;
  }

  onAbort(listener: () => void): void {
    if (this.#isStopped) quietly(listener);
    else this.#listeners.push(listener);
  }
}

/** The answer that a transport gave, which may be anything. */
function checked(given: TransportAnswer | undefined, largestAnswer: number): Attempted {
  const { status, headers, body } = given ?? ({} as Partial<TransportAnswer>);
  // Of any realm; to ask for the kind takes long.
  const isBytes = body instanceof Uint8Array || Object.prototype.toString.call(body) === "[object Uint8Array]";
  const isStatus = Number.isInteger(status) && status! >= 100 && status! <= 999;
  if (!isStatus || !isBytes || !(Symbol.iterator in Object(headers)))
    throw new TransportError(
      "interrupted",
      "the transport gave no answer with a status, headers and the bytes of a body",
    );
  if (body!.byteLength > largestAnswer) throw tooLarge(largestAnswer);
  return { report: { status: status!, headers: listed(headers!) }, body: body! };
}
