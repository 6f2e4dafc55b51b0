// Drives the core: sends what it says, waits as long as it says, and hands on what came of that. It keeps no process alive but for
// what is waited for.

import type { NativeClient } from "../pkg/glue.js";
import { Attempt, type Sending } from "./attempt.js";
import { fromThrown } from "./decode.js";
import { log, quietly } from "./log.js";
import { OpenPublishers } from "./open-publishers.js";
import type { ClientOptions } from "./options.js";
import { LONGEST_TIMER_MS, unref } from "./runtime.js";
import { Operation, type Steps } from "./steps.js";
import type { Transport } from "./transport.js";

export class Driver {
  readonly open = new OpenPublishers(() => quietly(() => this.start((op) => this.native.flushAtExit(op)).outcome));
  readonly #operations = new Map<number, Operation>();
  #started = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAwake = false;
  #isStopped = false;

  /** Where it is inert, nothing is sent, and no option is looked at. */
  constructor(
    readonly native: NativeClient,
    readonly inert: boolean,
    readonly transport: Transport,
    readonly options: ClientOptions,
  ) {}

  /** Begins an operation, unless that breaks a rule. */
  start(begin: (op: number) => void): Operation {
    this.open.count();
    const operation = new Operation(++this.#started);
    begin(operation.op);
    this.#operations.set(operation.op, operation);
    this.wake();
    return operation;
  }

  cancel(operation: Operation, reason: Error): void {
    this.native.cancel(operation.op);
    this.#operations.delete(operation.op);
    operation.attempt?.stop();
    operation.fail(reason);
  }

  /** Polls soon: after all that the program does at once, so that much of it is one change. */
  wake(): void {
    // As `queueMicrotask` does it, which fake timers replace.
    if (!this.#isAwake) void Promise.resolve().then(() => this.#poll());
    this.#isAwake = true;
  }

  /** Has the runtime of an edge function wait for what goes on after its answer. */
  background(work: Promise<unknown>): void {
    quietly(() => this.options.waitUntil?.(work));
  }

  /** Logs once that this package has a fault, and fails what is waited for. A fault breaks no job. */
  stop(thrown: unknown): void {
    const fault = fromThrown(thrown);
    if (!this.#isStopped) log(this.options.logger, "warn", fault.message);
    this.#isStopped = true;
    for (const operation of this.#operations.values()) operation.fail(fault);
    this.#operations.clear();
  }

  #poll(): void {
    this.#isAwake = false;
    try {
      this.open.count();
      const steps: Steps = JSON.parse(this.native.poll());
      steps.send.forEach((sending) => this.#send(sending));
      for (const { op, outcome } of steps.outcomes) {
        this.#operations.get(op)?.settle(outcome);
        this.#operations.delete(op);
      }
      this.#sleep(steps.wait_seconds);
      // A logger may use this client itself, so it is called last.
      for (const { warning, message } of steps.log) log(this.options.logger, warning ? "warn" : "debug", message);
    } catch (thrown) {
      this.stop(thrown);
    }
  }

  #sleep(seconds: number | null): void {
    clearTimeout(this.#timer);
    if (seconds === null) return;
    this.#timer = setTimeout(() => this.#poll(), Math.min(Math.ceil(seconds * 1000), LONGEST_TIMER_MS));
    if (this.#operations.size === 0) unref(this.#timer);
  }

  #send(sending: Sending): void {
    const attempt = new Attempt(sending, this.transport);
    const operation = this.#operations.get(sending.op ?? 0);
    if (operation) Object.assign(operation, { attempt, attempts: operation.attempts + 1 });
    const handled = attempt.result.then((last) => {
      if (operation) operation.last = last;
      try {
        this.native.handle(JSON.stringify({ request: sending.request, ...last.report }), last.body);
      } catch (thrown) {
        this.stop(thrown);
      }
      this.#poll();
    });
    if (!operation) this.background(handled);
  }
}
