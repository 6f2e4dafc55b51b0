// Starts the stream that the command line names, ends it, and prints what became of both: for Node, Bun and Deno.

import ActivitySmith from "activitysmith-kit";

const activitysmith = new ActivitySmith({ apiKey: process.env.ACTIVITYSMITH_API_KEY });
const key = process.argv[2];

const started = await activitysmith.liveActivities.stream(key, {
  content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
});
const ended = await activitysmith.liveActivities.endStream(key);
console.log(JSON.stringify([started.operation, ended.operation]));
