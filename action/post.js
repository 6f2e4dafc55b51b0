// After the last step, however the job has ended: so has its activity.

const { asmith, input } = require("./asmith.js");

const ends = {
  success: ["--color", "green", "--subtitle", "Succeeded"],
  failure: ["--color", "red", "--subtitle", "Failed", "--auto-dismiss-minutes", "60"],
  cancelled: ["--color", "gray", "--subtitle", "Cancelled"],
};
const end = ends[input("job-status")] ?? ends.failure;
if (!input("action")) {
  asmith(["end", "--missing-ok", `--title=${input("title")}`, ...end, "--output", "json", "--", input("stream-key")]);
}
