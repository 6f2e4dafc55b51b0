// The outputs of a process in Node, to which most loggers write in the end.

import { outputs } from "./runtime.js";

/** After how many turns of the event loop an output has told that it cannot be written to. */
const TURNS = 3;

let turnsLeft = 0;

/**
 * Has errors of the outputs ignored that come of what is written now. One that is full, or that nothing reads, tells so a little later
 * by an event, and where no listener is left for that, Node ends the process. What the program itself writes later is not touched.
 */
export function ignoreOutputErrors(): void {
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
