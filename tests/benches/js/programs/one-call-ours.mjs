// A whole program that reports once, with our package.

import ActivitySmith from "activitysmith-kit";

const activitysmith = new ActivitySmith({ apiKey: process.env.ACTIVITYSMITH_API_KEY });
await activitysmith.liveActivities.stream("bench-one-call", {
  content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
});
