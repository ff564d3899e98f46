// Bars of peak and RMS on a dBFS scale, with a hold line. No DOM: a context and numbers.

/** The scale's ends and the levels with a line of their own, in dBFS. */
export const scale = { min: -60, max: 6, marks: [-48, -36, -24, -18, -12, -6, 0] };

/** How fast a bar falls back: 20 dB in 1.7 s (IEC 60268-10, type I). */
const fallDbPerMs = 20 / 1700;

/** @typedef {{peakDb: number, rmsDb: number, holdDb: number}} Level */

/** @typedef {Record<"meter-track"|"meter-peak"|"meter-rms"|"meter-hot"|"meter-over"|"meter-mark"|"meter-hold", string>} Palette */

export const paletteNames = /** @type {const} */ ([
  "meter-track",
  "meter-peak",
  "meter-rms",
  "meter-hot",
  "meter-over",
  "meter-mark",
  "meter-hold",
]);

/**
 * Where a level stands on the scale, 0…1.
 * @param {number} db
 */
export function toScale(db) {
  return Math.min(1, Math.max(0, (db - scale.min) / (scale.max - scale.min)));
}

/**
 * The bar's next height: up at once, down at the meter's own pace.
 * @param {number} shownDb
 * @param {number} peakDb
 * @param {number} elapsedMs
 */
export function fall(shownDb, peakDb, elapsedMs) {
  return Math.max(peakDb, shownDb - fallDbPerMs * elapsedMs, scale.min - 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, rowHeight: number, barHeight: number}} size CSS pixels
 * @param {Level[]} levels one a row
 * @param {Palette} palette
 */
export function drawMeters(context, { width, rowHeight, barHeight }, levels, palette) {
  levels.forEach((level, row) => {
    const top = row * rowHeight + (rowHeight - barHeight) / 2;
    context.fillStyle = palette["meter-track"];
    context.fillRect(0, top, width, barHeight);
    bar(context, { top, width, height: barHeight }, level.peakDb, palette, palette["meter-peak"]);
    const inset = Math.max(1, Math.round(barHeight / 4));
    const inner = { top: top + inset, width, height: barHeight - 2 * inset };
    bar(context, inner, level.rmsDb, palette, palette["meter-rms"]);
    context.fillStyle = palette["meter-mark"];
    for (const mark of scale.marks)
      context.fillRect(Math.round(toScale(mark) * width), top, 1, barHeight);
    if (level.holdDb > scale.min) {
      context.fillStyle = level.holdDb >= 0 ? palette["meter-over"] : palette["meter-hold"];
      context.fillRect(
        Math.min(width - 2, Math.round(toScale(level.holdDb) * width) - 1),
        top - 1,
        2,
        barHeight + 2,
      );
    }
  });
}

/**
 * One bar, quiet up to −6 dBFS, hot above it, over from 0.
 * @param {CanvasRenderingContext2D} context
 * @param {{top: number, width: number, height: number}} box
 * @param {number} db
 * @param {Palette} palette
 * @param {string} quiet
 */
function bar(context, { top, width, height }, db, palette, quiet) {
  const zones = [
    [scale.min, -6, quiet],
    [-6, 0, palette["meter-hot"]],
    [0, scale.max, palette["meter-over"]],
  ].map((zone) => /** @type {[number, number, string]} */ (zone));
  for (const [from, to, colour] of zones) {
    if (!(db > from)) continue;
    const left = toScale(from) * width;
    context.fillStyle = colour;
    context.fillRect(left, top, toScale(Math.min(db, to)) * width - left, height);
  }
}
