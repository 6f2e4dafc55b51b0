/// <reference lib="esnext.disposable" preserve="true" />
// The handle that a program holds while it publishes a stream: the latest state goes in, and nothing waits for the network.

import type { NativePublisher } from "../pkg/glue.js";
import { fromThrown, typeName } from "./decode.js";
import type { Driver } from "./driver.js";
import { encode, encodeRequest, object, wellFormed } from "./encode.js";
import { ActivitySmithError } from "./errors.js";
import type { Counters, EventKind, StateType } from "./models.js";
import { type ChangeOptions, flush, type FlushOptions, urgency } from "./options.js";
import type { Patch, PublishRequest } from "./requests.js";
import { UNCLONEABLE } from "./uncloneable.js";

/** Something that happened to a publisher. */
export interface PublisherEvent {
  /** What kind it is; new ones may come. */
  kind: EventKind | (string & {});
  /** It in words, for a log. */
  message: string;
  /** Whether somebody should look at it. */
  warning: boolean;
}

/** The longest reason of a failure, in characters: more than any screen shows, and less than the service takes. */
const LONGEST_REASON = 10_000;

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
  readonly #driver: Driver;
  /** Nothing where nothing is published. */
  readonly #native: NativePublisher | undefined;
  #problem: ActivitySmithError | undefined;

  /** @internal A client makes them: of a publisher of the core, of why there is none, or of nothing where that was asked for. */
  constructor(streamKey: string, driver: Driver, native: NativePublisher | ActivitySmithError | undefined) {
    this.streamKey = streamKey;
    this.#driver = driver;
    if (native instanceof ActivitySmithError) this.#problem = native;
    else this.#native = native;
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
  update(patch: Patch<Type>, options: ChangeOptions = {}): void {
    this.#change(() => `{"update":${encode(patch)},"urgent":${urgency(options)}}`);
  }

  /** Puts another state in place of the whole one. What goes beside it (buttons, tags, ...) stays, unless it is given. */
  replace(state: PublishRequest<StateType>, options: ChangeOptions = {}): void {
    this.#change(() => `{"replace":${encodeRequest(state)},"urgent":${urgency(options)}}`);
  }

  #change(change: () => string): void {
    if (this.#native) this.#driver.change(this.#native, change);
  }

  /**
   * Sends the newest state now, as far as the account's budget allows, and waits until the service has taken it: `timeout`
   * milliseconds at most, 10,000 by default. Where it is `false`, `problem` says why.
   */
  async flush(options: FlushOptions = {}): Promise<boolean> {
    return this.#arrival((native) => this.#driver.flush(native, flush(options)));
  }

  /**
   * Ends the stream with its last state, changed once more where a patch is given, and waits for that: at most 10 seconds. It fails
   * no job for the network: where it is `false`, `problem` says why.
   */
  async finish(patch?: Patch<Type>): Promise<boolean> {
    return this.#end("finished", { change: patch == null ? undefined : encode(patch) });
  }

  /**
   * Ends the stream with a state that shows that the job has failed, and waits for that as `finish` does. It shows a text as it is,
   * on a Lock Screen, so let it hold no secret; of an error it shows the type's name alone.
   */
  async fail(reason?: unknown): Promise<boolean> {
    return this.#end("failed", { reason: quoted(typeof reason === "string" ? reason : typeName(reason)) });
  }

  /** Sends no more, and leaves the activity as it is. */
  close(): void {
    if (this.#native) this.#driver.close(this.#native);
  }

  /** What has happened since this was asked last; the newest 64 events. */
  events(): PublisherEvent[] {
    return this.#native ? JSON.parse(this.#native.events()) : [];
  }

  /** How often what has happened; nothing of a publisher that is inert. */
  get counters(): Counters | undefined {
    return this.#native && JSON.parse(this.#native.counters());
  }

  /** Ends the stream with its last state, unless that was done: whatever led out of its scope. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle("finished");
  }

  /** @internal Ends the stream, unless that was begun. It is never rejected: what comes of the job itself must not be lost. */
  async settle(how: "finished" | "complete" | "failed", thrown?: unknown, attended = true): Promise<boolean> {
    try {
      return await this.#end(how, { reason: quoted(typeName(thrown)), attended: `${attended}` });
    } catch (problem) {
      this.#problem = problem as ActivitySmithError;
      return false;
    }
  }

  /** What breaks a rule ends nothing. */
  #end(how: string, what: Record<string, string | undefined>): Promise<boolean> {
    return this.#arrival((native) => this.#driver.end(native, object({ how: `"${how}"`, ...what })));
  }

  /** Whether a state has arrived that is waited for. */
  async #arrival(wait: (native: NativePublisher) => Promise<ActivitySmithError | undefined>): Promise<boolean> {
    try {
      if (this.#native) this.#problem = await wait(this.#native);
    } catch (thrown) {
      throw fromThrown(thrown);
    }
    return this.#problem === undefined;
  }
}

/** A reason as JSON. */
function quoted(reason: string): string {
  return JSON.stringify(wellFormed(reason.slice(0, LONGEST_REASON)));
}
