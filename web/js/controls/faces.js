// How a continuous control looks: a knob or a slider. A face paints a travel, and knows how a drag moves it.

import { h, svg } from "../dom.js";

/**
 * @typedef {object} Face
 * @property {HTMLElement} element
 * @property {(t: number, origin: number, def: number) => void} paint travel, where the arc begins, the default
 * @property {(dx: number, dy: number) => number} travelOf how far a drag by so many CSS pixels moves
 * @property {((x: number) => number)|null} jump the travel at a page position, where a press goes there
 */

/** CSS pixels for the whole travel of a knob. */
const knobTravel = 180;
/** Clear of the bottom by 45° on each side. */
const arcDegrees = 270;

/** @param {number} t */
function onArc(t, radius = 22) {
  const angle = ((t * arcDegrees + 135) * Math.PI) / 180;
  return `${(28 + radius * Math.cos(angle)).toFixed(2)} ${(28 + radius * Math.sin(angle)).toFixed(2)}`;
}

/**
 * @param {number} from
 * @param {number} to
 */
function arc(from, to) {
  const [low, high] = from < to ? [from, to] : [to, from];
  const large = (high - low) * arcDegrees > 180 ? 1 : 0;
  return `M ${onArc(low)} A 22 22 0 ${large} 1 ${onArc(high)}`;
}

/** @returns {Face} */
export function knobFace() {
  const value = svg("path", { class: "knob-value" });
  const mark = svg("path", { class: "knob-default" });
  const pointer = svg("path", { class: "knob-pointer" });
  const drawing = svg(
    "svg",
    { viewBox: "0 0 56 56", class: "knob", "aria-hidden": "true" },
    svg("path", { class: "knob-track", d: arc(0, 1) }),
    value,
    svg("circle", { class: "knob-cap", cx: 28, cy: 28, r: 15.5 }),
    mark,
    pointer,
  );
  return {
    element: h("div", { class: "face face-knob" }, drawing),
    paint(t, origin, def) {
      value.setAttribute("d", Math.abs(t - origin) < 0.001 ? "" : arc(origin, t));
      mark.setAttribute("d", `M ${onArc(def, 25.5)} L ${onArc(def, 27.5)}`);
      pointer.setAttribute("d", `M ${onArc(t, 7)} L ${onArc(t, 14)}`);
    },
    travelOf: (dx, dy) => (dx - dy) / knobTravel,
    jump: null,
  };
}

/** @returns {Face} */
export function sliderFace() {
  const rail = h(
    "div",
    { class: "rail" },
    h("div", { class: "rail-value" }),
    h("div", { class: "rail-default" }),
  );
  const element = h("div", { class: "face face-slider" }, rail, h("div", { class: "rail-thumb" }));
  return {
    element,
    paint(t, origin, def) {
      element.style.setProperty("--t", t.toFixed(4));
      element.style.setProperty("--from", Math.min(t, origin).toFixed(4));
      element.style.setProperty("--to", Math.max(t, origin).toFixed(4));
      element.style.setProperty("--def", def.toFixed(4));
    },
    travelOf: (dx) => dx / Math.max(1, rail.clientWidth),
    jump: (x) => {
      const { left, width } = rail.getBoundingClientRect();
      return (x - left) / Math.max(1, width);
    },
  };
}
