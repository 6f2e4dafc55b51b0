// What a stream means for a phone: a few questions that several parts of the page ask. Changes nothing.

import * as clock from "./clock.js";

/** What one device shows of a stream; what the API knows, where nothing is told of devices. */
export function onDevice(stream, deviceId) {
  const devices = stream.device ?? [];
  return devices.find((device) => device.device_id === deviceId) ?? devices[0] ?? null;
}

/** Whether a stream is on the Lock Screen. */
export function isShown(stream, deviceId) {
  const device = onDevice(stream, deviceId);
  if (device) return device.shows !== null;
  if (stream.state === "ended") return Boolean(stream.activity_id) && Date.parse(stream.dismisses_at) > clock.now();
  return stream.state === "active";
}

/** What is said of the device beside the API: words, and their tone. */
export function deviceWords(stream, deviceId) {
  const device = onDevice(stream, deviceId);
  if (!device) return isShown(stream, deviceId) ? ["shows the newest state", "good"] : ["shows nothing", ""];
  if (device.state === "wiped") return ["wiped", "bad"];
  if (device.is_stale && device.state === "offline") return ["offline, shows an older state", "bad"];
  if (device.is_stale && device.pending_until) {
    return [`throttled, shows at ${clock.time(device.pending_until)}`, "warn"];
  }
  if (device.is_stale) return ["shows an older state", "warn"];
  if (!device.shows) return ["shows nothing", ""];
  return stream.state === "ended" ? ["shows its end", ""] : ["shows the newest state", "good"];
}

/** What a stream shows, in a few words; none for a timer, whose time goes on. */
export function reading(state) {
  switch (state.type) {
    case "progress":
      return state.percentage != null
        ? `${round(state.percentage)} %`
        : `${round(state.value)} of ${round(state.upper_limit)}`;
    case "segmented_progress":
      return state.number_of_steps
        ? `${state.current_step ?? 0} of ${state.number_of_steps}`
        : `step ${state.current_step ?? 0}`;
    case "value":
      return String(state.value ?? "");
    case "metrics":
    case "stats":
      return (state.metrics ?? []).map(({ label, value, unit }) => `${label} ${value}${unit ?? ""}`).join(", ");
    case "alert":
      return state.message ?? "";
    default:
      return "";
  }
}

const round = (number) => Math.round(number * 100) / 100;
