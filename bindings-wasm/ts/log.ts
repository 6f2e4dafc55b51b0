// The caller's logger. One that fails makes no call fail.

import type { Logger } from "./options.js";
import { outputs } from "./runtime.js";

/** A logger that fails, at once or later, has nowhere to say so. */
export function log(logger: Logger | undefined, level: "debug" | "warn", message: string): void {
  if (logger == null) return;
  quietly(() => {
    ignoreOutputErrors();
    return logger[level]?.(`activitysmith-kit: ${message}`);
  });
}

/** Calls something of the caller's, whose failures break nothing, be they thrown at once or promised. */
export function quietly(call: () => unknown, failed: (thrown: unknown) => void = () => {}): void {
  try {
    const given = call();
    if (given !== undefined) Promise.resolve(given).catch(failed);
  } catch (thrown) {
    failed(thrown);
  }
}

/** After how many turns of the event loop an output has reported that it cannot be written to. */
const TURNS = 3;

let turnsLeft = 0;

/**
 * Has errors of the outputs ignored that come of what is written now. One that is full, or that nothing reads, reports it a little later
 * by an event, and where no listener is left for that, Node ends the process. What the program itself writes later is not touched.
 */
function ignoreOutputErrors(): void {
  const begun = turnsLeft > 0;
  turnsLeft = TURNS;
  if (begun) return;
  const used = outputs();
  if (used.length === 0) return;
  for (const output of used) output.on("error", ignore);
  const turn = () => {
    if (--turnsLeft > 0) setImmediate(turn);
    else for (const output of used) output.off("error", ignore);
  };
  setImmediate(turn);
}

function ignore(): void {}
