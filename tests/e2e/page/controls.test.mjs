import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, numberIn } from "../lib/browser.mjs";
import { control, resetAll, suite, typeInto } from "../lib/suite.mjs";

const fixture = suite();

const slider = (page, id) => control(page, id).getByRole("slider");
const valueOf = async (page, id) => Number(await slider(page, id).getAttribute("aria-valuenow"));

/** Waits until the server has said the value too: a page that opens now shows it. */
async function settles(page, id, wanted, what) {
  await eventually(() => valueOf(page, id), wanted, what);
  const other = await fixture.open();
  await eventually(() => valueOf(other.page, id), wanted, `${what}, on a page that opens later`);
  await other.close();
}

async function drag(page, locator, dx, dy, { shift = false } = {}) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  if (shift) await page.keyboard.down("Shift");
  await page.mouse.move(x + dx, y + dy, { steps: 10 });
  if (shift) await page.keyboard.up("Shift");
  await page.mouse.up();
}

test("a knob follows a vertical drag, and finely with Shift", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await drag(page, slider(page, "gain"), 0, -45);
  await settles(
    page,
    "gain",
    (value) => Math.abs(value - 12) < 1,
    "a quarter of the travel is 12 dB",
  );
  const before = await valueOf(page, "gain");
  await drag(page, slider(page, "gain"), 0, -45, { shift: true });
  await settles(
    page,
    "gain",
    (value) => Math.abs(value - before - 1.2) < 0.3,
    "with Shift it is a tenth of that",
  );
  await close();
});

test("the wheel turns a control by one step, both ways", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await slider(page, "bits").focus();
  await slider(page, "bits").hover();
  await page.mouse.wheel(0, 100);
  await settles(page, "bits", (value) => value === 15, "down is one step less");
  await page.mouse.wheel(0, -100);
  await settles(page, "bits", (value) => value === 16, "up is one step more");
  await close();
});

test("a double click goes back to the default and takes the mark away", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await slider(page, "gain").focus();
  await page.keyboard.press("PageUp");
  await control(page, "gain").locator(".moved").waitFor({ state: "visible" });
  await slider(page, "gain").dblclick();
  await settles(page, "gain", (value) => value === 0, "the default is 0 dB");
  await control(page, "gain").locator(".moved").waitFor({ state: "hidden" });
  await close();
});

test("every key of a slider does what ARIA says", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  const knob = slider(page, "bits");
  await knob.focus();
  for (const [key, wanted] of [
    ["Home", 1],
    ["ArrowUp", 2],
    ["ArrowRight", 3],
    ["ArrowDown", 2],
    ["ArrowLeft", 1],
    ["PageUp", 3],
    ["PageDown", 1],
    ["End", 16],
  ]) {
    await page.keyboard.press(key);
    await eventually(
      () => valueOf(page, "bits"),
      (value) => value === wanted,
      `${key} leads to ${wanted}`,
    );
  }
  assert.equal(await knob.getAttribute("aria-valuemin"), "1");
  assert.equal(await knob.getAttribute("aria-valuemax"), "16");
  assert.equal(await knob.getAttribute("aria-valuetext"), "16 bit");
  await page.keyboard.press("Delete");
  await settles(page, "bits", (value) => value === 16, "Delete resets");
  await close();
});

test("a value can be typed with its unit, and a wrong one is refused in place", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await slider(page, "cutoff").focus();
  await page.keyboard.press("Enter");
  const field = control(page, "cutoff").getByRole("textbox");
  await field.fill("1.2 bananas");
  await field.press("Enter");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.fill("2.5k");
  await field.press("Enter");
  await settles(page, "cutoff", (value) => Math.abs(value - 2500) < 0.01, "2.5k is 2,500 Hz");
  assert.equal(await slider(page, "cutoff").getAttribute("aria-valuetext"), "2.50 kHz");

  await control(page, "gain").locator(".readout").click();
  await control(page, "gain").getByRole("textbox").fill("-6 dB");
  await control(page, "gain").getByRole("textbox").press("Enter");
  await settles(page, "gain", (value) => Math.abs(value + 6) < 0.01, "-6 dB is −6");

  await slider(page, "gain").focus();
  await page.keyboard.press("Enter");
  await control(page, "gain").getByRole("textbox").fill("3");
  await page.keyboard.press("Escape");
  assert.equal(await valueOf(page, "gain"), -6, "Escape leaves the value");
  await close();
});

test("a periodic knob wraps", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await slider(page, "angle").focus();
  await page.keyboard.press("ArrowDown");
  await settles(
    page,
    "angle",
    (value) => Math.abs(value - 356.4) < 0.1,
    "one step below 0° is 356.4°",
  );
  await close();
});

test("sliders jump to a click and follow a horizontal drag", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await page.getByRole("button", { name: "Show sliders" }).click();
  const face = slider(page, "gain");
  const box = await face.boundingBox();
  await page.mouse.click(box.x + 7 + (box.width - 14) * 0.75, box.y + box.height / 2);
  await settles(page, "gain", (value) => Math.abs(value - 12) < 0.6, "three quarters is +12 dB");
  await close();
});

