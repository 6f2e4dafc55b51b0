// The buttons: time, the phone, faults, and starting over.

import { act, query } from "./api.js";
import * as clock from "./clock.js";
import { $, h, keep, say } from "./dom.js";

/** Faults worth trying, in the terms of /_emulator/faults. */
const FAULTS = [
  [
    "500, and a JSON error",
    { status: 500, body: { error: "Internal error", message: "the emulator was told to fail" } },
  ],
  ["502 from a proxy, as HTML", "html_502"],
  ["429, too many requests", { rate_limited: { retry_after: 5 } }],
  ["429, too many activities", "activity_limit"],
  ["an answer after 3 s", { latency: { fixed: 3000 } }],
  ["a reset before it is applied", "reset_before"],
  ["a reset after it is applied", "reset_after_apply"],
  ["an answer that is cut off", "cut_body"],
  ["an answer that is no JSON", "bad_json"],
];

/** Makes the buttons work. `current` gives the account and the device that are looked at. */
export function start(current) {
  $("#clock-mode").addEventListener("click", () =>
    act("PUT", "/clock", { mode: clock.mode() === "real" ? "manual" : "real" }),
  );
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => act("POST", "/clock/advance", { seconds: Number(button.dataset.advance) }));
  }
  for (const button of document.querySelectorAll("[data-device-state]")) {
    button.addEventListener("click", () => {
      const { account, deviceId } = current();
      const path = query(`/devices/${encodeURIComponent(deviceId)}`, { account });
      act("PUT", path, { state: button.dataset.deviceState });
    });
  }
  $("#fault-kind").append(...FAULTS.map(([label], number) => h("option", { value: number }, label)));
  $("#fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [, then] = FAULTS[$("#fault-kind").value];
    const times = Number($("#fault-times").value) || undefined;
    act("POST", "/faults", { times, then });
  });
  $("#reset").addEventListener("click", () => act("POST", "/reset"));
}

export function show(devices, deviceId, faults) {
  const isReal = clock.mode() === "real";
  say($("#clock-mode"), isReal ? "Stop the clock" : "Let the clock run");
  showTime();
  const device = devices.find(({ device_id }) => device_id === deviceId) ?? devices[0];
  $("#device-states").hidden = !device;
  for (const button of document.querySelectorAll("[data-device-state]")) {
    button.setAttribute("aria-pressed", String(button.dataset.deviceState === device?.state));
  }
  $("#fault-form").hidden = faults === null;
  keep($("#fault-list"), faults ?? [], ({ account, id }) => `${account}/${id}`, make, update);
}

export function showTime() {
  say(
    $("#clock-note"),
    `It is ${clock.time(clock.now(), true)}${clock.mode() === "real" ? "" : ", and the clock stands still"}.`,
  );
}

function make(fault) {
  const { id, account, then } = fault;
  const remove = () => act("DELETE", query(`/faults/${encodeURIComponent(id)}`, { account }));
  const what = h("code", {}, JSON.stringify(then));
  return h(
    "li",
    {},
    what,
    h("span", { class: "quiet" }),
    h(
      "button",
      { type: "button", "aria-label": `Remove fault ${id}${account ? ` of ${account}` : ""}`, onclick: remove },
      "Remove",
    ),
  );
}

function update(element, { struck, times }) {
  say(element.querySelector("span"), times ? `struck ${struck} of ${times}` : `struck ${struck} times`);
}
