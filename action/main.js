// The step itself: the job is shown from here on, and the phone counts the time by itself. Or it is one call.

const { asmith, input } = require("./asmith.js");
const call = require("./call.js");

if (input("api-key")) console.log(`::add-mask::${input("api-key")}`);
if (input("action")) {
  call(input("action"));
} else {
  const state = ["--type", "timer", "--counts-down", "false", `--title=${input("title")}`];
  if (input("subtitle")) state.push(`--subtitle=${input("subtitle")}`);
  asmith(["stream", ...state, "--output", "json", "--", input("stream-key")]);
}
