// Servers that misbehave, over real connections on loopback, and what reached them. It knows nothing of the API.

import { createServer } from "node:net";

/** An answer as it goes over the wire; the connection is closed after it unless it is `kept`. */
export function answer(status, body = "", headers = {}, { kept = false } = {}) {
  const all = { ...headers, "content-length": Buffer.byteLength(body), ...(kept ? {} : { connection: "close" }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { text: `HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${body}`, kept };
}

/** The usual success. */
export const updated = (options) => answer("200 OK", `{"success":true,"operation":"updated"}`, {}, options);

/** Sends these bytes and closes the connection. */
export const bytes = (text) => ({ text, kept: false });

/** Closes the connection without an answer. */
export const close = { text: "", kept: false };

/** Says nothing, and keeps the connection. */
export const silence = { text: "", kept: true };

/**
 * A server that plays one behaviour for each request, in turn. `requests` are those that arrived, as `{ head, body }`;
 * `connections` counts those that were made.
 */
export async function serve(test, behaviours) {
  const state = { requests: [], connections: 0, sockets: new Set(), baseURL: "" };
  const waiting = [...behaviours];
  const server = createServer((socket) => {
    state.connections += 1;
    state.sockets.add(socket);
    socket.on("close", () => state.sockets.delete(socket));
    socket.on("error", () => {});
    // One character for each byte, as lengths are told in bytes.
    socket.setEncoding("latin1");
    let received = "";
    socket.on("data", (data) => {
      received += data;
      for (let request; (request = whole(received));) {
        received = received.slice(request.length);
        state.requests.push(request);
        state.heard?.();
        const { text, kept } = waiting.shift() ?? close;
        if (text) socket.write(text);
        if (!kept) socket.end();
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.baseURL = `http://127.0.0.1:${server.address().port}/api`;
  /** Resolves once the next request has arrived. */
  state.nextRequest = () => new Promise((resolve) => (state.heard = resolve));
  test.after(() => {
    for (const socket of state.sockets) socket.destroy();
    server.close();
  });
  return state;
}

/** The first request in a text, if it is whole. */
function whole(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = end + 4 + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return text.length < length
    ? undefined
    : { head, body: Buffer.from(text.slice(end + 4, length), "latin1").toString(), length };
}
