// All of the package but the WebAssembly, which each of the other entries finds in its own way.

export * from "../index.js";
export { default } from "../index.js";
export { loadFrom } from "../wasm.js";
