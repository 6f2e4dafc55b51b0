// The same program with the official SDK, which is told by an inner setting where the emulator is, as it has no other.

import ActivitySmith from "activitysmith";

const activitysmith = new ActivitySmith({ apiKey: process.env.ACTIVITYSMITH_API_KEY });
activitysmith.liveActivities.api.configuration.configuration.basePath = process.env.ACTIVITYSMITH_BASE_URL;
await activitysmith.liveActivities.stream("bench-one-call", {
  content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
});
