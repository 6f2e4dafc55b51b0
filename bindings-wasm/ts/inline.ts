// The entry for every runtime that compiles WebAssembly from bytes: the module comes along as text, a character for each.

// @ts-expect-error The build puts both there.
import { loadFrom } from "./kit.cjs";
// @ts-expect-error
import { text } from "./wasm-inline.cjs";

const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: "latin1"): Uint8Array<ArrayBuffer> } };

loadFrom(() => {
  // By the quickest way that there is.
  if (Buffer) return new WebAssembly.Module(Buffer.from(text, "latin1"));
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return new WebAssembly.Module(bytes);
});
