// Builds the npm package into dist/, after wasm-pack has put the core into pkg/. `cargo xtask package js` runs both.

import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const WASM = "activitysmith_kit.wasm";
const INLINE = "wasm-inline.cjs";

const require = createRequire(import.meta.url);
const esbuild = require("esbuild");

/** `require` gives the client itself, as the official package does, and all else as its members. */
const CALLABLE = "module.exports = Object.assign(module.exports.ActivitySmith, { ...module.exports });\n";

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
shrinkModule();
inlineModule();
bundle("ts/entries/inline.ts", "index.cjs", "cjs");
bundle("ts/entries/workerd.ts", "workerd.mjs", "esm");
bundle("ts/testing.ts", "testing.cjs", "cjs");
declareTypes();
// The licences lie at the repository's root.
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(here, "..", licence), join(here, licence));

/** The core, as small as binaryen makes it. */
function shrinkModule() {
  tool("binaryen", "wasm-opt", ["-Oz", "--converge", join(here, "pkg/glue_bg.wasm"), "-o", join(dist, WASM)]);
}

/** The one copy that both kinds of modules share; ES modules import CommonJS, but not every runtime the other way. */
function inlineModule() {
  const literal = [...readFileSync(join(dist, WASM))].map(escaped).join("");
  writeFileSync(join(dist, INLINE), `exports.text = "${literal}";\n`);
}

/** A byte as a character of a string: a sixth of the packed package smaller than base64, and read as quickly. */
function escaped(byte, index, bytes) {
  const character = String.fromCharCode(byte);
  if (byte === 0 && !/\d/.test(String.fromCharCode(bytes[index + 1]))) return "\\0";
  if (byte === 0 || byte > 126) return `\\x${byte.toString(16).padStart(2, "0")}`;
  return { "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" }[character] ?? character;
}

/**
 * One file for each entry. What others import is CommonJS, with a thin ES module over it: so each class exists once.
 */
function bundle(entry, file, format) {
  esbuild.buildSync({
    absWorkingDir: here,
    entryPoints: [entry],
    outfile: join(dist, file),
    bundle: true,
    format,
    platform: "neutral",
    target: "es2022",
    // Node shows the line where something was thrown, so its file keeps its lines; workerd's is bundled again anyway.
    minifyWhitespace: format === "esm",
    external: [`*/${WASM}`, `*/${INLINE}`, "node:*"],
    logLevel: "warning",
  });
  const path = join(dist, file);
  // The entries name what lies beside them in dist/ as it is seen from ts/entries/.
  const text = readFileSync(path, "utf8")
    .replaceAll(`"../${WASM}"`, `"./${WASM}"`)
    .replaceAll(`"../${INLINE}"`, `"./${INLINE}"`);
  writeFileSync(path, text);
  if (format === "cjs") wrap(file);
}

/** A thin ES module over a CommonJS one. */
function wrap(file) {
  const path = join(dist, file);
  const names = Object.keys(require(path));
  const members = names.filter((name) => name !== "default").join(", ");
  const text = [`import kit from "./${file}";`, `export const { ${members} } = kit;`];
  if (names.includes("default")) {
    text.push("export default kit;");
    appendFileSync(path, CALLABLE);
  }
  writeFileSync(path.replace(".cjs", ".mjs"), `${text.join("\n")}\n`);
}

/** The types: shared by all entries, and a face for each kind of module. */
function declareTypes() {
  tool("typescript", "tsc", ["--project", here]);
  const types = join(dist, "types");
  keepReachable(types, ["index.d.ts", "testing.d.ts"]);
  const from = `from "./types/index.js";`;
  writeFileSync(join(dist, "index.d.mts"), `export * ${from}\nexport { ActivitySmith as default } ${from}\n`);
  writeFileSync(join(dist, "index.d.cts"), namespaced(readFileSync(join(here, "ts/index.ts"), "utf8")));
  for (const kind of ["cts", "mts"])
    writeFileSync(join(dist, `testing.d.${kind}`), `export * from "./types/testing.js";\n`);
}

/** The types of `require`: a class that holds all else. */
function namespaced(index) {
  const exported = [...index.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, isType, list]) =>
    list.split(",").map((name) => [name.trim(), isType ? "type" : "import"]),
  );
  const members = exported.filter(([name]) => /^\w+$/.test(name) && name !== "ActivitySmith");
  return [
    `import * as kit from "./types/index.js";`,
    "declare class ActivitySmith extends kit.ActivitySmith {}",
    "declare namespace ActivitySmith {",
    ...members.map(([name, kind]) => `  export ${kind} ${name} = kit.${name};`),
    "  export { ActivitySmith, ActivitySmith as default };",
    "}",
    "export = ActivitySmith;",
    "",
  ].join("\n");
}

/** Takes away the declarations that no entry leads to. */
function keepReachable(folder, entries) {
  const reachable = new Set();
  const follow = (file) => {
    if (reachable.has(file)) return;
    reachable.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, target] of text.matchAll(/(?:from |import\()"\.\/([^"]+)\.js"/g)) follow(`${target}.d.ts`);
  };
  entries.forEach(follow);
  for (const file of readdirSync(folder)) if (!reachable.has(file)) rmSync(join(folder, file), { recursive: true });
}

/** Runs a program of an npm package. */
function tool(name, program, parameters) {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  const path = join(dirname(manifest), typeof bin === "string" ? bin : bin[program]);
  execFileSync(process.execPath, [path, ...parameters], { stdio: "inherit" });
}
