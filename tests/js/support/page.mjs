// The emulator's page in a real browser: an emulator of the test's own, whose clock stands still, and Chromium looking at it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

import { given } from "./kit.mjs";

/** Where the clock of every emulator stands. */
export const NOW = "2026-12-01T08:00:00.000Z";
const KEY = "ask_test_page";

/** Why these tests cannot run, if so. */
export const noBrowser = !process.env.KIT_CHROMIUM && "there is no Chromium";

/** An emulator that ends with the test. */
export async function emulator(test, clock = NOW) {
  const child = spawn(given("ASMITH_BIN"), ["--quiet", "emulate", "--port", "0", "--clock", clock], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  test.after(() => child.kill());
  for await (const line of createInterface(child.stdout)) {
    return new Emulator(line.replace("listening on ", "").replace(/\/api$/, ""));
  }
  throw new Error("the emulator did not start");
}

class Emulator {
  constructor(origin) {
    this.origin = origin;
  }

  /** A request to the API. */
  async send(method, key, body, apiKey = KEY) {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const response = await fetch(`${this.origin}/api/live-activity/stream/${key}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    return response.json();
  }

  stream(key, content_state, more = {}) {
    return this.send("PUT", key, { content_state, ...more });
  }

  /** What else it does. */
  async control(method, path, body) {
    const response = await fetch(`${this.origin}/_emulator${path}`, { method, body: body && JSON.stringify(body) });
    return response.json();
  }
}

let running;

/** A page of this size that shows the emulator; it fails the test for whatever its console complains about. */
export async function open(test, emulator, { width = 1440, height = 1200, ...options } = {}) {
  running ??= chromium.launch({
    executablePath: given("KIT_CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--font-render-hinting=none",
      "--force-color-profile=srgb",
    ].concat(["--disable-background-networking", "--disable-component-update"]),
  });
  const browser = await running;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: "light",
    timezoneId: "UTC",
    locale: "en-GB",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  test.after(() => context.close());
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  await page.goto(emulator.origin);
  await page.locator("#live[data-state=live]").waitFor();
  return page;
}

export async function closeBrowser() {
  await (await running)?.close();
}
