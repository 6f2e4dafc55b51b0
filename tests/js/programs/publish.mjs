// Publishes the stream that the command line names: prints whether a job's end arrived, and leaves another state pending when it ends.

import ActivitySmith from "activitysmith-kit";

const { liveActivities } = new ActivitySmith();
const key = process.argv[2];
const state = { type: "progress", title: "Search Reindex", percentage: 0 };

const job = liveActivities.publish(`${key}-job`, state);
for (const part of liveActivities.trackSync([1, 2, 3], `${key}-items`, { title: "Items" })) {
  job.update({ percentage: 33 * part });
}
console.log(JSON.stringify(await job.finish()));

const live = liveActivities.publish(key, state, { minInterval: 3_600_000 });
await live.flush();
live.update({ percentage: 90 });
live.update({ percentage: 100 });
