// The core as WebAssembly, compiled when the first client is made. Where the module comes from is said by the entries.

import { initSync, NativeClient } from "../pkg/glue.js";
import { ConfigError } from "./errors.js";
import { host } from "./runtime.js";

let load: (() => WebAssembly.Module) | undefined;
let isReady = false;

/** Says where the module comes from. */
export function loadFrom(module: () => WebAssembly.Module): void {
  load ??= module;
}

/** A client of the core. Where the environment asks that nothing is sent it is inert, and no setting is looked at. */
export function openClient(settings: () => string): { native: NativeClient; inert: boolean } {
  try {
    if (!isReady) initSync({ module: load!() });
    isReady = true;
  } catch (cause) {
    throw new ConfigError(
      "WebAssembly",
      "cannot be compiled here; a page must be UTF-8, and its Content-Security-Policy allow 'wasm-unsafe-eval'",
      { cause },
    );
  }
  const inert = NativeClient.isDisabled(host);
  return { native: new NativeClient(inert ? "{}" : settings(), host), inert };
}
