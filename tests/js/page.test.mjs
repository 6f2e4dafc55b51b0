// The emulator's page as people meet it, in Chromium: what each type shows, what the buttons do, and that everybody can use it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { closeBrowser, emulator, noBrowser, open } from "./support/page.mjs";
import { looksAsBefore } from "./support/pictures.mjs";

const AXE = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));

/** One state of each type, and what a person reads of it. */
const TYPES = {
  progress: [
    {
      title: "Search Reindex",
      subtitle: "catalog-v2",
      percentage: 42,
      icon: { symbol: "magnifyingglass" },
      badge: { title: "Canary", color: "orange" },
    },
    ["Search Reindex", "catalog-v2", "42%", "Canary"],
  ],
  segmented_progress: [
    {
      title: "Deploy web",
      number_of_steps: 5,
      current_step: 2,
      color: "green",
      step_color: "yellow",
      icon: { symbol: "shippingbox" },
    },
    ["Deploy web", "2 of 5"],
  ],
  metrics: [
    {
      title: "Orchard API",
      metrics: [
        { label: "CPU", value: 64, unit: "%", color: "orange" },
        { label: "Memory", value: 38.5, unit: "%" },
      ],
    },
    ["Orchard API", "CPU", "64", "Memory", "38.5"],
  ],
  stats: [
    {
      title: "Shop today",
      metrics: [
        { label: "Revenue", value: "€12,480", color: "green" },
        { label: "Orders", value: 318 },
      ],
      icon: { symbol: "cart.fill", color: "green" },
    },
    ["Shop today", "Revenue", "€12,480", "Orders", "318"],
  ],
  alert: [
    {
      title: "Payments degraded",
      message: "Card payments fail since 14:05.",
      color: "red",
      icon: { symbol: "exclamationmark.triangle" },
      badge: { title: "SEV 2" },
    },
    ["Payments degraded", "Card payments fail since 14:05.", "SEV 2"],
  ],
  timer: [
    { title: "Maintenance", duration_seconds: 1800, color: "purple", icon: { symbol: "timer" } },
    ["Maintenance", "30:00"],
  ],
  value: [
    { title: "Queue depth", value: "0007", color: "magenta", icon: { symbol: "no.such.symbol" } },
    ["Queue depth", "0007", "symbol"],
  ],
};

