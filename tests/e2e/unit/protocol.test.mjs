import assert from "node:assert/strict";
import { test } from "node:test";

import { retryDelayMs } from "../../../web/js/protocol/connection.js";
import { decodeFrame } from "../../../web/js/protocol/frames.js";
import { Acks, Streams } from "../../../web/js/protocol/streams.js";

function frame({
  version = 1,
  kind = 1,
  sub = 7,
  seq = 1,
  position = 0n,
  generation = 2,
  skipped = 0,
  channels = 1,
  format = 1,
  values = [0],
  count = values.length,
} = {}) {
  const bytes = new ArrayBuffer(32 + 4 * values.length);
  const view = new DataView(bytes);
  view.setUint8(0, version);
  view.setUint8(1, kind);
  view.setUint16(2, sub, true);
  view.setUint32(4, seq, true);
  view.setBigUint64(8, position, true);
  view.setUint32(16, generation, true);
  view.setUint32(20, skipped, true);
  view.setUint16(24, channels, true);
  view.setUint16(26, format, true);
  view.setUint32(28, count, true);
  values.forEach((value, i) => view.setFloat32(32 + 4 * i, value, true));
  return bytes;
}

test("a frame is read as the protocol lays it out", () => {
  const got = decodeFrame(
    frame({
      kind: 3,
      sub: 0x1234,
      seq: 0x89abcdef,
      position: 2n ** 40n + 5n,
      generation: 9,
      skipped: 3,
      channels: 2,
      values: [0.5, -1, 0.25, 2],
    }),
  );
  assert.deepEqual(
    { ...got, values: [...got.values] },
    {
      kind: "taps",
      sub: 0x1234,
      seq: 0x89abcdef,
      frame: 2 ** 40 + 5,
      generation: 9,
      skipped: 3,
      channels: 2,
      values: [0.5, -1, 0.25, 2],
    },
  );
});

test("a frame without values is a frame", () => {
  assert.equal(decodeFrame(frame({ kind: 3, channels: 0, values: [] })).values.length, 0);
});

test("an unknown kind is readable, another version or format is not", () => {
  assert.equal(decodeFrame(frame({ kind: 200 })).kind, "unknown");
  assert.equal(decodeFrame(frame({ version: 2 })), null);
  assert.equal(decodeFrame(frame({ format: 2 })), null);
});

test("a frame that is short, long or uneven is refused", () => {
  assert.equal(decodeFrame(new ArrayBuffer(0)), null);
  assert.equal(decodeFrame(new ArrayBuffer(31)), null);
  assert.equal(decodeFrame(frame({ values: [1, 2], count: 3 })), null);
  assert.equal(decodeFrame(frame({ values: [1, 2], count: 1 })), null);
  assert.equal(decodeFrame(frame({ values: [1, 2, 3], channels: 2 })), null);
  assert.equal(decodeFrame(frame({ values: [1], channels: 0 })), null);
  assert.equal(decodeFrame(frame({ values: [1], count: 0xffffffff })), null);
});

test("retries go from a quarter of a second to five, with jitter, and never beyond", () => {
  assert.equal(retryDelayMs(1, 0.5), 250);
  assert.equal(retryDelayMs(2, 0.5), 500);
  assert.equal(retryDelayMs(5, 0.5), 4000);
  assert.equal(retryDelayMs(6, 0.5), 5000);
  assert.equal(retryDelayMs(100000, 1), 5000);
  assert.ok(retryDelayMs(3, 0) < retryDelayMs(3, 1));
});

/** A clock that is turned by hand. */
function acksOnAClock() {
  const sent = [];
  let nowMs = 0;
  let timer = null;
  const acks = new Acks({
    send: (list) => sent.push([nowMs, list]),
    nowMs: () => nowMs,
    later: (run, ms) => (timer = { run, at: nowMs + ms }),
  });
  const advance = (to) => {
    if (timer && timer.at <= to) {
      const { run, at } = timer;
      timer = null;
      nowMs = at;
      run();
    }
    nowMs = to;
  };
  return { acks, sent, advance };
}

test("acknowledgements keep sixteen frames of credit open at 60 Hz, at most 20 a second", () => {
  const { acks, sent, advance } = acksOnAClock();
  let acknowledged = 0;
  for (let seq = 1; seq <= 600; ++seq) {
    advance((seq * 1000) / 60);
    acks.note(7, seq);
    acknowledged = sent.at(-1)[1][0][1];
    assert.ok(seq - acknowledged < 16, `frame ${seq} has credit`);
  }
  for (let i = 20; i < sent.length; ++i)
    assert.ok(sent[i][0] - sent[i - 20][0] >= 1000 - 1e-6, "no more than 20 in any second");
});

test("one message acknowledges the newest frame of every subscription", () => {
  const { acks, sent, advance } = acksOnAClock();
  acks.note(1, 1);
  acks.note(1, 2);
  acks.note(2, 5);
  acks.note(1, 3);
  advance(100);
  assert.deepEqual(
    sent.map(([, list]) => list),
    [
      [[1, 1]],
      [
        [1, 3],
        [2, 5],
      ],
    ],
  );
});

test("streams are wanted again after a reconnect, under their new number", async () => {
  const got = [];
  let sub = 10;
  const calls = [];
  const streams = new Streams(
    async (method, params) => {
      calls.push([method, params.stream]);
      sub += 1;
      return { sub, layout: { stream: params.stream, channels: [], fields: [] } };
    },
    () => {},
  );
  streams.open("meters", 60, {
    layout: () => got.push("layout"),
    frame: ({ seq }) => got.push(seq),
  });
  await streams.resubscribe();
  streams.receive(frame({ sub: 11, seq: 1 }));
  await streams.resubscribe();
  streams.receive(frame({ sub: 11, seq: 2 }));
  streams.receive(frame({ sub: 12, seq: 3 }));
  assert.deepEqual(got, ["layout", 1, "layout", 3]);
  assert.equal(calls.length, 2);
});

test("a stream that the server does not have is asked for again with another build", async () => {
  let there = false;
  const streams = new Streams(
    async () => {
      if (!there) throw new Error("notFound");
      return { sub: 1, layout: { stream: "taps", channels: [], fields: [] } };
    },
    () => {},
  );
  let layouts = 0;
  streams.open("taps", 30, { layout: () => (layouts += 1), frame: () => {} });
  await streams.resubscribe();
  assert.equal(layouts, 0);
  there = true;
  await streams.retryMissing();
  assert.equal(layouts, 1);
});
