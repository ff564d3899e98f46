// Debian's Chromium, and pages that remember everything that went wrong in them.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({
    executablePath: process.env["JIG_CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", ...quiet],
  });
}

/** A page's view: what it is looked at with. */
export const views = {
  "desktop-light": { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  "desktop-dark": { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  "phone-light": { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
};

/**
 * Opens the page and waits until it is whole. `faults` collects console errors and warnings, exceptions,
 * refused requests and CSP violations.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {object} [view] one of `views`
 */
export async function openPage(browser, url, view = views["desktop-light"]) {
  const context = await browser.newContext(view);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.goto(url);
  await connected(page);
  return { page, faults, close: () => context.close() };
}

/** Waits for the page to be in step with the server. */
export async function connected(page) {
  await page.locator('jig-header [data-phase="open"]').waitFor();
}

/**
 * Waits until `read` gives `wanted`; the message of a failure says what it gave instead.
 * @template T
 * @param {() => Promise<T>} read
 * @param {(value: T) => boolean} wanted
 * @param {string} what
 */
export async function eventually(read, wanted, what) {
  const deadline = Date.now() + 10000;
  let value = await read();
  while (!wanted(value)) {
    assert.ok(Date.now() < deadline, `${what}; it stayed ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    value = await read();
  }
  return value;
}

/** The number in a text with a true minus sign. */
export const numberIn = (text) => Number.parseFloat(text.replace("−", "-"));

/** Keeps a picture of the page in $JIG_SHOTS, if that is set. */
export async function shot(page, name) {
  const folder = process.env["JIG_SHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
