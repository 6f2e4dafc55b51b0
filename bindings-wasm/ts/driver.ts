// Drives the core: sends what it says, waits as long as it says, and hands on what came of that. It decides nothing itself, and keeps
// no process alive but for what is waited for.

import type { NativeClient, NativePublisher } from "../pkg/glue.js";
import { Attempt, type Attempted, type Sending } from "./attempt.js";
import { fromCore, fromThrown, typeName } from "./decode.js";
import { wellFormed } from "./encode.js";
import { AbortError, ActivitySmithError, type ErrorDetails, TimeoutError } from "./errors.js";
import { flushAtExit, notAtExit } from "./exit.js";
import { log, quietly } from "./log.js";
import type { StreamResponse } from "./models.js";
import type { Logger } from "./options.js";
import { unref } from "./runtime.js";
import type { Transport, TransportRequest } from "./transport.js";

/** How a client sends, and where it logs. */
export interface Connection {
  /** Nothing is ever sent, and no option of a call is looked at. */
  readonly inert: boolean;
  readonly transport: Transport;
  /** What may help where no connection came about. */
  readonly hint: (request: TransportRequest) => string;
  readonly logger: Logger | undefined;
  /** Has the runtime wait for what goes on in the background. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

/** How many items are done. */
export type Done = () => number;

/** What came of an operation, as the core says it. */
type Outcome = { done: StreamResponse | null } | { failed: ErrorDetails };

/** What there is to do, as the core says it. */
interface Steps {
  send: Sending[];
  outcomes: { op: number; outcome: Outcome }[];
  log: { warning: boolean; message: string }[];
  wait_seconds: number | null;
}

/** What is waited for: a call, or a state of a publisher. */
class Operation {
  attempts = 0;
  attempt: Attempt | undefined;
  /** How the last attempt went, and what may help where it did not connect. */
  last: Attempted | undefined;
  hint = "";
  settle!: (outcome: Outcome) => void;
  fail!: (error: Error) => void;
  readonly outcome = new Promise<Outcome>((resolve, reject) => {
    this.settle = resolve;
    this.fail = reject;
  });
}

/** More of a failure's text than the core keeps, in characters. */
const LONGEST_DETAIL = 2_000;
/** How long a process waits for its publishers when it ends. */
const EXIT_SECONDS = 2;
/** No timer can be set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Driver {
  readonly connection: Connection;
  readonly native: NativeClient;
  readonly #operations = new Map<number, Operation>();
  /** How many there have been. */
  #started = 0;
  /** The publishers that are neither ended nor closed, and the keys of their streams. */
  readonly #open = new Map<NativePublisher, string>();
  /** Those whose items are counted. */
  readonly #counted = new Map<NativePublisher, Done>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #awake = false;
  #warned = false;
  #stopped = false;

  constructor(native: NativeClient, connection: Connection) {
    this.native = native;
    this.connection = connection;
  }

  /** Makes a call, unless that breaks a rule. Gives its outcome, and the operation, which knows the last attempt. */
  async call(text: string, signal: AbortSignal | undefined): Promise<{ outcome: Outcome; operation: Operation }> {
    const [op, operation] = this.#start((op) => this.native.start(text, op));
    const abort = () => {
      this.native.cancel(op);
      this.#operations.delete(op);
      operation.attempt?.stop();
      operation.fail(new AbortError(signal!.reason, operation.attempts));
      this.#poll();
    };
    signal?.addEventListener("abort", abort);
    this.#poll();
    try {
      return { outcome: await operation.outcome, operation };
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Begins to publish a stream, or gives why nothing can be published. That is told once in the log, and breaks no job. */
  publish(streamKey: string, beginning: () => string, done?: Done): NativePublisher | ActivitySmithError {
    const obstacle = this.native.obstacle();
    if (obstacle !== undefined) {
      const problem = fromThrown(obstacle);
      const warned = this.#warned;
      this.#warned = true;
      if (!warned) this.#log(true, `nothing is published: ${problem.message}`);
      return problem;
    }
    const publisher = this.native.publish(beginning());
    this.#open.set(publisher, streamKey);
    if (done) this.#counted.set(publisher, done);
    flushAtExit(this);
    this.#wake();
    return publisher;
  }

  /** Changes what is published. Nothing of a change that comes too late is looked at, so that it breaks no job. */
  change(publisher: NativePublisher, change: () => string): void {
    const isLate = !this.#open.has(publisher);
    try {
      const polls = publisher.change(isLate ? "{}" : change());
      if (isLate) return this.#poll();
      flushAtExit(this);
      if (polls) this.#wake();
    } catch (thrown) {
      // The core says as text what breaks a rule.
      if (typeof thrown === "string" || thrown instanceof ActivitySmithError) throw fromThrown(thrown);
      this.#stop(thrown);
    }
  }

  /** Sends the newest state. Gives why it has not arrived, or nothing where it has. */
  flush(publisher: NativePublisher, flush: string): Promise<ActivitySmithError | undefined> {
    this.#count(publisher);
    return this.#arrival((op) => publisher.flush(flush, op));
  }

  /** Ends a stream, unless that breaks a rule. Gives why its last state has not arrived, or nothing where it has. */
  end(publisher: NativePublisher, end: string): Promise<ActivitySmithError | undefined> {
    this.#count(publisher);
    const arrival = this.#arrival((op) => publisher.end(end, op));
    this.#forget(publisher);
    return arrival;
  }

  /** Sends no more of a stream, and leaves its activity as it is, unless its end has begun. */
  close(publisher: NativePublisher): void {
    if (!this.#open.has(publisher)) return;
    publisher.close();
    this.#forget(publisher);
    this.#wake();
  }

  /** Sends what is pending before the process ends, and waits a little for that. */
  async flushAll(): Promise<void> {
    notAtExit(this);
    const flushed = [...this.#open].map(async ([publisher, streamKey]) => {
      const problem = await this.flush(publisher, `{"timeout_seconds":${EXIT_SECONDS}}`);
      if (problem instanceof TimeoutError)
        this.#log(true, `${streamKey}: the newest state did not arrive before the process ended`);
    });
    await Promise.all(flushed);
  }

  #forget(publisher: NativePublisher): void {
    this.#open.delete(publisher);
    this.#counted.delete(publisher);
    if (this.#open.size === 0) notAtExit(this);
  }

  /** Says how many items are done. */
  #count(publisher: NativePublisher): void {
    const done = this.#counted.get(publisher);
    if (done) publisher.change(`{"done":${done()}}`);
  }

  #arrival(start: (op: number) => void): Promise<ActivitySmithError | undefined> {
    const [, { outcome }] = this.#start(start);
    this.#wake();
    const problem = outcome.then((said) => ("failed" in said ? fromCore(said.failed) : undefined), fromThrown);
    this.#background(problem);
    return problem;
  }

