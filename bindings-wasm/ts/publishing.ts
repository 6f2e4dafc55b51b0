// The driver of a client's publishers: asks the core what goes next, sends that, and waits. It decides nothing itself, and keeps
// no process alive but for an end or for whoever waits.

import { attempt } from "./attempt.js";
import { type Connection, handOver, outgoing } from "./call.js";
import { fromThrown, typeName } from "./decode.js";
import { type ActivitySmithError, TimeoutError } from "./errors.js";
import { flushAtExit, notAtExit } from "./exit.js";
import { log, quietly } from "./log.js";
import type { Counters, EventKind } from "./models.js";
import { readMonotonic, readWall, unref } from "./runtime.js";
import { afterEnd, type Publication } from "./wasm.js";

/** Something that happened to a publisher. */
export interface PublisherEvent {
  /** What kind it is; new ones may come. */
  kind: EventKind | (string & {});
  /** It in words, for a log. */
  message: string;
  /** Whether somebody should look at it. */
  warning: boolean;
}

/** What has happened to a publisher, as the core says it. */
interface News {
  publisher: number;
  over: boolean;
  events: PublisherEvent[];
}

/** @internal A stream that is being published, and what is known of it when the core has forgotten it. */
export interface Published {
  readonly streamKey: string;
  readonly publication: Publication;
  /** How many items are done with, where items are counted. */
  readonly count: (() => number) | undefined;
  readonly events: PublisherEvent[];
  /** Its end has begun. */
  ending: boolean;
  /** It has neither been ended nor closed. */
  takesChanges: boolean;
  /** A change came after that, and was reported. */
  warnedOfLateChange: boolean;
  /** It was told that its requests fail. */
  failing: boolean;
  /** The last ones, once it is over. */
  counters: Counters | undefined;
  /** What became of its end, as the core says it; empty where nobody has ended it. */
  ended: string | undefined;
}

/** How many events wait for whoever asks for them. */
const MOST_EVENTS = 64;
/** How much later than at its time an end is told to be over. */
const GRACE_MS = 1_000;
/** How long a process waits for its publishers when it ends. */
const EXIT_MS = 2_000;
/** No timer can be set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @internal The publishers of one client. */
export class Publishing {
  readonly #connection: Connection;
  /** Those that are not over, by the core's numbers. */
  readonly #published = new Map<number, Published>();
  /** Those whose items are counted. */
  readonly #counted = new Set<Published>();
  /** Whoever waits for something looks when anything has happened. */
  readonly #waiting = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #awake = false;
  #warned = false;
  #stopped = false;
  /** Nothing is new since the process was about to end. */
  #flushed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Why nothing can be published. It is told once in the log, and no job is broken by it. */
  obstacle(): ActivitySmithError | undefined {
    const { session, logger } = this.#connection;
    const thrown = session.obstacle();
    if (thrown === undefined) return undefined;
    const problem = fromThrown(thrown);
    const warned = this.#warned;
    this.#warned = true;
    if (!warned) log(logger, "warn", `nothing is published: ${problem.message}`);
    return problem;
  }

  /** Takes up a stream that the core has begun to publish. */
  begin(streamKey: string, publication: Publication, count?: () => number): Published {
    const events: PublisherEvent[] = [];
    const state = { ending: false, takesChanges: true, warnedOfLateChange: false, failing: false };
    const published = { streamKey, publication, count, events, ...state, counters: undefined, ended: undefined };
    this.#published.set(publication.number, published);
    if (count) this.#counted.add(published);
    this.#flushed = false;
    flushAtExit(this);
    this.wake();
    return published;
  }

  /** Whether a change comes after the end, which is reported once. Nothing of such a change is looked at, so that it breaks no job. */
  isLate(published: Published): boolean {
    if (published.takesChanges) return false;
    if (!published.warnedOfLateChange) {
      published.warnedOfLateChange = true;
      this.#report(published, [JSON.parse(afterEnd())]);
    }
    return true;
  }

