// Indexes the words of every text file below a folder, and shows on a phone how far it is.
//
//     npm install activitysmith-kit
//     ACTIVITYSMITH_API_KEY=ask_... node reindex.mjs FOLDER

import { ActivitySmith } from "activitysmith-kit";

import { files, Index } from "./words.mjs";

const KEY = "search-reindex";

/**
 * Shows the job's progress. Whatever becomes of a report, the job goes on; after one that failed only the end is
 * reported, lest a job without a network wait at every step.
 */
class Reporter {
  requests = 0;
  #activitysmith;
  #folder;
  #shown;
  #failed = false;

  constructor(folder) {
    this.#folder = folder;
    try {
      this.#activitysmith = new ActivitySmith();
    } catch (error) {
      console.error(`no progress will be shown: ${error.message}`);
    }
  }

  /** Sends a percentage, if it is another than the last one. */
  async report(percentage) {
    if (this.#shown === percentage || this.#failed) return;
    this.#shown = percentage;
    await this.#send(percentage, ({ liveActivities }) => liveActivities.stream(KEY, this.#state(percentage)));
  }

  async end() {
    const request = { content_state: this.#state(100), auto_dismiss_minutes: 2 };
    await this.#send(100, ({ liveActivities }) => liveActivities.endStream(KEY, request));
  }

  #state(percentage) {
    return { type: "progress", title: "Search Reindex", subtitle: this.#folder, percentage };
  }

  /** Makes a call and prints what became of it. */
  async #send(percentage, call) {
    if (!this.#activitysmith) return;
    const began = performance.now();
    const line = (what) =>
      `${what.padEnd(8)} ${KEY} ${String(percentage).padStart(4)} % ${(performance.now() - began).toFixed(1).padStart(8)} ms`;
    try {
      const { operation, facts } = await call(this.#activitysmith);
      this.requests += facts.attempts;
      console.log(line(operation));
    } catch (error) {
      this.#failed = true;
      this.requests += error.attempts;
      console.error(`${line("failed")}  ${error.message}`);
    }
  }
}

const folder = process.argv[2] ?? ".";
const reporter = new Reporter(folder);
const started = performance.now();

const paths = await files(folder);
const index = new Index();
await reporter.report(0);
for (const [number, path] of paths.entries()) {
  await index.add(number, path);
  await reporter.report(Math.floor((100 * (number + 1)) / paths.length));
}
await reporter.end();

const seconds = ((performance.now() - started) / 1000).toFixed(2);
console.log(
  `indexed ${index.words} words in ${paths.length} files, with ${reporter.requests} requests, in ${seconds} s`,
);
