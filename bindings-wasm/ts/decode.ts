// From what the core throws to an error of the tree, in the words of this package.

import { CLASSES } from "./error-kinds.js";
import { ActivitySmithError, ApiError, ConfigError, type ErrorDetails } from "./errors.js";
import { NAMES } from "./option-fields.js";

/** An error as the core writes it. */
export function fromCore(details: ErrorDetails, cause?: unknown): ActivitySmithError {
  const options = cause === undefined ? undefined : { cause };
  if (details.kind === "config") {
    const { setting = "", problem = "" } = details;
    const isOf = ([, core]: [string, unknown]) => core === setting || core === `${setting}_seconds`;
    const [option = setting] = Object.entries(NAMES.client).find(isOf) ?? [];
    // Only what the core says itself is changed: the rest may be the caller's text.
    const spelled = problem
      .replace(/^(is not set; set it, or pass the key as )api_key$/, "$1apiKey")
      .replace(/^(must be at most )86,400 s (?=\(one day\)$)/, "$186,400,000 ms ");
    return new ConfigError(option, spelled, options);
  }
  const known = CLASSES[details.kind as Exclude<keyof typeof CLASSES, "config">];
  return new (known ?? (details.status === undefined ? ActivitySmithError : ApiError))(details, options);
}

/** What was thrown in a call: the core's JSON, or an error of this package. Anything else is a fault of it. */
export function fromThrown(thrown: unknown): ActivitySmithError {
  if (thrown instanceof ActivitySmithError) return thrown;
  try {
    return fromCore(JSON.parse(typeof thrown === "string" ? thrown : ""));
  } catch {
    const description = "something went wrong inside activitysmith-kit; please report it with its cause";
    return new ActivitySmithError({ kind: "internal", description }, { cause: thrown });
  }
}

/** The name of an error's type, which says what kind of thing happened and no more. */
export function typeName(thrown: unknown): string {
  try {
    return thrown == null ? "" : String(Object(thrown).constructor?.name ?? "");
  } catch {
    return "";
  }
}
