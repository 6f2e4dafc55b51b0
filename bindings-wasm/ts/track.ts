// Iterators that publish how far they are: an item costs an addition, and the driver looks now and then.

import { ConfigError } from "./errors.js";
import type { Publisher } from "./publisher.js";

/** @internal Begins to publish how far items are. */
export type Open = (done: () => number) => Publisher;

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

/** The iterator of what a loop takes. */
function iterator<Item>(items: unknown, method: "asyncIterator" | "iterator"): Iterator<Item> & AsyncIterator<Item> {
  const given = Object(items);
  const begin = given[Symbol[method]] ?? given[Symbol.iterator];
  if (begin) return begin.call(items);
  throw new ConfigError("items", "cannot be iterated over; give a list, or anything else that a loop takes");
}

/**
 * Items, and how many of them are done: all before the current one. The stream ends as complete after the last item, and as failed if
 * the items throw. After `break`, or an error in the loop's body, which looks the same to it, it ends with the count so far.
 */
export class Track<Item> implements AsyncIterableIterator<Item> {
  /** The underlying publisher, for other changes. */
  readonly live: Publisher;
  readonly #items: AsyncIterator<Item> | Iterator<Item>;
  #done = -1;

  /** @internal Created by a client. */
  constructor(items: AsyncIterable<Item> | Iterable<Item>, open: Open) {
    this.#items = iterator(items, "asyncIterator");
    this.live = open(() => Math.max(this.#done, 0));
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
      // A list of promises gives what they hold.
      const item = done ? value : await value;
      this.#done++;
      if (!done) return { done: false, value: item };
    } catch (thrown) {
      await this.live.settle("failed", thrown);
      throw thrown;
    }
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
 * As `Track`, for synchronous loops. The end is sent in the background; `finished` says whether it arrived. A loop without an `await`
 * blocks all sending until it is over.
 */
export class TrackSync<Item> implements IterableIterator<Item> {
  /** The underlying publisher, for other changes. */
  readonly live: Publisher;
  /** Whether the last state has arrived. Never rejects. */
  readonly finished: Promise<boolean>;
  readonly #items: Iterator<Item>;
  #done = -1;
  #finish!: (arrived: Promise<boolean>) => void;

  /** @internal Created by a client. */
  constructor(items: Iterable<Item>, open: Open) {
    this.#items = iterator(items, "iterator");
    this.live = open(() => Math.max(this.#done, 0));
    this.finished = new Promise((resolve) => (this.#finish = resolve));
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Item, undefined> {
    try {
      const result = this.#items.next();
      this.#done++;
      if (!result.done) return result;
    } catch (thrown) {
      this.#end("failed", thrown);
      throw thrown;
    }
    this.#end("complete");
    return { done: true, value: undefined };
  }

  return(): IteratorResult<Item, undefined> {
    try {
      this.#items.return?.();
    } finally {
      this.#end("finished");
    }
    return { done: true, value: undefined };
  }

  #end(how: "finished" | "complete" | "failed", thrown?: unknown): void {
    this.#finish(this.live.settle(how, thrown));
  }
}
