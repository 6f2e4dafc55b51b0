// The packed package as a thing to install: its manifest and types hold for every kind of import, and it stays small.

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";

import { fresh, given, run } from "./support/kit.mjs";

test("publint finds nothing", async (t) => {
  const folder = await fresh(t);
  await run("publint", [join(folder, "node_modules/activitysmith-kit"), "--strict"], folder);
});

test("the types are right for every kind of import", async (t) => {
  await run("attw", [given("KIT_TARBALL")], await fresh(t));
});

test("it depends on nothing, and runs nothing when it is installed", async (t) => {
  const folder = await fresh(t);
  const installed = join(folder, "node_modules");
  assert.deepEqual(
    (await readdir(installed)).filter((name) => !name.startsWith(".")),
    ["activitysmith-kit"],
  );
  const manifest = JSON.parse(await readFile(join(installed, "activitysmith-kit/package.json"), "utf8"));
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies"])
    assert.equal(manifest[field], undefined);
  for (const script of ["preinstall", "install", "postinstall"]) assert.equal(manifest.scripts?.[script], undefined);
});

test("it holds what users need and nothing else, the licences included", async (t) => {
  const installed = join(await fresh(t), "node_modules/activitysmith-kit");
  const files = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => relative(installed, join(parentPath, name)));
  const types = paths.filter((path) => /^dist\/types\/[a-z-]+\.d\.ts$/.test(path));
  assert.ok(types.length > 0);
  const faces = ["index", "testing"].flatMap((name) => [".cjs", ".mjs", ".d.cts", ".d.mts"].map((end) => name + end));
  const modules = ["activitysmith_kit.wasm", "kit.cjs", "wasm-inline.cjs", "workerd.mjs"];
  assert.deepEqual(
    paths.filter((path) => !types.includes(path)).sort(),
    [
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "package.json",
      ...[...faces, ...modules].map((name) => `dist/${name}`),
    ].sort(),
  );
});

test("it is at most 310 kB", async () => {
  const { size } = await stat(given("KIT_TARBALL"));
  assert.ok(size <= 310_000, `${size} bytes`);
});

test("its WebAssembly is at most 270 kB", async (t) => {
  const installed = join(await fresh(t), "node_modules/activitysmith-kit");
  const modules = (await readdir(installed, { recursive: true })).filter((file) => file.endsWith(".wasm"));
  assert.equal(modules.length, 1, `${modules}`);
  const { size } = await stat(join(installed, modules[0]));
  assert.ok(size <= 270_000, `${size} bytes`);
});
