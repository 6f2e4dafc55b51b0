// What calls take: the generated models in the forms that callers may write them.

import type { ContentState, EndRequest as EndModel, StreamRequest as StreamModel } from "./models.js";

/** How long an ended activity stays on the Lock Screen, said as part of its last state. */
export interface Dismissal {
  /** Seconds, 0 for at once; it wins over `auto_dismiss_minutes`. */
  auto_dismiss_seconds?: number | undefined;
  /** Minutes, 0 for at once. Without either the service waits for about two. */
  auto_dismiss_minutes?: number | undefined;
}

/** What tells a state by itself from a request, so that nobody mixes the two. */
interface Alone {
  content_state?: undefined;
}

/** The same from the other side. */
interface AroundState {
  title?: undefined;
  type?: undefined;
}

/** A state of a stream. */
export type StreamState = ContentState & Dismissal & Alone;

/** A last state. What starts nothing need not be whole: beside the title, all is optional. */
export type FinalState = Loose<ContentState> & Dismissal & Alone;

type Loose<State> = State extends { title: string }
  ? Pick<State, keyof State & ("title" | "type")> & Partial<State>
  : never;

/** Shows a state under a stream key. */
export interface StreamRequest extends Omit<StreamModel, "content_state">, AroundState {
  /** What to show. */
  content_state: StreamState;
  /** The older form of `channels`. */
  target?: { channels: readonly string[] } | undefined;
}

/** Ends a stream. Empty, it leaves the last state as it is. */
export interface EndRequest extends Omit<EndModel, "content_state">, AroundState {
  /** The final state. */
  content_state?: FinalState | undefined;
}
