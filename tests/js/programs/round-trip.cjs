// The same as round-trip.mjs for CommonJS, with the default export and the named one.

const { ActivitySmith, default: Default } = require("activitysmith-kit");

async function main() {
  const key = process.argv[2];
  const started = await new ActivitySmith().liveActivities.stream(key, {
    content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: 42 },
  });
  const ended = await new Default().liveActivities.endStream(key);
  console.log(JSON.stringify([started.operation, ended.operation]));
}

main();
