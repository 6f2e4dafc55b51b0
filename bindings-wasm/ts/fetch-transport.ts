// The transport over `fetch`: for every runtime but Node, and for a `fetch` of the caller's own.

import { proxyIgnored } from "./proxy.js";
import { causes, described, tooLarge, TransportError, withoutContents } from "./transport.js";
import type { Transport, TransportRequest } from "./transport.js";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A transport over a `fetch`; without one, over the global one as it is at each call. */
export function fetchTransport(given?: Fetch): Transport {
  return {
    async send(request, { signal, largestAnswer }) {
      const { url, method, headers, body = null } = request;
      // A browser's own must not be called as a method of anything else.
      const fetch = given ?? (globalThis.fetch as Fetch);
      let response: Response;
      try {
        response = await fetch(url, { method, headers, body, redirect: "manual", signal });
      } catch (cause) {
        throw failure(cause, request);
      }
      // A browser hides where a redirect goes, and its status, too.
      const status = response.type === "opaqueredirect" ? 302 : response.status;
      return { status, headers: response.headers, body: await read(response, largestAnswer) };
    },
  };
}

/** Reads a body, and stops where it is too long: its length need not be what its header says. */
async function read(response: Response, largestAnswer: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk; (chunk = (await reader?.read())?.value);) {
    length += chunk.byteLength;
    // Chunks may be empty, and then come forever without a pause.
    if (length > largestAnswer || chunks.push(chunk) > largestAnswer) {
      reader!.cancel().catch(() => {});
      throw tooLarge(largestAnswer);
    }
  }
  const whole = new Uint8Array(length);
  let filled = 0;
  for (const chunk of chunks) {
    whole.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return whole;
}

/** What Node and Bun call failures before anything was sent. Elsewhere `fetch` does not tell, so that they count as interrupted. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ConnectionRefused|FailedToOpenSocket)$/;

function failure(cause: unknown, request: TransportRequest): TransportError {
  withoutContents(cause);
  // The last cause is the specific one: "connection refused", not "fetch failed".
  const { code, text } = described(causes(cause).at(-1));
  const isLate = code === "UND_ERR_CONNECT_TIMEOUT";
  if (!isLate && !NEVER_CONNECTED.test(code)) return new TransportError("interrupted", text, { cause });
  return new TransportError(isLate ? "connect_timeout" : "connect", text, {
    cause,
    hint: proxyIgnored(request, "fetch"),
  });
}
