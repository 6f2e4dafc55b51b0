// Iterators that publish how far they are: an item costs an addition, and the driver looks now and then.

import type { Publisher } from "./publisher.js";

/** What has been given of some items so far. */
class Given {
  count = 0;
  exhausted = false;

  /** Whoever asks for an item is done with those before. */
  get done(): number {
    return this.exhausted ? this.count : Math.max(this.count - 1, 0);
  }
}

/** @internal Begins to publish how far items are. */
export type Open = (count: () => number) => Publisher;

/** @internal How many items there are, where they tell. */
export function sizeOf(items: unknown): number | undefined {
  const { length, size } = Object(items) as { length?: unknown; size?: unknown };
  const known = length ?? size;
  return typeof known === "number" ? known : undefined;
}

/**
 * Items, and how far one is with them. When they are exhausted the stream ends with all of it done; where a loop is left before, with
 * as much as was done, since JavaScript does not tell an iterator why. Where the items themselves fail, it ends as failed.
 */
export class Track<Item> implements AsyncIterableIterator<Item> {
  /** The publisher beneath, for what else changes. */
  readonly live: Publisher;
  readonly #items: AsyncIterator<Item> | Iterator<Item>;
  readonly #given = new Given();

  /** @internal A client makes them. */
  constructor(items: AsyncIterable<Item> | Iterable<Item>, open: Open) {
    this.#items = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.live = open(() => this.#given.done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    try {
      const { done, value } = await this.#items.next();
      if (done !== true) {
        // A list of promises gives what they hold.
        const item = await value;
        this.#given.count++;
        return { done: false, value: item };
      }
    } catch (thrown) {
      await this.live.settle("failed", thrown);
      throw thrown;
    }
    this.#given.exhausted = true;
    await this.live.settle("complete");
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    try {
      await this.#items.return?.();
    } finally {
      await this.live.settle("finished");
    }
    return { done: true, value: undefined };
  }
}

/**
 * As `Track`, for loops that are not async. The end is sent in the background; `finished` tells whether it arrived. A loop that never
 * waits lets nothing be sent until it is over.
 */
export class TrackSync<Item> implements IterableIterator<Item> {
  /** The publisher beneath, for what else changes. */
  readonly live: Publisher;
  /** Whether the last state has arrived. It is never rejected. */
  readonly finished: Promise<boolean>;
  readonly #items: Iterator<Item>;
  readonly #given = new Given();
  #finish!: (arrived: Promise<boolean>) => void;

  /** @internal A client makes them. */
  constructor(items: Iterable<Item>, open: Open) {
    this.#items = items[Symbol.iterator]();
    this.live = open(() => this.#given.done);
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Item, undefined> {
    let result: IteratorResult<Item>;
    try {
      result = this.#items.next();
    } catch (thrown) {
      this.#finish(this.live.settle("failed", thrown, false));
      throw thrown;
    }
    if (result.done !== true) {
      this.#given.count++;
      return result;
    }
    this.#given.exhausted = true;
    this.#finish(this.live.settle("complete", undefined, false));
    return { done: true, value: undefined };
  }

  return(): IteratorResult<Item, undefined> {
    try {
      this.#items.return?.();
    } finally {
      this.#finish(this.live.settle("finished", undefined, false));
    }
    return { done: true, value: undefined };
  }
}
