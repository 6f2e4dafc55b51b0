// Globals as they are when the package is loaded. The build puts them in place of those of the same names in all of its sources, the
// generated one included.
//
// Environments of tests lack some of them (Jest's with jsdom), and replace others by fakes, under whose timers no call would ever end.
// Node's own modules have them all the same. `fetch` is not among them, since programs replace that on purpose.

import { builtin, isNode } from "./runtime.js";

type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout" | "setImmediate">;

export const { setTimeout, clearTimeout, setImmediate } =
  (isNode() ? builtin<Timers>("node:timers") : undefined) ?? globalThis;

export const { TextDecoder, TextEncoder } =
  typeof globalThis.TextDecoder === "function" && typeof globalThis.TextEncoder === "function"
    ? globalThis
    : builtin<typeof import("node:util")>("node:util")!;

export const { Buffer } = builtin<typeof import("node:buffer")>("node:buffer") ?? globalThis;
