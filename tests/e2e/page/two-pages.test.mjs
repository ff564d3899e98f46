import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "../lib/browser.mjs";
import { control, resetAll, suite } from "../lib/suite.mjs";

const fixture = suite();

const valueOf = async (page, id) =>
  Number(await control(page, id).getByRole("slider").getAttribute("aria-valuenow"));

test("two pages stay in step while one drags", async () => {
  const [one, two] = [await fixture.open(), await fixture.open()];
  await resetAll(one.page);
  const knob = control(one.page, "gain").getByRole("slider");
  const box = await knob.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await one.page.mouse.move(x, y);
  await one.page.mouse.down();
  for (const dy of [-20, -60, -35]) {
    await one.page.mouse.move(x, y + dy, { steps: 5 });
    const wanted = await valueOf(one.page, "gain");
    await eventually(
      () => valueOf(two.page, "gain"),
      (value) => Math.abs(value - wanted) < 1e-3,
      "the other page follows the drag",
    );
  }
  await one.page.mouse.up();
  await one.close();
  await two.close();
});

test("while a knob is held, what another page sets does not move it; afterwards the last one counts", async () => {
  const [one, two] = [await fixture.open(), await fixture.open()];
  await resetAll(one.page);
  const knob = control(one.page, "gain").getByRole("slider");
  const box = await knob.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await one.page.mouse.move(x, y);
  await one.page.mouse.down();
  await one.page.mouse.move(x, y - 45, { steps: 5 });
  const held = await valueOf(one.page, "gain");
  await eventually(
    () => valueOf(two.page, "gain"),
    (value) => Math.abs(value - held) < 1e-3,
    "the drag arrived",
  );

  await control(two.page, "gain").getByRole("slider").focus();
  await two.page.keyboard.press("Home");
  await eventually(
    () => valueOf(two.page, "gain"),
    (value) => value === -24,
    "the other page set it",
  );
  const third = await fixture.open();
  await eventually(
    () => valueOf(third.page, "gain"),
    (value) => value === -24,
    "the server took it",
  );
  assert.equal(await valueOf(one.page, "gain"), held, "the held knob stayed under the hand");
  await one.page.mouse.up();
  await eventually(
    () => valueOf(one.page, "gain"),
    (value) => value === -24,
    "let go, it shows what was set last",
  );
  for (const { close } of [one, two, third]) await close();
});
