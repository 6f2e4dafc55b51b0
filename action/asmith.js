// Runs `asmith` for either step of the action. A job is never broken by its report, unless `fail-on-error` asks for that.

const { spawnSync } = require("node:child_process");

/** An input of the action, as the runner hands it over. */
exports.input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();

/** Runs it with these arguments; says whether it succeeded. */
exports.asmith = (args) => {
  const key = exports.input("api-key");
  const env = key ? { ...process.env, ACTIVITYSMITH_API_KEY: key } : process.env;
  const { status, error, stderr } = spawnSync(exports.input("asmith") || "asmith", args, { env, encoding: "utf8" });
  if (status === 0) return true;
  const problem = (error?.message ?? stderr ?? "").trim().replaceAll("%", "%25").replaceAll("\n", "%0A");
  const strict = exports.input("fail-on-error") === "true";
  console.log(`::${strict ? "error" : "warning"}::The job is not shown: ${problem}`);
  if (strict) process.exitCode = 1;
  return false;
};
