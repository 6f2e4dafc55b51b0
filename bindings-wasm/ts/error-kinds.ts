// The classes of errors by their names and kinds.
//
// Generated from the core's models by `cargo xtask generate`; not to be edited.

import * as errors from "./errors.js";

export const CLASSES = {
  config: errors.ConfigError,
  validation: errors.ValidationError,
  connection: errors.ConnectionError,
  timeout: errors.TimeoutError,
  closed: errors.ClosedError,
  bad_request: errors.BadRequest,
  unauthorized: errors.Unauthorized,
  billing_blocked: errors.BillingBlocked,
  forbidden: errors.Forbidden,
  not_found: errors.NotFound,
  conflict: errors.Conflict,
  no_recipients: errors.NoRecipients,
  rate_limited: errors.RateLimited,
  activity_limit_reached: errors.ActivityLimitReached,
  server_error: errors.ServerError,
  redirect: errors.Redirect,
  unreadable: errors.Unreadable,
};

// Names are where `Error` has them, on the prototypes, so that they are not printed among the fields.
for (const [name, { prototype }] of Object.entries(errors))
  Object.defineProperty(prototype, "name", { value: name, configurable: true, writable: true });
