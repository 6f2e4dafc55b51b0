// The calls about Live Activities, under the names of the official package and its older ones.

import { call, type CallPromise, type Subject } from "./call.js";
import { fromThrown } from "./decode.js";
import type { Driver } from "./driver.js";
import { encodeRequest } from "./encode.js";
import type { StateType, StreamResponse } from "./models.js";
import { beginning, type CallOptions, type PublishOptions, tracked, type TrackOptions } from "./options.js";
import { Publisher, UNCLONEABLE } from "./publisher.js";
import type { EndRequest, FinalState, PublishRequest, StreamRequest, StreamState } from "./requests.js";
import { ofFetch } from "./runtime.js";
import { sizeOf, Track, TrackSync } from "./track.js";

/** The arguments of `reconcileLiveActivityStream`. */
export interface StreamParameters {
  streamKey: string;
  liveActivityStreamRequest: StreamRequest;
}

/** The arguments of `endLiveActivityStream`. */
export interface EndParameters {
  streamKey: string;
  liveActivityStreamDeleteRequest?: EndRequest | null | undefined;
}

/** A pending answer. */
export interface RawAnswer {
  raw: Response;
  value(): Promise<StreamResponse>;
}

type Job = (live: Publisher) => unknown;

export class LiveActivities {
  /** @internal */
  readonly uncloneable = UNCLONEABLE;
  readonly #driver: Driver;

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
  endStream(streamKey: string, request?: EndRequest | FinalState | null, options?: CallOptions): CallPromise {
    return call(this.#driver, "end_stream", () => [streamKey, request], options);
  }

  /** `stream` by its older name. */
  reconcileLiveActivityStream(parameters: StreamParameters, options?: CallOptions): CallPromise {
    return call(this.#driver, "stream", () => [parameters?.streamKey, parameters?.liveActivityStreamRequest], options);
  }

  /** `endStream` by its older name. */
  endLiveActivityStream(parameters: EndParameters, options?: CallOptions): CallPromise {
    const subject: Subject = () => [parameters?.streamKey, parameters?.liveActivityStreamDeleteRequest];
    return call(this.#driver, "end_stream", subject, options);
  }

  /** `stream(...).withResponse()` by its older name. */
  reconcileLiveActivityStreamRaw(parameters: StreamParameters, options?: CallOptions): Promise<RawAnswer> {
    return raw(this.reconcileLiveActivityStream(parameters, options));
  }

  /** `endStream(...).withResponse()` by its older name. */
  endLiveActivityStreamRaw(parameters: EndParameters, options?: CallOptions): Promise<RawAnswer> {
    return raw(this.endLiveActivityStream(parameters, options));
  }
}

async function raw(promise: CallPromise): Promise<RawAnswer> {
  const { data, response } = await promise.withResponse();
  return { raw: response ?? new (ofFetch("Response"))(null, { status: 204 }), value: async () => data };
}
