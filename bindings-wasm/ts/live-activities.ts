// The calls about Live Activities.

import { call, type CallPromise } from "./call.js";
import { fromThrown } from "./decode.js";
import type { Driver } from "./driver.js";
import { encodeRequest } from "./encode.js";
import { printWithoutMark, UNCLONEABLE } from "./local.js";
import { type ActivityResponse, STATE_TYPES, type StateType, type StreamResponse } from "./models.js";
import { addLongNames, type LongNames } from "./official.js";
import { beginning, type CallOptions, type PublishOptions, tracked, type TrackOptions } from "./options.js";
import { Publisher } from "./publisher.js";
import type { EndRequest, EndStreamRequest, FinalState, PublishRequest, StartRequest, StartState } from "./requests.js";
import type { StreamRequest, StreamState, UpdateRequest } from "./requests.js";
import { sizeOf, Track, TrackSync } from "./track.js";

/** The official package's long names. */
export interface LiveActivities extends LongNames<{
  startLiveActivity: [{ liveActivityStartRequest: StartRequest }, ActivityResponse];
  updateLiveActivity: [{ liveActivityUpdateRequest: UpdateRequest }, ActivityResponse];
  endLiveActivity: [{ liveActivityEndRequest: EndRequest }, ActivityResponse];
  reconcileLiveActivityStream: [{ streamKey: string; liveActivityStreamRequest: StreamRequest }, StreamResponse];
  endLiveActivityStream: [
    { streamKey: string; liveActivityStreamDeleteRequest?: EndStreamRequest | null | undefined },
    StreamResponse,
  ];
}> {}

const LONG_NAMES = {
  startLiveActivity: ["start", "liveActivityStartRequest"],
  updateLiveActivity: ["update", "liveActivityUpdateRequest"],
  endLiveActivity: ["end", "liveActivityEndRequest"],
  reconcileLiveActivityStream: ["stream", "liveActivityStreamRequest", "streamKey"],
  endLiveActivityStream: ["end_stream", "liveActivityStreamDeleteRequest", "streamKey"],
} as const;

type Job = (live: Publisher) => unknown;

export class LiveActivities {
  /** The types of states. */
  static readonly types = STATE_TYPES;
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #driver: Driver;

  static {
    printWithoutMark(this);
    addLongNames(this, LONG_NAMES, (self) => self.#driver);
  }

  /** @internal Created by a client. */
  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /**
   * Publishes a stream while a job runs: shows its first state, and then the latest one, in the background. The stream ends with its
   * last state when the job is done, or as failed if it throws; the error is rethrown.
   */
  publish<Type extends StateType, Result>(
    streamKey: string,
    state: PublishRequest<Type>,
    job: (live: Publisher<Type>) => Result,
    options?: PublishOptions,
  ): Promise<Awaited<Result>>;

  /**
   * Publishes a stream and returns a handle to `finish` or `fail`. `await using` ends it with its last state, also after an exception.
   */
  publish<Type extends StateType>(
    streamKey: string,
    state: PublishRequest<Type>,
    options?: PublishOptions,
  ): Publisher<Type>;

  publish(streamKey: string, state: unknown, job?: Job | PublishOptions, options?: PublishOptions): unknown {
    const open = (given: PublishOptions = {}) =>
      this.#open(streamKey, () => beginning(streamKey, encodeRequest(state), given));
    return typeof job === "function" ? this.#run(() => open(options), job) : open(job);
  }

  /** Iterates over anything that `for await` takes, and publishes the progress: in percent where the total is known, else as a count. */
  track<Item>(
    items: AsyncIterable<Item> | Iterable<Item | PromiseLike<Item>>,
    streamKey: string,
    options: TrackOptions,
  ): Track<Item> {
    const begin = () => tracked(streamKey, options, sizeOf(items));
    return new Track(items as AsyncIterable<Item>, (done) => this.#open(streamKey, begin, done));
  }

  /** As `track`, for synchronous loops: the end is sent in the background. */
  trackSync<Item>(items: Iterable<Item>, streamKey: string, options: TrackOptions): TrackSync<Item> {
    const begin = () => tracked(streamKey, options, sizeOf(items));
    return new TrackSync(items, (done) => this.#open(streamKey, begin, done));
  }

  async #run(open: () => Publisher, job: Job): Promise<unknown> {
    const live = open();
    try {
      const result = await job(live);
      await live.settle("finished");
      return result;
    } catch (thrown) {
      await live.settle("failed", thrown);
      throw thrown;
    }
  }

  #open(streamKey: string, beginning: () => string, done?: () => number): Publisher {
    const driver = this.#driver;
    try {
      const publisher = driver.native.publish(driver.inert ? "{}" : beginning());
      driver.open.add(publisher, done);
      driver.wake();
      return new Publisher(streamKey, driver, publisher);
    } catch (thrown) {
      throw fromThrown(thrown);
    }
  }

  /**
   * Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
   *
   * Takes the state itself, or a request with the state as `content_state`, beside buttons, channels and so on.
   */
  stream(streamKey: string, request: StreamRequest | StreamState, options?: CallOptions): CallPromise {
    return call(this.#driver, "stream", () => [streamKey, request], options);
  }

  /** Ends a stream, by default with its last state. */
  endStream(streamKey: string, request?: EndStreamRequest | FinalState | null, options?: CallOptions): CallPromise {
    return call(this.#driver, "end_stream", () => [streamKey, request], options);
  }

  /** Starts a Live Activity, which the `activity_id` of the answer names. A stream does all this by one call. */
  start(request: StartRequest | StartState, options?: CallOptions): CallPromise<ActivityResponse> {
    return call(this.#driver, "start", () => ["", request], options);
  }

  /** Updates a Live Activity by its `activity_id`. */
  update(request: UpdateRequest, options?: CallOptions): CallPromise<ActivityResponse> {
    return call(this.#driver, "update", () => ["", request], options);
  }

  /** Ends a Live Activity by its `activity_id`. */
  end(request: EndRequest, options?: CallOptions): CallPromise<ActivityResponse> {
    return call(this.#driver, "end", () => ["", request], options);
  }
}
