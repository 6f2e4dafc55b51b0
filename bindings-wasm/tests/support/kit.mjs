// What the tests share: clients of servers and emulators, and the expectation of an error.

import assert from "node:assert/strict";

import { ActivitySmith } from "activitysmith-kit";

export const KEY = "ask_test_kit";

/** A client that nothing of this process's environment reaches. */
export const client = (server, options = {}) =>
  new ActivitySmith({ apiKey: KEY, baseURL: server.baseURL, timeout: 10_000, ...options });

export const progress = (percentage = 1) => ({ type: "progress", title: "T", percentage });

/** The error that a promise is rejected with. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("it did not fail");
}