  /** Polls soon: after all that the program does at once, so that much of it is one change. */
  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    // As `queueMicrotask` does it, which fake timers replace.
    void Promise.resolve().then(() => this.#poll());
  }

  /** Starts an operation under a number of its own. */
  #start(start: (op: number) => void): [op: number, Operation] {
    const op = ++this.#started;
    start(op);
    const operation = new Operation();
    this.#operations.set(op, operation);
    return [op, operation];
  }

  #poll(): void {
    this.#awake = false;
    let steps: Steps;
    try {
      for (const publisher of this.#counted.keys()) this.#count(publisher);
      steps = JSON.parse(this.native.poll());
    } catch (thrown) {
      return this.#stop(thrown);
    }
    steps.send.forEach((sending) => this.#send(sending));
    for (const { op, outcome } of steps.outcomes) {
      this.#operations.get(op)?.settle(outcome);
      this.#operations.delete(op);
    }
    this.#sleep(steps.wait_seconds);
    // A logger may use this client itself, so it is called last.
    for (const { warning, message } of steps.log) this.#log(warning, message);
  }

  #sleep(seconds: number | null): void {
    clearTimeout(this.#timer);
    if (seconds === null) return;
    this.#timer = setTimeout(() => this.#poll(), Math.min(Math.ceil(seconds * 1000), LONGEST_TIMER_MS));
    if (this.#operations.size === 0) unref(this.#timer);
  }

  #send(sending: Sending): void {
    const { transport, hint } = this.connection;
    const operation = sending.op === null ? undefined : this.#operations.get(sending.op);
    const attempt = new Attempt(sending);
    if (operation) Object.assign(operation, { attempt, attempts: operation.attempts + 1 });
    const handled = attempt.make(transport).then((last) => {
      const help = "failure" in last && last.failure.startsWith("connect") ? hint(sending) : "";
      if (operation) Object.assign(operation, { last, hint: help });
      this.#handle(sending.request, last, operation ? "" : help);
    });
    if (!operation) this.#background(handled);
  }

  #handle(request: number, attempted: Attempted, hint: string): void {
    try {
      if ("failure" in attempted) {
        const { failure, cause } = attempted;
        this.native.handle(JSON.stringify({ request, failure, detail: describe(cause) + hint }));
      } else {
        const { status, headers, body } = attempted.answer;
        this.native.handle(JSON.stringify({ request, status, headers }), body);
      }
    } catch (thrown) {
      return this.#stop(thrown);
    }
    this.#poll();
  }

  /** Logs once that this package has a fault, and fails what is waited for. A fault breaks no job. */
  #stop(thrown: unknown): void {
    const fault = fromThrown(thrown);
    const stopped = this.#stopped;
    this.#stopped = true;
    if (!stopped) this.#log(true, `publishing has stopped: ${fault.message}`);
    for (const operation of this.#operations.values()) operation.fail(fault);
    this.#operations.clear();
  }

  /** Has the runtime of an edge function wait for what goes on after its answer. */
  #background(work: Promise<unknown>): void {
    const { waitUntil } = this.connection;
    // Only the kind of what was thrown is told, since that may have no text.
    if (waitUntil)
      quietly(
        () => waitUntil(work),
        (thrown) => this.#log(false, `waitUntil failed: ${typeName(thrown)}`),
      );
  }

  #log(warning: boolean, message: string): void {
    log(this.connection.logger, warning ? "warn" : "debug", message);
  }
}

function describe(cause: unknown): string {
  try {
    return wellFormed(String(cause instanceof Error ? cause.message : cause).slice(0, LONGEST_DETAIL));
  } catch {
    return "the transport failed with something that has no text";
  }
}
