// What the package gives, in every runtime.

export { ActivitySmith, ActivitySmith as default } from "./client.js";
export type { CallPromise, WithResponse } from "./call.js";
export * from "./errors.js";
export type { Fetch } from "./fetch-transport.js";
export type { LiveActivities } from "./live-activities.js";
export type { WidgetMetrics } from "./metrics.js";
export type * from "./models.js";
export type { Notifications } from "./notifications.js";
export type { LongNames, RawAnswer } from "./official.js";
export type * from "./options.js";
export type { Publisher } from "./publisher.js";
export type * from "./requests.js";
// They stand in place of the models.
export type { EndRequest, EndStreamRequest, Push, StartRequest, StreamRequest, UpdateRequest } from "./requests.js";
export type { Track, TrackSync } from "./track.js";
export { TransportError } from "./transport.js";
export type { Transport, TransportAnswer, TransportFailure, TransportOptions, TransportRequest } from "./transport.js";

/** @internal The other entries say where the WebAssembly is. */
export { loadFrom } from "./wasm.js";
