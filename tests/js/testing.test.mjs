// `activitysmith-kit/testing` and the package itself under the test runners of others; node:test is what its own tests run under.

import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { fresh, run } from "./support/kit.mjs";

/** How long a runner may take for a test, on a machine that stalls. */
const LIMIT_MS = 60_000;

/** A folder with the package, vitest and one test. */
async function withVitest(t, program) {
  const folder = await fresh(t, program);
  const vitest = fileURLToPath(new URL("../../node_modules/vitest", import.meta.url));
  await symlink(vitest, join(folder, "node_modules/vitest"));
  return folder;
}

/** What a runner's report in JSON says of its tests. */
function counts(report) {
  const { success, numPassedTests, numTotalTests } = JSON.parse(report);
  return [success, numPassedTests, numTotalTests];
}

for (const [what, program, env] of [
  ["a job", "job.test.mjs", {}],
  ["a job under fake timers that are set after the package is loaded", "fakes.test.mjs", { KIT_LOADED: "before" }],
  ["a job under fake timers that are set before", "fakes.test.mjs", { KIT_LOADED: "after" }],
]) {
  test(`vitest runs ${what}, beside an emulator`, async (t) => {
    const folder = await withVitest(t, program);
    const limits = ["--testTimeout", "--hookTimeout"].map((limit) => `${limit}=${LIMIT_MS}`);
    const options = ["run", "--reporter=json", "--root", folder, ...limits];
    const report = await run("vitest", options, folder, { CI: "true", ...env });
    assert.deepEqual(counts(report), [true, 1, 1]);
  });
}

for (const testEnvironment of ["node", "jsdom"]) {
  for (const enableGlobally of [false, true]) {
    const from = enableGlobally ? "from the start" : "in each test";
    test(`Jest runs a job under fake timers ${from}, in its environment ${testEnvironment}`, async (t) => {
      const folder = await fresh(t, "fakes.test.cjs");
      const config = JSON.stringify({ testEnvironment, fakeTimers: { enableGlobally }, testTimeout: LIMIT_MS });
      const report = await run("jest", ["--ci", "--json", "--watchman=false", "--config", config], folder);
      assert.deepEqual(counts(report), [true, 2, 2]);
    });
  }
}
