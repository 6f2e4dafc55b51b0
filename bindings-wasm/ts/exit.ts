// The end of a process: what publishers have pending is sent when nothing else is left to do. It ends nothing and delays nothing
// that the program itself ends.

import { onBeforeExit } from "./runtime.js";

/** What has something to send before the process ends. */
interface Flushable {
  flushAll(): Promise<void>;
}

const waiting = new Set<Flushable>();
let remove: (() => void) | undefined;

/** Has it flushed when the process is about to end; only then it listens. */
export function flushAtExit(one: Flushable): void {
  waiting.add(one);
  remove ??= onBeforeExit(() => {
    // A fault of this package changes no exit code.
    for (const each of waiting) each.flushAll().catch(() => {});
  });
}

export function notAtExit(one: Flushable): void {
  waiting.delete(one);
  if (waiting.size > 0) return;
  remove?.();
  remove = undefined;
}
