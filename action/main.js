// The step itself: the job is shown from here on. The phone counts the time by itself.

const { asmith, input } = require("./asmith.js");

const state = ["--type", "timer", "--counts-down", "false", "--title", input("title")];
if (input("subtitle")) state.push("--subtitle", input("subtitle"));
asmith(["stream", input("stream-key"), ...state]);
