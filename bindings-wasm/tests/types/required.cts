// What `require` gives, to TypeScript that is compiled to CommonJS. Nothing here is run.

import ActivitySmith = require("activitysmith-kit");
import { ActivitySmith as Named, NotFound, type StreamRequest } from "activitysmith-kit";

const request: StreamRequest = { content_state: { type: "progress", title: "T", percentage: 1 } };
const client: ActivitySmith = new ActivitySmith({ apiKey: "ask_1" });
const same: Named = new ActivitySmith.ActivitySmith();
const byDefault: ActivitySmith.ClientOptions = {};
new ActivitySmith.default(byDefault);

client.liveActivities.stream("k", request).catch((error: unknown) => {
  if (error instanceof NotFound || error instanceof ActivitySmith.RateLimited) return error.status;
  throw error;
});

// @ts-expect-error an alert without its message
same.liveActivities.stream("k", { type: "alert", title: "T" });

const live: ActivitySmith.Publisher<"progress"> = same.liveActivities.publish("k", {
  type: "progress",
  title: "T",
  percentage: 1,
});
const patch: ActivitySmith.Patch<"progress"> = { percentage: 5 };
live.update(patch);
