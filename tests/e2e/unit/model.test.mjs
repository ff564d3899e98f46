import assert from "node:assert/strict";
import { test } from "node:test";

import { fall, scale, toScale } from "../../../web/js/draw/meter.js";
import { Events } from "../../../web/js/events.js";
import { Params } from "../../../web/js/params.js";
import { Store } from "../../../web/js/state.js";
import { HeldNotes } from "../../../web/js/values/held-notes.js";
import { OwnText } from "../../../web/js/values/own-text.js";
import { Optimistic } from "../../../web/js/values/optimistic.js";

/** An optimistic value whose frames and answers come when the test says so. */
function optimistic() {
  const sent = [];
  const frames = [];
  const value = new Optimistic(0, 1, {
    send: (number) => new Promise((resolve, reject) => sent.push({ number, resolve, reject })),
    changed: () => {},
    schedule: (run) => frames.push(run),
  });
  const frame = () => frames.splice(0).forEach((run) => run());
  return { value, sent, frame };
}
const answered = () => new Promise((resolve) => setImmediate(resolve));

test("the plugin's words are asked for once at a time, and last for the newest value", async () => {
  const asked = [];
  let told = 0;
  const own = new OwnText(
    (value) => new Promise((resolve) => asked.push({ value, resolve })),
    () => (told += 1),
  );
  assert.equal(own.of(1), null);
  assert.equal(own.of(2), null);
  assert.equal(own.of(3), null);
  assert.deepEqual(
    asked.map(({ value }) => value),
    [1],
  );
  asked[0].resolve("one");
  await answered();
  assert.equal(asked[1].value, 3);
  assert.equal(own.of(3), "one", "until the answer is there");
  asked[1].resolve("three");
  await answered();
  assert.equal(own.of(3), "three");
  assert.equal(told, 2);
  own.forget();
  assert.equal(own.of(3), null);
  asked[2].resolve(null);
  await answered();
  assert.equal(own.of(3), null, "it has no words any more");
  assert.equal(asked.length, 3);
});

test("a drag sends at most one value an animation frame, the newest", () => {
  const { value, sent, frame } = optimistic();
  value.begin();
  for (let i = 1; i <= 10; ++i) value.set(i);
  assert.equal(sent.length, 0);
  frame();
  frame();
  assert.deepEqual(
    sent.map(({ number }) => number),
    [10],
  );
});

test("the end of a gesture sends what is left without waiting for a frame", () => {
  const { value, sent } = optimistic();
  value.begin();
  value.set(3);
  value.end();
  assert.deepEqual(
    sent.map(({ number }) => number),
    [3],
  );
});

test("echoes of older values do not move a control that is dragged", async () => {
  const { value, sent, frame } = optimistic();
  value.begin();
  value.set(1);
  frame();
  value.set(2);
  frame();
  value.confirm(1, 2);
  assert.equal(value.value, 2);
  sent[0].resolve({ value: 1, rev: 2 });
  await answered();
  assert.equal(value.value, 2);
  value.end();
  sent[1].resolve({ value: 2, rev: 3 });
  await answered();
  assert.equal(value.value, 2);
});

test("the server's rounding shows once the gesture is over", async () => {
  const { value, sent } = optimistic();
  value.begin();
  value.set(2.4);
  value.end();
  assert.equal(value.value, 2.4);
  sent[0].resolve({ value: 2, rev: 2 });
  await answered();
  assert.equal(value.value, 2);
});

test("a refused value falls back to the server's", async () => {
  const { value, sent } = optimistic();
  value.begin();
  value.set(99);
  value.end();
  sent[0].reject(new Error("outOfRange"));
  await answered();
  assert.equal(value.value, 0);
});

test("of two pages' values the higher revision counts, in whichever order they arrive", () => {
  const { value } = optimistic();
  value.confirm(5, 8);
  value.confirm(4, 7);
  assert.equal(value.value, 5);
  value.restart(6, 1);
  assert.equal(value.value, 6, "a new server counts anew");
});

const param = (id, fields = {}) => ({
  id,
  name: id,
  group: "",
  unit: "",
  doc: "",
  min: 0,
  max: 1,
  def: 0,
  step: 0,
  curve: "lin",
  curveArg: 1,
  flags: [],
  labels: [],
  value: 0,
  rev: 1,
  touched: false,
  ...fields,
});

test("a list with other values but the same descriptors rebuilds nothing", () => {
  const params = new Params(async () => null);
  let built = 0;
  params.watchList(() => (built += 1));
  params.replace([param("a"), param("b")]);
  assert.equal(built, 2);
  const binding = params.binding("a");
  params.replace([param("a", { value: 0.5, rev: 9 }), param("b")]);
  assert.equal(built, 2);
  assert.equal(binding.value, 0.5);
  params.replace([param("a")]);
  assert.equal(built, 3);
});

