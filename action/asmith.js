// Runs `asmith` for either step of the action, and sets the step's outputs. A failure is a warning, unless `errors` asks for more.

const { spawnSync } = require("node:child_process");
const { randomUUID } = require("node:crypto");
const { appendFileSync } = require("node:fs");

/** An input of the action, as the runner hands it over. */
const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();

/** Runs it with these arguments, and this on stdin. */
const asmith = (args, stdin = "") => {
  const key = input("api-key");
  const env = key ? { ...process.env, ACTIVITYSMITH_API_KEY: key } : process.env;
  const options = { env, input: stdin, encoding: "utf8" };
  const { status, error, stdout, stderr } = spawnSync(input("asmith") || "asmith", args, options);
  if (status !== 0) return fail((error?.message ?? stderr ?? "").trim());
  console.log(stderr.trimEnd());
  const answer = JSON.parse(stdout);
  output({ ok: true, response: stdout.trim(), operation: answer.operation, live_activity_id: answer.activity_id });
};

/** Says what was not done. */
const fail = (problem) => {
  output({ ok: false, response: JSON.stringify(problem) });
  const isError = input("errors").toLowerCase() === "true";
  annotate(isError ? "error" : "warning", `ActivitySmith was not told: ${problem}`);
  if (isError) process.exitCode = 1;
};

/** A remark at the step. */
const annotate = (level, text) =>
  console.log(`::${level}::${text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`);

/** Sets those outputs of the step that have a value. */
const output = (values) => {
  const file = process.env.GITHUB_OUTPUT;
  if (!file) return;
  for (const [name, value] of Object.entries({ ...values, time: Math.floor(Date.now() / 1000) })) {
    const end = randomUUID();
    if (value !== undefined) appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
  }
};

module.exports = { annotate, asmith, fail, input };
