// A test as users of Jest write it: a job under fake timers, in whatever environment Jest is told to make.

const { ActivitySmith, ApiError } = require("activitysmith-kit");
const { startEmulator } = require("activitysmith-kit/testing");

const progress = (percentage) => ({ type: "progress", title: "Job", percentage });

let emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a job publishes while no timer goes on", async () => {
  const account = emulator.account();
  const { liveActivities } = new ActivitySmith(account.options);
  const live = liveActivities.publish("job", progress(0));
  expect(await live.flush()).toBe(true);
  live.update({ percentage: 50 });
  expect(await live.finish()).toBe(true);
  expect((await account.stream("job")).content_state).toEqual(progress(50));
});

test("calls are answered, refused and given up while no timer goes on", async () => {
  const { liveActivities } = new ActivitySmith(emulator.account().options);
  const { data, response } = await liveActivities.stream("job", progress(0)).withResponse();
  expect([data.operation, response.status]).toEqual(["started", 200]);
  const refused = await liveActivities.endStream("none").catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused.response.status).toBe(404);
  const transport = { send: () => new Promise(() => {}) };
  const unanswered = new ActivitySmith({ ...emulator.account().options, transport, timeout: 50 });
  const late = await unanswered.liveActivities.endStream("job").catch((error) => error);
  expect(late.kind).toBe("timeout");
});
