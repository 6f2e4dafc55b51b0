// Meters: the account's window of requests, and what iOS would still show on the phone.

import * as clock from "./clock.js";
import { $, h, keep, say } from "./dom.js";
import { onDevice } from "./look.js";

export function show(account, devices, streams, deviceId) {
  const meters = [];
  const window = account?.rate_window;
  if (window) {
    const resets =
      window.remaining < window.limit ? `All again at ${clock.time(window.reset_at, true)}` : "Of the account";
    meters.push({ name: "Requests a minute", left: window.remaining, of: window.limit, note: resets });
  }
  const device = devices.find(({ device_id }) => device_id === deviceId) ?? devices[0];
  const budget = device?.budget ?? streams.map((stream) => onDevice(stream, deviceId)?.budget).find(Boolean);
  if (budget)
    meters.push({
      name: "Updates shown at once",
      left: budget.remaining,
      of: budget.capacity,
      note: refill(budget),
    });
  const starts = device?.start_budget;
  if (starts)
    meters.push({
      name: "Starts by push",
      left: starts.remaining,
      of: starts.capacity,
      note: refill(starts),
    });
  if (device?.capacity) {
    const left = device.capacity - device.active;
    meters.push({ name: "Room on the phone", left, of: device.capacity, note: `${device.active} running` });
  }
  if (meters.length === 0) meters.push({ name: "Limits", left: 0, of: 0, note: "None are set." });
  keep($("#meters"), meters, ({ name }) => name, make, update);
}

const refill = ({ remaining, capacity, refills_at }) =>
  remaining < capacity ? `Full at ${clock.time(refills_at)}` : "Full";

function make({ name }) {
  return h(
    "div",
    { class: "meter" },
    h("p", { class: "top" }, h("span", {}, name), h("span")),
    h("div", { class: "track", role: "meter", "aria-label": name, "aria-valuemin": "0" }, h("div", { class: "fill" })),
    h("p", { class: "quiet" }),
  );
}

function update(element, { left, of, note }) {
  say(element.querySelector(".top").lastElementChild, of ? `${left} of ${of}` : "");
  const track = element.querySelector(".track");
  track.hidden = !of;
  track.setAttribute("aria-valuemax", of);
  track.setAttribute("aria-valuenow", left);
  const fill = track.firstElementChild;
  fill.style.width = `${of ? (100 * left) / of : 0}%`;
  fill.dataset.low = String(left <= of / 6);
  say(element.querySelector(".quiet"), note);
}
