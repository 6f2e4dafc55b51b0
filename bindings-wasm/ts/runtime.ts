// What this runtime is and has: its variables, files and built-in modules, each looked for when it is needed and never
// missed.

interface Process {
  env?: Record<string, string | undefined>;
  versions?: Record<string, string | undefined>;
  getBuiltinModule?(name: string): unknown;
  hrtime?(): [seconds: number, nanoseconds: number];
  on?(event: "beforeExit", listener: () => void): void;
  off?(event: "beforeExit", listener: () => void): void;
  stdout?: Output;
  stderr?: Output;
}

interface Output {
  on(event: "error", listener: () => void): void;
  off(event: "error", listener: () => void): void;
}

/** Read anew each time: tests and bundlers replace it. */
function process(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** A module of Node's own, without an import that bundlers would follow. */
export function builtin<Module>(name: string): Module | undefined {
  return process()?.getBuiltinModule?.(name) as Module | undefined;
}

export function hasBuiltins(): boolean {
  return typeof process()?.getBuiltinModule === "function";
}

/** A clock that only goes forward, in milliseconds. */
export const readMonotonic = monotonicClock();

/** Taken when the package is loaded: fake timers stop clocks. `performance` is ten modules of Node's that nothing else here needs. */
function monotonicClock(): () => number {
  const hrtime = (builtin<Process>("node:process") ?? process())?.hrtime;
  const { performance } = hrtime ? {} : globalThis;
  const now = performance?.now;
  return () => {
    if (!hrtime) return now!.call(performance);
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  };
}

/**
 * A global of `fetch`, also for tests that Jest runs with jsdom, in a context that has none of them. It is asked for when it is needed:
 * Node loads them all only then, and programs replace `fetch`.
 */
export function ofFetch<Name extends "fetch" | "Response">(name: Name): (typeof globalThis)[Name] {
  return globalThis[name] ?? builtin<typeof import("node:vm")>("node:vm")?.runInThisContext(name);
}

/** A variable of the environment. */
export function variable(name: string): string | undefined {
  try {
    return process()?.env?.[name];
  } catch {
    // Deno asks for a permission; without one there are no variables.
    return undefined;
  }
}

/** What the core asks of the runtime. Nothing here throws anything but a text. */
export const host = {
  variable,
  readFile(path: string): string {
    const files = builtin<typeof import("node:fs")>("node:fs");
    if (!files) throw "this runtime has no files";
    try {
      return readSmallFile(files, path);
    } catch (error) {
      throw error instanceof Error ? error.message : String(error);
    }
  },
  monotonic: readMonotonic,
  wall: Date.now,
  random: Math.random,
};

/** More than any key file has, in bytes. */
const LARGEST_FILE = 1024 * 1024;
/** How long a pipe may take, such as a shell makes of `<(pass show key)`, and how often it is looked at, in milliseconds. */
const LONGEST_PIPE = 5_000;
const LOOK = 5;

/** The text of a regular file or of a pipe. Nothing else that has a path is waited for, and a pipe for a few seconds at most. */
function readSmallFile(files: typeof import("node:fs"), path: string): string {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = files.constants;
  const file = files.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const found = files.fstatSync(file);
    if (!found.isFile() && !found.isFIFO()) throw new Error("it is not a regular file");
    const bytes = new Uint8Array(LARGEST_FILE + 1);
    const until = readMonotonic() + LONGEST_PIPE;
    for (let length = 0; ;) {
      const count = readNow(files, file, bytes.subarray(length));
      length += count ?? 0;
      if (length > LARGEST_FILE) throw new Error("it is larger than 1 MiB");
      // A pipe that nothing writes to yet seems to have ended.
      if (count === 0 && (length > 0 || found.isFile())) return new TextDecoder().decode(bytes.subarray(0, length));
      if (count) continue;
      if (readMonotonic() >= until) {
        throw new Error(`no whole text came through the pipe within ${LONGEST_PIPE / 1000} s`);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK);
    }
  } finally {
    files.closeSync(file);
  }
}

/** How many bytes were read: none at the end, and nothing known while a pipe is open and empty. */
function readNow(files: typeof import("node:fs"), file: number, into: Uint8Array): number | undefined {
  try {
    return files.readSync(file, into);
  } catch (error) {
    if ((error as { code?: unknown }).code === "EAGAIN") return undefined;
    throw error;
  }
}

/** Node itself, not one of those that pass for it. */
export function isNode(): boolean {
  return runtimeName() === "node";
}

/** Node's version. */
export function nodeVersion(): [major: number, minor: number] | undefined {
  if (!isNode()) return undefined;
  const [major = 0, minor = 0] = (process()?.versions?.["node"] ?? "").split(".").map(Number);
  return [major, minor];
}

/** Calls back when nothing is left to do, where the runtime tells that. Gives what takes that away again. */
export function onBeforeExit(listener: () => void): () => void {
  process()?.on?.("beforeExit", listener);
  return () => process()?.off?.("beforeExit", listener);
}

/** Where Node's console writes. */
export function outputs(): Output[] {
  if (!isNode()) return [];
  const { stdout, stderr } = process()!;
  return [stdout, stderr].filter((output) => typeof output?.off === "function") as Output[];
}

/** Lets the process end before a timer does, where there is a process. */
export function unref(timer: unknown): void {
  const { Deno } = globalThis as { Deno?: { unrefTimer?(timer: unknown): void } };
  if (typeof timer === "number") Deno?.unrefTimer?.(timer);
  else (timer as { unref?(): void }).unref?.();
}

/** What this runtime calls itself in the `user-agent`; browsers send their own. */
export function runtimeName(): "node" | "bun" | "deno" | "workerd" | undefined {
  const versions = process()?.versions;
  if (versions?.["bun"]) return "bun";
  if (versions?.["deno"]) return "deno";
  if (userAgent()?.startsWith("Cloudflare-Workers")) return "workerd";
  return versions?.["node"] ? "node" : undefined;
}

/** Whether this is a page or a worker of one, where every visitor could read the key. */
export function isBrowser(): boolean {
  const { document, WorkerGlobalScope } = globalThis as { document?: unknown; WorkerGlobalScope?: unknown };
  if (runtimeName() !== undefined) return false;
  return document !== undefined || (WorkerGlobalScope !== undefined && userAgent()?.startsWith("Mozilla/") === true);
}

function userAgent(): string | undefined {
  return (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent;
}
