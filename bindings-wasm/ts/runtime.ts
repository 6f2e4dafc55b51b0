// What this runtime is and has: its variables, files and built-in modules, each looked for when it is needed and never
// missed.

type Process = Partial<NodeJS.Process>;

/** Read anew each time: tests and bundlers replace it. */
export function process(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** A module of Node's own, without an import that bundlers would follow. */
export function builtin<Module>(name: string): Module | undefined {
  return process()?.getBuiltinModule?.(name) as Module | undefined;
}

// Taken when the package is loaded: fake timers stop clocks. `performance` is ten modules of Node's that nothing else here needs.
const nanoseconds = (builtin<Process>("node:process") ?? process())?.hrtime?.bigint;
const milliseconds = nanoseconds ? undefined : performance.now.bind(performance);

/** A clock that only goes forward, in milliseconds. */
export function readMonotonic(): number {
  return nanoseconds ? Number(nanoseconds()) / 1e6 : milliseconds!();
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
    for (let length = 0; readMonotonic() < until;) {
      let count = -1;
      try {
        count = files.readSync(file, bytes.subarray(length));
      } catch (error) {
        // A pipe that is open and empty.
        if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
      }
      length += Math.max(count, 0);
      if (length > LARGEST_FILE) throw new Error("it is larger than 1 MiB");
      // A pipe that nothing writes to yet seems to have ended.
      if (count === 0 && (length > 0 || found.isFile())) return new TextDecoder().decode(bytes.subarray(0, length));
      if (count <= 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK);
    }
    throw new Error(`no whole text came through the pipe within ${LONGEST_PIPE / 1000} s`);
  } finally {
    files.closeSync(file);
  }
}

/** Node itself, not one of those that pass for it. */
export function isNode(): boolean {
  return runtimeName() === "node";
}

/** Where Node's console writes. */
export function outputs(): NodeJS.WriteStream[] {
  const { stdout, stderr } = isNode() ? process()! : {};
  return [stdout!, stderr!].filter((output) => typeof output?.off === "function");
}

/** A timer for longer goes off at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
