// Iterators that publish how far they are: an item costs an addition, and the driver looks now and then.

import type { Done } from "./driver.js";
import { ConfigError } from "./errors.js";
import type { Publisher } from "./publisher.js";

/** @internal Begins to publish how far items are. */
export type Open = (done: Done) => Publisher;

/** How many items are done: when one is asked for, those before it are. */
function done(given: number, exhausted: boolean): number {
  return exhausted ? given : Math.max(given - 1, 0);
}

/** @internal How many items there are, where they tell. A length that cannot be read, or is none, breaks no loop. */
export function sizeOf(items: unknown): number | undefined {
  try {
    const { length, size } = Object(items) as { length?: unknown; size?: unknown };
    const known = length ?? size;
    return Number.isSafeInteger(known) && (known as number) >= 0 ? (known as number) : undefined;
  } catch {
    return undefined;
  }
}

/** What can be iterated over, whatever was given. */
function iterable<Item>(items: AsyncIterable<Item> | Iterable<Item>): Partial<AsyncIterable<Item> & Iterable<Item>> {
  const given = Object(items) as Partial<AsyncIterable<Item> & Iterable<Item>>;
  if (given[Symbol.asyncIterator] ?? given[Symbol.iterator]) return given;
  throw new ConfigError("items", "cannot be iterated over; give a list, or anything else that a loop takes");
}

/**
 * Items, and how far one is with them. When they are exhausted the stream ends with all of it done; where a loop is left before, with
 * as much as was done, since JavaScript does not tell an iterator why. Where the items themselves fail, it ends as failed.
 */
export class Track<Item> implements AsyncIterableIterator<Item> {
  /** The publisher beneath, for what else changes. */
  readonly live: Publisher;
  readonly #items: AsyncIterator<Item> | Iterator<Item>;
  #given = 0;
  #exhausted = false;

  /** @internal A client makes them. */
  constructor(items: AsyncIterable<Item> | Iterable<Item>, open: Open) {
    const given = iterable(items);
    this.#items = given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]!();
    this.live = open(() => done(this.#given, this.#exhausted));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    try {
      const result: unknown = await this.#items.next();
      // As loops of the language have it.
      if (Object(result) !== result) throw new TypeError(`Iterator result ${String(result)} is not an object`);
      const { done, value } = result as IteratorResult<Item>;
      if (done !== true) {
        // A list of promises gives what they hold.
        const item = await value;
        this.#given++;
        return { done: false, value: item };
      }
    } catch (thrown) {
      await this.live.settle("failed", thrown);
      throw thrown;
    }
    this.#exhausted = true;
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
  #given = 0;
  #exhausted = false;
  #finish!: (arrived: Promise<boolean>) => void;

  /** @internal A client makes them. */
  constructor(items: Iterable<Item>, open: Open) {
    this.#items = iterable(items)[Symbol.iterator]!();
    this.live = open(() => done(this.#given, this.#exhausted));
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
      this.#given++;
      return result;
    }
    this.#exhausted = true;
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
