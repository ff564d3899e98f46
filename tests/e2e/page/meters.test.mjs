import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, numberIn } from "../lib/browser.mjs";
import { control, resetAll, suite, typeInto } from "../lib/suite.mjs";

const fixture = suite();

/** The two numbers of every channel of a direction: the peak held for two seconds, and the maximum. */
const numbers = (page, direction) =>
  page
    .locator(`.meter-line[data-direction="${direction}"]`)
    .evaluateAll((lines) =>
      lines.map((line) =>
        [...line.querySelectorAll(".meter-number")].map((one) =>
          Number.parseFloat(one.textContent.replace("−", "-")),
        ),
      ),
    );

const all = (rows, wanted, slack) =>
  rows.length > 0 &&
  rows.every(([hold, max]) => Math.abs(hold - wanted) <= slack && Math.abs(max - wanted) <= slack);

const choose = (page, name, typed) => typeInto(page, page.locator("jig-strip"), typed, name);

test("a sine of −18 dBFS reads −18 on every channel, in and out", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await page.getByRole("combobox", { name: "Input" }).selectOption("sine");
  await choose(page, "Input frequency", "997 Hz");
  await choose(page, "Input level", "-18 dB");
  await page.getByRole("button", { name: "Reset all meters" }).click();
  await eventually(
    () => numbers(page, "in"),
    (rows) => all(rows, -18, 0.1),
    "the input reads −18",
  );
  await eventually(
    () => numbers(page, "out"),
    (rows) => all(rows, -18, 0.1),
    "the output reads −18",
  );
  await close();
});

test("a knob on the page changes the output's level by as many decibels", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await typeInto(page, control(page, "gain"), "6 dB");
  await eventually(
    () => numbers(page, "out"),
    (rows) => all(rows, -12, 0.1),
    "6 dB more is −12",
  );
  assert.ok(all(await numbers(page, "in"), -18, 0.1), "the input stays");
  await resetAll(page);
  await close();
});

test("a clip stays lit with its count until a click resets it", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await choose(page, "Input level", "0 dB");
  await typeInto(page, control(page, "gain"), "2 dB");
  const line = page.locator('.meter-line[data-direction="out"]').first();
  const clip = line.locator(".meter-clip.lit");
  await clip.waitFor();
  await choose(page, "Input level", "-18 dB");
  await resetAll(page);
  await eventually(
    () => numbers(page, "out"),
    (rows) => rows.every(([hold]) => hold < -10),
    "the level is low again",
  );
  assert.ok(numberIn(await clip.textContent()) > 0, "it is still lit, with a count");
  await line.getByRole("button").click();
  await clip.waitFor({ state: "detached" });
  await close();
});

test("meters keep flowing: the credit of sixteen frames does not run out", async () => {
  const { page, close } = await fixture.open();
  const reads = (level) =>
    eventually(
      () => numbers(page, "in"),
      (rows) => rows.length > 0 && rows.every(([hold]) => Math.abs(hold - level) < 0.1),
      `the input reads ${level}`,
    );
  // The hold of two seconds makes this last for more than a hundred frames.
  await choose(page, "Input level", "-18 dB");
  await reads(-18);
  await choose(page, "Input level", "-40 dB");
  await reads(-40);
  await choose(page, "Input level", "-18 dB");
  await reads(-18);
  await close();
});

test("taps and the load have their figures", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await eventually(
    () => page.locator('.tap[data-tap="sum"] .tap-number').textContent(),
    (text) => Math.abs(numberIn(text) + 18) < 0.2,
    "the audio tap reads its peak",
  );
  await eventually(
    () => page.locator('.tap[data-tap="gain"] .tap-number').textContent(),
    (text) => numberIn(text) === 0,
    "the value tap reads 0 dB",
  );
  await eventually(
    () => page.locator(".load-now").textContent(),
    (text) => numberIn(text) > 0,
    "the load is more than nothing",
  );
  await close();
});
