// What there is to do, as the core writes it, and what is waited for.

import type { Attempt, Attempted, Sending } from "./attempt.js";
import type { ErrorDetails } from "./errors.js";
import type { StreamResponse } from "./models.js";

export interface Steps {
  send: Sending[];
  outcomes: { op: number; outcome: Outcome }[];
  log: { warning: boolean; message: string }[];
  wait_seconds: number | null;
}

/** What came of an operation. */
export type Outcome = { done: StreamResponse | null } | { failed: ErrorDetails };

/** A call, a flush or an end that is waited for. */
export class Operation {
  attempts = 0;
  attempt: Attempt | undefined;
  /** How the newest attempt went. */
  last: Attempted | undefined;
  settle!: (outcome: Outcome) => void;
  fail!: (error: Error) => void;
  readonly outcome = new Promise<Outcome>((settle, fail) => Object.assign(this, { settle, fail }));

  constructor(readonly op: number) {}
}
