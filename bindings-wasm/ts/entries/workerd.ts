// The entry for workerd, which compiles no WebAssembly at run time: it imports a module that was compiled beforehand.

import module from "../activitysmith_kit.wasm";
import { loadFrom } from "../wasm.js";

loadFrom(() => module);

export * from "../index.js";
export { default } from "../index.js";
