// Input and output levels of every channel.

/** @import {Layout, StreamChannel} from "../types.js" */
/** @import {Session} from "../session.js" */
/** @import {Level} from "../draw/meter.js" */

import { contextOf, onFrame, paletteOf } from "../draw/loop.js";
import { drawMeters, fall, paletteNames, scale, toScale } from "../draw/meter.js";
import { h, panel, setText } from "../dom.js";
import { formatNumber, toDb } from "../values/text.js";

const rateHz = 60;
const rowHeight = 24;
const barHeight = 12;
/** Numbers change slower than bars: people read them. */
const textEveryMs = 100;

/** Positions of the values of one channel in a frame (PROTOCOL.md, `meters`). */
const field = { peak: 0, rms: 1, hold: 2, max: 3, clipCount: 4, nanCount: 5, droppedFrames: 6 };
const fieldCount = 8;

/** @param {number} magnitude */
const dbText = (magnitude) => {
  const db = toDb(magnitude);
  return db < -99.9 ? "−∞" : formatNumber(db, 1);
};

/**
 * @typedef {object} Row
 * @property {number} channel position in the frame
 * @property {string} label
 * @property {HTMLElement} element
 * @property {(values: Float32Array, at: number) => void} write
 */

/**
 * @param {StreamChannel} layout
 * @param {number} channel
 * @param {() => void} reset
 * @returns {Row}
 */
function row({ name, bus, direction }, channel, reset) {
  const label = `${direction === "in" ? "Input" : "Output"} ${bus ? `${bus} ` : ""}${name}`;
  const hold = h("span", { class: "meter-number", title: "Peak of the last two seconds, dBFS" });
  const max = h("span", {
    class: "meter-number meter-max",
    title: "Highest peak since the reset, dBFS",
  });
  const clip = h("span", { class: "meter-clip" });
  const faults = h("span", { class: "meter-faults" });
  const button = h(
    "button",
    {
      type: "button",
      class: "meter-row",
      "aria-label": `Reset ${label}`,
      title: "Click resets maximum and clips",
      onclick: reset,
    },
    h("span", { class: "meter-name" }, name),
    h("span", { class: "meter-space" }),
    hold,
    max,
    clip,
  );
  return {
    channel,
    label,
    element: h(
      "div",
      { class: "meter-line", "data-direction": direction, "data-channel": name },
      button,
      faults,
    ),
    write(values, at) {
      const clips = values[at + field.clipCount] ?? 0;
      const nans = values[at + field.nanCount] ?? 0;
      const dropped = values[at + field.droppedFrames] ?? 0;
      setText(hold, dbText(values[at + field.hold] ?? 0));
      setText(max, dbText(values[at + field.max] ?? 0));
      setText(clip, clips > 0 ? (clips > 999 ? "999+" : String(clips)) : "");
      clip.classList.toggle("lit", clips > 0);
      clip.title =
        clips > 0 ? `${clips} samples at or above full scale since the reset` : "No clipping";
      const wrong = [
        nans > 0 ? `${nans} samples were not a number` : "",
        dropped > 0 ? `${dropped} frames were not metered` : "",
      ];
      setText(faults, wrong.filter(Boolean).join(" · "));
    },
  };
}

/**
 * The levels of one direction: a canvas behind the rows' space, and their numbers.
 * @param {string} title
 * @param {() => Float32Array} newest
 */
function side(title, newest) {
  const canvas = h("canvas", { class: "meter-canvas", "aria-hidden": "true" });
  const list = h("div", { class: "meter-rows" }, canvas);
  const summary = h("p", { class: "unseen" });
  const marks = [-48, -24, -12, 0].map((db) => {
    const mark = h("span", {}, formatNumber(db, 0));
    mark.style.setProperty("--at", toScale(db).toFixed(4));
    return mark;
  });
  const element = h(
    "section",
    { class: "meter-side", "aria-label": `${title} levels` },
    h(
      "div",
      { class: "meter-head" },
      h("h3", {}, title),
      h("div", { class: "meter-scale", "aria-hidden": "true" }, ...marks),
      h("span", {}, "Peak"),
      h("span", {}, "Max"),
      h("span", {}, "Clip"),
    ),
    list,
    summary,
  );
  /** @type {Row[]} */
  let rows = [];
  /** @type {Level[]} */
  let levels = [];
  let [paintedMs, writtenMs, summedMs] = [0, 0, 0];

  onFrame(element, (nowMs) => {
    const values = newest();
    const elapsedMs = Math.min(200, nowMs - paintedMs);
    paintedMs = nowMs;
    rows.forEach(({ channel }, i) => {
      const at = channel * fieldCount;
      const level = levels[i];
      if (!level) return;
      level.peakDb = fall(level.peakDb, toDb(values[at + field.peak] ?? 0), elapsedMs);
      level.rmsDb = toDb(values[at + field.rms] ?? 0);
      level.holdDb = toDb(values[at + field.hold] ?? 0);
    });
    const target = contextOf(canvas);
    if (target)
      drawMeters(
        target.context,
        { width: target.width, rowHeight, barHeight },
        levels,
        paletteOf(canvas, paletteNames),
      );
    if (nowMs - writtenMs > textEveryMs) {
      writtenMs = nowMs;
      for (const { write, channel } of rows) write(values, channel * fieldCount);
    }
    if (nowMs - summedMs > 1000) {
      summedMs = nowMs;
      const spoken = rows.map(
        ({ label, channel }) =>
          `${label}: ${dbText(values[channel * fieldCount + field.hold] ?? 0)} dBFS`,
      );
      setText(summary, spoken.join(", "));
    }
  });

  return {
    element,
    /** @param {Row[]} next */
    show(next) {
      rows = next;
      levels = next.map(() => ({ peakDb: scale.min - 1, rmsDb: -Infinity, holdDb: -Infinity }));
      list.replaceChildren(canvas, ...next.map(({ element: line }) => line));
      canvas.style.setProperty("--rows", String(next.length));
      element.hidden = next.length === 0;
    },
  };
}

panel("jig-meters", (root, session) => {
  /** @type {Float32Array} */
  let values = new Float32Array(0);
  const sides = { in: side("Input", () => values), out: side("Output", () => values) };
  const resetAll = h(
    "button",
    { type: "button", class: "quiet", onclick: () => session.ask("meter.reset") },
    "Reset",
  );
  resetAll.setAttribute("aria-label", "Reset all meters");
  const none = h("p", { class: "empty" }, "No channels yet.");
  root.append(
    h("div", { class: "panel-head" }, h("h2", {}, "Levels"), resetAll),
    none,
    sides.in.element,
    sides.out.element,
  );
  sides.in.show([]);
  sides.out.show([]);

  session.streams.open("meters", rateHz, {
    layout: (layout) => {
      const inputs = layout.channels.filter(({ direction }) => direction === "in").length;
      // The server resets one channel of both directions, so a channel counts within its own.
      const rows = layout.channels.map((channel, i) => {
        const within = channel.direction === "in" ? i : i - inputs;
        return row(channel, i, () => session.ask("meter.reset", { channel: within }));
      });
      values = new Float32Array(rows.length * fieldCount);
      sides.in.show(rows.filter((_, i) => layout.channels[i]?.direction === "in"));
      sides.out.show(rows.filter((_, i) => layout.channels[i]?.direction === "out"));
      none.hidden = rows.length > 0;
    },
    frame: (frame) => (values = frame.values),
  });
});
