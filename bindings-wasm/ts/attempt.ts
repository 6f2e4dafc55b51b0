// One attempt of a call: hands a request to the transport and waits for its answer, as long as there is time and the
// caller wants it. It knows nothing of repetitions.

import { AbortError } from "./errors.js";
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

/** What a transport must keep to. */
export type TransportLimits = Pick<TransportOptions, "connectTimeout" | "largestAnswer">;

/** How an attempt went: answered, or not, and why. */
export type Attempt = Answered | { failure: "timeout" | TransportFailure; cause: unknown };

/** An answer, and its headers as lines, a name and its value by turns. */
interface Answered {
  answer: TransportAnswer;
  lines: string;
}

/** Makes an attempt. It rejects only when the caller's signal is aborted. In the background it keeps no process alive. */
export function attempt(
  transport: Transport,
  request: TransportRequest,
  limits: TransportLimits,
  timeLeft: number,
  signal: AbortSignal | undefined,
  attempts: number,
  background = false,
): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new AbortError(signal.reason, attempts - 1));
    const waiting = new Waiting(limits, background);
    // Whatever a transport makes of being told, nobody waits any longer.
    const timer = setTimeout(() => {
      settle(() => resolve({ failure: "timeout", cause: undefined }));
      waiting.end();
    }, timeLeft);
    if (background) unref(timer);
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
    answered(transport, request, waiting).then(
      (answer) => settle(() => resolve(answer)),
      (cause) => settle(() => resolve({ failure: failureOf(cause), cause })),
    );
  });
}

/** What a transport is told while its answer is waited for. A signal is made only when it is asked for, being dear. */
class Waiting implements TransportOptions {
  readonly connectTimeout: number;
  readonly largestAnswer: number;
  readonly background: boolean;
  #controller: AbortController | undefined;
  #listeners: (() => void)[] = [];
  #ended = false;

  constructor({ connectTimeout, largestAnswer }: TransportLimits, background: boolean) {
    this.connectTimeout = connectTimeout;
    this.largestAnswer = largestAnswer;
    this.background = background;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ended) this.#controller.abort();
    return this.#controller.signal;
  }

  onAbort(listener: () => void): void {
    if (this.#ended) tell(listener);
    else this.#listeners.push(listener);
  }

  end(): void {
    this.#ended = true;
    this.#controller?.abort();
    this.#listeners.forEach(tell);
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
async function answered(transport: Transport, request: TransportRequest, options: TransportOptions): Promise<Answered> {
  const { status, headers, body } = (await transport.send(request, options)) ?? {};
  if (isStatus(status) && isBytes(body) && Symbol.iterator in Object(headers)) {
    if (body.byteLength > options.largestAnswer) throw tooLarge(options.largestAnswer);
    const answer = { status, headers: listed(headers), body };
    return { answer, lines: lines(answer.headers) };
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

/** Headers without those that would be taken for several. */
function lines(headers: TransportAnswer["headers"]): string {
  let text = "";
  for (const [name, value] of headers) {
    const line = `${name}\n${value}\n`;
    if (line.indexOf("\n", name.length + 1) === line.length - 1) text += line;
  }
  return text;
}

function failureOf(cause: unknown): TransportFailure {
  return isTransportError(cause) ? cause.failure : "interrupted";
}
