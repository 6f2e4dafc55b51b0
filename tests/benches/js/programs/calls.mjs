// Calls over a kept connection, with both packages by turns in one process; prints the median round of each as JSON.

import Ours from "activitysmith-kit";
import Official from "activitysmith";

const ROUNDS = 40;
const CALLS = 250;

const { ACTIVITYSMITH_API_KEY: apiKey, ACTIVITYSMITH_BASE_URL: baseURL } = process.env;
const official = new Official({ apiKey });
official.liveActivities.api.configuration.configuration.basePath = baseURL;
const sides = { ours: new Ours({ apiKey, baseURL }), official };

const rounds = { ours: [], official: [] };
for (let number = 0; number <= ROUNDS; number++) {
  for (const [side, client] of Object.entries(sides)) {
    const round = await measure(client, `bench-calls-${side}`);
    // The first warms up.
    if (number > 0) rounds[side].push(round);
  }
}
console.log(JSON.stringify({ ours: medians(rounds.ours), official: medians(rounds.official) }));

/** The seconds of a round, and the processor's among them. */
async function measure(client, key) {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) {
    await client.liveActivities.stream(key, {
      content_state: { title: "Search Reindex", subtitle: "catalog-v2", type: "progress", percentage: call % 100 },
    });
  }
  const seconds = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpu: (user + system) / 1e6 };
}

function medians(rounds) {
  const median = (of) => rounds.map(of).sort((a, b) => a - b)[rounds.length >> 1];
  return { rate: CALLS / median((round) => round.seconds), cpu: median((round) => round.cpu) / CALLS };
}
