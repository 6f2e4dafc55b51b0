// The entry for every runtime that compiles WebAssembly from bytes: the module comes along as text.

import { text } from "../wasm-inline.cjs";
import { loadFrom } from "../wasm.js";

loadFrom(() => new WebAssembly.Module(decoded()));

/** The module's bytes, by the quickest way that there is. */
function decoded(): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export * from "../index.js";
export { default } from "../index.js";
