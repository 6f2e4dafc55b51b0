// Our npm package beside the official SDK: start-up, calls a second, processor time a call, memory, sizes. Both take turns against
// the emulator that ACTIVITYSMITH_BASE_URL names, so that a machine whose speed drifts slows both. It reports, and judges nothing.

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { fresh, given } from "../../js/support/kit.mjs";

const STARTS = 30;
const CHECKS = 200_000;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const cleaning = [];
const folder = await fresh({ after: (clean) => cleaning.push(clean) });
try {
  cpSync(at("programs/"), folder, { recursive: true });
  cpSync(at("../../../node_modules/activitysmith"), join(folder, "node_modules/activitysmith"), { recursive: true });
  // Under a name that says what kind of module it is.
  cpSync(at("../../../bindings-wasm/pkg/glue.js"), join(folder, "glue.mjs"));
  report(await import(pathToFileURL(join(folder, "glue.mjs")).href));
} finally {
  for (const clean of cleaning) await clean();
}

function report(glue) {
  console.log(`${"".padEnd(34)}${"ours".padStart(12)}${"official".padStart(12)}${"ratio".padStart(8)}   target`);
  const starts = measureStarts();
  row("js/process of one call", "ms", starts.ours, starts.official, "at most 0.5");

  const { ours, official } = JSON.parse(node("calls.mjs"));
  row("js/calls a second", "/s", ours.rate, official.rate, "at least 2.2, goal 3");
  row("js/CPU time of a call", "us", 1e6 * ours.cpu, 1e6 * official.cpu, "at most 0.4, goal 0.25");

  const [peak, theirs] = ["one-call-ours.mjs", "one-call-official.mjs"].map(
    (program) => Number(node("--require", "./peak.cjs", program)) / 1e3,
  );
  row("js/peak memory of one call", "MB", peak, theirs, "at most 0.6");

  const wasm = join(folder, "node_modules/activitysmith-kit/dist/activitysmith_kit.wasm");
  alone("js/check and build a call", "us", 1e6 * checkAndBuild(glue, readFileSync(wasm)), "at most 5");
  alone("js/wasm", "kB", statSync(wasm).size / 1e3, "at most 220");
  alone("js/tarball", "kB", statSync(given("KIT_TARBALL")).size / 1e3, "at most 250");
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

/** The seconds that the core takes for one call: from the caller's object to what is to be sent. */
function checkAndBuild({ initSync, Session }, module) {
  initSync({ module });
  const host = { variable: () => undefined, readFile: () => "" };
  const session = new Session(
    JSON.stringify({ agent: "node", api_key: "ask_test_bench", base_url: "http://127.0.0.1/api" }),
    host,
  );
  const body = { content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 } };
  const call = { purpose: "stream", stream_key: "bench", body };
  const check = () => {
    const exchange = session.begin(JSON.stringify(call), 0, 0);
    session.request(exchange);
    exchange.free();
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
