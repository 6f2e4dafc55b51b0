// The entry for every runtime that compiles WebAssembly from bytes: the module comes along as text, a character for each.

import { loadFrom } from "../kit.cjs";
import { text } from "../wasm-inline.cjs";

loadFrom(() => new WebAssembly.Module(decoded()));

/** The module's bytes, by the quickest way that there is. */
function decoded(): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: "latin1"): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(text, "latin1");
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
