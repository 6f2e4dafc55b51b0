// Iterators that publish how far they are, against the emulator.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ActivitySmith } from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";

import { client, failure } from "./support/kit.mjs";

const emulator = await startEmulator();
after(() => emulator.stop());

function fresh() {
  const account = emulator.account();
  return { account, ...new ActivitySmith(account.options) };
}

const shown = async (account, key) => (await account.stream(key)).content_state;
const state = (percentage) => ({ type: "progress", title: "T", percentage });

/** Items that do not tell how many they are. */
async function* some(count) {
  for (let item = 0; item < count; item++) yield item;
}

/** Items that fail after some. */
function* failing(count) {
  for (let item = 0; item < count; item++) yield item;
  throw new RangeError("the items' own mistake");
}

/** All items of an iterator. */
async function all(items) {
  const list = [];
  for await (const item of items) list.push(item);
  return list;
}

test("what a loop of the language takes is tracked, and what it refuses is refused", async () => {
  const { account, liveActivities } = fresh();
  assert.deepEqual(await all(liveActivities.track("abc", "k", { title: "T" })), ["a", "b", "c"]);
  assert.deepEqual(await shown(account, "k"), state(100));
  for (const items of [null, undefined, 5, {}])
    for (const track of ["track", "trackSync"])
      assert.throws(
        () => liveActivities[track](items, "none", { title: "T" }),
        /^ConfigError: items cannot be iterated/,
      );
  const odd = { [Symbol.iterator]: () => ({ next: () => 5 }) };
  const loop = all(liveActivities.track(odd, "odd", { title: "T" }));
  await assert.rejects(loop, { name: "TypeError", message: "Iterator result 5 is not an object" });
  assert.equal((await shown(account, "odd")).color, "red");
});

test("items whose number is known are shown in percent, and all of them as 100", async () => {
  const { account, liveActivities } = fresh();
  for (const items of [[1, 2, 3], new Set([1, 2, 3]), new Uint8Array([1, 2, 3])]) {
    assert.deepEqual(await all(liveActivities.track(items, "k", { title: "T" })), [1, 2, 3]);
    assert.deepEqual(await shown(account, "k"), state(100));
  }
  assert.equal((await account.stream("k")).state, "ended");
});

test("items whose number is not known are counted, unless it is given", async () => {
  const { account, liveActivities } = fresh();
  assert.deepEqual(await all(liveActivities.track(some(3), "counted", { title: "T" })), [0, 1, 2]);
  assert.deepEqual(await shown(account, "counted"), { type: "value", title: "T", value: 3 });
  await all(liveActivities.track(some(3), "given", { title: "T", total: 3 }));
  assert.deepEqual(await shown(account, "given"), state(100));
});

test("a list of promises gives what they hold", async () => {
  const { liveActivities } = fresh();
  const promises = [Promise.resolve("a"), "b"];
  assert.deepEqual(await all(liveActivities.track(promises, "k", { title: "T" })), ["a", "b"]);
});

test("how far it is shows while it runs", async () => {
  const { account, liveActivities } = fresh();
  const items = liveActivities.track([1, 2, 3, 4], "k", { title: "T", minInterval: 0 });
  for await (const item of items) {
    await items.live.flush();
    assert.deepEqual(await shown(account, "k"), state((item - 1) * 25));
  }
});

test("it looks by itself, at the interval that is given", async () => {
  const { account, liveActivities } = fresh();
  const items = liveActivities.track([1, 2], "k", { title: "T", minInterval: 20 });
  await items.live.flush();
  for await (const item of items) {
    if (item === 1) continue;
    for (let look = 0; (await shown(account, "k")).percentage !== 50; look++)
      assert.ok(look < 1_000, "it never looked");
  }
});

test("each percentage is the whole one, to the digit", async () => {
  const { account, liveActivities } = fresh();
  const items = liveActivities.track(Array(100).fill(0), "k", { title: "T", minInterval: 0 });
  let done = 0;
  for await (const item of items) {
    void item;
    if ([0, 29, 57, 58, 99].includes(done)) {
      await items.live.flush();
      assert.equal((await shown(account, "k")).percentage, done);
    }
    done++;
  }
  for (const done of [29, 57, 58]) {
    const items = liveActivities.trackSync(Array(100).fill(0), "left", { title: "T" });
    let begun = 0;
    for (const item of items) {
      void item;
      if (begun++ === done) break;
    }
    assert.equal(await items.finished, true);
    assert.equal((await shown(account, "left")).percentage, done);
  }
});

