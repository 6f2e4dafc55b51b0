// The phone: the Lock Screen with its cards, and the Dynamic Island. The pictures are the emulator's own; here they are only
// fetched when something has changed, and put in place.

import { getPicture, query } from "./api.js";
import * as clock from "./clock.js";
import { $, h, keep, picture, say } from "./dom.js";
import { isShown, onDevice } from "./look.js";

/** Cards at most: more than a phone has, and each is a picture to fetch. */
const MOST = 12;

let isOpen = false;
let view = { streams: [], theme: "light", deviceId: "" };

/** Shows these streams, the newest activity first. */
export function show(streams, theme, deviceId) {
  view = { streams, theme, deviceId };
  const shown = streams.filter((stream) => isShown(stream, deviceId));
  shown.sort((one, other) => (other.started_at ?? "").localeCompare(one.started_at ?? ""));
  $("#phone").dataset.theme = theme;
  keep(
    $("#cards"),
    shown.slice(0, MOST),
    keyOf,
    () => h("li", {}, h("div", {}), h("p", { class: "caption", hidden: true }, h("span"))),
    card,
  );
  showIsland(shown.find((stream) => stream.state === "active"));
  const device = shown.length ? onDevice(shown[0], deviceId) : null;
  $("#device-note").hidden = device?.state !== "offline";
  say($("#device-note"), "No network");
  everySecond();
}

/** What changes by time alone. */
export function everySecond() {
  say($("#hour"), clock.time(clock.now()));
  say($("#day"), clock.day());
  for (const caption of document.querySelectorAll("[data-leaves]")) {
    const left = (Number(caption.dataset.leaves) - clock.now()) / 1000;
    say(caption.firstElementChild, `Ended · leaves in ${clock.span(left)}`);
  }
}

const keyOf = (stream) => `${stream.account}/${stream.stream_key}/${stream.activity_id}`;

function card(element, stream) {
  draw(element.firstElementChild, stream, "lock");
  const caption = element.lastElementChild;
  const isLeaving = stream.state === "ended" && Boolean(stream.dismisses_at);
  element.classList.toggle("leaving", isLeaving);
  caption.hidden = !isLeaving;
  if (isLeaving) caption.dataset.leaves = Date.parse(stream.dismisses_at);
  else delete caption.dataset.leaves;
}

function showIsland(stream) {
  const island = $("#island");
  if (!stream) {
    isOpen = false;
    island.classList.remove("is-open");
    if (!island.querySelector(".resting")) island.replaceChildren(h("div", { class: "resting" }));
    return;
  }
  island.classList.toggle("is-open", isOpen);
  const kind = isOpen ? "open" : "compact";
  if (island.dataset.kind !== kind || !island.querySelector(`.${kind}`)) {
    island.dataset.kind = kind;
    const toggle = () => {
      isOpen = !isOpen;
      show(view.streams, view.theme, view.deviceId);
      island.querySelector("button")?.focus();
    };
    island.replaceChildren(
      ...(isOpen
        ? [
            h("div", { class: "open" }),
            h(
              "button",
              { type: "button", class: "close", "aria-expanded": "true", onclick: toggle },
              "Close the Dynamic Island",
            ),
          ]
        : [h("button", { type: "button", class: "compact", "aria-expanded": "false", onclick: toggle })]),
    );
  }
  draw(island.firstElementChild, stream, isOpen ? "island-expanded" : "island-compact");
}

/** Fetches a picture if it would be another one, and puts it in place unless a newer one was asked for meanwhile. */
async function draw(place, stream, surface) {
  const { account, stream_key, content_state, action, secondary_action, timer, activity_id } = stream;
  const device = onDevice(stream, view.deviceId);
  const drawn = device
    ? [device.shows, device.action, device.secondary_action, shape(device.timer), device.is_stale]
    : null;
  const { theme } = view;
  const state = JSON.stringify([
    activity_id,
    content_state,
    action,
    secondary_action,
    shape(timer),
    drawn,
    device?.device_id,
    theme,
    surface,
  ]);
  if (place.drawn === state) return;
  place.drawn = state;
  const path = `/render/${encodeURIComponent(stream_key)}.svg`;
  const wish = { theme, surface, account, activity: activity_id, device: device?.device_id };
  const text = await getPicture(query(path, wish)).catch(() => null);
  if (place.drawn !== state) return;
  if (text === null) {
    place.drawn = undefined;
    return;
  }
  const held = document.activeElement?.closest("svg a");
  const heldIndex = place.contains(held) ? [...place.querySelectorAll("a")].indexOf(held) : -1;
  const svg = picture(text);
  if (place.localName === "button") {
    // What is inside a button is its label.
    svg.setAttribute("aria-hidden", "true");
    place.setAttribute("aria-label", `Dynamic Island: ${svg.getAttribute("aria-label")}`);
  }
  place.replaceChildren(svg);
  if (heldIndex >= 0) place.querySelectorAll("a")[heldIndex]?.focus();
  clock.tick();
}

/** What of a timer does not change while it merely runs. */
const shape = (timer) =>
  timer && [
    timer.counts_down,
    timer.is_running,
    timer.duration_seconds,
    timer.is_running || timer.elapsed_seconds,
    begin(timer),
  ];

/** When a running timer began, to the nearest second or so; a window that was started over has another one. */
const begin = (timer) => timer.is_running && Math.round((clock.now() / 1000 - timer.elapsed_seconds) / 2);