test("a knob that was moved before a preset, a reset or all resets is set before them", async () => {
  const frames = [];
  globalThis.requestAnimationFrame = (run) => frames.push(run);
  const asked = [];
  const params = new Params(async (method) => void asked.push(method));
  params.replace([param("a"), param("b")]);
  const binding = params.binding("a");
  binding.set(0.5);
  await params.loadPreset("Soft");
  binding.set(0.6);
  await params.resetAll();
  binding.set(0.7);
  binding.reset();
  assert.deepEqual(asked, [
    "param.set",
    "preset.load",
    "param.set",
    "param.reset",
    "param.set",
    "param.reset",
  ]);
  for (const run of frames) run();
  assert.equal(asked.length, 6, "the frame that comes late has nothing left to send");
  delete globalThis.requestAnimationFrame;
});

test("a change from elsewhere reaches who watches the parameter, and only them", () => {
  const params = new Params(async () => null);
  params.replace([param("a"), param("b")]);
  const seen = [];
  const stop = params.binding("a").watch(() => seen.push("a"));
  params.binding("b").watch(() => seen.push("b"));
  params.changed({ id: "a", value: 0.25, rev: 2, touched: true });
  params.changed({ id: "gone", value: 1, rev: 3, touched: true });
  assert.deepEqual(seen, ["a"]);
  stop();
  params.changed({ id: "a", value: 0.5, rev: 4, touched: true });
  assert.deepEqual(seen, ["a"]);
});

const event = (id) => ({
  id,
  frame: 0,
  timeMs: 0,
  kind: "log",
  level: "info",
  text: `${id}`,
  data: {},
});

test("events come once and in order, though some arrive while the past is fetched", () => {
  const events = new Events();
  const told = [];
  events.watch(({ id }, live) => told.push([id, live]));
  events.hold();
  events.receive(event(4));
  events.receive(event(5));
  events.resume({ events: [event(1), event(2), event(3), event(4)], gap: 0 });
  events.receive(event(6));
  events.receive(event(6));
  assert.deepEqual(told, [
    [1, false],
    [2, false],
    [3, false],
    [4, false],
    [5, true],
    [6, true],
  ]);
  assert.equal(events.lastId, 6);
});

test("a new server's events count from one, and what was lost is said", () => {
  const events = new Events();
  events.receive(event(900));
  events.hold();
  events.restart();
  events.resume({ events: [event(1)], gap: 0 });
  assert.equal(events.lastId, 1);
  events.hold();
  events.resume({ events: [], gap: 12 });
  assert.match(events.list.at(-1).text, /12 events/);
});

test("the page keeps a thousand events", () => {
  const events = new Events();
  for (let id = 1; id <= 1500; ++id) events.receive(event(id));
  assert.equal(events.list.length, 1000);
  assert.equal(events.list[0].id, 501);
});

test("the store tells whom it concerns, and ignores what it does not know", () => {
  const store = new Store();
  let runs = 0;
  store.watch(["monitor"], () => (runs += 1));
  store.merge({ transport: { bpm: 120, playing: false, beat: 0, source: "internal" } });
  store.merge({ somethingNew: 1 });
  assert.equal(runs, 1);
  store.merge({ monitor: { mute: true, bypass: false, trimDb: 0, tripped: false } });
  assert.equal(runs, 2);
});

function held() {
  const sent = [];
  return {
    notes: new HeldNotes((events) => sent.push(...events.map(({ type, key }) => `${type} ${key}`))),
    sent,
  };
}

test("a key that two fingers hold sounds once, until both let go", () => {
  const { notes, sent } = held();
  notes.press("left", 60, 1);
  notes.press("right", 60, 1);
  notes.release("left");
  assert.deepEqual(sent, ["noteOn 60"]);
  notes.release("right");
  assert.deepEqual(sent, ["noteOn 60", "noteOff 60"]);
});

test("a finger that slides ends the note it leaves", () => {
  const { notes, sent } = held();
  notes.press("finger", 60, 1);
  notes.press("finger", 60, 1);
  notes.press("finger", 62, 1);
  assert.deepEqual(sent, ["noteOn 60", "noteOff 60", "noteOn 62"]);
});

test("all notes end at once, and what comes up later ends nothing", () => {
  const { notes, sent } = held();
  notes.press("a", 60, 1);
  notes.press("b", 64, 1);
  notes.press("c", 64, 1);
  notes.press("d", 128, 1);
  notes.releaseAll();
  notes.release("a");
  assert.deepEqual(sent, ["noteOn 60", "noteOn 64", "noteOff 60", "noteOff 64"]);
});

test("a meter's bar rises at once and falls 20 dB in 1.7 s", () => {
  assert.equal(fall(-40, -3, 16), -3);
  assert.ok(Math.abs(fall(0, -Infinity, 1700) + 20) < 1e-9);
  assert.equal(fall(-60, -Infinity, 100000), scale.min - 1);
  assert.equal(toScale(-Infinity), 0);
  assert.equal(toScale(scale.max), 1);
  assert.equal(toScale(40), 1);
});
