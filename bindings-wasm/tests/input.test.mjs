// What callers may hand in by mistake: it is refused with its path or sent faithfully, and never changed in silence.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { ActivitySmith, ValidationError } from "activitysmith-kit";

import { failure, KEY, progress } from "./support/kit.mjs";

const ANSWER = { status: 200, headers: [], body: new TextEncoder().encode("{}") };

/** The body that a request is sent with. */
async function sent(request, purpose = "stream") {
  let body;
  const transport = { send: async (outgoing) => ((body = outgoing.body), ANSWER) };
  await new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api", transport }).liveActivities[purpose](
    "k",
    request,
  );
  return body;
}

/** What is wrong with a request, as texts by path. */
async function refusals(request, ...key) {
  const transport = { send: () => assert.fail("it was sent") };
  const client = new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api", transport });
  const error = await failure(client.liveActivities.stream(key.length ? key[0] : "k", request));
  assert.ok(error instanceof ValidationError, String(error));
  return Object.fromEntries(error.violations.map(({ path, message }) => [path, message]));
}

const withMetadata = (metadata) => ({ content_state: progress(), metadata });

class Label {
  title = "T";
  type = "value";
  value = 7;
}

const circular = { title: "T" };
circular.icon = { symbol: "s", color: circular };

const ODD = {
  "a Date": new Date(0),
  "a Map": new Map([["a", 1]]),
  "a Set": new Set([1]),
  "a Promise": Promise.resolve(1),
  "an Error": new Error("no"),
  "a RegExp": /a/,
  "a Uint8Array": new Uint8Array(2),
  "an ArrayBuffer": new ArrayBuffer(2),
  "a Number": Object(1),
  "a function": () => {},
  "a symbol": Symbol("s"),
  "a string with half a surrogate pair": "a\ud800",
};

for (const [kind, value] of Object.entries(ODD)) {
  test(`${kind} is refused wherever it stands`, async () => {
    const request = {
      content_state: { type: "stats", title: value, metrics: [{ label: "a", value }], icon: { symbol: value } },
      action: { type: "webhook", title: "t", url: "https://a.test", body: { deep: [value] } },
      metadata: { when: value },
      extra: { newer: value },
    };
    const found = await refusals(request, value);
    const paths = ["stream_key", "content_state.title", "content_state.metrics[0].value", "content_state.icon.symbol"];
    for (const path of [...paths, "action.body.deep[0]", "metadata.when", "extra.newer"]) {
      assert.ok(found[path]?.startsWith(`${path} is ${kind}`), `${path}: ${found[path]}`);
    }
  });
}

