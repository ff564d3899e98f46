import assert from "node:assert/strict";
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { eventually, launch, numberIn, openPage, shot } from "../lib/browser.mjs";
import { pagePlugin, startServer, stateFolder } from "../lib/server.mjs";
import { control, typeInto } from "../lib/suite.mjs";

const folder = stateFolder();
const library = join(folder.path, "page.so");
let browser;
let server;

/** Replaces the library at once, as a linker's last step does. */
function install(write) {
  const part = join(folder.path, ".page.so.part");
  write(part);
  renameSync(part, library);
}
const installGood = () => install((part) => copyFileSync(pagePlugin(), part));

before(async () => {
  installGood();
  server = await startServer(library, folder.path);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  folder.remove();
});

const card = (page, name) => page.locator(`[data-card="${name}"]`);

test("a build that is no plugin is named with its reason, until the next good one plays", async () => {
  const { page, close } = await openPage(browser, server.url);
  const generation = async () =>
    numberIn((await page.locator(".generation").textContent()).replace("build ", ""));
  const before = await generation();

  install((part) => writeFileSync(part, "no library at all\n".repeat(1000)));
  await card(page, "rejected").waitFor();
  const text = await card(page, "rejected").textContent();
  assert.match(text, /page\.so was not taken/);
  assert.match(text, /last good build/);
  assert.equal(await generation(), before);
  await shot(page, "rejected");

  const later = await openPage(browser, server.url);
  await card(later.page, "rejected").waitFor();
  await later.close();

  installGood();
  await card(page, "rejected").waitFor({ state: "detached" });
  await eventually(generation, (value) => value > before, "the good build has the next number");
  await close();
});

test("a build that crashes is said to have, and sound returns", async () => {
  const { page, close } = await openPage(browser, server.url);
  await control(page, "crash").getByRole("button").click();
  await card(page, "crash").waitFor();
  assert.match(await card(page, "crash").textContent(), /SIGABRT/);
  await eventually(
    () => card(page, "crash").textContent(),
    (text) => /Sound was back after \d+ ms/.test(text),
    "the card says when sound was back",
  );
  await shot(page, "crashed");
  installGood();
  await card(page, "crash").waitFor({ state: "detached" });
  await close();
});

test("an absurdly loud output closes, says so, and opens again by a click", async () => {
  const { page, close } = await openPage(browser, server.url);
  await typeInto(page, control(page, "gain"), "24 dB");
  await typeInto(page, page.locator("jig-strip"), "0 dB", "Input level");
  await card(page, "trip").waitFor();
  await shot(page, "tripped");
  await typeInto(page, page.locator("jig-strip"), "-18 dB", "Input level");
  await typeInto(page, control(page, "gain"), "0 dB");
  await card(page, "trip").getByRole("button", { name: "Open the output" }).click();
  await card(page, "trip").waitFor({ state: "detached" });
  await close();
});
