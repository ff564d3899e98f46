// How long sound takes through the device, and what was lost of it, in words.

/** @import {Audio, JigEvent} from "../types.js" */

import { formatNumber } from "./text.js";

/** @param {number} ms */
const inMs = (ms) => `${formatNumber(ms, ms < 10 ? 2 : 1)} ms`;

/** @param {number} count */
const frames = (count) => `${count} ${count === 1 ? "frame" : "frames"}`;

/**
 * From input to output through the device, and how that is known.
 * @param {Audio} audio
 */
export function roundTripText({ roundTrip }) {
  if (!roundTrip || roundTrip.frames === 0) return "–";
  const how = roundTrip.calibrated
    ? "measured"
    : roundTrip.exact
      ? "counted"
      : "as the driver says";
  return `${frames(roundTrip.frames)}, ${inMs(roundTrip.ms)}, ${how}`;
}

/**
 * What the round trip is made of.
 * @param {Audio} audio
 */
export function roundTripTitle({ roundTrip }) {
  if (!roundTrip) return "";
  const { calibrationFrames, calibrated, resamplerFrames } = roundTrip;
  const more = calibrationFrames < 0 ? "less" : "more";
  return [
    "From input to output through the device, without the plugin",
    calibrated
      ? `a cable measured ${frames(Math.abs(calibrationFrames))} ${more} than the device counts`
      : "dev-server latency measures it through a cable",
    resamplerFrames > 0
      ? `${frames(resamplerFrames)} of it bring the input onto the output's clock`
      : "",
  ]
    .filter(Boolean)
    .join("; ");
}

/**
 * What is not as one would expect of a duplex device.
 * @param {Audio} audio
 * @returns {string[]}
 */
export function deviceWords({ hasInput, hasOutput, roundTrip }) {
  return [
    hasInput === false ? "playback only: the plugin hears silence" : "",
    hasOutput === false ? "capture only: nobody hears the plugin" : "",
    roundTrip && roundTrip.resamplerFrames > 0 ? "input resampled" : "",
  ].filter(Boolean);
}

/** @param {number} ppm of the device's clock against the system's; NaN: not known */
export function clockText(ppm) {
  if (!Number.isFinite(ppm)) return "";
  const text = formatNumber(ppm, 1);
  return `${ppm > 0 && Number(text) !== 0 ? "+" : ""}${text} ppm`;
}

/**
 * What an `audio.xrun` lost.
 * @param {JigEvent} event
 */
export function lossText({ data }) {
  const many = data["number"] > 1 ? `${data["number"]} × ` : "";
  const lost = data["frames"];
  return many + (typeof lost === "number" ? `${frames(lost)}, ${inMs(data["ms"])}` : "some frames");
}
