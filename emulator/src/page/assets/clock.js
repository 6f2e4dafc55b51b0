// The emulator's time, which may stand still or be ahead, and the timers that go by it.

let clock = { mode: "real", now: Date.now() };
let read = performance.now();

/** Takes over what /_emulator/clock says. */
export function set(view) {
  clock = { mode: view.mode, now: Date.parse(view.now) };
  read = performance.now();
}

export const mode = () => clock.mode;

/** The emulator's time, in milliseconds since 1970. */
export const now = () => clock.now + (clock.mode === "real" ? performance.now() - read : 0);

const two = (number) => String(number).padStart(2, "0");

/** As `14:32`, or `14:32:07`. */
export function time(stamp, withSeconds = false) {
  const date = new Date(stamp);
  const parts = [date.getHours(), date.getMinutes()].concat(withSeconds ? [date.getSeconds()] : []);
  return parts.map(two).join(":");
}

export const day = () => new Date(now()).toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric" });

/** As `0:07`, `4:59` or `1:02:03`, the way pictures write it. */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Brings every timer of the page to the present. */
export function tick() {
  for (const timer of document.querySelectorAll("[data-timer]")) {
    const { timer: direction, running, at, seconds, duration } = timer.dataset;
    if (running !== "true") continue;
    const passed = (now() - Number(at)) / 1000;
    const length = duration === "" ? Infinity : Number(duration);
    const down = direction === "down";
    const shown = down ? Math.max(0, Number(seconds) - passed) : Math.min(length, Number(seconds) + passed);
    const text = span(down ? Math.ceil(shown) : shown);
    if (timer.textContent !== text) timer.textContent = text;
    const bar = timer.closest("svg").querySelector("[data-timer-bar]");
    if (bar && length < Infinity) bar.setAttribute("width", bar.dataset.timerBar * Math.min(1, shown / length));
  }
}
