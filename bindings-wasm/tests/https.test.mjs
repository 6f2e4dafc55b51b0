// Calls over TLS, to a server with a certificate of its own: that they succeed, share a connection and end in time.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { selfSigned } from "./support/certificate.mjs";
import { client, failure, KEY, progress } from "./support/kit.mjs";
import { serve, silence } from "./support/server.mjs";

/** A server over TLS that takes everything; it tells the connections that were made. */
async function serveSecurely(test, { cert, key }) {
  const state = { connections: 0 };
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    incoming.resume().on("end", () => outgoing.end(`{"operation":"updated"}`));
  });
  server.on("secureConnection", () => (state.connections += 1));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => (server.closeAllConnections(), server.close()));
  return Object.assign(state, { baseURL: `https://127.0.0.1:${server.address().port}/api` });
}

for (const [name, options, most] of [
  ["node:https", "{}", 1],
  // Node's begins another one where a call follows in the same turn.
  ["fetch", "{ fetch }", 2],
]) {
  test(`${name}: calls to a trusted server share connections`, async (t) => {
    const certificate = selfSigned();
    const server = await serveSecurely(t, certificate);
    const folder = await mkdtemp(join(tmpdir(), "activitysmith-kit-"));
    t.after(() => rm(folder, { recursive: true }));
    const trusted = join(folder, "trusted.pem");
    await writeFile(trusted, certificate.cert);
    const program = `
      import { ActivitySmith } from "activitysmith-kit";
      const { liveActivities } = new ActivitySmith(${options});
      for (let call = 0; call < 3; call++)
        console.log((await liveActivities.stream("k", { type: "progress", title: "T", percentage: call })).operation);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: new URL("..", import.meta.url),
      env: {
        ...process.env,
        // Node reads it when it starts, and no later.
        NODE_EXTRA_CA_CERTS: trusted,
        ACTIVITYSMITH_API_KEY: KEY,
        ACTIVITYSMITH_BASE_URL: server.baseURL,
      },
    });
    assert.equal(stdout, "updated\n".repeat(3));
    assert.ok(server.connections <= most, `${server.connections} connections`);
  });
}

test("an untrusted certificate is refused before anything is sent", async (t) => {
  const server = await serveSecurely(t, selfSigned());
  const error = await failure(client(server, { maxRetries: 0 }).liveActivities.endStream("k"));
  assert.equal(error.kind, "connection");
  assert.match(error.message, /^could not connect: self-signed certificate/);
});

test("a handshake that stalls takes no longer than connecting may", async (t) => {
  const server = await serve(t, [silence]);
  const baseURL = server.baseURL.replace("http:", "https:");
  const { liveActivities } = client({ baseURL }, { connectTimeout: 100, maxRetries: 1 });
  const error = await failure(liveActivities.stream("k", { content_state: progress(), alert: { title: "!" } }));
  assert.equal(error.kind, "timeout");
  assert.match(
    error.message,
    /^could not connect in time \(attempts: 2\)/,
    "nothing was sent, so a sound is tried again",
  );
});
