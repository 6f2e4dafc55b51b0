// Every runtime that the package promises: each installs the packed package into a fresh folder and makes a round trip to the
// emulator that ACTIVITYSMITH_BASE_URL names.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import esbuild from "esbuild";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { build as viteBuild } from "vite";
import webpack from "webpack";

import { fresh, given, run } from "./support/kit.mjs";
import { bun, deno } from "./support/tools.mjs";

const ROUND_TRIP = ["started", "ended"];
/** What became of a job, and of a state that was pending when nothing else was left to do. */
const PUBLISHED = [true, 100];

/** Runs one of the round-trip programs and sees that it made one. */
async function makesRoundTrip(program, args, folder, env) {
  assert.deepEqual(JSON.parse(await run(program, args, folder, env)), ROUND_TRIP);
}

test("Node, ECMAScript module", async (t) => {
  const folder = await fresh(t, "round-trip.mjs");
  await makesRoundTrip("node", ["round-trip.mjs", "js-node-esm"], folder);
});

test("Node, CommonJS", async (t) => {
  const folder = await fresh(t, "round-trip.cjs");
  await makesRoundTrip("node", ["round-trip.cjs", "js-node-cjs"], folder);
});

/** Runs the publishing program, and looks what is shown when it has ended. */
async function publishes(program, args, folder, key, env) {
  const arrived = JSON.parse(await run(program, [...args, key], folder, env));
  assert.deepEqual([arrived, (await shown(key)).percentage], PUBLISHED);
}

/** What the emulator shows of a stream. */
async function shown(key) {
  const { origin } = new URL(given("ACTIVITYSMITH_BASE_URL"));
  const headers = { authorization: `Bearer ${given("ACTIVITYSMITH_API_KEY")}` };
  const response = await fetch(`${origin}/_emulator/streams/${key}`, { headers });
  return (await response.json()).content_state;
}

test("Node, Bun and Deno publish, and send what is pending before they end", async (t) => {
  const folder = await fresh(t, "publish.mjs");
  await publishes("node", ["publish.mjs"], folder, "js-publish-node");
  await publishes(bun(), ["publish.mjs"], folder, "js-publish-bun");
  await publishes(deno(), ["run", ...allowed(), "publish.mjs"], folder, "js-publish-deno", denoSettings(folder));
});

test("Bun, ECMAScript module and CommonJS", async (t) => {
  const folder = await fresh(t, "round-trip.mjs", "round-trip.cjs");
  await makesRoundTrip(bun(), ["round-trip.mjs", "js-bun-esm"], folder);
  await makesRoundTrip(bun(), ["round-trip.cjs", "js-bun-cjs"], folder);
});

test("Deno, allowed no more than the network and the settings", async (t) => {
  const folder = await fresh(t, "round-trip.mjs");
  await makesRoundTrip(deno(), ["run", ...allowed(), "round-trip.mjs", "js-deno"], folder, denoSettings(folder));
});

function allowed() {
  const names = ["API_KEY", "API_KEY_FILE", "BASE_URL", "ALLOW_HOST", "DISABLED"];
  const settings = names.map((name) => `ACTIVITYSMITH_${name}`);
  return ["--allow-net=127.0.0.1", `--allow-env=${settings}`, "--no-prompt", "--no-lock"];
}

