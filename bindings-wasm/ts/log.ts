// What the caller's logger hears. Whatever becomes of that, no call fails for it.

import type { StreamResponse } from "./models.js";
import type { Logger } from "./options.js";

/** Says how a call went that succeeded: the core's advice, the service's warning, the outcome. */
export function report(logger: Logger | undefined, streamKey: string, outcome: StreamResponse): void {
  if (!logger) return;
  for (const advice of outcome.facts.advice ?? []) log(logger, "warn", `${streamKey}: ${advice}`);
  if (outcome.warning) log(logger, "warn", `${streamKey}: the service warns: ${outcome.warning}`);
  log(logger, "debug", `${streamKey}: ${outcome.operation} (attempts: ${outcome.facts.attempts})`);
}

/** A logger that fails, at once or later, has nowhere to say so. */
export function log(logger: Logger | undefined, level: "debug" | "warn", message: string): void {
  try {
    const said: unknown = logger?.[level]?.(`activitysmith-kit: ${message}`);
    if (said !== undefined) Promise.resolve(said).catch(() => {});
  } catch {
    // As above.
  }
}
