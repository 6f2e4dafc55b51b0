// Puts the page together: asks the emulator how things stand whenever it tells of a change, and hands that to the parts.

import { get, listen, query } from "./api.js";
import * as banners from "./banners.js";
import * as clock from "./clock.js";
import * as controls from "./controls.js";
import { $, complain, h, offerCopies, say } from "./dom.js";
import * as limits from "./limits.js";
import { isShown, reading } from "./look.js";
import * as phone from "./phone.js";
import * as requests from "./requests.js";
import * as streams from "./streams.js";

/** Shortest time between two looks, in milliseconds; however much happens, the page stays calm. */
const GAP = 100;
/** How much longer it rests than it looked, so that the page takes little from an emulator that is busy or holds much. */
const REST = 4;
/** How long after something is due it is looked for, in milliseconds, so that it has happened. */
const LATE = 200;
/** How often budgets are looked at that come back bit by bit. */
const REFILL = 10_000;

const chosen = { account: "", deviceId: "", theme: localStorage.getItem("theme") };
chosen.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const seen = { streams: [], requests: [], account: null, devices: [], faults: null };
/** Streams of all accounts that are looked at, the newest; load tests make many thousands. */
const MOST_STREAMS = 100;
/** What has been told of each stream of an account, to tell only what is new; nothing before the first look. */
let told = { account: null, events: new Map() };
/** When time alone makes it worth looking again. */
let dueAt = Infinity;

let isLooking = false;
let isStale = false;
/** Whether the journal must be read from its beginning. */
let isAnew = true;

