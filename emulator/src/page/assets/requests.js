// The timeline of requests: what came of each, its payload, the answer, and a curl line that sends it again.

import * as clock from "./clock.js";
import { $, h, keep } from "./dom.js";
import { onDevice } from "./look.js";

/** Requests that are kept on the page. */
export const MOST = 100;

export function show(requests, streams, deviceId) {
  $("#no-requests").hidden = requests.length > 0;
  const newest = [...requests].reverse();
  const held = throttled(newest, streams, deviceId);
  keep(
    $("#request-list"),
    newest,
    (request) => String(request.id),
    make,
    (element, request) => {
      const [word, tone] = outcome(request, held.has(request.id));
      const chip = element.querySelector(".chip");
      if (chip.textContent !== word) chip.textContent = word;
      chip.dataset.tone = tone;
    },
  );
}

/** Of each stream that the device has not caught up with, the requests that it has not shown yet. */
function throttled(newest, streams, deviceId) {
  const held = new Set();
  for (const stream of streams) {
    const device = onDevice(stream, deviceId);
    if (!device?.is_stale) continue;
    for (const request of newest) {
      if (request.account !== stream.account || keyOf(request) !== stream.stream_key) continue;
      const state = request.body?.content_state ?? {};
      if (request.time < device.shown_at || shows(device.shows, state)) break;
      if (["started", "updated", "rotated"].includes(request.response?.operation)) held.add(request.id);
    }
  }
  return held;
}

/** Whether what is on the screen is this state; a request may leave its type out. */
function shows(shown, state) {
  const isSame = (field) => JSON.stringify(shown[field]) === JSON.stringify(state[field]);
  return shown !== null && Object.keys(shown).every((field) => field === "type" || isSame(field));
}

const keyOf = (request) => request.stream_key ?? request.path.split("/").at(-1);

/** A request in a word, and its tone. */
export function outcome(request, isThrottled) {
  const { status, response } = request;
  if (request.fault) return [`fault · ${status || "no answer"}`, "bad"];
  if (status === 429) return ["refused · 429", "bad"];
  if (status >= 400) return [`refused · ${status}`, "bad"];
  if (response?.operation === "noop") return ["noop", ""];
  if (response?.operation === "paused") return ["ignored, paused", ""];
  if (isThrottled) return ["throttled", "warn"];
  return [
    response?.operation ? `sent · ${response.operation}` : "sent",
    response?.operation === "updated" ? "info" : "good",
  ];
}

function make(request) {
  const details = h(
    "details",
    {
      ontoggle: ({ target }) => {
        // Made when it is opened; most never are.
        if (target.open && !target.querySelector(".inside")) target.append(inside(request));
      },
    },
    h(
      "summary",
      {},
      h("time", { datetime: request.time }, clock.time(request.time, true)),
      h("span", { class: "what" }, `${request.method} ${keyOf(request)}`),
      h("span", { class: "chip" }),
    ),
  );
  return h("li", {}, details);
}

function inside(request) {
  const block = (title, value) =>
    h("div", {}, h("h3", {}, title), h("pre", { tabindex: "0", role: "region", "aria-label": title }, pretty(value)));
  const copy = h(
    "button",
    { type: "button", class: "copy", "data-copy": "near" },
    "Copy",
    h("span", { class: "hidden" }, " the curl command"),
  );
  const notes = request.notes?.length ? block("Without effect", request.notes.join("\n")) : null;
  return h(
    "div",
    { class: "inside" },
    request.body != null && block("Payload", request.body),
    block(`Answer, status ${request.status}`, request.response),
    notes,
    h("div", {}, h("h3", {}, "Send it again"), h("div", { class: "snippet" }, h("pre", {}, curl(request)), copy)),
  );
}

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** The request as a line for a shell, with the key left to the environment. */
export function curl({ method, path, body }) {
  const parts = [
    `curl -X ${method} ${quote(`${location.origin}/api${path}`)}`,
    `-H "Authorization: Bearer $ACTIVITYSMITH_API_KEY"`,
  ];
  if (body != null) {
    parts.push(
      `-H 'Content-Type: application/json'`,
      `--data-raw ${quote(typeof body === "string" ? body : JSON.stringify(body))}`,
    );
  }
  return parts.join(" \\\n  ");
}

/** As one word of a shell, whatever it holds. */
export const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
