// `activitysmith-kit/testing` under the test runner of others; node:test is what the package's own tests run under.

import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { fresh, run } from "./support/kit.mjs";

test("vitest runs a job beside an emulator", async (t) => {
  const folder = await fresh(t, "job.test.mjs");
  const vitest = fileURLToPath(new URL("../../node_modules/vitest", import.meta.url));
  await symlink(vitest, join(folder, "node_modules/vitest"));
  const report = JSON.parse(await run("vitest", ["run", "--reporter=json", "--root", folder], folder, { CI: "true" }));
  assert.deepEqual([report.success, report.numPassedTests, report.numTotalTests], [true, 1, 1]);
});