test("a loop that is left ends with what was done, not as failed", async () => {
  const { account, liveActivities } = fresh();
  for await (const item of liveActivities.track([1, 2, 3, 4], "left", { title: "T" })) if (item === 3) break;
  assert.deepEqual(await shown(account, "left"), state(50));
  const items = liveActivities.trackSync([1, 2, 3, 4], "left-sync", { title: "T" });
  for (const item of items) if (item === 3) break;
  assert.equal(await items.finished, true);
  assert.deepEqual(await shown(account, "left-sync"), state(50));
});

test("a loop's own exception is thrown on, and the iterator is closed", async () => {
  const { account, liveActivities } = fresh();
  let closed = 0;
  async function* items() {
    try {
      yield* some(4);
    } finally {
      closed++;
    }
  }
  const thrown = new Error("the loop's own mistake");
  const loop = async () => {
    for await (const item of liveActivities.track(items(), "k", { title: "T", total: 4 })) if (item === 2) throw thrown;
  };
  assert.equal(await failure(loop()), thrown);
  assert.equal(closed, 1);
  assert.deepEqual(await shown(account, "k"), state(50));
});

test("items that fail end the stream as failed, and their exception is thrown on", async () => {
  const { account, liveActivities } = fresh();
  const error = await failure(all(liveActivities.track(failing(2), "async", { title: "T", total: 4 })));
  assert.equal(error.message, "the items' own mistake");
  assert.equal((await shown(account, "async")).subtitle, "RangeError");
  const items = liveActivities.trackSync(failing(2), "sync", { title: "T", total: 4 });
  assert.throws(() => [...items], /the items' own mistake/);
  assert.equal(await items.finished, true);
  assert.deepEqual(
    [(await shown(account, "sync")).subtitle, (await shown(account, "sync")).percentage],
    ["RangeError", 25],
  );
});

test("a loop that is not async hands its end over, and says whether it arrived", async () => {
  const { account, liveActivities } = fresh();
  const items = liveActivities.trackSync(["a", "b"], "k", { title: "T" });
  assert.deepEqual([...items], ["a", "b"]);
  assert.deepEqual(items.next(), { done: true, value: undefined });
  assert.equal(await items.finished, true);
  assert.deepEqual(await shown(account, "k"), state(100));
  assert.equal(items.live.counters.sent, 2);
});

test("what it shows beside can be changed", async () => {
  const { account, liveActivities } = fresh();
  const items = liveActivities.track(["a", "b"], "k", { title: "T" });
  for await (const item of items) items.live.update({ subtitle: item });
  assert.deepEqual(await shown(account, "k"), { ...state(100), subtitle: "b" });
});

test("a length that cannot be read, or is none, is not known", async () => {
  const { account, liveActivities } = fresh();
  const lengths = [NaN, -1, Infinity, 1.5, 2 ** 60, "3", null];
  const descriptors = [...lengths.map((value) => ({ value })), { get: () => assert.fail("it breaks no loop") }];
  for (const [index, length] of descriptors.entries()) {
    const items = Object.defineProperty(some(3), "length", length);
    assert.deepEqual(await all(liveActivities.track(items, `k${index}`, { title: "T" })), [0, 1, 2]);
    assert.equal((await shown(account, `k${index}`)).type, "value");
  }
});

test("no items are all of them", async () => {
  const { account, liveActivities } = fresh();
  assert.deepEqual(await all(liveActivities.track([], "k", { title: "T" })), []);
  assert.deepEqual(await shown(account, "k"), state(100));
});

test("options that cannot be are refused before there is a loop", async () => {
  const { account, liveActivities } = fresh();
  const track = (options) => () => liveActivities.track([1], "k", options);
  for (const none of [undefined, {}])
    assert.throws(track(none), { name: "ValidationError", message: /content_state\.title is missing/ });
  assert.throws(track({ title: "" }), { name: "ValidationError", message: /content_state\.title/ });
  assert.throws(track({ title: 7 }), { name: "ValidationError", message: /content_state\.title is a number/ });
  assert.throws(track({ title: "T", total: -1 }), /^ConfigError: total is -1; give a number of items of at least 0$/);
  assert.throws(track({ title: "T", totl: 1 }), /^ConfigError: unknown option totl; known options: title, total, /);
  assert.deepEqual(await account.requests(), []);
});

test("without a network and without a key a loop runs all the same", async () => {
  for (const options of [{}, { apiKey: undefined, apiKeyFile: "/nowhere/key" }]) {
    const { liveActivities } = client({ baseURL: "http://127.0.0.1:1/api" }, options);
    const items = liveActivities.track([1, 2], "k", { title: "T" });
    assert.deepEqual(await all(items), [1, 2]);
    assert.ok(items.live.problem);
    const sync = liveActivities.trackSync([1, 2], "k", { title: "T" });
    assert.deepEqual([...sync], [1, 2]);
    assert.equal(await sync.finished, false);
  }
});
