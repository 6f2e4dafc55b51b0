// The publishers that are neither ended nor detached: how many of their items are done, and what is sent before the process ends.

import type { NativePublisher } from "../pkg/glue.js";
import { process } from "./runtime.js";

/** Those that may have something to send when nothing else is left to do. Only as long as there are some, there is a listener. */
const pending = new Set<OpenPublishers>();
const flushAll = () => pending.forEach((each) => each.flush());

/** The open publishers of a client. */
export class OpenPublishers {
  readonly #open = new Set<NativePublisher>();
  readonly #counted = new Map<NativePublisher, () => number>();
  readonly #send: () => void;

  /** `send` sends what they have pending. */
  constructor(send: () => void) {
    this.#send = send;
  }

  /** Takes one up, and what counts its items. */
  add(publisher: NativePublisher, done?: () => number): void {
    this.#open.add(publisher);
    if (done) this.#counted.set(publisher, done);
    this.changed(publisher);
  }

  delete(publisher: NativePublisher): void {
    this.#open.delete(publisher);
    this.#counted.delete(publisher);
    if (this.#open.size === 0) this.#rest();
  }

  /** Has what changed sent before the process ends. */
  changed(publisher: NativePublisher): void {
    if (!this.#open.has(publisher)) return;
    if (pending.size === 0) process()?.on?.("beforeExit", flushAll);
    pending.add(this);
  }

  /** Tells the core how many items are done. */
  count(): void {
    for (const [publisher, done] of this.#counted) publisher.change(`{"done":${done()}}`);
  }

  /** Sends what is pending, once: what does not arrive is not tried again. */
  flush(): void {
    this.#rest();
    this.#send();
  }

  #rest(): void {
    if (pending.delete(this) && pending.size === 0) process()?.off?.("beforeExit", flushAll);
  }
}