test("switch, menu and trigger work by mouse and by keyboard", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  const on = control(page, "on").getByRole("switch");
  await on.click();
  await eventually(
    () => on.getAttribute("aria-checked"),
    (value) => value === "false",
    "a click turns it off",
  );
  await on.focus();
  await page.keyboard.press("Space");
  await eventually(
    () => on.getAttribute("aria-checked"),
    (value) => value === "true",
    "Space turns it on",
  );

  const menu = control(page, "mode").getByRole("combobox");
  await menu.selectOption({ label: "<b>Fold</b>" });
  const other = await fixture.open();
  await eventually(
    () => control(other.page, "mode").getByRole("combobox").inputValue(),
    (value) => value === "2",
    "the other page shows it",
  );
  await other.close();
  await menu.focus();
  await page.keyboard.press("ArrowUp");
  await eventually(
    () => menu.inputValue(),
    (value) => value === "1",
    "an arrow key chooses the one above",
  );

  const lines = page.locator("jig-log .entry", { hasText: "fired" });
  const before = await lines.count();
  await control(page, "fire").getByRole("button").click();
  await eventually(
    () => lines.count(),
    (count) => count === before + 1,
    "the plugin was triggered once",
  );
  await control(page, "fire").getByRole("button").focus();
  await page.keyboard.press("Enter");
  await eventually(
    () => lines.count(),
    (count) => count === before + 2,
    "Enter triggers too",
  );
  await close();
});

test("an output parameter shows what the plugin writes", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  const meter = control(page, "level").getByRole("meter");
  const level = 10 ** (-18 / 20);
  await eventually(
    async () => Number(await meter.getAttribute("aria-valuenow")),
    (value) => Math.abs(value - level) < 0.02,
    "it reads the sine's peak",
  );
  await close();
});

test("the search leaves what matches", async () => {
  const { page, close } = await fixture.open();
  await page.keyboard.press("/");
  await page.keyboard.type("filter cut");
  assert.deepEqual(
    await page.locator("jig-param:visible").evaluateAll((all) => all.map((one) => one.dataset.id)),
    ["cutoff"],
  );
  await page.keyboard.press("Escape");
  assert.ok((await page.locator("jig-param:visible").count()) > 5);
  await close();
});

test("the strip's buttons and trim reach the server", async () => {
  const { page, close } = await fixture.open();
  const other = await fixture.open();
  for (const name of ["Mute", "Bypass"]) {
    // On both pages: a key means the opposite of what its own page shows.
    const pressed = () =>
      Promise.all(
        [page, other.page].map((each) =>
          each.getByRole("button", { name, exact: true }).getAttribute("aria-pressed"),
        ),
      );
    const both = (wanted) => (values) => values.every((value) => value === wanted);
    await page.getByRole("button", { name, exact: true }).click();
    await eventually(pressed, both("true"), `${name} is down on both pages`);
    await page.keyboard.press(name[0].toLowerCase());
    await eventually(pressed, both("false"), `the key ${name[0]} lifts it`);
  }
  await page.getByRole("slider", { name: "Output trim" }).focus();
  await page.keyboard.press("PageDown");
  const trim = other.page.getByRole("slider", { name: "Output trim" });
  await eventually(
    async () => Number(await trim.getAttribute("aria-valuenow")),
    (value) => Math.abs(value + 7.2) < 0.01,
    "the trim moved by a tenth of its travel",
  );
  await page.keyboard.press("Delete");
  await eventually(
    async () => numberIn(await trim.getAttribute("aria-valuetext")),
    (value) => value === 0,
    "and back",
  );

  const tempo = page.getByRole("spinbutton", { name: /Tempo/ });
  await tempo.fill("93.5");
  await tempo.press("Enter");
  await eventually(
    () => other.page.getByRole("spinbutton", { name: /Tempo/ }).inputValue(),
    (value) => value === "93.5",
    "the tempo is the other page's too",
  );
  await page.getByRole("button", { name: "Play transport" }).click();
  await eventually(
    () => other.page.getByRole("button", { name: "Play transport" }).getAttribute("aria-pressed"),
    (value) => value === "true",
    "it plays",
  );
  await page.getByRole("button", { name: "Play transport" }).click();
  await page.getByRole("button", { name: "Panic" }).click();
  await other.close();
  await close();
});

test("where the plugin has words of its own they are shown, and understood", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  const text = () => slider(page, "angle").getAttribute("aria-valuetext");
  await eventually(text, (shown) => shown === "<b>0.0</b> o'clock", "the default in words");
  await typeInto(page, control(page, "angle"), "4.5 o'clock");
  await settles(page, "angle", (value) => value === 135, "half past four");
  await eventually(text, (shown) => shown === "<b>4.5</b> o'clock", "said back in words");
  await typeInto(page, control(page, "angle"), "90");
  await settles(page, "angle", (value) => value === 90, "a plain value does as well");
  await close();
});

test("a preset sets what it lists, and the rest to its default", async () => {
  const { page, close } = await fixture.open();
  await resetAll(page);
  await slider(page, "gain").focus();
  await page.keyboard.press("ArrowUp");
  const presets = page.getByRole("combobox", { name: "Load a preset" });
  await presets.selectOption({ label: "<b onclick=alert(8)>Soft</b>" });
  await settles(page, "gain", (value) => value === -20, "the preset's gain");
  await settles(page, "bits", (value) => value === 4, "the preset's bits");
  assert.equal(await presets.inputValue(), "", "it can be chosen again");
  await presets.selectOption({ label: "As made" });
  await settles(page, "gain", (value) => value === 0, "the default");
  await close();
});

test("Reload loads the library again and says so", async () => {
  const { page, close } = await fixture.open();
  const generation = async () =>
    numberIn((await page.locator(".generation").textContent()).replace("build ", ""));
  const before = await generation();
  await page.getByRole("button", { name: "Reload" }).click();
  await eventually(generation, (value) => value > before, "the build's number rises");
  await page.locator("jig-log .entry", { hasText: "plugin.reloaded" }).first().waitFor();
  await close();
});
