// The transport over `node:http` and `node:https`, which cost a quarter of what `fetch` costs in Node. Connections are
// kept between calls, and shared by all clients of the process.

import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import type { Agent as SecureAgent } from "node:https";
import type { Socket } from "node:net";

import { agentKnowsProxies } from "./proxy.js";
import { builtin, hasBuiltins, isNode, readMonotonic } from "./runtime.js";
import {
  tooLarge,
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportOptions,
  type TransportRequest,
  withoutContents,
} from "./transport.js";

type Http = typeof import("node:http");
type Https = typeof import("node:https");

/** How long a connection is kept without a call; whatever stands between may forget it after that. */
const KEPT_MS = 60_000;
/** A connection that was idle for so long is looked at before it is used again. */
const QUIET_MS = 100;

let shared: NodeTransport | undefined;

/** The process's transport, or nothing where this is not Node. */
export function nodeTransport(): Transport | undefined {
  if (!isNode() || !hasBuiltins()) return undefined;
  return (shared ??= new NodeTransport());
}

class NodeTransport implements Transport {
  readonly #agents = new Map<string, Agent | SecureAgent>();
  #address: URL | undefined;
  #lastAnswer = Number.POSITIVE_INFINITY;

  async send(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer> {
    if (readMonotonic() - this.#lastAnswer > QUIET_MS) await hearOfClosedConnections();
    try {
      return await this.#exchange(request, options);
    } finally {
      this.#lastAnswer = readMonotonic();
    }
  }

  #exchange(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer> {
    // A stream's requests have one address, and to take it apart is dear.
    if (this.#address?.href !== request.url) this.#address = new URL(request.url);
    const url = this.#address;
    const secure = url.protocol === "https:";
    const proxied = !request.loopback && agentKnowsProxies();
    const headers: Record<string, string> = { host: url.host, ...request.headers };
    // Node sends a DELETE's body without it.
    if (request.body !== undefined) headers["content-length"] = String(Buffer.byteLength(request.body));
    return new Promise((resolve, reject) => {
      let outgoing: ClientRequest | undefined;
      let over = false;
      options.onAbort(() => {
        over = true;
        outgoing?.destroy();
      });
      // While the network was looked at, the time may have run out or the caller have changed its mind.
      if (over) return reject(new TransportError("connect", "nobody waits for an answer any longer"));
      outgoing = http(secure).request(url, {
        agent: this.#agent(secure, proxied),
        method: request.method,
        // A list is taken as it is, in a fraction of the time. For a proxy Node changes what it takes one by one.
        headers: proxied ? headers : Object.entries(headers).flat(),
      });
      const progress = { connected: false };
      const watch = watchConnecting.bind(undefined, outgoing, secure, options, progress);
      outgoing.on("socket", watch);
      // The agent refs it anew for whoever has it next.
      if (options.background) outgoing.on("socket", (socket) => socket.unref());
      outgoing.on("error", (error) => reject(failure(error, progress.connected)));
      outgoing.on("response", (response) => read(response, options.largestAnswer).then(resolve, reject));
      outgoing.end(request.body);
    });
  }

  #agent(secure: boolean, proxied: boolean): Agent | SecureAgent {
    const key = `${secure}${proxied}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      const { Agent } = http(secure);
      const proxyEnv = proxied ? { proxyEnv: process.env } : {};
      agent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: KEPT_MS, ...proxyEnv });
      this.#agents.set(key, agent);
    }
    return agent;
  }
}

/** Each module takes its time to load, so that only what is used is. */
function http(secure: boolean): Http | Https {
  return builtin<Http | Https>(secure ? "node:https" : "node:http")!;
}

/**
 * Lets the event loop look at the network once. A program that worked without a pause has not heard yet which
 * connections the server closed meanwhile, and would write into one. A single turn may begin after the loop has looked.
 */
async function hearOfClosedConnections(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/** Notes when a request's connection stands, and gives it up when that takes too long. */
function watchConnecting(
  outgoing: ClientRequest,
  secure: boolean,
  { connectTimeout, background }: TransportOptions,
  progress: { connected: boolean },
  socket: Socket,
): void {
  if (!socket.connecting) {
    progress.connected = true;
    return;
  }
  // Node removes its own listener when the answer is complete, while the rest of a large request may still fail to be written: an
  // error without a listener ends the process.
  socket.on("error", () => {});
  const timer = setTimeout(() => {
    outgoing.destroy(new TransportError("connect_timeout", `no connection within ${connectTimeout} ms`));
  }, connectTimeout);
  if (background) timer.unref();
  socket.once(secure ? "secureConnect" : "connect", () => {
    progress.connected = true;
    clearTimeout(timer);
  });
  outgoing.once("close", () => clearTimeout(timer));
}

function read(response: IncomingMessage, largestAnswer: number): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > largestAnswer) response.destroy(tooLarge(largestAnswer));
    });
    response.on("error", (cause) => {
      reject(cause instanceof TransportError ? cause : new TransportError("interrupted", describe(cause), { cause }));
    });
    response.on("end", () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ status: response.statusCode!, headers: pairs(response.rawHeaders), body });
    });
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index]!, raw[index + 1]!]);
  return headers;
}

function failure(cause: Error, connected: boolean): TransportError {
  if (cause instanceof TransportError) return cause;
  withoutContents(cause);
  return new TransportError(connected ? "interrupted" : "connect", describe(cause), { cause });
}

/** Where a name has several addresses, the failures of each are inside, and the whole has no message. */
function describe(error: Error & { code?: string; errors?: readonly Error[] }): string {
  return error.message || error.errors?.map((each) => each.message).join("; ") || error.code || "no connection";
}
