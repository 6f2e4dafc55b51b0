// Indexes the words of every text file below a folder, and shows on a phone how far it is.
//
//     npm install activitysmith-kit
//     ACTIVITYSMITH_API_KEY=ask_... node reindex.mjs FOLDER

import { ActivitySmith } from "activitysmith-kit";

import { files, Index } from "./words.mjs";

const KEY = "search-reindex";
/** For a job of seconds. Leave it out for one that takes minutes: the default is what iOS shows for hours. */
const MIN_INTERVAL = 20;

const folder = process.argv[2] ?? ".";
const { liveActivities } = new ActivitySmith();
console.log(`publishing ${KEY}, for this short job every ${MIN_INTERVAL} ms; usually it is every 15 s and more`);
const state = { type: "progress", title: "Search Reindex", subtitle: folder, percentage: 0 };

const live = await liveActivities.publish(
  KEY,
  state,
  async (live) => {
    const started = performance.now();
    const paths = await files(folder);
    const index = new Index();
    for (const [number, path] of paths.entries()) {
      await index.add(number, path);
      live.update({ percentage: Math.floor((100 * (number + 1)) / paths.length) });
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    console.log(`indexed ${index.words} words in ${paths.length} files in ${seconds} s`);
    return live;
  },
  { minInterval: MIN_INTERVAL },
);

const { updates, sent, coalesced } = live.counters;
console.log(`${updates} updates: ${sent} requests, ${coalesced} coalesced`);
console.log(live.problem ? `the last state did not arrive: ${live.problem.message}` : "the last state arrived");
