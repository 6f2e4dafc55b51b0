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
/** Whose exports take the place of the globals of their names. */
const GLOBALS = join(here, "ts/globals.ts");

const require = createRequire(import.meta.url);
const esbuild = require("esbuild");

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
shrinkModule();
inlineModule();
bundle("ts/entries/kit.ts", KIT, "cjs", [GLOBALS]);
const names = Object.keys(require(join(dist, KIT))).filter((name) => name !== "loadFrom");
appendFileSync(join(dist, KIT), CALLABLE);
bundle("ts/entries/inline.ts", "index.cjs", "cjs");
appendFileSync(join(dist, "index.cjs"), REEXPORTED);
writeFileSync(join(dist, "index.mjs"), face("index.cjs", names));
bundle("ts/entries/workerd.ts", "workerd.mjs", "esm");
const members = names.filter((name) => name !== "default");
appendFileSync(join(dist, "workerd.mjs"), face(KIT, members));
bundle("ts/testing.ts", "testing.cjs", "cjs", [GLOBALS]);
writeFileSync(join(dist, "testing.mjs"), face("testing.cjs", Object.keys(require(join(dist, "testing.cjs")))));
declareTypes();
// The licences lie at the repository's root.
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) cpSync(join(here, "..", licence), join(here, licence));

/** The core, as small as binaryen makes it. */
function shrinkModule() {
  tool("binaryen", "wasm-opt", [
    // Taken apart and put together anew, it becomes half a percent smaller.
    ...["--flatten", "--rereloop", "-Oz", "-Oz", "--converge"],
    "--strip-producers",
    "--strip-target-features",
    join(here, "pkg/glue_bg.wasm"),
    "-o",
    join(dist, WASM),
  ]);
}

/** The one copy that both kinds of modules share; ES modules import CommonJS, but not every runtime the other way. */
function inlineModule() {
  const literal = [...readFileSync(join(dist, WASM))].map(escaped).join("");
  // Vite takes away a member of `exports` by itself, taking it for one that nobody uses.
  writeFileSync(join(dist, INLINE), `module.exports = { text: "${literal}" };\n`);
}

/** A byte as a character of a string: a fifth of the packed package smaller than base64, and read as quickly. */
function escaped(byte) {
  const character = String.fromCharCode(byte);
  return { "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" }[character] ?? character;
}

/** One file for each entry. The client and all that belongs to it is CommonJS, with a thin ES module over it: so each class exists once. */
function bundle(entry, file, format, inject = []) {
  esbuild.buildSync({
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
  const path = join(dist, file);
  // The entries name what lies beside them in dist/ as it is seen from ts/entries/.
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(/"\.\.\/([\w-]+\.(?:cjs|wasm))"/g, '"./$1"'));
}

/** A thin ES module over a CommonJS one. It imports that statically, so that bundlers find it. */
function face(file, names) {
  const members = names.filter((name) => name !== "default").join(", ");
  const text = `import kit from "./${file}";\nexport const { ${members} } = kit;\n`;
  return names.includes("default") ? `${text}export default kit;\n` : text;
}

/** The types: shared by all entries, and a face for each kind of module. */
function declareTypes() {
  tool("typescript", "tsc", ["--project", here]);
  const types = join(dist, "types");
  keepReachable(types, ["index.d.ts", "testing.d.ts"]);
  const from = `from "./types/index.js";`;
  const declarations = readdirSync(types)
    .map((file) => readFileSync(join(types, file), "utf8"))
    .join("");
  writeFileSync(join(dist, "index.d.mts"), `export * ${from}\nexport { ActivitySmith as default } ${from}\n`);
  writeFileSync(join(dist, "index.d.cts"), namespaced(readFileSync(join(here, "ts/index.ts"), "utf8"), declarations));
  for (const kind of ["cts", "mts"])
    writeFileSync(join(dist, `testing.d.${kind}`), `export * from "./types/testing.js";\n`);
}

/** The types of `require`: a class that holds all else. */
function namespaced(index, declarations) {
  const listed = [...index.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, isType, list]) =>
    list.split(",").map((name) => [name.trim(), isType]),
  );
  const whole = [...index.matchAll(/export (?:type )?\* from "\.\/([^"]+)\.js"/g)].flatMap(([, file]) => {
    const declared = readFileSync(join(dist, `types/${file}.d.ts`), "utf8");
    return [...declared.matchAll(/^export (?:declare )?(class|interface|type) (\w+)/gm)].map(([, kind, name]) => [
      name,
      kind !== "class",
    ]);
  });
  const exported = [...new Map([...whole, ...listed])];
  const members = exported.filter(([name]) => /^\w+$/.test(name) && name !== "ActivitySmith");
  return [
    `import * as kit from "./types/index.js";`,
    "declare class ActivitySmith extends kit.ActivitySmith {}",
    "declare namespace ActivitySmith {",
    ...members.map(([name, isType]) =>
      isType ? `  export type ${alias(name, declarations)};` : `  export import ${name} = kit.${name};`,
    ),
    "  export { ActivitySmith, ActivitySmith as default };",
    "}",
    "export = ActivitySmith;",
    "",
  ].join("\n");
}

/** A type under its own name, with the parameters that it is declared with. */
function alias(name, declarations) {
  const [, parameters] = new RegExp(`(?:class|interface|type) ${name}<([^>]+)>`).exec(declarations) ?? [];
  if (!parameters) return `${name} = kit.${name}`;
  const given = parameters.split(",").map((parameter) => parameter.trim().split(" ")[0]);
  return `${name}<${parameters}> = kit.${name}<${given.join(", ")}>`;
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
