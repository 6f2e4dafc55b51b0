// The emulator's own endpoints: asks, does, and listens. Knows nothing of what is shown.

import { complain } from "./dom.js";

const ROOT = "/_emulator";

/** What an endpoint gives as JSON; null where there is no such thing. */
export async function get(path) {
  const response = await fetch(ROOT + path);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error((await response.json()).message);
  return response.json();
}

/** A picture as text; null where nothing is shown. */
export async function getPicture(path) {
  const response = await fetch(ROOT + path);
  return response.ok ? response.text() : null;
}

/** Does something, and says so if it cannot be done. */
export async function act(method, path, body) {
  try {
    const options = { method };
    if (body) Object.assign(options, { body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    const response = await fetch(ROOT + path, options);
    const answer = await response.json();
    if (!response.ok) complain(answer.message);
    return response.ok ? answer : null;
  } catch {
    complain("The emulator does not answer.");
    return null;
  }
}

/** Calls `changed` with the name of each event, and `state` with "live" or "lost". */
export function listen(changed, state) {
  const events = new EventSource(`${ROOT}/events`);
  events.onopen = () => {
    state("live");
    changed("resync");
  };
  events.onerror = () => state("lost");
  for (const name of ["stream", "request", "device", "fault", "switches", "clock", "reset", "resync"]) {
    events.addEventListener(name, () => changed(name));
  }
}

/** The path with a query of what is set. */
export function query(path, parameters) {
  const set = Object.entries(parameters).filter(([, value]) => value);
  return set.length ? `${path}?${new URLSearchParams(set)}` : path;
}
