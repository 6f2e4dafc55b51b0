// What calls take: the generated models in the forms that callers may write them.

import type {
  BadgeRequest,
  ContentState,
  EndRequest as EndModel,
  EndStreamRequest as EndStreamModel,
  Push as PushModel,
  StartRequest as StartModel,
  StateType,
  StreamRequest as StreamModel,
  UpdateRequest as UpdateModel,
} from "./models.js";

/** How long an ended activity stays on the Lock Screen, said as part of its last state. */
export interface Dismissal extends Pick<EndStreamModel, "auto_dismiss_seconds" | "auto_dismiss_minutes"> {}

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

/** What a request can name its channels by. */
interface Targeted {
  /** The older form of `channels`. */
  target?: { channels: readonly string[] } | undefined;
}

type Loose<State> = State extends { title: string }
  ? Pick<State, keyof State & ("title" | "type")> & Partial<State>
  : never;

/** Shows a state under a stream key. */
export interface StreamRequest extends Omit<StreamModel, "content_state">, AroundState, Targeted {
  /** What to show. */
  content_state: StreamState;
}

/** Ends a stream. Empty, it leaves the last state as it is. */
export interface EndStreamRequest extends Omit<EndStreamModel, "content_state">, AroundState {
  /** The final state. */
  content_state?: FinalState | undefined;
}

/** The state that an activity is started with: it names its type. */
export type StartState = Extract<ContentState, { type: StateType }> & Alone;

/** Starts a Live Activity. It is not sent again once it may have arrived, since each start makes an activity of its own. */
export interface StartRequest extends Omit<StartModel, "content_state">, AroundState, Targeted {
  /** What to show. */
  content_state: StartState;
}

/** Updates a Live Activity by its id. */
export interface UpdateRequest extends Omit<UpdateModel, "content_state"> {
  /** What to show. It need not be whole, but for its title. */
  content_state: Loose<ContentState>;
}

/** Ends a Live Activity by its id. */
export interface EndRequest extends Omit<EndModel, "content_state"> {
  /** The final state. It need not be whole, but for its title. */
  content_state: Loose<ContentState> & Pick<Dismissal, "auto_dismiss_minutes">;
}

/** A push notification. */
export interface Push extends PushModel, Targeted {}

/** What the number on the app's icon can have beside it. */
export interface BadgeFields extends Pick<BadgeRequest, "channels">, Targeted {}

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
