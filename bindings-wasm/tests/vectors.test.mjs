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

const BY_ID = { activity_id: "a1", content_state: progress() };

/** Each endpoint: how it is called, its path, and a body that breaks no rule. */
const ENDPOINTS = {
  stream: [({ liveActivities }, key, body) => liveActivities.stream(key, body), "/live-activity/stream/", progress()],
  end_stream: [({ liveActivities }, key, body) => liveActivities.endStream(key, body), "/live-activity/stream/"],
  start: [({ liveActivities }, _, body) => liveActivities.start(body), "/live-activity/start", progress()],
  update: [({ liveActivities }, _, body) => liveActivities.update(body), "/live-activity/update", BY_ID],
  end: [({ liveActivities }, _, body) => liveActivities.end(body), "/live-activity/end", BY_ID],
  push: [({ notifications }, _, body) => notifications.send(body), "/push-notification", "T"],
  replace_push: [({ notifications }, key, body) => notifications.replace(key, body), "/push-notification/", "T"],
  metric: [({ metrics }, key, body) => metrics.update(key, body), "/metrics/", 7],
  badge: [
    (client, _, body) => client.badgeCount(body.badge, (({ badge, ...beside }) => beside)(body)),
    "/badge",
    { badge: 1 },
  ],
};

/** JSON that no JavaScript value is written as, so no caller can give it. */
const ONLY_TEXT = new Set(["the same field twice", "extra loses no digits either", "a body that is no JSON"]);

for (const { name, endpoint, key, body, body_text, expect } of cases("requests.json")) {
  if (ONLY_TEXT.has(name)) continue;
  test(`request: ${name}`, async () => {
    const { client, sent } = capturing();
    const [call, path] = ENDPOINTS[endpoint];
    const promise = call(client, key, body_text === undefined ? body : parse(body_text));
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
      const whole = endpoint === "metric" ? `${path}${key}/value` : `${path}${encodeURIComponent(key ?? "")}`;
      assert.equal(request.url, `http://127.0.0.1:9/api${whole}`);
    }
  });
}

for (const { name, endpoint, status, headers = {}, body, body_text, expect } of cases("responses.json")) {
  test(`response: ${name}`, async () => {
    const bytes = new TextEncoder().encode(body_text ?? JSON.stringify(body));
    const { client } = capturing({ status, headers: new Map(Object.entries(headers)), body: bytes });
    const [call, , valid] = ENDPOINTS[endpoint];
    const promise = call(client, "k", valid);
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
