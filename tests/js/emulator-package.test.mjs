// The emulator's packed package beside that of the kit, with no other `asmith` in reach, as a project that uses both would have them.

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { fresh, given, run } from "./support/kit.mjs";

const PROGRAM = `
  import { ActivitySmith } from "activitysmith-kit";
  import { startEmulator } from "activitysmith-kit/testing";
  const emulator = await startEmulator();
  const { liveActivities } = new ActivitySmith(emulator.account().options);
  const { operation } = await liveActivities.stream("job", { type: "progress", title: "Job", percentage: 0 });
  console.log(operation);
  await emulator.stop();
`;

/** Runs the program where nothing but the packages leads to an emulator. */
const job = (folder) =>
  run(process.execPath, ["--input-type=module", "-e", PROGRAM], folder, { PATH: "", ASMITH_BIN: "" });

/** A folder with both packages, and where the emulator's lies in it. */
async function installed(t) {
  const folder = await fresh(t);
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", given("KIT_EMULATOR_TARBALL")], folder);
  return { folder, emulator: join(folder, "node_modules/activitysmith-kit-emulator") };
}

test("the kit's test helper finds the program of the package", async (t) => {
  const { folder } = await installed(t);
  assert.equal(await job(folder), "started\n");
});

test("without the package the helper says how to get it", async (t) => {
  await assert.rejects(
    job(await fresh(t)),
    /cannot run asmith: .*ENOENT; `npm install --save-dev activitysmith-kit-emulator`/,
  );
});

test("npm's scripts find the program on their PATH", async (t) => {
  const { folder, emulator } = await installed(t);
  const { version } = JSON.parse(await readFile(join(emulator, "package.json"), "utf8"));
  assert.equal(await run("npm", ["exec", "--offline", "--", "asmith", "--version"], folder), `asmith ${version}\n`);
});

test("it holds an executable and its licences, for this kind of machine, and runs nothing when it is installed", async (t) => {
  const { emulator } = await installed(t);
  const licences = ["LICENSE-APACHE", "LICENSE-MIT", "OFL.txt"];
  assert.deepEqual((await readdir(emulator)).sort(), [
    ...licences,
    "README.md",
    "asmith",
    "index.cjs",
    "index.d.cts",
    "package.json",
  ]);
  assert.equal((await stat(join(emulator, "asmith"))).mode & 0o777, 0o755);
  const manifest = JSON.parse(await readFile(join(emulator, "package.json"), "utf8"));
  assert.deepEqual([manifest.os, manifest.cpu], [[process.platform], [process.arch]]);
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"])
    assert.equal(manifest[field], undefined);
});

test("publint finds nothing", async (t) => {
  const { folder, emulator } = await installed(t);
  await run("publint", [emulator, "--strict"], folder);
});
