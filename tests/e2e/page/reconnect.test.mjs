import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { connected, eventually, launch, openPage } from "../lib/browser.mjs";
import { pagePlugin, startServer, stateFolder } from "../lib/server.mjs";
import { control } from "../lib/suite.mjs";

const state = stateFolder();
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
  state.remove();
});

test("the page comes back by itself when the server does, with everything in it", async () => {
  const first = await startServer(pagePlugin(), state.path);
  const { page, faults, close } = await openPage(browser, first.url);
  await page.locator("jig-meters .meter-line").first().waitFor();
  await first.stop();
  await page.locator('[data-card="link"]', { hasText: "Connection lost" }).waitFor();

  const second = await startServer(pagePlugin(), state.path, { port: first.port });
  assert.equal(second.port, first.port);
  await connected(page);
  await page.locator('[data-card="link"]').waitFor({ state: "detached" });

  const knob = control(page, "gain").getByRole("slider");
  await knob.focus();
  await page.keyboard.press("PageUp");
  const other = await openPage(browser, second.url);
  await eventually(
    async () =>
      Number(await control(other.page, "gain").getByRole("slider").getAttribute("aria-valuenow")),
    (value) => Math.abs(value - 4.8) < 0.01,
    "the new server takes what the page sets",
  );
  await page.getByRole("button", { name: "Reset all meters" }).click();
  await eventually(
    () => page.locator(".meter-number").first().textContent(),
    (text) => text.startsWith("−18."),
    "meters flow again",
  );
  const unexpected = faults.filter(
    (fault) => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(fault),
  );
  assert.deepEqual(unexpected, []);
  await other.close();
  await close();
  await second.stop();
});
