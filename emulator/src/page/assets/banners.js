// The alerts that come with requests, over the Lock Screen as a phone shows them: for a while, or until they are dismissed. The region
// that they stand in is read out when one arrives.

import * as clock from "./clock.js";
import { $, h } from "./dom.js";

/** How long one stays, in milliseconds; it waits while somebody points at it or has come to it with the keyboard. */
const STAY = 10_000;
/** More would cover the phone. */
const MOST = 3;

/** The newest request that has been looked at. */
let heard = 0;

/** Shows the alerts of new requests, oldest first, unless nothing reaches the phone. */
export function show(requests, account, isReached) {
  const last = requests.at(-1)?.id ?? heard;
  // Another emulator on the same port counts anew.
  if (last < heard) heard = 0;
  const news = requests.filter(({ id, time }) => id > heard && clock.now() - Date.parse(time) < STAY);
  heard = last;
  const isOurs = (request) => request.account === account && isHeard(request);
  if (isReached) for (const { body, stream_key } of news.filter(isOurs)) add(body.alert, stream_key);
}

/** Whether a request had an alert that went out. */
const isHeard = ({ body, status, response }) =>
  Boolean(body?.alert) && status < 300 && response?.success === true && response.operation !== "paused";

function add({ title, body }, streamKey) {
  const banners = $("#banners");
  const leave = () => banner.remove();
  let timer = setTimeout(leave, STAY);
  const stay = () => clearTimeout(timer);
  const go = () => {
    stay();
    timer = setTimeout(leave, STAY);
  };
  const banner = h(
    "div",
    { class: "banner", onmouseenter: stay, onmouseleave: go, onfocusin: stay, onfocusout: go },
    h("p", { class: "app" }, `ActivitySmith · ${streamKey ?? "now"}`),
    title && h("p", { class: "title" }, title),
    body && h("p", {}, body),
    h("button", { type: "button", "aria-label": "Dismiss the alert", onclick: leave }, "×"),
  );
  banners.append(banner);
  while (banners.children.length > MOST) banners.firstElementChild.remove();
}
