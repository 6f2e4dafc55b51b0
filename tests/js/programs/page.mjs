// Offers the test that opens the page a round trip with a key, over the page's own origin, and the refusal to hold one.

import ActivitySmith from "activitysmith-kit";

const baseURL = `${location.origin}/api`;

globalThis.refusal = (apiKey) => {
  try {
    new ActivitySmith({ apiKey, baseURL });
  } catch (error) {
    return String(error);
  }
};

globalThis.roundTrip = async (apiKey) => {
  const activitysmith = new ActivitySmith({ apiKey, baseURL, dangerouslyAllowBrowser: true });
  const started = await activitysmith.liveActivities.stream("js-chromium", {
    content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
  });
  const ended = await activitysmith.liveActivities.endStream("js-chromium");
  return [started.operation, ended.operation];
};