  /** Changes some of a stream's state, or the whole of it. */
  change(published: Published, how: "update" | "replace", changes: string, urgent: boolean): void {
    this.#flushed = false;
    try {
      if (this.#connection.session[how](published.publication, changes, urgent, readMonotonic())) this.wake();
    } catch (thrown) {
      // The core says as text what breaks a rule.
      if (typeof thrown === "string") throw thrown;
      this.#stop(thrown);
    }
  }

  /** Says once that this package has a fault, by which it breaks no job. */
  #stop(thrown: unknown): void {
    const stopped = this.#stopped;
    this.#stopped = true;
    if (!stopped) log(this.#connection.logger, "warn", `publishing has stopped: ${fromThrown(thrown).message}`);
  }

  /** Has a stream's newest state sent, and gives why it has not arrived, or nothing where it has. */
  async flush(published: Published, timeout: number): Promise<ActivitySmithError | undefined> {
    const { session } = this.#connection;
    this.#count(published);
    session.hasten(published.publication);
    this.wake();
    const said = await this.#wait(timeout, () => published.ended || session.newest(published.publication));
    return said === undefined ? late(timeout) : problemOf(said);
  }

  /** Ends a stream, unless that breaks a rule, and gives why its last state has not arrived, or nothing where it has. */
  end(
    published: Published,
    how: "finished" | "complete" | "failed",
    detail: string,
    attended: boolean,
  ): Promise<ActivitySmithError | undefined> {
    this.#count(published);
    const { session } = this.#connection;
    // One that was closed may be forgotten already.
    const timeout =
      published.ended === undefined ? session.end(published.publication, how, detail, attended, readMonotonic()) : 0;
    published.ending = true;
    published.takesChanges = false;
    this.#flushed = false;
    this.wake();
    // The core gives it up in its time, or a little later.
    const waited = this.#wait(timeout + GRACE_MS, () => published.ended);
    return waited.then((said) => (said === undefined ? late(timeout) : problemOf(said)));
  }

  /** Sends no more of a stream, and leaves its activity as it is. */
  close(published: Published): void {
    this.#connection.session.close(published.publication);
    published.takesChanges = false;
    this.wake();
  }

  counters({ counters, publication }: Published): Counters {
    return counters ?? JSON.parse(this.#connection.session.counters(publication));
  }

  events(published: Published): PublisherEvent[] {
    this.#hear();
    return published.events.splice(0);
  }

  /** Sends what is pending before the process ends, once, and waits a little for that. */
  async flushAll(): Promise<void> {
    if (this.#flushed) return;
    this.#flushed = true;
    const { session, logger } = this.#connection;
    for (const published of this.#published.values()) {
      this.#count(published);
      session.hasten(published.publication);
    }
    this.wake();
    const open = () => [...this.#published.values()].filter((published) => this.#isOpen(published));
    if (await this.#wait(EXIT_MS, () => (open().length === 0 ? "arrived" : undefined))) return;
    for (const { streamKey } of open()) {
      log(logger, "warn", `${streamKey}: the newest state did not arrive before the process ended`);
    }
  }

  /** Looks again soon: after all that the program does at once, so that much of it is one change. */
  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    // As `queueMicrotask` does it, which fake timers replace.
    void Promise.resolve().then(() => this.#poll());
  }

  #poll(): void {
    this.#awake = false;
    clearTimeout(this.#timer);
    try {
      const { session } = this.#connection;
      for (const published of this.#counted) this.#count(published);
      for (let lines; (lines = session.poll(readMonotonic(), readWall()));) this.#background(this.#send(lines));
      this.#tell();
      this.#sleep();
    } catch (thrown) {
      this.#stop(thrown);
    }
  }

  /** Has the core look when it wants to, or when it is worth to look how far an iterator is. */
  #sleep(): void {
    let pause = this.#connection.session.wait(readMonotonic()) ?? Infinity;
    for (const { publication } of this.#counted) pause = Math.min(pause, publication.look() ?? Infinity);
    if (pause === Infinity) return;
    this.#timer = setTimeout(() => this.#poll(), Math.min(Math.ceil(pause), LONGEST_TIMER_MS));
    unref(this.#timer);
  }

  /** Sends a request of a publisher once, and hands over what became of it. It is never rejected, since nothing waits for it. */
  async #send(lines: string): Promise<void> {
    const { session, transport, limits, hint, logger } = this.#connection;
    try {
      const { number, request, timeLeft } = outgoing(this.#connection, lines);
      const attempted = await attempt(transport, request, limits, timeLeft, undefined, 1, true);
      handOver(session, number, attempted, hint(request));
    } catch (thrown) {
      log(logger, "warn", `a request was lost: ${fromThrown(thrown).message}`);
      this.#lose(lines, thrown);
    }
    this.wake();
  }

  #lose(lines: string, cause: unknown): void {
    try {
      handOver(this.#connection.session, Number.parseInt(lines), { failure: "interrupted", cause });
    } catch {
      // The core knows already, or fails itself.
    }
  }

  /** Tells the log and those who wait what has happened. */
  #tell(): void {
    this.#hear();
    for (const look of this.#waiting) look();
  }

  /** Hears what has happened, and forgets what is over. */
  #hear(): void {
    const { session } = this.#connection;
    const text = session.news();
    if (text === undefined) return;
    const news = JSON.parse(text) as News[];
    const heard = news.map(({ publisher, ...rest }) => ({ published: this.#published.get(publisher)!, ...rest }));
    // A logger may use the publishers itself, so it is called when all is known.
    for (const { published, over } of heard) if (over) this.#forget(published);
    for (const { published, events } of heard) this.#report(published, events);
  }

  /** Keeps events, and logs them. */
  #report(published: Published, news: PublisherEvent[]): void {
    const { streamKey, events } = published;
    events.push(...news);
    events.splice(0, events.length - MOST_EVENTS);
    for (const { kind, message, warning } of news) {
      // Who was told that requests fail knows why the end did not arrive.
      const known = kind === "not_arrived" && published.failing;
      published.failing = kind === "failing" || (published.failing && kind !== "recovered");
      log(this.#connection.logger, warning && !known ? "warn" : "debug", `${streamKey}: ${message}`);
    }
  }

  #forget(published: Published): void {
    const { session } = this.#connection;
    const { publication } = published;
    published.ended = session.ending(publication) ?? "";
    published.counters = JSON.parse(session.counters(publication));
    session.remove(publication);
    this.#published.delete(publication.number);
    this.#counted.delete(published);
    if (this.#published.size === 0) notAtExit(this);
  }

  #count({ count, publication }: Published): void {
    if (!count) return;
    try {
      this.#connection.session.count(publication, count(), readMonotonic());
    } catch {
      // It fits the state that it was made for. Where another took its place, it says nothing.
    }
  }

  #isOpen({ publication, ending }: Published): boolean {
    return ending || this.#connection.session.newest(publication) === undefined;
  }

  /** Waits until `done` gives something, at most so long. This alone keeps a process alive. */
  #wait(limit: number, done: () => string | undefined): Promise<string | undefined> {
    const waited = new Promise<string | undefined>((resolve) => {
      const finish = (value: string | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(value);
      };
      const ask = () => {
        try {
          return done();
        } catch (thrown) {
          this.#stop(thrown);
          return undefined;
        }
      };
      const look = () => {
        const value = ask();
        if (value !== undefined) finish(value);
      };
      const timer = setTimeout(() => finish(ask()), Math.min(limit, LONGEST_TIMER_MS));
      this.#waiting.add(look);
      look();
    });
    this.#background(waited);
    return waited;
  }

  /** Has the runtime of an edge function wait for what goes on after its answer. */
  #background(work: Promise<unknown>): void {
    const { waitUntil, logger } = this.#connection;
    // Only the kind of what was thrown is told, since that may have no text.
    if (waitUntil)
      quietly(
        () => waitUntil(work),
        (thrown) => log(logger, "debug", `waitUntil failed: ${typeName(thrown)}`),
      );
  }
}

function late(timeout: number): TimeoutError {
  const description = `the newest state did not arrive within ${timeout} ms`;
  return new TimeoutError({ kind: "timeout", description, transient: true });
}

/** The error in what the core says of a state or an end, if it is one. */
function problemOf(text: string): ActivitySmithError | undefined {
  if (text === "") return undefined;
  const said = JSON.parse(text);
  if ("done" in said) return undefined;
  return fromThrown(JSON.stringify(said.failed ?? said));
}
