// The shared vectors, run through the public face.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ActivitySmith } from "activitysmith-kit";

import { failure, KEY, progress } from "./support/kit.mjs";

/** Integers that a double cannot hold become BigInts, as a caller would write them. */
function parse(text) {
  const stringOrLarge = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
  const marked = text.replace(stringOrLarge, (found) => (found.startsWith('"') ? found : `"bigint:${found}"`));
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith("bigint:") ? BigInt(value.slice(7)) : value,
  );
}

const cases = (file) => parse(readFileSync(new URL(`../../tests/vectors/${file}`, import.meta.url), "utf8")).cases;

/** A client whose requests end here. */
function capturing(answer = { status: 200, headers: [], body: new TextEncoder().encode("{}") }) {
  const sent = [];
  const transport = { send: async (request) => (sent.push(request), answer) };
  return {
    client: new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api", maxRetries: 0, transport }),
    sent,
  };
}

function call(client, method, key, body) {
  if (method === "POST") return client.badgeCount(body.badge, { channels: body.channels });
  return method === "PUT" ? client.liveActivities.stream(key, body) : client.liveActivities.endStream(key, body);
}

/** A body that breaks no rule. */
const ANY = { PUT: progress(), POST: { badge: 1 } };

/** JSON that no JavaScript value is written as, so no caller can give it. */
const ONLY_TEXT = new Set(["the same field twice", "extra loses no digits either", "a body that is no JSON"]);

for (const { name, method, stream_key, body, body_text, expect } of cases("requests.json")) {
  if (ONLY_TEXT.has(name)) continue;
  test(`request: ${name}`, async () => {
    const { client, sent } = capturing();
    const promise = call(client, method, stream_key, body_text === undefined ? body : parse(body_text));
    if (expect.violations) {
      const error = await failure(promise);
      const order = (one, other) => (one.path + one.code < other.path + other.code ? -1 : 1);
      const places = (violations) => violations.map(({ path, code }) => ({ path, code }));
      const [found, expected] = [[...error.violations].sort(order), expect.violations.sort(order)];
      assert.deepEqual(places(found), places(expected));
      expected.forEach(({ message_has: text = "" }, index) => {
        assert.ok(found[index].message.includes(text), `${text} is not in ${found[index].message}`);
      });
      assert.equal(sent.length, 0);
    } else {
      await promise;
      const [request] = sent;
      assert.deepEqual(request.body === undefined ? null : parse(request.body), expect.body);
      assert.equal(request.method, method);
      const path = stream_key === undefined ? "/badge" : `/live-activity/stream/${stream_key}`;
      assert.equal(request.url, `http://127.0.0.1:9/api${path}`);
    }
  });
}

for (const { name, method, status, headers = {}, body, body_text, expect } of cases("responses.json")) {
  test(`response: ${name}`, async () => {
    const bytes = new TextEncoder().encode(body_text ?? JSON.stringify(body));
    const { client } = capturing({ status, headers: new Map(Object.entries(headers)), body: bytes });
    const promise = call(client, method, "k", ANY[method]);
    if (expect.outcome) {
      const { facts, extra = {}, ...known } = await promise;
      // The vectors have both side by side, where what is known comes first.
      const { facts: _, ...unknown } = extra;
      assert.deepEqual({ ...unknown, ...known }, expect.outcome);
      assert.equal(facts.status, status);
      if (expect.rate_limits) {
        assert.deepEqual(facts.rate_limits, expect.rate_limits);
        assert.equal(facts.request_id, "req-1");
      }
    } else {
      const error = await failure(promise);
      const {
        upgradeUrl: upgrade_url,
        effectiveChannelSlugs: effective_channel_slugs,
        detail: message,
        location,
      } = error;
      const { blockedDevices: blocked_devices, targetedDevices: targeted_devices, isTransient: transient } = error;
      const { kind, code, body, limit, active, date, retryAfter } = error;
      const told = {
        kind,
        code,
        body,
        limit,
        active,
        date,
        message,
        transient,
        location,
        upgrade_url,
        effective_channel_slugs,
      };
      Object.assign(told, { status: error.status, blocked_devices, targeted_devices });
      told.retry_after_seconds = retryAfter === undefined ? undefined : retryAfter / 1000;
      for (const [field, value] of Object.entries(expect.error)) assert.deepEqual(told[field] ?? null, value, field);
      assert.equal(error.attempts, 1);
    }
  });
}
