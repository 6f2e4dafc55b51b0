// The transport over `node:http` and `node:https`, which cost a quarter of what `fetch` costs in Node. Connections are
// kept between calls, and shared by all clients of the process.

import type { Agent, ClientRequest, IncomingMessage } from "node:http";

import { agentKnowsProxies, proxyIgnored } from "./proxy.js";
import { builtin, isNode, process, readMonotonic } from "./runtime.js";
import { described, tooLarge, TransportError, withoutContents } from "./transport.js";
import type { Transport, TransportAnswer, TransportFailure, TransportOptions, TransportRequest } from "./transport.js";

/** How long a connection is kept without a call; whatever stands between may forget it after that. */
const KEPT_MS = 60_000;
/** A connection that was idle for this time is checked before it is used again. */
const QUIET_MS = 100;

const agents: Record<string, Agent> = {};
let address: URL | undefined;
let lastAnswer = Number.POSITIVE_INFINITY;

/** The process's transport, or nothing where this is not Node. */
export function nodeTransport(): Transport | undefined {
  return isNode() && process()!.getBuiltinModule ? { send } : undefined;
}

async function send(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer> {
  if (readMonotonic() - lastAnswer > QUIET_MS) {
    // Lets the event loop look at the network once. A program that worked without a pause has not learned yet which connections the
    // server closed meanwhile, and would write into one. A single turn may begin after the loop has looked.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  try {
    return await exchange(request, options);
  } finally {
    lastAnswer = readMonotonic();
  }
}

function exchange(request: TransportRequest, options: TransportOptions): Promise<TransportAnswer> {
  const { background, connectTimeout, largestAnswer } = options;
  // A stream's requests have one address, and to take it apart takes long.
  if (address?.href !== request.url) address = new URL(request.url);
  const url = address;
  // Each module takes its time to load, so that only what is used is.
  const http = builtin<typeof import("node:http")>(`node:${url.protocol.slice(0, -1)}`)!;
  const proxied = !request.loopback && agentKnowsProxies();
  const agent = (agents[`${url.protocol}${proxied}`] ??= new http.Agent({
    keepAlive: true,
    scheduling: "lifo",
    timeout: KEPT_MS,
    ...(proxied ? { proxyEnv: process()!.env } : {}),
  }));
  const headers: Record<string, string> = { host: url.host, ...request.headers };
  // Node sends a DELETE's body without it.
  if (request.body !== undefined) headers["content-length"] = String(Buffer.byteLength(request.body));
  return new Promise((resolve, reject) => {
    let outgoing: ClientRequest | undefined;
    let isOver = false;
    let isConnected = false;
    options.onAbort(() => {
      isOver = true;
      outgoing?.destroy();
    });
    // While the network was looked at, the time may have run out or the caller have changed its mind.
    if (isOver) return reject(new TransportError("connect", "the answer is not waited for any more"));
    // A list of headers is taken as it is, in a fraction of the time. For a proxy Node changes what it takes one by one.
    const listed = proxied ? headers : Object.entries(headers).flat();
    outgoing = http.request(url, { agent, method: request.method, headers: listed });
    outgoing.on("socket", (socket) => {
      // The agent refs it anew for its next request.
      if (background) socket.unref();
      isConnected = !socket.connecting;
      if (isConnected) return;
      // Node removes its own listener when the answer is complete, while the rest of a large request may still fail to be written:
      // an error without a listener ends the process.
      socket.on("error", () => {});
      const timer = setTimeout(() => {
        const text = `no connection within ${connectTimeout} ms`;
        outgoing!.destroy(new TransportError("connect_timeout", text, { hint: proxyIgnored(request, "agent") }));
      }, connectTimeout);
      if (background) timer.unref();
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        isConnected = true;
        clearTimeout(timer);
      });
      outgoing!.once("close", () => clearTimeout(timer));
    });
    outgoing.on("error", (error) => {
      reject(isConnected ? failure(error, "interrupted") : failure(error, "connect", proxyIgnored(request, "agent")));
    });
    outgoing.on("response", (response) => read(response, largestAnswer).then(resolve, reject));
    outgoing.end(request.body);
  });
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
    response.on("error", (cause) => reject(failure(cause, "interrupted")));
    response.on("end", () => {
      const { rawHeaders } = response;
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const headers = rawHeaders.flatMap((name, index) => (index % 2 ? [] : [[name, rawHeaders[index + 1]!] as const]));
      resolve({ status: response.statusCode!, headers, body });
    });
  });
}

function failure(cause: Error, kind: TransportFailure, hint?: string): TransportError {
  if (cause instanceof TransportError) return cause;
  withoutContents(cause);
  return new TransportError(kind, described(cause).text, { cause, hint });
}