test("numbers that JSON does not have are refused by their value", async () => {
  for (const [value, name] of [
    [Number.NaN, "NaN"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ]) {
    assert.match((await refusals(progress(value)))["content_state.percentage"], new RegExp(`is ${name};`));
    const { metrics } = new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api" });
    assert.match((await failure(metrics.update("k", value))).message, new RegExp(`value is ${name};`));
  }
});

test("BigInts are sent digit by digit, or refused", async () => {
  assert.match(
    await sent({ type: "value", title: "T", value: 18446744073709551615n }),
    /"value":18446744073709551615\b/,
  );
  assert.match(await sent({ type: "value", title: "T", value: -9007199254740993n }), /"value":-9007199254740993\b/);
  assert.match((await refusals(withMetadata({ row: 1n << 64n })))["metadata.row"], /beyond 64 bits/);
  assert.match((await refusals(withMetadata({ row: (1n << 1_023n) - 1n })))["metadata.row"], /beyond 64 bits/);
  assert.match((await refusals(withMetadata({ row: 1n << 1_024n })))["metadata.row"], /a BigInt of that size/);
});

test("null is refused, and what is undefined is absent", async () => {
  assert.equal(
    (await refusals({ ...progress(), subtitle: null }))["content_state.subtitle"],
    "content_state.subtitle is null; give a string",
  );
  assert.equal(
    await sent({ ...progress(), subtitle: undefined }),
    `{"content_state":{"type":"progress","title":"T","percentage":1}}`,
  );
  assert.match((await refusals(withMetadata({ a: null })))["metadata.a"], /is null/);
  assert.ok("content_state.metrics[0]" in (await refusals({ type: "metrics", title: "T", metrics: [undefined] })));
});

test("what is no request at all is refused as such", async () => {
  for (const request of [undefined, null, 7, "text", [], () => {}, Symbol("s"), new Map()]) {
    assert.deepEqual(Object.keys(await refusals(request)), ["request"], String(request));
  }
  assert.ok("content_state" in (await refusals({})));
  for (const key of [undefined, null, 7, {}, []]) assert.ok("stream_key" in (await refusals(progress(), key)));
});

test("circles and depths end", async () => {
  assert.match((await refusals(circular))["content_state.icon.color"], /a circular reference/);
  let deep = {};
  for (let level = 0; level < 20_000; level++) deep = { deep };
  const request = {
    content_state: progress(),
    action: { type: "webhook", title: "t", url: "https://a.test", body: deep },
  };
  assert.match(Object.values(await refusals(request))[0], /nested more than 100 levels deep/);
  const twice = { symbol: "s" };
  assert.match(await sent({ ...progress(), icon: twice, extra: { again: twice } }), /"again":\{"symbol":"s"\}/);
});

test("what is without end, or nearly so, is refused", async () => {
  const twice = progress();
  Object.assign(twice, { icon: twice, badge: twice });
  assert.match((await refusals(twice))["content_state.icon"], /a circular reference/);
  const withBody = (body) => ({
    content_state: progress(),
    action: { type: "webhook", title: "t", url: "https://a.test", body },
  });
  const larger = /^request is larger than a million values and characters/;
  let doubled = {};
  for (let level = 0; level < 60; level++) doubled = { one: doubled, other: doubled };
  const endless = () =>
    new Proxy(["a", "b"], { get: (list, name) => (/^\d+$/.test(String(name)) ? endless() : list[name]) });
  const length = (list, name) => (name === "length" ? 2 ** 53 : name === "toJSON" ? undefined : 1);
  const long = new Proxy([], { get: length, has: () => true });
  const keys = () => Array.from({ length: 1_000 }, (_, index) => `k${index}`);
  const getOwnPropertyDescriptor = () => ({ value: 1, enumerable: true, configurable: true });
  const wide = () =>
    new Proxy({}, { ownKeys: keys, getOwnPropertyDescriptor, get: (_, name) => /^k/.test(String(name)) && wide() });
  const wideJson = () => ({ toJSON: () => [wideJson(), wideJson()] });
  for (const body of [doubled, endless(), long, wide(), wideJson(), Array(2_000_000).fill(1), "x".repeat(2_000_000)]) {
    assert.match((await refusals(withBody(body))).request, larger);
  }
  assert.match((await refusals({ ["x".repeat(2_000_000)]: 1 })).request, larger);
  const json = { toJSON: () => json };
  assert.match((await refusals({ ...progress(), icon: json }))["content_state.icon"], /a circular reference/);
  const fresh = () => ({ toJSON: fresh });
  assert.match(
    (await refusals({ ...progress(), icon: fresh() }))["content_state.icon"],
    /nested more than 100 levels deep/,
  );
  const value = 1n << 20_000_000n;
  assert.match((await refusals({ type: "value", title: "T", value }))["content_state.value"], /a BigInt of that size/);
});

test("what is another one at each look is looked at once", async () => {
  let looks = 0;
  const fickle = {
    ...progress(),
    get subtitle() {
      if (++looks > 1) throw new Error("no");
      return "s";
    },
  };
  assert.equal(await sent(fickle), `{"content_state":{"type":"progress","title":"T","percentage":1,"subtitle":"s"}}`);
});

test("arrays with holes are refused, however long", async () => {
  const metrics = new Array(2 ** 31);
  assert.match(
    (await refusals({ type: "metrics", title: "T", metrics }))["content_state.metrics"],
    /an array with holes/,
  );
});

test("names of prototypes are names like any other, or refused", async () => {
  assert.match(await sent(withMetadata({ constructor: "a", toString: "b" })), /"constructor":"a","toString":"b"/);
  assert.ok("metadata.__proto__" in (await refusals(withMetadata(JSON.parse(`{"__proto__": 1}`)))));
  const polluted = JSON.parse(`{"type":"progress","title":"T","percentage":1,"__proto__":{"subtitle":"s"}}`);
  assert.ok("content_state.__proto__" in (await refusals(polluted)));
});

test("a name with half a surrogate pair is refused", async () => {
  const [[path, message]] = Object.entries(await refusals(withMetadata({ "a\udfff": 1 })));
  assert.match(path, /^metadata\.a/);
  assert.match(message, /half a surrogate pair/);
});

test("objects of any making are objects", async () => {
  const expected = `{"content_state":{"type":"value","title":"T","value":7}}`;
  const bare = Object.assign(Object.create(null), { type: "value", title: "T", value: 7 });
  for (const state of [bare, runInNewContext(`({ type: "value", title: "T", value: 7 })`), new Proxy(bare, {})]) {
    assert.equal(await sent(state), expected);
  }
  assert.deepEqual(JSON.parse(await sent(new Label())), JSON.parse(expected));
});

test("what knows its own JSON is sent as it says", async () => {
  const action = { type: "open_url", title: "Look", url: new URL("https://a.test/b") };
  assert.match(await sent({ content_state: progress(), action }), /"url":"https:\/\/a\.test\/b"/);
  const request = { content_state: { toJSON: () => ({ ...progress(), percentage: Number.NaN }) } };
  assert.match((await refusals(request))["content_state.percentage"], /is NaN/);
});

test("what throws when it is read is refused, not thrown", async () => {
  const thrower = {
    title: "T",
    get percentage() {
      throw new Error("no");
    },
  };
  assert.match((await refusals(thrower))["content_state.percentage"], /a property that cannot be read/);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.match((await refusals({ ...progress(), icon: proxy }))["content_state.icon"], /an object that cannot be read/);
});

test("the name by which the core knows refusals is none that callers may use", async () => {
  const name = "$activitysmith_kit::unsupported";
  const body = { deep: [{ [name]: "5" }] };
  const action = { type: "webhook", title: "t", url: "https://a.test", body };
  const found = await refusals({ content_state: progress(), action });
  assert.match(found["action.body.deep[0]"], /is an object with the reserved name \$/);
  assert.match((await refusals(progress({ [name]: "5" })))["content_state.percentage"], /reserved name/);
});

test("the name by which a crate of the core knows numbers is one that callers may use", async () => {
  const body = { "$serde_json::private::Number": "5" };
  const action = { type: "webhook", title: "t", url: "https://a.test", body };
  assert.match(await sent({ content_state: progress(), action }), /"body":\{"\$serde_json::private::Number":"5"\}/);
});

test("what cannot be read at all is refused by the promise", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.match((await refusals(proxy)).request, /an object that cannot be read/);
  const parts = new ActivitySmith({ apiKey: KEY, baseURL: "http://127.0.0.1:9/api" });
  const LONG_NAMES = {
    liveActivities: ["startLiveActivity", "reconcileLiveActivityStream", "endLiveActivityStream"],
    notifications: ["sendPushNotification"],
    metrics: ["updateMetricValue"],
  };
  for (const [part, names] of Object.entries(LONG_NAMES)) {
    for (const name of names) {
      assert.ok((await failure(parts[part][name]())) instanceof ValidationError, name);
      assert.ok((await failure(parts[part][`${name}Raw`](null))) instanceof ValidationError, name);
      assert.match((await failure(parts[part][name](proxy))).message, /^parameters cannot be read/);
    }
  }
});
