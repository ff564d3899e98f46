// Where a value stands on its control's travel 0…1, and back (PROTOCOL.md, Param.curve).

/** @import {Param} from "../types.js" */

/** @typedef {Pick<Param, "min"|"max"|"step"|"curve"|"curveArg"|"flags">} Range */

/** @param {number} t */
const unit = (t) => Math.min(1, Math.max(0, t));

/**
 * The plain value at travel `t`, not yet on its grid.
 * @param {Range} range
 * @param {number} t 0…1; beyond is clamped
 */
export function toValue(range, t) {
  const { min, max, curve, curveArg } = range;
  const at = unit(t);
  // The ends are exact: a power of a quotient would miss them by a rounding.
  if (at === 0) return min;
  if (at === 1) return max;
  if (curve === "log") return min * (max / min) ** at;
  if (curve === "skew") return min + (max - min) * at ** (1 / curveArg);
  return min + (max - min) * at;
}

/**
 * The travel of a value; 0 where the range is empty.
 * @param {Range} range
 * @param {number} value
 */
export function toTravel(range, value) {
  const { min, max, curve, curveArg } = range;
  if (max === min) return 0;
  if (curve === "log") {
    const ratio = value / min;
    return ratio > 0 ? unit(Math.log(ratio) / Math.log(max / min)) : 0;
  }
  const linear = unit((value - min) / (max - min));
  return curve === "skew" ? linear ** curveArg : linear;
}

/**
 * The distance of a stepped parameter's values, 0 for a continuous one.
 * @param {Range} range
 */
export function gridOf(range) {
  if (range.flags.includes("toggle")) return range.max - range.min;
  if (range.flags.includes("enum")) return range.step || 1;
  return range.flags.includes("stepped") ? range.step : 0;
}

/**
 * The nearest value that the parameter can have.
 * @param {Range} range
 * @param {number} value
 */
export function snap(range, value) {
  const grid = gridOf(range);
  const { min, max } = range;
  const inside = Math.min(max, Math.max(min, value));
  if (grid <= 0) return inside;
  const last = Math.floor((max - min) / grid + 1e-9);
  return min + Math.min(last, Math.round((inside - min) / grid)) * grid;
}

/**
 * The value `steps` of a control's small steps away: the grid's where there is one, else a hundredth
 * of the travel (a thousandth when fine). Periodic parameters wrap.
 * @param {Range} range
 * @param {number} value
 * @param {number} steps
 * @param {boolean} [fine]
 */
export function nudge(range, value, steps, fine = false) {
  const wraps = range.flags.includes("periodic");
  const grid = gridOf(range);
  if (grid > 0) {
    const next = value + Math.sign(steps) * Math.max(1, Math.round(Math.abs(steps))) * grid;
    if (wraps && next > range.max) return range.min;
    if (wraps && next < range.min) return snap(range, range.max);
    return snap(range, next);
  }
  const travel = toTravel(range, value) + steps * (fine ? 0.001 : 0.01);
  return toValue(range, wraps ? travel - Math.floor(travel) : travel);
}
