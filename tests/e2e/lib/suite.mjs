// One browser and one server for the tests of a file.

import { after, before } from "node:test";

import { launch, openPage } from "./browser.mjs";
import { pagePlugin, startServer, stateFolder } from "./server.mjs";

/** Registers the fixture; its fields are there once the tests run. */
export function suite() {
  const fixture = {
    /** @type {import("playwright-core").Browser} */ browser: undefined,
    /** @type {import("./server.mjs").Server} */ server: undefined,
    state: stateFolder(),
    /** Opens the page; the test closes it. */
    open: (view) => openPage(fixture.browser, fixture.server.url, view),
  };
  before(async () => {
    fixture.server = await startServer(pagePlugin(), fixture.state.path);
    fixture.browser = await launch();
  });
  after(async () => {
    await fixture.browser?.close();
    await fixture.server?.stop();
    fixture.state.remove();
  });
  return fixture;
}

/** The control of a parameter. */
export const control = (page, id) => page.locator(`jig-param[data-id=${JSON.stringify(id)}]`);

/** Puts every parameter back to its default, and waits until the page shows it. */
export async function resetAll(page) {
  await page.getByRole("button", { name: "Reset all", exact: true }).click();
  await page.waitForFunction(() => !document.querySelector("jig-param .moved:not([hidden])"));
}

/** Types a value into a slider within `scope`: the one called `name`, or its only one. */
export async function typeInto(page, scope, typed, name) {
  const slider = name ? scope.getByRole("slider", { name }) : scope.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("Enter");
  await scope.getByRole("textbox").fill(typed);
  await page.keyboard.press("Enter");
  await scope.getByRole("textbox").waitFor({ state: "detached" });
}
