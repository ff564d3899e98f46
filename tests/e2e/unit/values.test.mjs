import assert from "node:assert/strict";
import { test } from "node:test";

import { gridOf, nudge, snap, toTravel, toValue } from "../../../web/js/values/curve.js";
import { formatNumber, formatValue, parseValue, toDb } from "../../../web/js/values/text.js";

const shape = (fields) => ({
  min: 0,
  max: 1,
  def: 0,
  step: 0,
  curve: "lin",
  curveArg: 1,
  flags: [],
  labels: [],
  unit: "",
  ...fields,
});
const near = (got, wanted, slack = 1e-9) =>
  assert.ok(Math.abs(got - wanted) <= slack, `${got} is not ${wanted}`);

const curves = {
  lin: shape({ min: -5, max: 20 }),
  log: shape({ min: 20, max: 20000, curve: "log" }),
  "log below zero": shape({ min: -1000, max: -1, curve: "log" }),
  skew: shape({ min: 1, max: 9, curve: "skew", curveArg: 0.4 }),
  db: shape({ min: -60, max: 12, curve: "db" }),
};

for (const [name, range] of Object.entries(curves)) {
  test(`${name}: the ends are exact and travel and value undo each other`, () => {
    assert.equal(toValue(range, 0), range.min);
    assert.equal(toValue(range, 1), range.max);
    for (let t = 0; t <= 1; t += 0.05) near(toTravel(range, toValue(range, t)), t, 1e-9);
    assert.equal(toValue(range, 1.5), range.max);
    assert.equal(toValue(range, -0.5), range.min);
  });
}

test("the curves are the protocol's formulas", () => {
  near(toValue(curves.log, 0.5), 20 * 1000 ** 0.5);
  near(toValue(curves.skew, 0.5), 1 + 8 * 0.5 ** (1 / 0.4));
  near(toValue(curves.db, 0.25), -60 + 72 * 0.25);
});

test("an empty range has no travel", () => {
  assert.equal(toTravel(shape({ min: 3, max: 3 }), 3), 0);
});

test("a stepped value lies on its grid and inside its range", () => {
  const range = shape({ min: 1, max: 10, step: 4, flags: ["stepped"] });
  assert.equal(snap(range, 3.1), 5);
  assert.equal(snap(range, 10), 9, "10 is not on the grid");
  assert.equal(snap(range, -7), 1);
  assert.equal(gridOf(shape({ flags: ["enum"], max: 3 })), 1);
  assert.equal(gridOf(shape({ step: 0.1 })), 0, "a step alone does not make it stepped");
});

test("small steps follow the grid, and a hundredth of the travel without one", () => {
  const stepped = shape({ min: 1, max: 16, step: 1, flags: ["stepped"] });
  assert.equal(nudge(stepped, 5, 1), 6);
  assert.equal(nudge(stepped, 16, 1), 16);
  near(nudge(curves.db, 0, 1), 0.72);
  near(nudge(curves.db, 0, 1, true), 0.072);
});

test("a periodic parameter wraps", () => {
  const angle = shape({ max: 360, flags: ["periodic"] });
  near(nudge(angle, 0, -1), 356.4);
  const steps = shape({ max: 3, step: 1, flags: ["periodic", "stepped"] });
  assert.equal(nudge(steps, 3, 1), 0);
  assert.equal(nudge(steps, 0, -1), 3);
});

test("values read as people write them", () => {
  const hz = shape({ min: 20, max: 20000, unit: "Hz" });
  assert.equal(formatValue(hz, 440), "440 Hz");
  assert.equal(formatValue(hz, 1200), "1.20 kHz");
  assert.equal(formatValue(hz, 12000), "12.0 kHz");
  assert.equal(formatValue(shape({ max: 5000, unit: "ms" }), 0.35), "350 µs");
  assert.equal(formatValue(shape({ max: 5000, unit: "ms" }), 2500), "2.50 s");
  assert.equal(formatValue(shape({ min: -60, max: 12, unit: "dB" }), 6), "+6.0 dB");
  assert.equal(formatValue(shape({ min: -60, max: 12, unit: "dB" }), -6), "−6.0 dB");
  assert.equal(
    formatValue(shape({ min: -60, max: 12, unit: "dB" }), -0.001),
    "0.0 dB",
    "no minus zero",
  );
  assert.equal(formatValue(shape({ max: 1, flags: ["toggle"] }), 1), "On");
  assert.equal(formatValue(shape({ max: 2, flags: ["enum"], labels: ["a", "b", "c"] }), 2), "c");
  assert.equal(
    formatValue(shape({ min: 1, max: 16, step: 1, unit: "bit", flags: ["stepped"] }), 12),
    "12 bit",
  );
  assert.equal(formatNumber(-Infinity, 1), "−∞");
  assert.equal(formatNumber(NaN, 1), "NaN");
});

test("what a person types is a value, with or without its unit", () => {
  const db = shape({ min: -60, max: 12, unit: "dB" });
  const hz = shape({ min: 20, max: 20000, unit: "Hz" });
  const ms = shape({ max: 5000, unit: "ms" });
  for (const [desc, typed, wanted] of [
    [db, "6 dB", 6],
    [db, "-6dB", -6],
    [db, "−6.5", -6.5],
    [db, "+3", 3],
    [db, "-inf", -60],
    [db, "1,5 db", 1.5],
    [hz, "1k", 1000],
    [hz, "440Hz", 440],
    [hz, "1.2 kHz", 1200],
    [hz, "1.2khz", 1200],
    [hz, "1e3", 1000],
    [hz, ".5k", 500],
    [ms, "2 s", 2000],
    [ms, "100us", 0.1],
    [ms, "100 µs", 0.1],
    [ms, "5", 5],
    [shape({ max: 100, unit: "%" }), "50 %", 50],
    [shape({ max: 2, flags: ["enum"], labels: ["Low", "Mid", "High"] }), "high", 2],
    [shape({ flags: ["toggle"] }), "on", 1],
    [shape({ flags: ["toggle"] }), "Off", 0],
  ])
    near(parseValue(desc, typed), wanted);
});

test("what is no value, or one of another unit, is refused", () => {
  const hz = shape({ max: 20000, unit: "Hz" });
  for (const typed of ["", "  ", "abc", "1 dB", "1 s", "--1", "1.2.3", "k", "1 bananas", "NaN"])
    assert.equal(parseValue(hz, typed), null, typed);
});

test("every formatted value can be typed back", () => {
  const desc = shape({ min: 0.1, max: 5000, unit: "ms", curve: "log" });
  for (const value of [0.1, 0.35, 1, 12.3, 999, 1234, 5000]) {
    const back = parseValue(desc, formatValue(desc, value));
    near(back / value, 1, 0.005);
  }
});

test("decibels of a magnitude", () => {
  near(toDb(0.5), -6.0206, 1e-4);
  assert.equal(toDb(0), -Infinity);
  assert.ok(Number.isNaN(toDb(NaN)));
});
