import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually, launch, numberIn, openPage, shot, views } from "../lib/browser.mjs";
import { startServer, stateFolder } from "../lib/server.mjs";

let browser;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Runs `use` on the page of an example. */
async function onExample(name, view, use) {
  const state = stateFolder();
  const server = await startServer(process.env[`JIG_${name.toUpperCase()}`], state.path);
  const { page, faults, close } = await openPage(browser, server.url, view);
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
    await server.stop();
    state.remove();
  }
}

for (const name of ["gain", "crush", "synth"]) {
  test(`${name} has a page with its controls and levels`, async () => {
    await onExample(name, views["desktop-dark"], async (page) => {
      await page.locator("jig-param:visible").first().waitFor();
      await page.locator('.meter-line[data-direction="out"]').first().waitFor();
      await eventually(
        () => page.locator(".load-now").textContent(),
        (text) => numberIn(text) >= 0,
        "the load is shown",
      );
      await shot(page, name);
    });
  });
}

test("a note on the synth is heard while the key is down, and ends when the focus goes", async () => {
  await onExample("synth", views["desktop-light"], async (page) => {
    const peak = async () => {
      const text = await page
        .locator('.meter-line[data-direction="out"] .meter-number')
        .first()
        .textContent();
      return text === "−∞" ? -Infinity : numberIn(text);
    };
    await eventually(peak, (db) => db < -80, "nothing sounds yet");
    await page.keyboard.down("a");
    await eventually(peak, (db) => db > -50, "the note sounds");
    await page.evaluate(() => dispatchEvent(new Event("blur")));
    await eventually(peak, (db) => db < -80, "the note has died away");
  });
});
