// A test as users of vitest write it: a job, beside an emulator of its own.

import { ActivitySmith } from "activitysmith-kit";
import { startEmulator } from "activitysmith-kit/testing";
import { afterAll, expect, test } from "vitest";

const emulator = await startEmulator();
afterAll(() => emulator.stop());

test("the job shows where it is", async () => {
  const account = emulator.account();
  const { liveActivities } = new ActivitySmith(account.options);
  await liveActivities.stream("job", { type: "progress", title: "Job", percentage: 0 });
  await liveActivities.endStream("job");
  const requests = await account.requests();
  expect(requests.map(({ method, status }) => [method, status])).toEqual([
    ["PUT", 200],
    ["DELETE", 200],
  ]);
  expect(requests[0].body.content_state.percentage).toBe(0);
});
