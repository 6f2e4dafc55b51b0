// How a process ends that publishes: what is promised of each way out of it, against the emulator.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startEmulator } from "activitysmith-kit/testing";

import { run } from "./support/programs.mjs";
import { serve, silence } from "./support/server.mjs";

const emulator = await startEmulator();
after(() => emulator.stop());

/** The beginning of a program that has sent one state, and has another to send in an hour. */
const PENDING = `
  const live = liveActivities.publish("k", progress(1), { minInterval: 3_600_000 });
  await live.flush();
  live.update({ percentage: 42 });
  const forever = () => new Promise((resolve) => setTimeout(resolve, 60_000));
`;

const percentages = async (account) => (await account.requests()).map(({ body }) => body?.content_state?.percentage);

test("a process that has nothing left to do sends what is pending before it ends", async () => {
  const account = emulator.account();
  const { code, stdout } = await run(
    account.options,
    `const live = liveActivities.publish("k", progress(1), { minInterval: 3_600_000 });
     await live.flush();
     live.update({ percentage: 42 });`,
  );
  assert.deepEqual([code, stdout], [0, ""]);
  assert.deepEqual(await percentages(account), [1, 42]);
  assert.equal((await account.stream("k")).state, "active", "the job did not report its end");
});

test("it does so once, and listens no longer than there is something to publish", async () => {
  const account = emulator.account();
  const { code, stdout } = await run(
    account.options,
    `const listeners = () => process.listenerCount("beforeExit");
     const before = listeners();
     const lives = ["a", "b"].map((key) => liveActivities.publish(key, progress(1)));
     console.log(listeners() - before);
     for (const live of lives) await live.finish();
     console.log(listeners() - before);`,
  );
  assert.deepEqual([code, stdout], [0, "1\n0\n"]);
});

test("a publisher keeps no process alive, and a server that is silent not for more than 2 seconds", async (t) => {
  const server = await serve(t, [silence, silence, silence]);
  const options = { apiKey: "ask_test_k", baseURL: server.baseURL };
  const { code, stdout, took } = await run(options, `liveActivities.publish("k", progress(1));`);
  assert.equal(code, 0);
  assert.match(stdout, /k: the newest state did not arrive before the process ended/);
  assert.ok(took >= 2_000 && took < 8_000, `${took} ms`);
});

test("process.exit ends at once: what was not sent is lost, and what was flushed is not", async () => {
  const account = emulator.account();
  const { code } = await run(account.options, `${PENDING} process.exit(3);`);
  assert.equal(code, 3);
  assert.deepEqual(await percentages(account), [1]);
});

test("process.exit keeps an end that was waited for", async () => {
  const account = emulator.account();
  const { code } = await run(account.options, `${PENDING} if (await live.finish()) process.exit(3);`);
  assert.equal(code, 3);
  const { state, content_state } = await account.stream("k");
  assert.deepEqual([state, content_state.percentage], ["ended", 42]);
});

test("an uncaught exception is shown before the process ends by it", async () => {
  const account = emulator.account();
  const { code, stderr } = await run(
    account.options,
    `await liveActivities.publish("k", progress(1), async () => { throw new TypeError("the job's own mistake"); });`,
  );
  assert.equal(code, 1);
  assert.match(stderr, /TypeError: the job's own mistake/);
  const { state, content_state } = await account.stream("k");
  assert.deepEqual([state, content_state.color, content_state.subtitle], ["ended", "red", "TypeError"]);
});

test("a change after the scope ends no process, and is told once", async () => {
  const account = emulator.account();
  const { code, stdout, stderr } = await run(
    account.options,
    `await liveActivities.publish("k", progress(1), async (live) => {
       const late = () => live.update({ percentage: 99 });
       for (const pause of [0, 20, 40]) setTimeout(late, pause);
     });`,
  );
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(stdout, "activitysmith-kit: k: a change came after the stream was ended; it is ignored\n");
});

for (const [what, statement] of [
  ["an unhandled rejection", `Promise.reject(new Error("unhandled"));`],
  ["an exception of a timer", `setTimeout(() => { throw new Error("unhandled"); });`],
]) {
  test(`${what} ends the process at once, as without a publisher`, async () => {
    const account = emulator.account();
    const { code, stderr } = await run(account.options, PENDING + statement);
    assert.equal(code, 1);
    assert.match(stderr, /unhandled/);
    assert.deepEqual(await percentages(account), [1]);
  });
}

for (const [what, name] of [
  ["SIGTERM", "SIGTERM"],
  ["Ctrl-C", "SIGINT"],
]) {
  test(`${what} ends at once, and the next run of the same stream sets the screen right`, async () => {
    const account = emulator.account();
    const { signal } = await run(account.options, `${PENDING} process.kill(process.pid, "${name}"); await forever();`);
    assert.equal(signal, name);
    assert.deepEqual(await percentages(account), [1]);
    assert.equal((await account.stream("k")).state, "active");
    const again = await run(account.options, `await liveActivities.publish("k", progress(7)).finish();`);
    assert.equal(again.code, 0);
    const { state, content_state } = await account.stream("k");
    assert.deepEqual([state, content_state.percentage], ["ended", 7]);
  });

  test(`${what} that the program handles ends the stream as the program says`, async () => {
    const account = emulator.account();
    const { code, signal } = await run(
      account.options,
      `process.once("${name}", async () => {
         await live.fail("${name}");
         process.exit(3);
       });
       ${PENDING} process.kill(process.pid, "${name}"); await forever();`,
    );
    assert.deepEqual([code, signal], [3, null]);
    const { state, content_state } = await account.stream("k");
    assert.deepEqual([state, content_state.percentage, content_state.subtitle], ["ended", 42, name]);
  });
}

test("a finish that is not awaited still ends the stream", async () => {
  const account = emulator.account();
  const { code } = await run(
    account.options,
    `for (const item of liveActivities.trackSync([1, 2, 3], "t", { title: "T" })) void item;
     liveActivities.publish("k", progress(1)).finish();`,
  );
  assert.equal(code, 0);
  assert.equal((await account.stream("t")).content_state.percentage, 100);
  assert.deepEqual([(await account.stream("t")).state, (await account.stream("k")).state], ["ended", "ended"]);
});

test("without a network a process ends soon, and with its own exit code", async () => {
  const options = { apiKey: "ask_test_k", baseURL: "http://127.0.0.1:1/api" };
  const { code, stdout, took } = await run(
    options,
    `process.exitCode = 5;
     await liveActivities.publish("k", progress(1), async (live) => live.update({ percentage: 2 }));`,
  );
  assert.equal(code, 5);
  assert.equal(stdout.trim().split("\n").length, 1, stdout);
  assert.ok(took < 8_000, `${took} ms`);
});
