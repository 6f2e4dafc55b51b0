// Programs of a few lines, run in a process of their own: what happens to it is what is tested.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const BEGINNING = `
  import { ActivitySmith } from "activitysmith-kit";
  const options = JSON.parse(process.env.OPTIONS);
  const { liveActivities } = new ActivitySmith({ ...options, logger: { warn: (text) => console.log(text) } });
  const progress = (percentage) => ({ type: "progress", title: "T", percentage });
`;

/** Runs a program with a client of these options; gives its exit code or the signal that ended it, what it printed, and how many milliseconds it took. */
export function run(options, program) {
  const env = { ...process.env, OPTIONS: JSON.stringify(options) };
  const started = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "-e", BEGINNING + program], { cwd: HERE, env });
  const said = { stdout: "", stderr: "" };
  for (const [name, stream] of [
    ["stdout", child.stdout],
    ["stderr", child.stderr],
  ]) {
    stream.setEncoding("utf8").on("data", (text) => (said[name] += text));
  }
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, ...said, took: performance.now() - started }));
  });
}