describe("the page", { skip: noBrowser }, () => {
  after(closeBrowser);

  for (const [type, [state, words]] of Object.entries(TYPES)) {
    test(`shows a ${type}`, async (t) => {
      const service = await emulator(t);
      const page = await open(t, service);
      const action = { title: "Open log", type: "open_url", url: "https://ci.example.com/17" };
      await service.stream("one", { type, ...state }, { action });
      const card = page.locator("#cards > li");
      await card.locator("svg").waitFor();
      const shown = await card.textContent();
      for (const word of words) assert.ok(shown.includes(word), `${word} is not in ${shown}`);
      // The group's name is the whole state in a sentence, and the button is a link.
      await page.getByRole("group", { name: state.title }).first().waitFor();
      const link = card.getByRole("link", { name: "Open log" });
      assert.equal(await link.getAttribute("href"), action.url);
      for (const theme of ["Light", "Dark"]) {
        await page.getByRole("radio", { name: theme }).check({ force: true });
        await page.locator(`#phone[data-theme=${theme.toLowerCase()}]`).waitFor();
        await page.waitForFunction(
          (theme) => document.querySelector("#cards svg rect").getAttribute("fill") === theme,
          theme === "Light" ? "#fbfbfd" : "#1c1c1f",
        );
        await looksAsBefore(page, card.locator("svg"), `${type}-${theme.toLowerCase()}`);
      }
      assert.deepEqual(page.problems, []);
    });
  }

  test("is clean by axe, in light and dark, empty and full", async (t) => {
    const service = await emulator(t);
    for (const colorScheme of ["light", "dark"]) {
      await service.control("POST", "/reset");
      const page = await open(t, service, { colorScheme });
      await page.getByRole("heading", { name: "Nothing is streaming" }).waitFor();
      await isAccessible(page);
      for (const [type, [state]] of Object.entries(TYPES).slice(0, 5)) await service.stream(type, { type, ...state });
      await service.send("DELETE", "alert");
      await service.stream("progress", { type: "progress", title: "", percentage: 400 });
      await page.locator("#cards > li").nth(4).waitFor();
      await page.locator("#request-list summary").first().click();
      await page.getByText("Send it again").waitFor();
      await isAccessible(page);
      await page.locator("#island button").click();
      await page.getByRole("button", { name: "Close the Dynamic Island" }).waitFor();
      await isAccessible(page);
      assert.deepEqual(page.problems, []);
    }
  });

  test("shows markup as text", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    const evil = `<img src=x onerror="window.broken=1"><script>window.broken=1</script>`;
    const state = { type: "alert", title: evil, message: evil, badge: { title: evil }, icon: { symbol: evil } };
    await service.stream("evil", state, { action: { title: evil, type: "open_url", url: "https://example.com/" } });
    await page.locator("#cards svg").waitFor();
    await page.locator("#request-list summary").first().click();
    await page.locator("#island button svg").waitFor();
    assert.ok((await page.locator("#cards svg").getAttribute("aria-label")).includes("<img src=x"));
    assert.equal(await page.locator("main script, #cards img, #request-list img").count(), 0);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    assert.deepEqual(page.problems, []);
  });

  test("tells a newcomer what to do, and the line that it gives works", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    const line = await page.locator("#welcome-curl").textContent();
    assert.ok(line.includes(`${service.origin}/api/live-activity/stream/`), line);
    await page.getByRole("button", { name: "Copy the curl command" }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
    const { execFileSync } = await import("node:child_process");
    execFileSync("sh", ["-c", line], {
      stdio: "ignore",
      env: { ...process.env, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
    });
    await page.locator("#cards svg").waitFor();
    assert.equal(await page.locator("#welcome").isVisible(), false);
  });

  test("tells what came of each request, and how to send it again", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    const state = { type: "progress", title: "It's on", percentage: 1 };
    await service.stream("one", state);
    await service.stream("one", state);
    await service.stream("one", { ...state, percentage: 101 });
    const chips = page.locator("#request-list .chip");
    await chips.nth(2).waitFor();
    assert.deepEqual(await chips.allTextContents(), ["refused · 400", "noop", "sent · started"]);
    await page.locator("#request-list summary").last().click();
    const curl = await page.locator("#request-list .snippet pre").textContent();
    assert.ok(curl.includes("$ACTIVITYSMITH_API_KEY") && curl.includes(`It'\\''s on`) && !curl.includes("ask_"), curl);
  });

  test("shows what the API holds beside what the phone shows", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    for (let percentage = 0; percentage <= 14; percentage++)
      await service.stream("busy", { type: "progress", title: "Busy", percentage });
    // The last look, after which nothing happens any more.
    await page.locator("#request-list .chip").nth(14).waitFor();
    await page.locator("#stream-list").getByText("14 %").waitFor();
    await page.getByText("throttled, shows at 08:02").waitFor();
    await page.locator("#cards").getByText("12%").waitFor();
    const chips = await page.locator("#request-list .chip").allTextContents();
    assert.deepEqual(chips.slice(0, 3), ["throttled", "throttled", "sent · updated"]);
    await page.getByRole("meter", { name: "Updates shown at once" }).waitFor();
    assert.equal(await page.getByRole("meter", { name: "Updates shown at once" }).getAttribute("aria-valuenow"), "0");
    await page.getByRole("button", { name: "+10 min" }).click();
    await page.locator("#cards").getByText("14%").waitFor();
    await page.getByText("shows the newest state").waitFor();
  });

  test("shows an alert over the Lock Screen until it is dismissed or its time is over", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await page.clock.install();
    const state = { type: "progress", title: "Backup", percentage: 1 };
    const send = (title, body) => service.stream("one", state, { alert: { title, body } });
    const region = page.getByRole("status", { name: "Alerts on the phone" });
    const markup = `<b onclick="window.broken=1">disk</b> full`;
    await send("Backup failed", markup);
    await region.getByText("Backup failed").waitFor();
    await region.getByText(markup).waitFor();
    assert.equal(await region.locator("b").count(), 0);
    const moves = await region.locator(".banner").evaluate((banner) => getComputedStyle(banner).animationName);
    assert.equal(moves, "none", "with reduced motion");
    await isAccessible(page);
    await region.getByRole("button", { name: "Dismiss the alert" }).click();
    assert.equal(await region.textContent(), "");

    // One that is pointed at stays.
    await page.mouse.move(0, 0);
    await send("Backup failed again");
    await region.getByText("Backup failed again").waitFor();
    await page.clock.fastForward(11_000);
    await region.getByText("Backup failed again").waitFor({ state: "detached" });
    assert.deepEqual(page.problems, []);
  });

  test("shows no alert where none reaches the phone", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    const state = { type: "progress", title: "Backup", percentage: 1 };
    const alert = { title: "Unheard" };
    await service.stream("one", state);
    await service.stream("two", { ...state, percentage: 101 }, { alert });
    await page.getByRole("button", { name: "Pause one" }).click();
    await page.getByRole("button", { name: "Resume one" }).waitFor();
    await service.stream("one", state, { alert });
    await page.getByText("ignored, paused").waitFor();
    await page.getByRole("button", { name: "Offline" }).click();
    await page.getByRole("button", { name: "Offline", pressed: true }).waitFor();
    await service.stream("three", state, { alert });
    await page.getByText("PUT three").waitFor();
    assert.equal(await page.getByRole("status", { name: "Alerts on the phone" }).textContent(), "");
  });

  test("lets an ended activity leave", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "Going", percentage: 1 });
    await page.locator("#cards svg").waitFor();
    await service.send("DELETE", "one", {
      content_state: { title: "Gone", auto_dismiss_seconds: 90, percentage: 100 },
    });
    await page.getByText("Ended · leaves in 1:30").waitFor();
    await page.getByRole("button", { name: "+10 min" }).click();
    await page.locator("#cards svg").waitFor({ state: "detached" });
  });

  test("lets it leave when it is time, though nothing else happens", async (t) => {
    const service = await emulator(t, "real");
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "Going", percentage: 1 });
    await page.locator("#cards svg").waitFor();
    await service.send("DELETE", "one", { content_state: { title: "Gone", auto_dismiss_seconds: 9, percentage: 100 } });
    await page.getByText("Ended · leaves in 0:0").waitFor();
    await page.locator("#cards svg").waitFor({ state: "detached" });
  });

  test("shows a job that runs again beside its last run", async (t) => {
    const service = await emulator(t);
    for (const percentage of [11, 22]) {
      await service.stream("job", { type: "progress", title: "Job", percentage });
      if (percentage === 11) await service.send("DELETE", "job");
    }
    const page = await open(t, service);
    await page.locator("#cards > li", { hasText: "Ended · leaves" }).getByText("11%").waitFor();
    await page.locator("#cards > li:not(.leaving)").getByText("22%").waitFor();
    await service.stream("other", { type: "progress", title: "Other", percentage: 1 });
    await page.getByRole("status").getByText("other started: 1 %").waitFor();
    assert.equal(await page.locator("#news").textContent(), "other started: 1 %", "what is old is not told again");
  });

  test("leaves the focus where it was pressed", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    const focused = () => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
    await service.stream("one", { type: "progress", title: "One", percentage: 1 });
    await service.control("POST", "/clock/advance", { seconds: 1 });
    await service.stream("two", { type: "progress", title: "Two", percentage: 1 });
    await service.control("POST", "/clock/advance", { seconds: 1 });
    await page.locator("#stream-list > li").first().getByText("two").waitFor();
    // Its row moves to the top, and so does that of the other.
    await page.getByRole("button", { name: "Dismiss one" }).press("Enter");
    await page.locator("#stream-list > li").first().getByText("dismissed").waitFor();
    assert.equal(await focused(), "Dismiss one");
    await service.control("POST", "/clock/advance", { seconds: 1 });
    await page.getByRole("button", { name: "Pause two" }).press("Enter");
    await page.getByRole("button", { name: "Resume two" }).waitFor();
    assert.equal(await focused(), "Resume two");
    for (const kind of ["500, and a JSON error", "an answer that is no JSON"]) {
      await page.getByRole("combobox", { name: "Fault" }).selectOption({ label: kind });
      await page.getByRole("button", { name: "Add" }).click();
    }
    await page.getByRole("button", { name: "Remove fault fault-2" }).waitFor();
    await page.getByRole("button", { name: "Remove fault fault-1" }).press("Enter");
    await page.getByRole("button", { name: "Remove fault fault-1" }).waitFor({ state: "detached" });
    assert.equal(await focused(), "Remove fault fault-2");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove fault fault-2" }).waitFor({ state: "detached" });
    assert.notEqual(await focused(), undefined);
    assert.equal(await page.evaluate(() => document.activeElement.closest("#fault-form") !== null), true);
    assert.deepEqual(page.problems, []);
  });

  test("pauses, resumes, dismisses and resets", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "One", percentage: 1 });
    await page.getByRole("button", { name: "Pause one" }).click();
    await page.locator("#cards svg").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Resume one" }).click();
    // It is told to the emulator only after the click.
    await page.getByRole("button", { name: "Pause one" }).waitFor();
    await service.stream("one", { type: "progress", title: "One", percentage: 2 });
    await page.locator("#cards").getByText("2%").waitFor();
    await page.getByRole("button", { name: "Dismiss one" }).click();
    await page.locator("#cards svg").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Reset everything" }).click();
    await page.getByRole("heading", { name: "Nothing is streaming" }).waitFor();
  });

  test("counts a timer on by the emulator's clock", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("t", { type: "timer", title: "Break", duration_seconds: 300 });
    const timer = page.locator("#cards").getByRole("timer");
    await timer.getByText("5:00").waitFor();
    await page.getByRole("button", { name: "+1 min" }).click();
    await page.locator("#cards").getByText("4:00").waitFor();
    await page.getByRole("button", { name: "Let the clock run" }).click();
    await page.getByRole("button", { name: "Stop the clock" }).waitFor();
  });

  test("shows limits that come back, and those that were switched", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "One", percentage: 1 });
    const requests = page.getByRole("meter", { name: "Requests a minute" });
    const left = (meter, text) => meter.locator("..").getByText(text);
    await left(requests, "299 of 300").waitFor();
    await page.getByRole("button", { name: "+1 min" }).click();
    await left(requests, "300 of 300").waitFor();
    await service.control("PUT", "/switches", { limits: { account_per_minute: 7 } });
    await left(requests, "7 of 7").waitFor();
  });

  test("shows a phone without a network, and tells who does not see it what happens", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "One", percentage: 1 });
    await page.getByRole("status").getByText("one started: 1 %").waitFor();
    await page.getByRole("button", { name: "Offline" }).click();
    await page.getByText("No network").waitFor();
    await service.stream("one", { type: "progress", title: "One", percentage: 2 });
    await page.getByText("offline, shows an older state").waitFor();
    await page.getByRole("status").getByText("one updated: 2 %").waitFor();
    assert.ok((await page.locator("#cards").textContent()).includes("1%"));
    await page.getByRole("button", { name: "Locked" }).click();
    await page.locator("#cards").getByText("2%").waitFor();
    await page.locator("#phone[data-theme=dimmed]").waitFor();
    assert.equal(await page.getByRole("button", { name: "Locked" }).getAttribute("aria-pressed"), "true");
  });

  test("makes requests fail, and shows that they did", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await page.getByRole("combobox", { name: "Fault" }).selectOption({ label: "500, and a JSON error" });
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByText("struck 0 of 1").waitFor();
    const state = { type: "progress", title: "One", percentage: 1 };
    assert.equal((await service.stream("one", state)).error, "Internal error");
    assert.equal((await service.stream("one", state)).operation, "started");
    await page.getByText("fault · 500").waitFor();
    await page.getByRole("button", { name: "Remove fault" }).click();
    await page.locator("#fault-list li").waitFor({ state: "detached" });
    for (const option of await page.locator("#fault-kind option").all()) {
      await page.locator("#fault-kind").selectOption(await option.getAttribute("value"));
      await page.getByRole("button", { name: "Add" }).click();
      const made = (await page.locator("#fault-kind option").allTextContents()).indexOf(await option.textContent());
      await page.locator("#fault-list li").nth(made).waitFor();
    }
    assert.deepEqual(page.problems, []);
  });

  test("can be used with the keyboard alone", async (t) => {
    const service = await emulator(t);
    const page = await open(t, service);
    await service.stream("one", { type: "progress", title: "One", percentage: 1 });
    await page.locator("#island button svg").waitFor();
    const reached = new Set();
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate(
          () => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim(),
        ),
      );
    }
    for (const name of ["Skip to the streams", "Pause one", "Dismiss one", "+1 min", "Reset everything"]) {
      assert.ok(reached.has(name), `${name} is not among ${[...reached].join(", ")}`);
    }
    await page.locator("#island button").focus();
    await page.keyboard.press("Enter");
    await page.locator("#island .open svg").waitFor();
    await page.keyboard.press("Enter");
    await page.locator("#island .compact svg").waitFor();
  });

  for (const width of [375, 1440]) {
    test(`fits a window of ${width} pixels`, async (t) => {
      const service = await emulator(t);
      const page = await open(t, service, { width, height: 800 });
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      assert.ok(await fits(), "empty");
      const long = "averyverylongword".repeat(20);
      await service.stream("k".repeat(200), {
        type: "alert",
        title: long,
        subtitle: long,
        message: long,
        badge: { title: long },
      });
      await page.locator("#cards svg").waitFor();
      await page.locator("#request-list summary").first().click();
      await page.getByText("Send it again").waitFor();
      assert.ok(await fits(), "full");
    });
  }
});

/** Fails for what axe finds; colours inside pictures are tested where they are made. */
async function isAccessible(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(found, []);
}
