/// <reference lib="esnext.disposable" preserve="true" />
// The handle that a program holds while it publishes a stream: the latest state goes in, and nothing waits for the network.

import { encodeRequest } from "./core-call.js";
import { fromThrown, typeName } from "./decode.js";
import { encode } from "./encode.js";
import type { ActivitySmithError } from "./errors.js";
import type { Counters, StateType } from "./models.js";
import { type ChangeOptions, type FlushOptions, flushTimeout, isUrgent } from "./options.js";
import type { Published, Publishing, PublisherEvent } from "./publishing.js";
import type { Patch, PublishRequest } from "./requests.js";
import { UNCLONEABLE } from "./uncloneable.js";

/** The longest reason of a failure, in characters: more than any screen shows, and less than the service takes. */
const LONGEST_REASON = 10_000;

/** @internal What publishes a stream, or why nothing does. */
export interface Live {
  publishing: Publishing;
  published: Published;
}

/**
 * A stream that is being published: its latest state is sent as often as it helps and no more, in the background.
 *
 * `update` is cheap, waits for nothing and throws only for misspelt fields and wrong types. A number that is out of range is clamped
 * or skipped, and a change after the end is ignored, each with one warning. A second end changes nothing, and has the outcome of the
 * first. Without a key a publisher warns once and is inert, and so it is where `ACTIVITYSMITH_DISABLED` is set.
 */
export class Publisher<Type extends StateType = StateType> {
  /** The key of the stream. */
  readonly streamKey: string;
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #live: Live | undefined;
  #problem: ActivitySmithError | undefined;
  #ending: Promise<boolean> | undefined;

  /** @internal A client makes them. */
  constructor(streamKey: string, live: Live | undefined, problem: ActivitySmithError | undefined) {
    this.streamKey = streamKey;
    this.#live = live;
    this.#problem = problem;
  }

  /** Why nothing is published, or why the state that was waited for last did not arrive. */
  get problem(): ActivitySmithError | undefined {
    return this.#problem;
  }

  /**
   * Changes some of the state; all else stays. Figures wait for their turn, unless they are urgent; what else changes goes at once,
   * as long as it is seldom.
   *
   * It takes fields of the state, and those of a request beside them; or a request with its `content_state`.
   */
  update(patch: Patch<Type>, options?: ChangeOptions): void {
    this.#change("update", patch, encode, options);
  }

  /** Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is given. */
  replace(state: PublishRequest<StateType>, options?: ChangeOptions): void {
    this.#change("replace", state, encodeRequest, options);
  }

  #change(
    how: "update" | "replace",
    changes: unknown,
    write: (value: unknown) => string,
    options?: ChangeOptions,
  ): void {
    if (!this.#live) return;
    const { publishing, published } = this.#live;
    if (publishing.isLate(published)) return;
    const urgent = options !== undefined && isUrgent(options);
    try {
      publishing.change(published, how, write(changes), urgent);
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }

  /**
   * Sends the newest state now, as far as the account's budget allows, and waits until the service has taken it: `timeout`
   * milliseconds at most, 10,000 by default. Where it is `false`, `problem` says why.
   */
  async flush(options: FlushOptions = {}): Promise<boolean> {
    if (!this.#live) return this.#problem === undefined;
    this.#problem = await this.#live.publishing.flush(this.#live.published, flushTimeout(options));
    return this.#problem === undefined;
  }

  /**
   * Ends the stream with its last state, changed once more where a patch is given, and waits for that: at most 10 seconds. It fails
   * no job for the network: where it is `false`, `problem` says why.
   */
  async finish(patch?: Patch<Type>): Promise<boolean> {
    return this.#ending ?? this.#end("finished", patch == null ? "{}" : encode(patch));
  }

  /**
   * Ends the stream with a state that shows that the job has failed, and waits for that as `finish` does. It shows a text as it is,
   * on a Lock Screen, so let it hold no secret; of an error it shows the type's name alone.
   */
  async fail(reason?: unknown): Promise<boolean> {
    return this.#ending ?? this.#end("failed", typeof reason === "string" ? reason : typeName(reason));
  }

  /** Sends no more, and leaves the activity as it is. */
  close(): void {
    if (!this.#live || this.#ending) return;
    this.#live.publishing.close(this.#live.published);
  }

  /** What has happened since this was asked last; the newest 64 events. */
  events(): PublisherEvent[] {
    return this.#live ? this.#live.publishing.events(this.#live.published) : [];
  }

  /** How often what has happened; nothing of a publisher that is inert. */
  get counters(): Counters | undefined {
    return this.#live?.publishing.counters(this.#live.published);
  }

  /** Ends the stream with its last state, unless that was done: whatever led out of its scope. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle("finished");
  }

  /**
   * @internal Ends the stream, unless that was begun, and waits for it where somebody attends. It is never rejected: what comes of the
   * job itself must not be lost.
   */
  async settle(how: "finished" | "complete" | "failed", thrown?: unknown, attended = true): Promise<boolean> {
    try {
      return await (this.#ending ?? this.#end(how, how === "failed" ? typeName(thrown) : "{}", attended));
    } catch (problem) {
      this.#problem = fromThrown(problem);
      return false;
    }
  }

  /** What breaks a rule ends nothing. */
  #end(how: "finished" | "complete" | "failed", detail: string, attended = true): Promise<boolean> {
    if (!this.#live) return Promise.resolve(this.#problem === undefined);
    try {
      const text = how === "failed" ? detail.slice(0, LONGEST_REASON) : detail;
      const outcome = this.#live.publishing.end(this.#live.published, how, text, attended);
      return (this.#ending = outcome.then((problem) => {
        this.#problem = problem;
        return problem === undefined;
      }));
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }
}
