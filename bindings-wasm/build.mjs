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
const KIT = "kit.cjs";
/** Their exports take the place of the globals of their names. */
const GLOBALS = join(here, "ts/globals.ts");

const require = createRequire(import.meta.url);

/** `require` gives the client itself, as the official package does, and all else as its members. */
const CALLABLE = `{
  const { loadFrom, ...members } = module.exports;
  module.exports = Object.assign(members.ActivitySmith, members);
  Object.defineProperty(module.exports, "loadFrom", { value: loadFrom });
}
`;

/**
 * The whole package once more, in a form that Node's parser of CommonJS does not follow: it would read `kit.cjs`, too, for names that
 * the ES module takes from the object, and a program of one call would take a third longer.
 */
const REEXPORTED = `const kit = require("./${KIT}");
module.exports = kit;
`;

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
// Taken apart and put together anew, it becomes half a percent smaller. Nothing lies in its first kilobyte but the end of a full stack, so
// additions to addresses become offsets, which makes another half a percent.
const optimizations = ["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz", "--converge"];
const stripped = ["--strip-producers", "--strip-target-features"];
tool("binaryen/bin/wasm-opt", ...optimizations, ...stripped, join(here, "pkg/glue_bg.wasm"), "-o", join(dist, WASM));
// The one copy that both kinds of modules share; ES modules import CommonJS, but not every runtime the other way. A member of
// `exports` by itself Vite would take away as unused.
const literal = [...readFileSync(join(dist, WASM))].map(escaped).join("");
write(INLINE, `module.exports = { text: "${literal}" };\n`);

bundle("ts/index.ts", KIT, "cjs", [GLOBALS]);
const names = Object.keys(require(join(dist, KIT))).filter((name) => name !== "loadFrom");
appendFileSync(join(dist, KIT), CALLABLE);
bundle("ts/inline.ts", "index.cjs", "cjs");
appendFileSync(join(dist, "index.cjs"), REEXPORTED);
write("index.mjs", `${face("index.cjs", names)}export default kit;\n`);
bundle("ts/workerd.ts", "workerd.mjs", "esm");
appendFileSync(join(dist, "workerd.mjs"), face(KIT, names));
bundle("ts/testing.ts", "testing.cjs", "cjs", [GLOBALS]);
write("testing.mjs", face("testing.cjs", Object.keys(require(join(dist, "testing.cjs")))));
declareTypes();
// The licences lie at the repository's root.
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(here, "..", licence), join(here, licence));

/** A byte as a character of a string: a fifth of the packed package smaller than base64, and read as quickly. */
function escaped(byte) {
  const character = String.fromCharCode(byte);
  return { "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" }[character] ?? character;
}

/** One file for each entry. The client and all that belongs to it is CommonJS, with a thin ES module over it: so each class exists once. */
function bundle(entry, file, format, inject = []) {
  require("esbuild").buildSync({
    inject,
    absWorkingDir: here,
    entryPoints: [entry],
    outfile: join(dist, file),
    bundle: true,
    format,
    platform: "neutral",
    target: "es2022",
    external: [`*/${WASM}`, `*/${INLINE}`, `*/${KIT}`, "node:*"],
    logLevel: "warning",
  });
}

/** A thin ES module over a CommonJS one. It imports that statically, so that bundlers find it. */
function face(file, names) {
  const members = names.filter((name) => name !== "default").join(", ");
  return `import kit from "./${file}";\nexport const { ${members} } = kit;\n`;
}

/** The types: shared by all entries, and a face for each kind of module. */
function declareTypes() {
  tool("typescript/bin/tsc", "--project", here);
  const declared = (name) => readFileSync(join(dist, `types/${name}.d.ts`), "utf8");
  // Iteration reaches what is added meanwhile.
  const reached = new Set(["index"]);
  for (const name of reached)
    for (const [, target] of declared(name).matchAll(/(?:from |import\()"\.\/([^"]+)\.js"/g)) reached.add(target);
  const from = `from "./types/index.js";`;
  write("index.d.mts", `export * ${from}\nexport { ActivitySmith as default } ${from}\n`);
  write("index.d.cts", namespaced([...reached].map(declared).join("")));
  for (const kind of ["cts", "mts"]) write(`testing.d.${kind}`, `export * from "./types/testing.js";\n`);
  reached.add("testing");
  for (const file of readdirSync(join(dist, "types")))
    if (!reached.has(file.replace(".d.ts", ""))) rmSync(join(dist, "types", file));
}

/** The types of `require`: a class that holds all else, under the same names and with the same parameters. */
function namespaced(declarations) {
  const found = declarations.matchAll(/^export (?:declare )?(?:class|interface|type) (\w+)(<[^>]+>)?/gm);
  const declared = new Map([...found].map(([, name, parameters = ""]) => [name, parameters]));
  declared.delete("ActivitySmith");
  const members = [...declared].map(([name, parameters]) => {
    if (names.includes(name)) return `  export import ${name} = kit.${name};\n`;
    return `  export type ${name}${parameters} = kit.${name}${parameters.replace(/ (extends|=)[^,>]*/g, "")};\n`;
  });
  return `import * as kit from "./types/index.js";
declare class ActivitySmith extends kit.ActivitySmith {}
declare namespace ActivitySmith {
${members.join("")}  export { ActivitySmith, ActivitySmith as default };
}
export = ActivitySmith;
`;
}

function write(file, text) {
  writeFileSync(join(dist, file), text);
}

/** Runs a program of an npm package. */
function tool(program, ...parameters) {
  execFileSync(process.execPath, [join(here, "../node_modules", program), ...parameters], { stdio: "inherit" });
}
