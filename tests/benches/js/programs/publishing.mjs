// What publishing costs a job, in processor time, so that other processes are not counted: an update that is coalesced, an item of
// a tracked loop, and ten thousand publishers. Prints seconds, bytes and a share.

import Ours from "activitysmith-kit";

const ROUNDS = 11;
const UPDATES = 50_000;
const ITEMS = 2_000_000;
const PUBLISHERS = 10_000;
const IDLE_MS = 6_000;

/** A service that never answers: the loop itself is measured, not the network. */
const silent = { send: () => new Promise(() => {}) };
const { ACTIVITYSMITH_API_KEY: apiKey, ACTIVITYSMITH_BASE_URL: baseURL } = process.env;
const { liveActivities } = new Ours({ apiKey, baseURL, transport: silent });
const state = { type: "progress", title: "Search Reindex", percentage: 0 };

const live = liveActivities.publish("bench-update", state);
const update = measure(UPDATES, () => {
  for (let number = 0; number < UPDATES; number++) live.update({ percentage: number % 100 });
});
live.detach();

let last;
const items = Array.from({ length: ITEMS }, (_, number) => number);
const tracked = measure(ITEMS, () => {
  for (const item of liveActivities.trackSync(items, "bench-track", { title: "Items" })) last = item;
});
console.log(JSON.stringify({ update, tracked, ...(await idle()) }));
process.exit();

/** The processor's seconds that one of many takes, in the median round. */
function measure(count, work) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / count;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1];
}

/** What ten thousand publishers take, nearly all of which wait for the account's budget. */
async function idle() {
  const body = new TextEncoder().encode(`{"success":true,"operation":"started"}`);
  const transport = { send: async () => ({ status: 200, headers: [], body }) };
  const { liveActivities } = new Ours({ apiKey, baseURL, transport });
  globalThis.gc();
  const before = held();
  const lives = Array.from({ length: PUBLISHERS }, (_, number) => liveActivities.publish(`bench-${number}`, state));
  await lives[0].flush();
  globalThis.gc();
  const memory = held() - before;
  const used = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const { user, system } = process.cpuUsage(used);
  return { memory, idle: (user + system) / 1e3 / IDLE_MS };
}

function held() {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
