// What the suites share: fresh folders with the packed package in them, and programs that are run there. Knows no runtime.

import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAMS = fileURLToPath(new URL("../programs/", import.meta.url));

/** A setting that `cargo xtask test js` makes. */
export function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run \`cargo xtask test js\``);
  return value;
}

/** A folder with nothing but the packed package installed and some of `programs/`, which goes when the test does. */
export async function fresh(test, ...programs) {
  const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-"));
  test.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", given("KIT_TARBALL")], folder);
  for (const program of programs) await cp(join(PROGRAMS, program), join(folder, program));
  return folder;
}

/** Runs a program in a folder and gives back what it printed; what it complained about is part of the failure. */
export async function run(program, args, folder, env = {}) {
  const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}: ${error.code ?? error.signal}\n${error.stdout}${error.stderr}`);
  }
}
