// A call as the JSON that the core reads. What the caller hands in is put into it, not judged.

import { encode } from "./encode.js";
import { type CallOptions, limits } from "./options.js";

/** What a call is about, as the caller handed it in. */
export interface Subject {
  streamKey: unknown;
  request: unknown;
}

/** A stream's or an end's call. Without options it has those of its client. */
export function coreCall(purpose: "stream" | "end", { streamKey, request }: Subject, options?: CallOptions): string {
  const patience = options === undefined ? "" : limits(options);
  // An end may say nothing at all.
  const body = purpose === "end" && request == null ? "{}" : encodeRequest(request);
  return `{"purpose":"${purpose}","stream_key":${encode(streamKey)},"body":${body}${patience}}`;
}

/** A request as JSON. What has a title or a type and no `content_state` is a state by itself. */
export function encodeRequest(request: unknown): string {
  const text = encode(request);
  return isState(request) ? `{"content_state":${text}}` : text;
}

function isState(request: unknown): boolean {
  if (typeof request !== "object" || request === null) return false;
  try {
    return !("content_state" in request) && ("title" in request || "type" in request);
  } catch {
    // What cannot be read has been encoded as such.
    return false;
  }
}