/** Looks soon; what happens while it looks makes it look once more. */
function lookSoon() {
  isStale = true;
  if (isLooking) return;
  isLooking = true;
  setTimeout(async () => {
    while (isStale) {
      isStale = false;
      const began = performance.now();
      try {
        await look();
      } catch (error) {
        isAnew = true;
        complain(`The emulator does not answer: ${error.message}`);
      }
      const rest = Math.max(GAP, REST * (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
    isLooking = false;
  });
}

async function look() {
  const since = isAnew ? 0 : (seen.requests.at(-1)?.id ?? 0);
  const beganAnew = isAnew;
  isAnew = false;
  const journal = query("/requests", { since, limit: requests.MOST });
  const account = chosen.byHand ? chosen.account : "";
  const newest = query("/streams", { account, limit: MOST_STREAMS });
  const paths = ["/clock", newest, journal, "/devices", "/faults"];
  const [time, all, news, devices, faults] = await Promise.all(paths.map(get));
  clock.set(time);
  seen.allStreams = all.streams;
  seen.allDevices = devices?.devices ?? [];
  seen.faults = faults?.faults ?? null;
  const kept = beganAnew ? [] : seen.requests;
  const fresh = news.requests.filter(({ id }) => id > (kept.at(-1)?.id ?? 0));
  seen.requests = [...kept, ...fresh].slice(-requests.MOST);
  chooseAccount();
  seen.account = await get(query("/account", { account: chosen.account })).catch(() => null);
  draw();
}

/** Looks at the account of the newest stream, unless the user has chosen one. */
function chooseAccount() {
  const accounts = [...new Set([...seen.allStreams, ...seen.allDevices].map(({ account }) => account))].sort();
  const started = seen.allStreams.filter(({ started_at }) => started_at);
  const newest = started.reduce((best, stream) => (best && best.started_at > stream.started_at ? best : stream), null);
  if (chosen.byHand && !accounts.includes(chosen.account)) {
    chosen.byHand = false;
    // What was asked for was that account's.
    isStale = true;
  }
  if (!chosen.byHand) chosen.account = newest?.account ?? accounts[0] ?? "";
  const isOurs = ({ account }) => account === chosen.account;
  seen.streams = seen.allStreams.filter(isOurs);
  seen.devices = seen.allDevices.filter(isOurs);
  if (!seen.devices.some(({ device_id }) => device_id === chosen.deviceId)) {
    chosen.deviceId = seen.devices[0]?.device_id ?? "";
  }
  offer(
    "#accounts",
    accounts.map((name) => [name, name]),
    chosen.account,
  );
  offer(
    "#devices",
    seen.devices.map(({ device_id, name }) => [device_id, name]),
    chosen.deviceId,
  );
}

/** A choice that is there when there is one to make. */
function offer(selector, options, value) {
  const field = $(selector);
  const select = field.querySelector("select");
  field.hidden = options.length < 2;
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.dataset.options = wanted;
    select.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
  }
  select.value = value;
}

function draw() {
  const { deviceId, account } = chosen;
  const device = seen.devices.find(({ device_id }) => device_id === deviceId);
  // A phone that lies there locked is the Always-On display.
  const theme = device?.state === "locked" ? "dimmed" : chosen.theme;
  const ours = seen.requests.filter((request) => !request.account || request.account === account);
  $("#welcome").hidden = seen.streams.some((stream) => stream.state !== "ended" || isShown(stream, deviceId));
  phone.show(seen.streams, theme, deviceId);
  banners.show(seen.requests, account, !["offline", "wiped"].includes(device?.state));
  streams.show(seen.streams, deviceId);
  requests.show(ours, seen.streams, deviceId);
  limits.show(seen.account, seen.devices, seen.streams, deviceId);
  controls.show(seen.devices, deviceId, seen.faults);
  dueAt = nextChange();
  tell();
}

/** When the picture may be another one though nothing is done: an ended activity leaves, or a limit comes back. */
function nextChange() {
  const now = clock.now();
  const due = seen.streams.map(({ dismisses_at }) => dismisses_at);
  const window = seen.account?.rate_window;
  if (window?.remaining < window?.limit) due.push(window.reset_at);
  const stamps = due.filter(Boolean).map((stamp) => Date.parse(stamp) + LATE);
  const isRefilling = ({ budget, start_budget }) =>
    [budget, start_budget].some((one) => one && one.remaining < one.capacity);
  if (seen.devices.some(isRefilling)) stamps.push(now + REFILL);
  return Math.min(...stamps.filter((stamp) => stamp > now));
}

/** Says to who does not see it what has begun, changed and ended since the last look, in one sentence. */
function tell() {
  const news = [];
  // Before there was an account there was nothing, so all of the first one is news.
  const isKnown = [chosen.account, ""].includes(told.account);
  const before = isKnown ? told.events : null;
  told = { account: chosen.account, events: new Map() };
  for (const stream of seen.streams) {
    const last = stream.history?.at(-1);
    const now = `${last?.time} ${last?.event}`;
    told.events.set(streams.keyOf(stream), now);
    if (before && before.get(streams.keyOf(stream)) !== now)
      news.push([`${stream.stream_key} ${last?.event}`, reading(stream.content_state)].filter(Boolean).join(": "));
  }
  if (news.length > 0) say($("#news"), news.slice(0, 3).join(". "));
}

function showState(state) {
  const words = { live: "Live", lost: "Reconnecting" };
  $("#live").dataset.state = state;
  say($("#live").lastElementChild, words[state]);
}

function welcome() {
  const base = `${location.origin}/api`;
  say($("#base-url"), base);
  const body = { content_state: { title: "Nightly backup", type: "progress", percentage: 42 } };
  const first = { method: "PUT", path: "/live-activity/stream/nightly-backup", body };
  say($("#welcome-curl"), `export ACTIVITYSMITH_API_KEY=ask_test_me\n${requests.curl(first)}`);
  say(
    $("#welcome-asmith"),
    [
      `export ACTIVITYSMITH_BASE_URL=${base} ACTIVITYSMITH_API_KEY=ask_test_me`,
      `asmith stream nightly-backup --type progress \\\n  --title "Nightly backup" --percentage 42`,
    ].join("\n"),
  );
}

function start() {
  welcome();
  offerCopies();
  controls.start(() => chosen);
  for (const input of document.querySelectorAll("#themes input")) {
    input.checked = input.value === chosen.theme;
    input.addEventListener("change", () => {
      chosen.theme = input.value;
      localStorage.setItem("theme", input.value);
      draw();
    });
  }
  $("#accounts select").addEventListener("change", ({ target }) => {
    Object.assign(chosen, { account: target.value, byHand: true, deviceId: "" });
    lookSoon();
  });
  $("#devices select").addEventListener("change", ({ target }) => {
    chosen.deviceId = target.value;
    draw();
  });
  listen((event) => {
    if (event === "reset" || event === "resync") isAnew = true;
    lookSoon();
  }, showState);
  setInterval(() => {
    clock.tick();
    phone.everySecond();
    controls.showTime();
    if (clock.now() >= dueAt) {
      dueAt = Infinity;
      lookSoon();
    }
  }, 250);
  lookSoon();
}

start();
