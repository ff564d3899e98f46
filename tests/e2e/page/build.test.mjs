import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { eventually, launch, openPage, shot } from "../lib/browser.mjs";
import { stateFolder, startServer } from "../lib/server.mjs";

const folder = stateFolder();
const source = join(folder.path, "tone.cpp");
const opened = join(folder.path, "opened");
let browser;
let server;

/** Saves the plugin as an editor does. */
function save(name, body) {
  const text = `#include <jig/jig.hpp>
struct Tone : jig::Effect {
  static constexpr auto id = "dev.jig.tone", name = "${name}", vendor = "Jig";
  void process(Block& b) {
    ${body}
    for (std::uint32_t c = 0; c < b.channels(); ++c)
      for (std::uint32_t i = 0; i < b.frames(); ++i) b.out(c, i) = b.in(c, i);
  }
};
JIG_PLUGIN(Tone)
`;
  writeFileSync(join(folder.path, ".tone.cpp.part"), text);
  renameSync(join(folder.path, ".tone.cpp.part"), source);
}

before(async () => {
  process.env.XDG_CACHE_HOME = join(folder.path, "cache");
  const editor = join(folder.path, "editor");
  writeFileSync(editor, `#!/bin/sh\necho "$1" >${opened}\n`, { mode: 0o755 });
  save("Tone", "");
  server = await startServer(source, folder.path, { args: ["--editor", `${editor} {file}:{line}`] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  folder.remove();
});

test("a build that fails is a card with each complaint, which opens in the editor and goes when it is mended", async () => {
  const { page, close } = await openPage(browser, server.url);
  const title = () => page.locator("jig-header").textContent();
  await eventually(title, (text) => text.includes("Tone"), "the plugin is built and heard");

  save("Tone", "b.undeclared();");
  const card = page.locator('[data-card="build"]');
  await card.waitFor({ timeout: 60_000 });
  assert.match(await card.textContent(), /The build failed/);
  assert.match(await card.textContent(), /last good build plays on/);
  const place = card.locator("li.error .place").first();
  assert.equal(await place.textContent(), "tone.cpp:5:7");
  assert.match(await card.locator("li.error").first().textContent(), /undeclared/);
  assert.match(await card.locator("pre").textContent(), /tone\.cpp:5/);
  await shot(page, "build-failed");

  await place.click();
  await eventually(
    async () => (existsSync(opened) ? readFileSync(opened, "utf8").trim() : ""),
    (text) => text === `${source}:5`,
    "the editor was told the place",
  );
  const later = await openPage(browser, server.url);
  await later.page.locator('[data-card="build"]').waitFor();
  await later.close();

  save("Tone mended", "");
  await card.waitFor({ state: "detached", timeout: 60_000 });
  await eventually(title, (text) => text.includes("Tone mended"), "the mended build is heard");
  await close();
});