const denoSettings = (folder) => ({ DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" });

test("workerd, bundled as wrangler does", async (t) => {
  const folder = await fresh(t, "worker.mjs");
  const outdir = join(folder, "out");
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["worker.mjs"],
    outdir,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
  });
  const worker = new Miniflare({
    modules: true,
    modulesRoot: outdir,
    scriptPath: join(outdir, "worker.js"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2026-04-01",
    bindings: {
      ACTIVITYSMITH_API_KEY: given("ACTIVITYSMITH_API_KEY"),
      ACTIVITYSMITH_BASE_URL: given("ACTIVITYSMITH_BASE_URL"),
    },
  });
  t.after(() => worker.dispose());
  const response = await worker.dispatchFetch("http://worker.example/");
  const answer = await response.text();
  assert.equal(response.status, 200, answer);
  assert.deepEqual(JSON.parse(answer), ROUND_TRIP);

  const published = await worker.dispatchFetch("http://worker.example/publish");
  assert.equal(await published.text(), "published");
  // What goes on after the answer.
  const began = performance.now();
  while ((await shown("js-publish-workerd"))?.percentage !== 100) {
    assert.ok(performance.now() - began < 30_000, "nothing went on after the answer");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

const noBrowser = !process.env.KIT_CHROMIUM && "there is no Chromium";

test("Chromium, a page built by Vite under a strict policy", { skip: noBrowser }, async (t) => {
  const folder = await fresh(t, "index.html", "page.mjs");
  await viteBuild({ root: folder, logLevel: "error", build: { modulePreload: { polyfill: false } } });
  const origin = await serve(t, join(folder, "dist"));
  const browser = await chromium.launch({
    executablePath: given("KIT_CHROMIUM"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"].concat([
      "--disable-background-networking",
      "--disable-component-update",
    ]),
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(origin);
  await page.waitForFunction("globalThis.roundTrip");
  const key = given("ACTIVITYSMITH_API_KEY");
  assert.match(await page.evaluate((key) => globalThis.refusal(key), key), /dangerouslyAllowBrowser/);
  assert.deepEqual(await page.evaluate((key) => globalThis.roundTrip(key), key), ROUND_TRIP);
});

for (const conditions of [undefined, ["production"], ["node"]]) {
  test(`esbuild, bundled for a server under the conditions ${conditions ?? "by default"}`, async (t) => {
    const folder = await fresh(t, "round-trip.mjs", "round-trip.cjs");
    for (const [program, format] of [
      ["round-trip.mjs", "esm"],
      ["round-trip.cjs", "cjs"],
    ]) {
      const options = { absWorkingDir: folder, entryPoints: [program], bundle: true, platform: "node", format };
      await esbuild.build({ ...options, ...(conditions && { conditions }), outfile: join("out", program) });
      await makesRoundTripAlone(t, join(folder, "out", program), program, `js-esbuild-${format}`);
    }
  });
}

test("Vite, bundled for a server", async (t) => {
  const folder = await fresh(t, "round-trip.mjs");
  const build = { ssr: "round-trip.mjs", rollupOptions: { output: { entryFileNames: "[name].mjs" } } };
  for (const conditions of [["node"], ["production"]]) {
    const ssr = { noExternal: true, resolve: { conditions } };
    await viteBuild({ root: folder, configFile: false, logLevel: "error", build, ssr });
    await makesRoundTripAlone(t, join(folder, "dist", "round-trip.mjs"), "round-trip.mjs", "js-vite-server");
  }
});

test("Bun, bundled for a server", async (t) => {
  const folder = await fresh(t, "round-trip.mjs");
  await run(bun(), ["build", "--target=node", "--outfile=out/round-trip.mjs", "round-trip.mjs"], folder);
  await makesRoundTripAlone(t, join(folder, "out", "round-trip.mjs"), "round-trip.mjs", "js-bun-build");
});

test("webpack, bundled for a server", async (t) => {
  const folder = await fresh(t, "round-trip.mjs");
  const compiler = webpack({
    context: folder,
    entry: "./round-trip.mjs",
    target: "node20",
    mode: "production",
    output: { path: join(folder, "out"), filename: "round-trip.cjs" },
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, stats) => compiler.close(() => (error ? reject(error) : resolve(stats))));
  });
  assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  await makesRoundTripAlone(t, join(folder, "out", "round-trip.cjs"), "round-trip.cjs", "js-webpack");
});

/** Runs a bundle where no package is installed. */
async function makesRoundTripAlone(test, bundle, name, key) {
  const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-bundle-"));
  test.after(() => rm(folder, { recursive: true }));
  await cp(bundle, join(folder, name));
  await makesRoundTrip("node", [name, key], folder);
}

/**
 * Serves a page, and the emulator's API from the same origin: a browser asks a server of another origin for leave, which neither
 * the service nor the emulator gives.
 */
async function serve(test, folder) {
  const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  const server = createServer(async (incoming, outgoing) => {
    if (incoming.url.startsWith("/api/")) return forward(incoming, outgoing);
    const path = incoming.url === "/" ? "index.html" : incoming.url.slice(1);
    try {
      const body = await readFile(join(folder, path));
      const headers = { "content-type": types[path.split(".").pop()], "content-security-policy": policy };
      outgoing.writeHead(200, headers).end(body);
    } catch {
      outgoing.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

function forward(incoming, outgoing) {
  const { origin } = new URL(given("ACTIVITYSMITH_BASE_URL"));
  const { method, headers } = incoming;
  const onward = request(origin + incoming.url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", (error) => outgoing.destroy(error));
  incoming.pipe(onward);
}
