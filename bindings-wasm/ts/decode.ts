// From what the core throws to an error of the tree, in the words of this package.

import { CLASSES } from "./error-kinds.js";
import { ActivitySmithError, ApiError, ConfigError, type ErrorDetails } from "./errors.js";

/** An error as the core says it. */
export function fromCore(details: ErrorDetails, cause?: unknown): ActivitySmithError {
  const options = cause === undefined ? undefined : { cause };
  if (details.kind === "config") {
    const { setting = "", problem = "" } = details;
    return new ConfigError(OPTIONS.get(setting) ?? setting, spelled(problem), options);
  }
  const known = CLASSES[details.kind as Exclude<keyof typeof CLASSES, "config">];
  return new (known ?? (details.status === undefined ? ActivitySmithError : ApiError))(details, options);
}

/** Whatever was thrown in a call: the core's JSON, or an error of this package. Anything else is a fault of it. */
export function fromThrown(thrown: unknown): ActivitySmithError {
  if (thrown instanceof ActivitySmithError) return thrown;
  const details = typeof thrown === "string" ? read(thrown) : undefined;
  if (details) return fromCore(details);
  const description = "something went wrong inside activitysmith-kit; please report it with its cause";
  return new ActivitySmithError({ kind: "internal", description }, { cause: thrown });
}

function read(json: string): ErrorDetails | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The core's names of settings as this package's options have them. */
const OPTIONS = new Map([
  ["api_key", "apiKey"],
  ["api_key_file", "apiKeyFile"],
  ["base_url", "baseURL"],
  ["connect_timeout", "connectTimeout"],
  ["max_retries", "maxRetries"],
]);

/** A problem in this package's words. Only what the core says itself is touched: the rest may be the caller's text. */
function spelled(problem: string): string {
  return problem
    .replace(/^(is not set; set it, or pass the key as )api_key$/, "$1apiKey")
    .replace(/^(is [\w ]+; give a number of )seconds$/, "$1milliseconds");
}

/** The name of an error's type, which says what kind of thing happened and no more. */
export function typeName(thrown: unknown): string {
  try {
    return thrown == null ? "" : String(Object(thrown).constructor?.name ?? "");
  } catch {
    return "";
  }
}
