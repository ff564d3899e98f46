// The last minute of a load between 0 and 1 and beyond: mean as an area, maximum as a line. No DOM.

/** @typedef {{mean: number, max: number}} Point */

/** @typedef {Record<"accent"|"accent-soft"|"bad"|"line", string>} Palette */

export const paletteNames = /** @type {const} */ (["accent", "accent-soft", "bad", "line"]);

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number}} size CSS pixels
 * @param {Point[]} points oldest first
 * @param {number} capacity points that fill the width
 * @param {Palette} palette
 */
export function drawHistory(context, { width, height }, points, capacity, palette) {
  const step = width / (capacity - 1);
  const left = width - (points.length - 1) * step;
  /** @param {number} load */
  const y = (load) => height - Math.min(1, Math.max(0, load)) * (height - 1.5) - 0.75;

  context.fillStyle = palette.line;
  for (const load of [0, 0.5, 1])
    context.fillRect(0, Math.min(height - 1, Math.floor(y(load))), width, 1);
  if (points.length < 2) return;

  context.beginPath();
  context.moveTo(left, height);
  points.forEach(({ mean }, i) => context.lineTo(left + i * step, y(mean)));
  context.lineTo(width, height);
  context.fillStyle = palette["accent-soft"];
  context.fill();

  context.beginPath();
  points.forEach(({ max }, i) => context.lineTo(left + i * step, y(max)));
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.strokeStyle = palette.accent;
  context.stroke();

  context.fillStyle = palette.bad;
  points.forEach(({ max }, i) => max > 1 && context.fillRect(left + i * step - 1, 0, 2, height));
}
