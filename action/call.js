// One call, with the inputs of the official action.

const { readFileSync } = require("node:fs");

const { annotate, asmith, fail, input } = require("./asmith.js");

/** The command for each action, and the input that names what it is about. */
const ACTIONS = {
  send_push_notification: { command: ["push"], takesChannels: true },
  stream_live_activity: { command: ["stream"], about: "stream-key", takesChannels: true },
  end_live_activity_stream: { command: ["end"], about: "stream-key", needsNothing: true },
  start_live_activity: { command: ["activity", "start"], takesChannels: true },
  update_live_activity: { command: ["activity", "update"], about: "live-activity-id" },
  end_live_activity: { command: ["activity", "end"], about: "live-activity-id" },
  update_metric_value: { command: ["metric"], about: "metric-key" },
  update_app_icon_badge_count: { command: ["badge"], takesChannels: true },
};

module.exports = (name) => {
  if (!Object.hasOwn(ACTIONS, name)) return fail(`action is ${name}; give one of ${Object.keys(ACTIONS).join(", ")}`);
  if (input("payload-delimiter")) annotate("warning", "payload-delimiter has no effect: the API takes nested fields");
  const { command, about, takesChannels, needsNothing } = ACTIONS[name];
  let request;
  try {
    request = payload();
  } catch (error) {
    return fail(error.message);
  }
  if (!request && !needsNothing) return fail("give the request as payload or payload-file-path");
  const key = about && input(about);
  if (about && !key) return fail(`${about} is missing`);
  const channels = takesChannels && !hasChannels(request) ? input("channels").split(",") : [];
  const flags = channels
    .map((channel) => channel.trim())
    .filter(Boolean)
    .map((channel) => `--channel=${channel}`);
  if (request) flags.push("--json", "-");
  asmith([...command, ...flags, "--output", "json", ...(key ? ["--", key] : [])], request);
};

/** The request as JSON or YAML, both of which asmith reads, or nothing. */
function payload() {
  const [given, file] = [input("payload"), input("payload-file-path")];
  if (given && file) throw new Error("give payload or payload-file-path, not both");
  const text = file ? readFileSync(file, "utf8") : given;
  // The braces of JSON may be left out.
  const inBraces = `{${text.trim().replace(/,$/, "")}}`;
  return text.trim() && (isJson(inBraces) ? inBraces : text);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a request says itself who receives it. */
function hasChannels(request) {
  if (!request) return false;
  // In YAML the names of the request begin their lines.
  const names = isJson(request)
    ? Object.keys(JSON.parse(request) ?? {})
    : request.match(/^["']?[a-z_]+(?=["']?\s*:)/gm);
  return (names ?? []).some((name) => /^["']?(target|channels)$/.test(name));
}
