// Values as people read and type them: "1.20 kHz", "-6 dB", "50 %", "on".

/** @import {Param} from "../types.js" */

/** @typedef {Pick<Param, "min"|"max"|"step"|"unit"|"flags"|"labels">} Described */

/** What a unit's relatives are worth in it, in the order in which a label prefers them. */
const families = [
  [
    ["MHz", 1e6],
    ["kHz", 1e3],
    ["Hz", 1],
  ],
  [
    ["s", 1],
    ["ms", 1e-3],
    ["µs", 1e-6],
  ],
].map((family) => /** @type {[string, number][]} */ (family));

/** @type {Record<string, number>} */
const prefixes = { k: 1e3, K: 1e3, M: 1e6, m: 1e-3, u: 1e-6, µ: 1e-6 };

const minus = "\u2212";

/** @param {string} unit */
const familyOf = (unit) => families.find((family) => family.some(([name]) => name === unit));

/**
 * Digits after the point that tell neighbouring positions of a control apart.
 * @param {number} span
 * @param {number} step
 */
function decimals(span, step) {
  if (step > 0) return Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  if (!(span > 0)) return 2;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(span) - 1e-9)));
}

/**
 * A number with a true minus sign and never "−0".
 * @param {number} value
 * @param {number} digits
 */
export function formatNumber(value, digits) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${minus}∞`;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? minus + text : text;
}

/**
 * A value with its unit.
 * @param {Described} desc
 * @param {number} value
 */
export function formatValue(desc, value) {
  if (desc.flags.includes("enum") || (desc.flags.includes("toggle") && desc.labels.length > 1)) {
    return desc.labels[Math.round(value - desc.min)] ?? String(value);
  }
  if (desc.flags.includes("toggle")) return value > (desc.min + desc.max) / 2 ? "On" : "Off";
  const family = familyOf(desc.unit);
  if (family) return formatScaled(desc, value, family);
  const digits = decimals(desc.max - desc.min, desc.flags.includes("stepped") ? desc.step : 0);
  const text = formatNumber(value, digits);
  const signed =
    desc.unit === "dB" && desc.min < 0 && desc.max > 0 && Number(value.toFixed(digits)) > 0;
  return `${signed ? "+" : ""}${text}${desc.unit ? ` ${desc.unit}` : ""}`;
}

/**
 * Three significant digits in the unit that suits the size: 440 Hz, 1.20 kHz, 350 µs.
 * @param {Described} desc
 * @param {number} value
 * @param {[string, number][]} family
 */
function formatScaled(desc, value, family) {
  const own = family.find(([name]) => name === desc.unit) ?? [desc.unit, 1];
  const base = value * own[1];
  const size = Math.abs(base);
  const fit =
    size === 0 ? own : (family.find(([, worth]) => size >= worth * 0.9995) ?? family.at(-1) ?? own);
  const shown = base / fit[1];
  const whole = desc.flags.includes("stepped") && desc.step % 1 === 0 && fit[0] === desc.unit;
  const digits = whole
    ? 0
    : Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(shown) || 1))));
  return `${formatNumber(shown, digits)} ${fit[0]}`;
}

/**
 * The value that a person typed, or null when it is none; not clamped.
 * @param {Described} desc
 * @param {string} typed
 * @returns {number|null}
 */
export function parseValue(desc, typed) {
  const text = typed.trim().replaceAll(minus, "-");
  if (text === "") return null;
  const label = desc.labels.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  if (label >= 0) return desc.min + label;
  if (desc.flags.includes("toggle")) {
    if (/^(on|yes|true)$/i.test(text)) return desc.max;
    if (/^(off|no|false)$/i.test(text)) return desc.min;
  }
  if (/^[-+]?(inf(inity)?|∞)\s*(db)?$/i.test(text) && desc.unit === "dB") {
    return text.startsWith("-") ? desc.min : desc.max;
  }
  const match = /^([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?)\s*(\S*)$/i.exec(text);
  if (!match) return null;
  const worth = factor(desc.unit, match[2] ?? "");
  return worth === null ? null : Number((match[1] ?? "").replace(",", ".")) * worth;
}

/**
 * What one of the typed unit is worth in the parameter's own; null when they do not go together.
 * @param {string} unit
 * @param {string} typed
 * @returns {number|null}
 */
function factor(unit, typed) {
  /** @param {string} name */
  const plain = (name) => name.replace(/^u(?=s$)/i, "µ").toLowerCase();
  if (typed === "" || plain(typed) === plain(unit)) return 1;
  const family = familyOf(unit);
  const own = family?.find(([name]) => name === unit);
  const other = family?.find(([name]) => plain(name) === plain(typed));
  if (own && other) return other[1] / own[1];
  return prefixes[typed] ?? null;
}

/**
 * A linear magnitude in dBFS; −∞ for zero, NaN for NaN.
 * @param {number} magnitude
 */
export const toDb = (magnitude) => (magnitude <= 0 ? -Infinity : 20 * Math.log10(magnitude));
