import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "../lib/browser.mjs";
import { control, suite } from "../lib/suite.mjs";

const fixture = suite();

/** The notes that the plugin received, oldest first, after the entry count `since`. */
async function notes(page, since = 0) {
  const lines = await page.locator("jig-log .entry-text").allTextContents();
  return lines
    .filter((line) => line.startsWith("note "))
    .reverse()
    .slice(since);
}

const expectNotes = (page, since, wanted) =>
  eventually(
    () => notes(page, since),
    (got) => JSON.stringify(got) === JSON.stringify(wanted),
    `the plugin heard ${wanted}`,
  );

test("computer keys play, and every note ends when the window loses the focus", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  await page.keyboard.down("a");
  await page.keyboard.down("d");
  await expectNotes(page, since, ["note on 60", "note on 64"]);
  await page.evaluate(() => dispatchEvent(new Event("blur")));
  await expectNotes(page, since, ["note on 60", "note on 64", "note off 60", "note off 64"]);
  await page.keyboard.up("a");
  await page.keyboard.up("d");
  assert.equal(
    (await notes(page, since)).length,
    4,
    "the keys that come up later end nothing twice",
  );
  await close();
});

test("a hidden page holds no note", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  await page.keyboard.down("g");
  await expectNotes(page, since, ["note on 67"]);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expectNotes(page, since, ["note on 67", "note off 67"]);
  await close();
});

test("Z and X shift the octave, and end what is held", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  await page.keyboard.down("a");
  await page.keyboard.press("x");
  await page.keyboard.up("a");
  await page.keyboard.press("a");
  await expectNotes(page, since, ["note on 60", "note off 60", "note on 72", "note off 72"]);
  await close();
});

test("the mouse plays, and slides from key to key", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  const at = async (key) => {
    const box = await page.locator(`.key[data-key="${key}"]`).boundingBox();
    return [box.x + box.width / 2, box.y + box.height - 10];
  };
  await page.locator("jig-keyboard").scrollIntoViewIfNeeded();
  await page.mouse.move(...(await at(60)));
  await page.mouse.down();
  await page.mouse.move(...(await at(62)));
  await page.mouse.up();
  await expectNotes(page, since, ["note on 60", "note off 60", "note on 62", "note off 62"]);
  await close();
});

test("two fingers play two notes", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  await page.locator("jig-keyboard").scrollIntoViewIfNeeded();
  const point = async (key, id) => {
    const box = await page.locator(`.key[data-key="${key}"]`).boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height - 12, id };
  };
  const input = await page.context().newCDPSession(page);
  const both = [await point(60, 1), await point(65, 2)];
  await input.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [both[0]] });
  await input.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: both });
  await expectNotes(page, since, ["note on 60", "note on 65"]);
  await input.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await eventually(
    () => notes(page, since),
    (got) => got.slice(2).sort().join() === "note off 60,note off 65",
    "both end",
  );
  await close();
});

test("typing in a field plays nothing", async () => {
  const { page, close } = await fixture.open();
  const since = (await notes(page)).length;
  await page.getByRole("searchbox", { name: "Search parameters" }).fill("");
  await page.keyboard.type("asdf");
  await page.keyboard.press("Escape");
  await control(page, "gain").getByRole("slider").focus();
  await page.keyboard.press("s");
  await expectNotes(page, since, ["note on 62", "note off 62"]);
  await close();
});
