// The page in Chromium, for a test that listens elsewhere: page.mjs URL PARAMETER
//
// "drag DY" on standard input drags the parameter's knob by so many pixels; the answer, when the meters
// have settled, is a line of JSON: the value that the knob shows, and what the outputs' meters read.

import { createInterface } from "node:readline";

import { connected, launch, numberIn, openPage } from "../e2e/lib/browser.mjs";

const kHoldMs = 2500; // the meters' hold of two seconds is over

const [url, id] = process.argv.slice(2);
const browser = await launch();
const { page, faults } = await openPage(browser, url);
const slider = page.locator(`jig-param[data-id=${JSON.stringify(id)}]`).getByRole("slider");

async function drag(dy) {
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + dy, { steps: 10 });
  await page.mouse.up();
}

/** The peak that each output's meter holds, in dB. */
async function outputs() {
  const texts = await page
    .locator('.meter-line[data-direction="out"]')
    .evaluateAll((lines) => lines.map((line) => line.querySelector(".meter-number").textContent));
  return texts.map(numberIn);
}

await connected(page);
console.log("open");
for await (const line of createInterface({ input: process.stdin })) {
  await drag(Number(line.split(" ")[1]));
  await page.waitForTimeout(kHoldMs);
  const value = Number(await slider.getAttribute("aria-valuenow"));
  console.log(JSON.stringify({ value, outputs: await outputs(), faults }));
}
await browser.close();
