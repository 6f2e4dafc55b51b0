// The transport over `fetch`: for every runtime but Node, and for a `fetch` of the caller's own.

import {
  causes,
  isTransportError,
  tooLarge,
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportOptions,
  type TransportRequest,
  withoutContents,
} from "./transport.js";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class FetchTransport implements Transport {
  readonly #fetch: Fetch | undefined;

  /** Without a `fetch` of its own it uses the global one as it is at each call. */
  constructor(fetch?: Fetch) {
    this.#fetch = fetch;
  }

  async send(request: TransportRequest, { signal, largestAnswer }: TransportOptions): Promise<TransportAnswer> {
    // A browser's own must not be called as a method of anything else.
    const fetch = this.#fetch ?? (globalThis.fetch as Fetch);
    const { method, headers, body = null } = request;
    let response: Response;
    try {
      response = await fetch(request.url, { method, headers, body, redirect: "manual", signal });
    } catch (cause) {
      throw failure(cause);
    }
    // A browser hides where a redirect goes, and its status, too.
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    return { status, headers: response.headers, body: await read(response, largestAnswer) };
  }
}

async function read(response: Response, largestAnswer: number): Promise<Uint8Array> {
  try {
    if (!response.body) return new Uint8Array(0);
    return await drain(response.body.getReader(), largestAnswer);
  } catch (cause) {
    throw isTransportError(cause) ? cause : new TransportError("interrupted", describe(cause).text, { cause });
  }
}

/** Reads a body, and stops where it is too long: its length need not be what its header says. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, largestAnswer: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    // Chunks may be empty, and then come forever without a pause.
    if (length > largestAnswer || chunks.length > largestAnswer) {
      reader.cancel().catch(() => {});
      throw tooLarge(largestAnswer);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let filled = 0;
  for (const chunk of chunks) {
    whole.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return whole;
}

/**
 * What Node and Bun call failures before anything was sent. Elsewhere `fetch` does not tell, so that they count as
 * interrupted.
 */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

function failure(cause: unknown): TransportError {
  withoutContents(cause);
  // It is the one that tells: "connection refused", not "fetch failed".
  const { code, text } = describe(causes(cause).at(-1));
  if (code === "UND_ERR_CONNECT_TIMEOUT") return new TransportError("connect_timeout", text, { cause });
  const connecting = typeof code === "string" && NEVER_CONNECTED.has(code);
  return new TransportError(connecting ? "connect" : "interrupted", text, { cause });
}

/** What an error says, which a `fetch` of the caller's may have made of anything. */
function describe(error: unknown): { code: unknown; text: string } {
  try {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (typeof message === "string" && message !== "") return { code, text: message };
    return { code, text: typeof code === "string" ? code : String(error) };
  } catch {
    return { code: undefined, text: "fetch failed with something that has no text" };
  }
}
