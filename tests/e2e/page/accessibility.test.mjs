import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { shot, views } from "../lib/browser.mjs";
import { suite } from "../lib/suite.mjs";

const fixture = suite();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, a line each. */
async function violations(page) {
  // Through the debugger, which the page's content policy does not bind.
  await page.evaluate(axe);
  const { violations: found, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length > 15, "axe looked at the page");
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`),
  );
}

for (const [name, view] of Object.entries(views)) {
  test(`axe finds nothing: ${name}`, async () => {
    const { page, close } = await fixture.open(view);
    await page.locator("jig-meters .meter-line").first().waitFor();
    await shot(page, `${name}-knobs`);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Show sliders" }).click();
    await page.locator("jig-param .moved").first().waitFor({ state: "attached" });
    await shot(page, `${name}-sliders`);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await violations(page), []);
    await close();
  });
}

test("on a phone nothing is wider than the screen", async () => {
  const { page, close } = await fixture.open(views["phone-light"]);
  await page.locator("jig-meters .meter-line").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await close();
});
