// The command line as a whole process: one call beside the official SDK in Node, what `run` adds to a command, what `pipe` passes on
// beside `cat`. Each takes turns with what it is measured against, so that a machine whose speed drifts slows both. It reports, and
// judges nothing.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const STARTS = 40;
const PIPES = 11;
const BYTES = 1_000_000_000;

const asmith = process.env.ASMITH_BINARY;
const official = fileURLToPath(new URL("../js/programs/one-call-official.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));
const state = ["--type", "progress", "--title", "Search Reindex", "--percentage", "42"];

const calls = byTurns({ ours: [asmith, "-q", "stream", "bench", ...state], theirs: ["node", official] });
row("cli/process of one call", "ms", calls.ours, calls.theirs, "at most 15 ms, 0.15");

const runs = byTurns({ ours: [asmith, "-q", "run", "bench-run", "--", "true"], theirs: ["true"] });
row("cli/run -- true, and true", "ms", runs.ours, runs.theirs, "");
console.log(
  `${"cli/what run adds".padEnd(34)}${`${(runs.ours - runs.theirs).toFixed(1)} ms`.padStart(14)}   at most 10 ms`,
);

const pipes = { ours: [], theirs: [] };
for (let number = 0; number < PIPES; number++) {
  pipes.ours.push(throughput('"$ASMITH_BINARY" -q pipe bench-pipe --bytes'));
  pipes.theirs.push(throughput("cat"));
}
row("cli/pipe beside cat", "MB/s", median(pipes.ours), median(pipes.theirs), "at least 0.8");

/** The milliseconds that each program takes from its start to its end. */
function byTurns(programs) {
  const rounds = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let number = 0; number <= STARTS; number++) {
    for (const [name, [program, ...args]] of Object.entries(programs)) {
      const start = performance.now();
      run(program, args);
      // The first warms up.
      if (number > 0) rounds[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(rounds).map(([name, times]) => [name, median(times)]));
}

function throughput(middle) {
  const start = performance.now();
  run("sh", ["-c", `head -c ${BYTES} /dev/zero | ${middle} | cat > /dev/null`]);
  return BYTES / 1e3 / (performance.now() - start);
}

function run(program, args) {
  const { status, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${status}\n${stderr}`);
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function row(name, unit, ours, theirs, target) {
  const numbers = [ours, theirs].map((value) => `${value.toFixed(1)} ${unit}`.padStart(14)).join("");
  console.log(`${name.padEnd(34)}${numbers}${(ours / theirs).toFixed(2).padStart(8)}   ${target}`);
}
