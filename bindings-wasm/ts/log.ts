// What the caller's logger hears. Whatever becomes of that, no call fails for it.

import type { StreamResponse } from "./models.js";
import type { Logger } from "./options.js";
import { ignoreOutputErrors } from "./outputs.js";

/** Says how a call went that succeeded: the core's advice, the service's warning, the outcome. */
export function report(logger: Logger | undefined, streamKey: string, outcome: StreamResponse): void {
  if (!logger) return;
  for (const advice of outcome.facts.advice ?? []) log(logger, "warn", `${streamKey}: ${advice}`);
  if (outcome.warning) log(logger, "warn", `${streamKey}: the service warns: ${outcome.warning}`);
  log(logger, "debug", `${streamKey}: ${outcome.operation} (attempts: ${outcome.facts.attempts})`);
}

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
