import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually, launch, numberIn, openPage, shot, views } from "../lib/browser.mjs";
import { busyPlugin, startServer, stateFolder } from "../lib/server.mjs";
import { control, typeInto } from "../lib/suite.mjs";

const state = stateFolder();
let server;
let browser;
before(async () => {
  server = await startServer(busyPlugin(), state.path, { args: ["--period", "256"] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  state.remove();
});

const figure = (page, name) => page.locator(`jig-performance [data-figure="${name}"]`);

test("the round trip is shown in frames and ms, and how it is known", async () => {
  const { page, faults, close } = await openPage(browser, server.url);
  await eventually(
    () => figure(page, "roundTrip").textContent(),
    (text) => text === "512 frames, 10.7 ms, counted",
    "two periods of the virtual device",
  );
  assert.deepEqual(faults, []);
  await close();
});

test("the callback's percentiles are shown in their order, and begin anew", async () => {
  const { page, close } = await openPage(browser, server.url);
  const shares = () =>
    page
      .locator(".spread tbody tr")
      .last()
      .locator(".share")
      .evaluateAll((cells) => cells.map((cell) => Number.parseFloat(cell.textContent)));
  const values = await eventually(
    shares,
    (all) => all.length === 4 && all.every((value) => value > 0),
    "four figures",
  );
  assert.deepEqual(
    values,
    [...values].sort((a, b) => a - b),
  );
  await typeInto(page, control(page, "compute"), "60");
  await eventually(shares, (all) => all[3] >= 1125, "the longest took 60 ms of 5.33");
  await page.getByRole("button", { name: "Reset the callback's percentiles" }).click();
  await eventually(shares, (all) => all[3] < 1125, "it is forgotten");
  await close();
});

test("an xrun is listed with its size and whose fault it was", async () => {
  const { page, close } = await openPage(browser, server.url);
  await typeInto(page, control(page, "compute"), "100");
  await page.locator(".xruns li", { hasText: "plugin" }).first().waitFor();
  await typeInto(page, control(page, "wait"), "100");
  const waited = page.locator(".xruns li", { hasText: "scheduler" }).first();
  await waited.waitFor();
  assert.match(await waited.textContent(), /\d+ frames, [\d.]+ msat \d+$/);
  assert.match(await waited.getAttribute("title"), /frames .* lost; the callback took/);
  await eventually(
    () => figure(page, "xruns").textContent(),
    (text) => /\d+ plugin, \d+ scheduler/.test(text),
    "both are counted",
  );
  assert.ok(numberIn(await figure(page, "lost").textContent()) > 4000);
  await close();
});

test("it looks as it should", async () => {
  for (const [name, view] of Object.entries(views)) {
    const { page, faults, close } = await openPage(browser, server.url, view);
    await page.locator(".xruns li").first().waitFor();
    await page.locator(".share", { hasText: "%" }).first().waitFor();
    const overflow = await page
      .locator("jig-performance")
      .evaluate((panel) => panel.scrollWidth - panel.clientWidth);
    assert.ok(overflow <= 0, `${name}: nothing sticks out`);
    await shot(page, `timing-${name}`);
    assert.deepEqual(faults, []);
    await close();
  }
});
