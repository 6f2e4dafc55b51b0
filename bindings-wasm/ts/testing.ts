// An emulator for tests: starts `asmith emulate`, and gives each test an account of its own.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

import { LONGEST_TIMER_MS, ofFetch, unref } from "./runtime.js";

/** Options of the emulator. */
export interface EmulatorOptions {
  /** The program. Default: the variable `ASMITH_BIN`, `asmith` on the PATH, or the package `activitysmith-kit-emulator`. */
  asmith?: string | undefined;
  /** The port on 127.0.0.1; any free one by default. */
  port?: number | undefined;
  /** The limits of requests and activities: the service's, or none. */
  limits?: "service" | "none" | undefined;
  /** `real`, `manual` (moves only on request), or a fixed time such as `2026-12-01T08:00:00Z`. */
  clock?: string | undefined;
  /** Accept requests that break the API's rules harmlessly. */
  lenient?: boolean | undefined;
  /** The timeout of the start, in milliseconds: 10,000 by default. */
  startTimeout?: number | undefined;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** The API's base URL. */
  readonly baseURL: string;
  /** An account that nothing else uses. */
  account(): Account;
  /** Advances a `manual` clock. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** A request and its answer. */
export interface RecordedRequest {
  /** Counts up from 1. */
  id: number;
  /** When it arrived, RFC 3339. */
  time: string;
  method: string;
  /** Below the base URL. */
  path: string;
  /** The JSON body; null if there was none. */
  body: any;
  /** The HTTP status of the answer. */
  status: number;
  /** The answer's body. */
  response: any;
  /** What was allowed but had no effect. */
  notes?: string[];
}

/** An account of the emulator. */
export interface Account {
  /** Client options for this account. */
  readonly options: { apiKey: string; baseURL: string };
  /** The account's requests, oldest first, among the newest 1,000 of all accounts. */
  requests(): Promise<RecordedRequest[]>;
  /** A stream as the service has it. */
  stream(streamKey: string): Promise<Record<string, unknown>>;
  /** Simulates a user's action on a stream. */
  pause(streamKey: string): Promise<void>;
  resume(streamKey: string): Promise<void>;
  dismiss(streamKey: string): Promise<void>;
  /** Configures the account: `{ billing, channels, has_device, key_channels, metrics, revoked }`. */
  configure(settings: Record<string, unknown>): Promise<void>;
}

const PACKAGE = "activitysmith-kit-emulator";
const START_MS = 10_000;

/** Starts an emulator. It stops with this process, or by `stop`. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const program = options.asmith || process.env["ASMITH_BIN"] || onPath() || packaged() || "asmith";
  const flags = ["emulate", "--quiet", "--exit-with-parent", "--port", String(options.port ?? 0)];
  if (options.limits) flags.push("--limits", options.limits);
  if (options.clock) flags.push("--clock", options.clock);
  if (options.lenient) flags.push("--lenient");
  const child = spawn(program, flags, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let baseURL: string;
  try {
    baseURL = await listening(child, program, options.startTimeout ?? START_MS);
  } catch (failure) {
    child.kill();
    throw failure;
  }
  // A test that forgets to stop it must not wait for it.
  child.unref();
  (child.stdout as Socket).unref();
  const { origin } = new URL(baseURL);
  const stop = async () => {
    child.ref();
    child.kill();
    await ended;
  };
  return {
    baseURL,
    account: () => account(origin, baseURL, `ask_test_${randomUUID().replaceAll("-", "")}`),
    advance: async (seconds) => void (await control(origin, undefined, "POST", "/clock/advance", { seconds })),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** `asmith`, where the PATH leads to it. */
function onPath(): string | undefined {
  return spawnSync("asmith", ["--version"]).error ? undefined : "asmith";
}

/** That of the package, which is installed for the program that tests, and not by this package. */
function packaged(): string | undefined {
  try {
    return require(require.resolve(PACKAGE, { paths: [process.cwd(), __dirname] })) as string;
  } catch {
    return undefined;
  }
}

/** The address in the emulator's first line. */
function listening(child: ChildProcess, program: string, startTimeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (problem: string, cause?: Error) => reject(new Error(problem, { cause }));
    const late = () => fail(`${program} emulate did not listen within ${startTimeout} ms`);
    unref(setTimeout(late, Math.min(startTimeout, LONGEST_TIMER_MS)));
    const remedy = `\`npm install --save-dev ${PACKAGE}\` brings it, and the variable ASMITH_BIN can name another`;
    child.once("error", (cause) => fail(`cannot run ${program}: ${cause.message}; ${remedy}`, cause));
    child.once("close", (code) => fail(`${program} emulate ended (code ${code}) before it listened`));
    createInterface({ input: child.stdout! }).once("line", (line) => {
      child.stdout!.resume();
      const [, address] = /^listening on (http:\/\/\S+)$/.exec(line) ?? [];
      if (address) resolve(address);
      else fail(`${program} emulate began with "${line}", which is no address`);
    });
  });
}

function account(origin: string, baseURL: string, apiKey: string): Account {
  const ask = (method: string, path: string, body?: unknown) => control(origin, apiKey, method, path, body);
  const on = (streamKey: string) => `/streams/${encodeURIComponent(streamKey)}`;
  const does = (what: string) => async (streamKey: string) => void (await ask("POST", `${on(streamKey)}/${what}`));
  return {
    options: { apiKey, baseURL },
    requests: async () => (await ask("GET", "/requests"))["requests"] as RecordedRequest[],
    stream: (streamKey) => ask("GET", on(streamKey)),
    pause: does("pause"),
    resume: does("resume"),
    dismiss: does("dismiss"),
    configure: async (settings) => void (await ask("PUT", "/account", settings)),
  };
}

/** Asks the emulator's own endpoints, and gives back their JSON. */
async function control(
  origin: string,
  apiKey: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  const response = await ofFetch("fetch")(`${origin}/_emulator${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path} of the emulator: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}
