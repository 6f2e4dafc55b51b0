// The list of streams: what the API holds of each beside what the phone shows, and what can be done to it.

import { act, query } from "./api.js";
import * as clock from "./clock.js";
import { $, h, keep, say } from "./dom.js";
import { deviceWords, reading } from "./look.js";

/** Streams that are listed at most; the page is for looking, and load tests make many thousands. */
const MOST = 50;
const TONES = { active: "good", idle: "", paused: "warn", ended: "" };

export function show(streams, deviceId) {
  const listed = [...streams].sort(byNews).slice(0, MOST);
  $("#no-streams").hidden = listed.length > 0;
  keep($("#stream-list"), listed, keyOf, make, (element, stream) => update(element, stream, deviceId));
}

/** Ended streams of a key stay apart from each other and from the one that lives. */
export const keyOf = (stream) =>
  `${stream.account}/${stream.stream_key}/${stream.state === "ended" ? stream.ended_at : ""}`;
const newest = (stream) => stream.history?.at(-1)?.time ?? "";
const byNews = (one, other) =>
  (one.state === "ended") - (other.state === "ended") || newest(other).localeCompare(newest(one));

function make(stream) {
  const { stream_key, account } = stream;
  const button = (what, label) => {
    const path = query(`/streams/${encodeURIComponent(stream_key)}/${what}`, { account });
    const attributes = {
      type: "button",
      "data-act": what,
      "aria-label": `${label} ${stream_key}`,
      onclick: ({ currentTarget }) => currentTarget.ariaDisabled !== "true" && act("POST", path),
    };
    return h("button", attributes, label);
  };
  return h(
    "li",
    {},
    h("div", {}, h("p", { class: "key" }, stream_key), h("p", { class: "facts" })),
    h(
      "div",
      {},
      h("p", { class: "facts" }, "API ", h("span", { class: "chip" }), " ", h("span")),
      h("p", { class: "facts" }, "Phone ", h("span", { class: "chip" })),
    ),
    h("div", { class: "actions" }, button("pause", "Pause"), button("resume", "Resume"), button("dismiss", "Dismiss")),
  );
}

function update(element, stream, deviceId) {
  const [facts, api, phone] = element.querySelectorAll(".facts");
  say(facts, [stream.content_state.type, reading(stream.content_state)].filter(Boolean).join(" · "));
  const [state, words] = api.querySelectorAll("span");
  say(state, stream.state);
  state.dataset.tone = TONES[stream.state] ?? "";
  say(words, since(stream));
  const [said, tone] = deviceWords(stream, deviceId);
  const chip = phone.querySelector(".chip");
  say(chip, said);
  chip.dataset.tone = tone;
  for (const button of element.querySelectorAll("[data-act]")) {
    const { act } = button.dataset;
    const fits = { pause: ["active", "idle"], resume: ["paused"], dismiss: ["active"] }[act].includes(stream.state);
    // One of the two is there, so that the row keeps its shape.
    button.hidden = act === "resume" ? !fits : act === "pause" ? stream.state === "paused" : false;
    // It can be stood on still: the focus of who has pressed it would be lost with it.
    button.ariaDisabled = String(!fits);
  }
}

function since(stream) {
  const last = stream.history?.at(-1);
  if (!last) return "";
  const updates = stream.updates === 1 ? "1 update" : `${stream.updates} updates`;
  return `${last.event} ${clock.time(last.time, true)}${stream.state === "active" ? ` · ${updates}` : ""}`;
}
