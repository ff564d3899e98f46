import assert from "node:assert/strict";
import { test } from "node:test";

import { control, suite } from "../lib/suite.mjs";

const fixture = suite();

test("names that are markup are shown as text and run nothing", async () => {
  const { page, faults, close } = await fixture.open();
  await control(page, "fire").getByRole("button").click();
  await page.locator("jig-log .entry", { hasText: "onerror" }).first().waitFor();
  assert.equal(await page.locator("h1").textContent(), "<script>alert(7)</script>");
  assert.match(await control(page, "img").textContent(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(
    await page
      .locator(
        "jig-param img, jig-log img, jig-param script, h1 script, jig-taps u, option b, main svg[onload]",
      )
      .count(),
    0,
  );
  assert.deepEqual(faults, []);
  await close();
});

test("a whole session breaks no content policy and logs no error", async () => {
  const { page, faults, close } = await fixture.open();
  await page.getByRole("button", { name: "Show sliders" }).click();
  await page.getByRole("button", { name: "Show knobs" }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: /Theme/ }).click();
  await page.getByRole("button", { name: "Reset all meters" }).click();
  await page.locator("jig-meters .meter-line").first().waitFor();
  assert.deepEqual(faults, []);
  await close();
});

test("the token leaves the address, and a reload of the page still has it", async () => {
  const { page, close } = await fixture.open();
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await page.locator('jig-header [data-phase="open"]').waitFor();
  await close();
});

test("without a token the page says how to get one", async () => {
  const context = await fixture.browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL("/", fixture.server.url).href);
  await page
    .locator('[data-card="link"]', { hasText: "open the address that dev-server printed" })
    .waitFor();
  await context.close();
});

test("a wrong token is refused, in words", async () => {
  const context = await fixture.browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL("/#token=00000000000000000000000000000000", fixture.server.url).href);
  await page.locator('[data-card="link"]', { hasText: "refuses this page's token" }).waitFor();
  await context.close();
});

test("a page of another origin cannot open the socket", async () => {
  const context = await fixture.browser.newContext();
  const page = await context.newPage();
  await page.goto("data:text/html,<title>other</title>");
  const token = new URL(fixture.server.url).hash.slice("#token=".length);
  const outcome = await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve("open");
        socket.onclose = () => resolve("refused");
      }),
    `ws://127.0.0.1:${fixture.server.port}/ws?token=${token}`,
  );
  assert.equal(outcome, "refused");
  await context.close();
});
