// A worker that answers a request with what became of a stream that it started and ended.

import ActivitySmith from "activitysmith-kit";

export default {
  async fetch(request, env) {
    const activitysmith = new ActivitySmith({ apiKey: env.ACTIVITYSMITH_API_KEY, baseURL: env.ACTIVITYSMITH_BASE_URL });
    const started = await activitysmith.liveActivities.stream("js-workerd", {
      content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
    });
    const ended = await activitysmith.liveActivities.endStream("js-workerd");
    return Response.json([started.operation, ended.operation]);
  },
};
