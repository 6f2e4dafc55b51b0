// What calls take: the generated models in the forms that callers may write them.

import type { ContentState, EndRequest as EndModel, StateType, StreamRequest as StreamModel } from "./models.js";

/** How long an ended activity stays on the Lock Screen, said as part of its last state. */
export interface Dismissal extends Pick<EndModel, "auto_dismiss_seconds" | "auto_dismiss_minutes"> {}

/** What distinguishes a state by itself from a request. */
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

/** A first state, by which a stream is published: it names its type. */
export type FirstState<Type extends StateType> = { type: Type } & Extract<StreamState, { type: Type }>;

/** What a stream is published with: a first state, or a request that has one. */
export type PublishRequest<Type extends StateType = StateType> =
  FirstState<Type> | (Omit<StreamRequest, "content_state"> & { content_state: FirstState<Type> });

/** What a request can have beside its state. */
type Beside = Omit<StreamRequest, "content_state" | "title" | "type">;

/** Some of a state. */
type Part<State, Without = never> = State extends unknown
  ? { [Name in Exclude<keyof State, Without>]?: State[Name] | undefined }
  : never;

/** Every type of a state, as it is by itself. */
type Whole<Type> = Extract<ContentState, { type: Type }>;

/**
 * Changes to what is being published: fields of its state, and those of a request beside them; or a request with some of its state.
 * `extra` is the request's, where it does not stand in a `content_state`.
 */
export type Patch<Type extends StateType = StateType> =
  | (Part<Whole<Type>, "extra"> & Beside & Dismissal & Alone)
  | (Beside & AroundState & { content_state?: Part<Whole<Type>> & Dismissal });
