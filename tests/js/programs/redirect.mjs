// Sends what is meant for the service to the emulator: the official package has no way to be told where it is.

const theirs = globalThis.fetch;
globalThis.fetch = (url, init) =>
  theirs(url.replace("https://activitysmith.com/api", process.env.ACTIVITYSMITH_BASE_URL), init);
