import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clockText,
  deviceWords,
  lossText,
  roundTripText,
  roundTripTitle,
} from "../../../web/js/values/timing.js";

const audio = (roundTrip = {}, rest = {}) => ({
  hasInput: true,
  hasOutput: true,
  ...rest,
  roundTrip: {
    frames: 256,
    ms: 256 / 48,
    exact: true,
    calibrated: false,
    calibrationFrames: 0,
    resamplerFrames: 0,
    ...roundTrip,
  },
});

test("a round trip says how it is known", () => {
  assert.equal(roundTripText(audio()), "256 frames, 5.33 ms, counted");
  assert.equal(
    roundTripText(audio({ exact: false })),
    "256 frames, 5.33 ms, as the driver says",
  );
  assert.equal(roundTripText(audio({ calibrated: true })), "256 frames, 5.33 ms, measured");
  assert.equal(roundTripText(audio({ frames: 2048, ms: 42.7 })), "2048 frames, 42.7 ms, counted");
  assert.equal(roundTripText(audio({ frames: 0, ms: 0 })), "–");
});

test("its title says what was measured, and what the resampler adds", () => {
  assert.match(roundTripTitle(audio()), /dev-server latency measures it/);
  const calibrated = { calibrated: true, calibrationFrames: 44 };
  assert.match(roundTripTitle(audio(calibrated)), /measured 44 frames more than the device/);
  const less = { calibrated: true, calibrationFrames: -1 };
  assert.match(roundTripTitle(audio(less)), /measured 1 frame less than the device/);
  assert.match(roundTripTitle(audio({ resamplerFrames: 96 })), /96 frames of it bring the input/);
});

test("a device that is not duplex, or resamples, is said in words", () => {
  assert.deepEqual(deviceWords(audio()), []);
  assert.deepEqual(deviceWords(audio({}, { hasInput: false })), [
    "playback only: the plugin hears silence",
  ]);
  assert.deepEqual(deviceWords(audio({}, { hasOutput: false })), [
    "capture only: nobody hears the plugin",
  ]);
  assert.deepEqual(deviceWords(audio({ resamplerFrames: 96 })), ["input resampled"]);
});

test("a clock's difference has its sign, and none where it is not known", () => {
  assert.equal(clockText(12.34), "+12.3 ppm");
  assert.equal(clockText(-12.34), "−12.3 ppm");
  assert.equal(clockText(0.01), "0.0 ppm");
  assert.equal(clockText(NaN), "");
});

test("a loss is told in frames and ms, as far as the device knows", () => {
  const loss = (data) => lossText({ data: { number: 1, frames: null, ms: 0, ...data } });
  assert.equal(loss({ frames: 1, ms: 0.0208 }), "1 frame, 0.02 ms");
  assert.equal(loss({ frames: 640, ms: 13.3, number: 10 }), "10 × 640 frames, 13.3 ms");
  assert.equal(loss({}), "some frames");
});
