// The entry for workerd, which compiles no WebAssembly at run time: it imports a module that was compiled beforehand.

// @ts-expect-error The build puts both there.
import module from "./activitysmith_kit.wasm";
// @ts-expect-error
import { loadFrom } from "./kit.cjs";

loadFrom(() => module);

// @ts-expect-error
export { default } from "./kit.cjs";
