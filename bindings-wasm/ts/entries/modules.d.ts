// What the build puts beside the entries.

declare module "*/activitysmith_kit.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/wasm-inline.cjs" {
  export const text: string;
}

declare module "*/kit.cjs" {
  const kit: object;
  export default kit;
  export function loadFrom(module: () => WebAssembly.Module): void;
}
