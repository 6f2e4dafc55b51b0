// The calls about Live Activities, under the names of the official package and its older ones.

import { call, type CallPromise, type Connection } from "./call.js";
import type { Subject } from "./core-call.js";
import { ConfigError } from "./errors.js";
import type { StreamResponse } from "./models.js";
import type { CallOptions } from "./options.js";
import type { EndRequest, FinalState, StreamRequest, StreamState } from "./requests.js";

/** The arguments of `reconcileLiveActivityStream`. */
export interface StreamParameters {
  streamKey: string;
  liveActivityStreamRequest: StreamRequest;
}

/** The arguments of `endLiveActivityStream`. */
export interface EndParameters {
  streamKey: string;
  liveActivityStreamDeleteRequest?: EndRequest | null | undefined;
}

/** An answer whose outcome is still to be taken from it. */
export interface RawAnswer {
  raw: Response;
  value(): Promise<StreamResponse>;
}

export class LiveActivities {
  readonly #connection: Connection;

  /** @internal A client makes them. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
   *
   * It takes the state itself, or a request that has it as `content_state` beside buttons, channels and so on.
   */
  stream(streamKey: string, request: StreamRequest | StreamState, options?: CallOptions): CallPromise {
    return call(this.#connection, "stream", () => ({ streamKey, request }), options);
  }

  /** Ends a stream; unless told otherwise, with the state that it has. */
  endStream(streamKey: string, request?: EndRequest | FinalState | null, options?: CallOptions): CallPromise {
    return call(this.#connection, "end", () => ({ streamKey, request }), options);
  }

  /** `stream` by its older name. */
  reconcileLiveActivityStream(parameters: StreamParameters, options?: CallOptions): CallPromise {
    const subject = () => [parameters?.streamKey, parameters?.liveActivityStreamRequest] as const;
    return call(this.#connection, "stream", read(subject), options);
  }

  /** `endStream` by its older name. */
  endLiveActivityStream(parameters: EndParameters, options?: CallOptions): CallPromise {
    const subject = () => [parameters?.streamKey, parameters?.liveActivityStreamDeleteRequest] as const;
    return call(this.#connection, "end", read(subject), options);
  }

  /** `stream(...).withResponse()` by its older name. */
  reconcileLiveActivityStreamRaw(parameters: StreamParameters, options?: CallOptions): Promise<RawAnswer> {
    return raw(this.reconcileLiveActivityStream(parameters, options));
  }

  /** `endStream(...).withResponse()` by its older name. */
  endLiveActivityStreamRaw(parameters: EndParameters, options?: CallOptions): Promise<RawAnswer> {
    return raw(this.endLiveActivityStream(parameters, options));
  }
}

/** What the older names are given in one object, which may be anything. */
function read(subject: () => readonly [streamKey: unknown, request: unknown]): () => Subject {
  return () => {
    try {
      const [streamKey, request] = subject();
      return { streamKey, request };
    } catch (cause) {
      throw new ConfigError("parameters", "cannot be read; give an object with a streamKey", { cause });
    }
  };
}

async function raw(promise: CallPromise): Promise<RawAnswer> {
  const { data, response } = await promise.withResponse();
  return { raw: response ?? new Response(null, { status: 204 }), value: async () => data };
}
