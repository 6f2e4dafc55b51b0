// A worker that answers a request with what became of a stream that it started and ended, or publishes one after the answer.

import ActivitySmith from "activitysmith-kit";

export default {
  async fetch(request, env, context) {
    const options = { apiKey: env.ACTIVITYSMITH_API_KEY, baseURL: env.ACTIVITYSMITH_BASE_URL };
    const activitysmith = new ActivitySmith({ ...options, waitUntil: context.waitUntil.bind(context) });
    if (request.url.endsWith("/publish")) {
      const state = { type: "progress", title: "Search Reindex", percentage: 0 };
      const live = activitysmith.liveActivities.publish("js-publish-workerd", state);
      live.finish({ percentage: 100 });
      return new Response("published");
    }
    const started = await activitysmith.liveActivities.stream("js-workerd", {
      content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
    });
    const ended = await activitysmith.liveActivities.endStream("js-workerd");
    return Response.json([started.operation, ended.operation]);
  },
};
