// The service's own SDK against our emulator: each type of state is started, updated and ended as at the service, and a program that
// uses all of the SDK runs with it and with ours.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import ActivitySmith from "activitysmith";

import "./programs/redirect.mjs";
import { fresh, given, run } from "./support/kit.mjs";

const STATES = {
  progress: [{ percentage: 10 }, { percentage: 20 }],
  segmented_progress: [
    { number_of_steps: 3, current_step: 1 },
    { number_of_steps: 3, current_step: 2 },
  ],
  metrics: [
    { metrics: [{ label: "CPU", value: 42, unit: "%" }] },
    { metrics: [{ label: "CPU", value: 43, unit: "%" }] },
  ],
  stats: [{ metrics: [{ label: "Sales", value: "1,204" }] }, { metrics: [{ label: "Sales", value: "1,205" }] }],
  alert: [{ message: "The disk is nearly full" }, { message: "The disk is full" }],
  timer: [{ duration_seconds: 600 }, { is_running: false }],
  value: [{ value: 12 }, { value: 13 }],
};

const client = new ActivitySmith({ apiKey: given("ACTIVITYSMITH_API_KEY") });
const { liveActivities } = client;

for (const [type, [first, second]] of Object.entries(STATES)) {
  test(`activitysmith 1.10.0 streams ${type}`, async () => {
    const key = `js-official-${type}`;
    const send = (state) => liveActivities.stream(key, { content_state: { title: "Official", type, ...state } });
    const started = await send(first);
    assert.equal(started.operation, "started");
    assert.equal(started.stream_key, key);
    assert.equal((await send(second)).operation, "updated");
    assert.equal((await liveActivities.endStream(key)).operation, "ended");
  });
}

/** What can be called on the official package's client, by its parts. */
function methods() {
  const own = (thing) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(thing)).filter((name) => name !== "constructor");
  assert.deepEqual(own(client), ["badgeCount"]);
  const { liveActivities, notifications, metrics } = client;
  const parts = Object.entries({ liveActivities, notifications, metrics });
  return Object.fromEntries(parts.map(([name, part]) => [name, own(part).sort()]));
}

/** Runs the program that uses all of them, after a change of its import; gives what it has called. */
async function calls(folder, change, args, key) {
  const program = join(folder, "official.mjs");
  await writeFile(program, change(await readFile(program, "utf8")));
  const called = JSON.parse(await run("node", [...args, program, key], folder));
  return Object.fromEntries(Object.entries(called).map(([part, names]) => [part, [...new Set(names)].sort()]));
}

test("a program gets the documented answer from each method of activitysmith 1.10.0", async (t) => {
  const folder = await fresh(t, "official.mjs", "redirect.mjs");
  const change = (text) => text.replace(`"activitysmith"`, JSON.stringify(import.meta.resolve("activitysmith")));
  assert.deepEqual(await calls(folder, change, ["--import", "./redirect.mjs"], "js-official-theirs"), methods());
});

test("the same program runs with its import changed to ours", async (t) => {
  const folder = await fresh(t, "official.mjs");
  const change = (text) => text.replace(`"activitysmith"`, `"activitysmith-kit"`);
  assert.deepEqual(await calls(folder, change, [], "js-official-ours"), methods());
});
