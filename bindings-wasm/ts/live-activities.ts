// The calls about Live Activities, under the names of the official package and its older ones.

import { call, type CallPromise, type Connection } from "./call.js";
import { encode } from "./encode.js";
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

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
   *
   * It takes the state itself, or a request that has it as `content_state` beside buttons, channels and so on.
   */
  stream(streamKey: string, request: StreamRequest | StreamState, options: CallOptions = {}): CallPromise {
    return call(this.#connection, "stream", streamKey, body(request), options);
  }

  /** Ends a stream; unless told otherwise, with the state that it has. */
  endStream(streamKey: string, request?: EndRequest | FinalState | null, options: CallOptions = {}): CallPromise {
    return call(this.#connection, "end", streamKey, request == null ? "{}" : body(request), options);
  }

  /** `stream` by its older name. */
  reconcileLiveActivityStream(parameters: StreamParameters, options?: CallOptions): CallPromise {
    return this.stream(parameters.streamKey, parameters.liveActivityStreamRequest, options);
  }

  /** `endStream` by its older name. */
  endLiveActivityStream(parameters: EndParameters, options?: CallOptions): CallPromise {
    return this.endStream(parameters.streamKey, parameters.liveActivityStreamDeleteRequest, options);
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

/** A request as JSON. What has a title or a type and no `content_state` is a state by itself. */
function body(request: unknown): string {
  const isState =
    typeof request === "object" &&
    request !== null &&
    !("content_state" in request) &&
    ("title" in request || "type" in request);
  return isState ? `{"content_state":${encode(request)}}` : encode(request);
}

async function raw(promise: CallPromise): Promise<RawAnswer> {
  const { data, response } = await promise.withResponse();
  return { raw: response ?? new Response(null, { status: 204 }), value: async () => data };
}
