// Our npm package beside the official SDK: start-up, calls a second, processor time a call, memory, publishing, sizes. Both take turns against
// the emulator that ACTIVITYSMITH_BASE_URL names, so that a machine whose speed drifts slows both. It reports, and judges nothing.

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import esbuild from "esbuild";

import { fresh, given } from "../../js/support/kit.mjs";

const STARTS = 30;
const PEAKS = 7;
const CHECKS = 200_000;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const cleaning = [];
const folder = await fresh({ after: (clean) => cleaning.push(clean) });
try {
  cpSync(at("programs/"), folder, { recursive: true });
  cpSync(at("../../../node_modules/activitysmith"), join(folder, "node_modules/activitysmith"), { recursive: true });
  // Under a name that says what kind of module it is.
  cpSync(at("../../../bindings-wasm/pkg/glue.js"), join(folder, "glue.mjs"));
  // The package does not export how it writes a call for the core, which is part of what is measured.
  const [entry, outfile] = [at("../../../bindings-wasm/ts/call.ts"), join(folder, "call.mjs")];
  esbuild.buildSync({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "warning" });
  const load = (name) => import(pathToFileURL(join(folder, name)).href);
  report(await load("glue.mjs"), await load("call.mjs"));
} finally {
  for (const clean of cleaning) await clean();
}

function report(glue, { callText }) {
  console.log(`${"".padEnd(34)}${"ours".padStart(12)}${"official".padStart(12)}${"ratio".padStart(8)}   target`);
  const starts = measureStarts();
  row("js/process of one call", "ms", starts.ours, starts.official, "at most 0.55");

  const { ours, official } = JSON.parse(node("calls.mjs"));
  row("js/calls a second", "/s", ours.rate, official.rate, "at least 1.2");
  row("js/CPU time of a call", "us", 1e6 * ours.cpu, 1e6 * official.cpu, "at most 0.4, goal 0.25");

  const peaks = measurePeaks();
  row("js/peak memory of one call", "MB", peaks.ours, peaks.official, "at most 0.6");

  const { update, tracked, memory, idle } = JSON.parse(node("--expose-gc", "publishing.mjs"));
  alone("js/publish: a coalesced update", "us", 1e6 * update, "at most 4");
  alone("js/trackSync: an item and its loop", "ns", 1e9 * tracked, "at most 10");
  alone("js/10,000 publishers, memory", "MB", memory / 1e6, "");
  alone("js/10,000 publishers, idle CPU", "%", 100 * idle, "at most 1");

  const wasm = join(folder, "node_modules/activitysmith-kit/dist/activitysmith_kit.wasm");
  alone("js/check and build a call", "us", 1e6 * checkAndBuild(glue, callText, readFileSync(wasm)), "at most 5");
  alone("js/wasm", "kB", statSync(wasm).size / 1e3, "at most 240");
  alone("js/tarball", "kB", statSync(given("KIT_TARBALL")).size / 1e3, "at most 280");
  alone("js/process of bare Node", "ms", starts.bare, "");
}

function node(...args) {
  const { status, stdout, stderr } = spawnSync("node", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: ${status}\n${stderr}`);
  return stdout;
}

/** The milliseconds that each program takes from its start to its end, run by turns, time and again. */
function measureStarts() {
  const programs = { bare: ["-e", "0"], ours: ["one-call-ours.mjs"], official: ["one-call-official.mjs"] };
  const rounds = { bare: [], ours: [], official: [] };
  for (let number = 0; number <= STARTS; number++) {
    for (const [name, args] of Object.entries(programs)) {
      const start = performance.now();
      node(...args);
      // The first warms up.
      if (number > 0) rounds[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(rounds).map(([name, times]) => [name, median(times)]));
}

/** The megabytes that each program has at most, run by turns. */
function measurePeaks() {
  const peaks = { ours: [], official: [] };
  for (let number = 0; number < PEAKS; number++) {
    for (const [side, values] of Object.entries(peaks)) {
      values.push(Number(node("--require", "./peak.cjs", `one-call-${side}.mjs`)) / 1e3);
    }
  }
  return { ours: median(peaks.ours), official: median(peaks.official) };
}

/** The seconds that one call takes from the caller's object to what is to be sent, as the package does it. */
function checkAndBuild({ initSync, NativeClient }, callText, module) {
  initSync({ module });
  const [clock, random] = [() => performance.now(), Math.random];
  const host = { variable: () => undefined, readFile: () => "", monotonic: clock, wall: Date.now, random };
  const client = new NativeClient(
    JSON.stringify({ agent: "node", api_key: "ask_test_bench", base_url: "http://127.0.0.1/api" }),
    host,
  );
  const request = {
    content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
  };
  const check = () => {
    client.start(callText("stream", "bench", request, {}), 1);
    JSON.parse(client.poll());
    client.cancel(1);
  };
  const rounds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    for (let number = 0; number < CHECKS / 10; number++) check();
    return (performance.now() - start) / 1e3 / (CHECKS / 10);
  });
  return median(rounds);
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function row(name, unit, ours, official, target) {
  const numbers = [ours, official].map((value) => `${value.toFixed(1)} ${unit}`.padStart(12)).join("");
  console.log(`${name.padEnd(34)}${numbers}${(ours / official).toFixed(2).padStart(8)}   ${target}`);
}

function alone(name, unit, ours, target) {
  console.log(`${name.padEnd(34)}${`${ours.toFixed(1)} ${unit}`.padStart(12)}${"".padEnd(20)}   ${target}`);
}
