// The entry for workerd, which compiles no WebAssembly at run time: it imports a module that was compiled beforehand.

import module from "../activitysmith_kit.wasm";
import { loadFrom } from "../kit.cjs";

loadFrom(() => module);

export { default } from "../kit.cjs";
