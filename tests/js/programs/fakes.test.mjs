// A test as users of vitest write it: a job under fake timers, by a package that is loaded before them or after them.

import { startEmulator } from "activitysmith-kit/testing";
import { afterAll, afterEach, expect, test, vi } from "vitest";

const progress = (percentage) => ({ type: "progress", title: "Job", percentage });
const emulator = await startEmulator();
afterAll(() => emulator.stop());
afterEach(() => vi.useRealTimers());

test("a job publishes while no timer goes on", async () => {
  if (process.env.KIT_LOADED === "before") await import("activitysmith-kit");
  vi.useFakeTimers();
  const { ActivitySmith } = await import("activitysmith-kit");
  const account = emulator.account();
  const { liveActivities } = new ActivitySmith(account.options);
  const live = liveActivities.publish("job", progress(0));
  expect(await live.flush()).toBe(true);
  live.update({ percentage: 50 });
  expect(await live.finish()).toBe(true);
  expect((await account.stream("job")).content_state).toEqual(progress(50));
  const transport = { send: () => new Promise(() => {}) };
  const unanswered = new ActivitySmith({ ...account.options, transport, timeout: 50 });
  await expect(unanswered.liveActivities.endStream("job")).rejects.toMatchObject({ kind: "timeout" });
});
