/// <reference lib="esnext.disposable" preserve="true" />
// The handle that a program holds while it publishes a stream: the latest state goes in, and nothing waits for the network.

import type { NativePublisher } from "../pkg/glue.js";
import { fromThrown, typeName } from "./decode.js";
import type { Driver } from "./driver.js";
import { encode, encodeRequest, object } from "./encode.js";
import type { ActivitySmithError } from "./errors.js";
import { printWithoutMark, UNCLONEABLE } from "./local.js";
import type { Counters, PublisherEvent, StateType } from "./models.js";
import { type ChangeOptions, flush, type FlushOptions, urgency } from "./options.js";
import type { Patch, PublishRequest } from "./requests.js";
import { described } from "./transport.js";

/**
 * A stream that is being published: its latest state is sent in the background, as often as iOS shows it.
 *
 * `update` is cheap, never waits, and throws only for unknown fields and wrong types. A number out of range is clamped or skipped, and
 * a change after the end is ignored, each with one warning. A second end has the outcome of the first. Without a key a publisher logs
 * one warning and sends nothing. With `ACTIVITYSMITH_DISABLED` set it sends nothing.
 */
export class Publisher<Type extends StateType = StateType> {
  /** The key of the stream. */
  readonly streamKey: string;
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #driver: Driver;
  readonly #native: NativePublisher;

  static {
    printWithoutMark(this);
  }

  /** @internal Created by a client. */
  constructor(streamKey: string, driver: Driver, native: NativePublisher) {
    this.streamKey = streamKey;
    this.#driver = driver;
    this.#native = native;
  }

  /** Why nothing is published, or why the last `flush`, `finish` or `fail` did not arrive. */
  get problem(): ActivitySmithError | undefined {
    const problem = this.#native.problem();
    return problem === undefined ? undefined : fromThrown(problem);
  }

  /**
   * Changes fields of the state. Numbers are sent at the next interval unless `urgent`, other changes at once while they are few.
   *
   * Takes fields of the state and of the request, or a request with its `content_state`.
   */
  update(patch: Patch<Type>, options: ChangeOptions = {}): void {
    this.#change(() => object({ update: encode(patch), ...urgency(options) }));
  }

  /** Replaces the whole state. Buttons, tags and other fields beside it stay, unless they are given. */
  replace(state: PublishRequest<StateType>, options: ChangeOptions = {}): void {
    this.#change(() => object({ replace: encodeRequest(state), ...urgency(options) }));
  }

  #change(change: () => string): void {
    let [text, refusal]: [string, unknown] = ["{}", undefined];
    try {
      text = change();
    } catch (thrown) {
      refusal = thrown;
    }
    try {
      // The core refuses what is no change, unless it comes too late to be looked at.
      if (this.#native.change(text)) this.#driver.wake();
      this.#driver.open.changed(this.#native);
    } catch (thrown) {
      // The core says as text what breaks a rule.
      if (typeof thrown === "string") throw fromThrown(refusal ?? thrown);
      this.#driver.stop(thrown);
    }
  }

  /**
   * Sends the newest state now, as far as the request budget allows, and waits until the service has accepted it: at most `timeout`
   * milliseconds, 10,000 by default. If it resolves to `false`, `problem` says why.
   */
  async flush(options: FlushOptions = {}): Promise<boolean> {
    return this.#arrival((op) => this.#native.flush(flush(options), op));
  }

  /**
   * Ends the stream with its last state, after a last change if a patch is given, and waits at most 2 seconds, or `flushTimeout`. It
   * never throws for the network: if it resolves to `false`, `problem` says why.
   */
  async finish(patch?: Patch<Type>): Promise<boolean> {
    return this.#end({ how: `"finished"`, change: patch == null ? undefined : encode(patch) });
  }

  /**
   * Ends the stream as failed, and waits at most 5 seconds, or `flushTimeout`. A text is shown as it is on a Lock Screen, so it must
   * not hold secrets; of an error only the type's name is shown.
   */
  async fail(reason?: unknown): Promise<boolean> {
    return this.#end({ how: `"failed"`, reason: quoted(typeof reason === "string" ? reason : typeName(reason)) });
  }

  /** Stops publishing and leaves the activity on screen as it is. */
  detach(): void {
    this.#native.detach();
    this.#driver.open.delete(this.#native);
    this.#driver.wake();
  }

  /** The events since the last call, at most the newest 64. */
  events(): PublisherEvent[] {
    return JSON.parse(this.#native.events());
  }

  /** Event counters. */
  get counters(): Counters {
    return JSON.parse(this.#native.counters());
  }

  /** Ends the stream with its last state, unless it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle("finished");
  }

  /** @internal Ends the stream, unless that was begun. It is never rejected: what comes of the job itself must not be lost. */
  async settle(how: "finished" | "complete" | "failed", thrown?: unknown): Promise<boolean> {
    return this.#end({ how: `"${how}"`, reason: quoted(typeName(thrown)) }).catch(() => false);
  }

  #end(end: Record<string, string | undefined>): Promise<boolean> {
    return this.#arrival((op) => {
      // What breaks a rule ends nothing.
      this.#native.end(object(end), op);
      this.#driver.open.delete(this.#native);
    });
  }

  /** Whether a state has arrived that is waited for. */
  async #arrival(begin: (op: number) => void): Promise<boolean> {
    try {
      const { outcome } = this.#driver.start(begin);
      this.#driver.background(outcome);
      return "done" in (await outcome) && this.problem === undefined;
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }
}

/** A reason as JSON, which may be of any length. */
function quoted(reason: string): string {
  return JSON.stringify(described(reason).text);
}
