// A knob's or slider's behaviour: drag, wheel, keys, typed values, and what a screen reader hears.

/** @import {Binding} from "../types.js" */
/** @import {Face} from "./faces.js" */

import { h, setText } from "../dom.js";
import { gridOf, nudge, snap, toTravel, toValue } from "../values/curve.js";

/** Shift divides a drag by this. */
const fineness = 10;
/** Wheel and key steps closer than this are one gesture. */
const burstMs = 400;
/** A wheel that is scrolling the page does not turn what passes under it. */
const scrollMs = 350;

let scrolledMs = -Infinity;
addEventListener("scroll", () => (scrolledMs = performance.now()), {
  capture: true,
  passive: true,
});

/**
 * @param {Binding} binding
 * @param {Face} face
 * @param {string} label
 * @returns {{element: HTMLElement, stop: () => void}} call stop when the element is discarded
 */
export function continuous(binding, face, label) {
  const readout = h("button", {
    class: "readout",
    type: "button",
    tabindex: "-1",
    "aria-label": `Type a value for ${label}`,
  });
  const dial = face.element;
  dial.setAttribute("role", "slider");
  dial.setAttribute("tabindex", "0");
  dial.setAttribute("aria-label", label);
  const element = h("div", { class: "continuous" }, dial, readout);

  const paint = () => {
    const { desc, value } = binding;
    const zero = desc.min < 0 && desc.max > 0 ? toTravel(desc, 0) : 0;
    // Only where zero is about the middle does a value read as so much to either side of it.
    const origin = zero > 0.3 && zero < 0.7 ? zero : 0;
    face.paint(toTravel(desc, value), origin, toTravel(desc, desc.def));
    const text = binding.text(value);
    setText(readout, text);
    dial.setAttribute("aria-valuemin", String(desc.min));
    dial.setAttribute("aria-valuemax", String(desc.max));
    dial.setAttribute("aria-valuenow", String(Number(value.toPrecision(7))));
    dial.setAttribute("aria-valuetext", text);
  };

  const edit = () => typeValue(binding, readout, label, () => dial.focus());
  const burst = burstOf(binding);
  drag(binding, face);
  dial.addEventListener("dblclick", () => binding.reset());
  dial.addEventListener("wheel", (event) => wheel(event, binding, burst), { passive: false });
  dial.addEventListener("keydown", (event) => key(event, binding, burst, edit));
  readout.addEventListener("click", edit);

  const unwatch = binding.watch(paint);
  paint();
  return { element, stop: unwatch };
}

/**
 * One begin and one end around steps that follow each other closely.
 * @param {Binding} binding
 */
function burstOf(binding) {
  let timer = 0;
  return (/** @type {number} */ value) => {
    if (timer === 0) binding.begin();
    clearTimeout(timer);
    binding.set(value);
    timer = setTimeout(() => {
      timer = 0;
      binding.end();
    }, burstMs);
  };
}

/**
 * @param {Binding} binding
 * @param {Face} face
 */
function drag(binding, face) {
  const { element } = face;
  let pointer = -1;
  let travel = 0;
  let [x, y] = [0, 0];
  const apply = () => binding.set(snap(binding.desc, toValue(binding.desc, travel)));

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pointer >= 0) return;
    element.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    [x, y] = [event.clientX, event.clientY];
    travel = toTravel(binding.desc, binding.value);
    binding.begin();
    element.classList.add("held");
    if (face.jump && !event.shiftKey && event.detail < 2) {
      travel = face.jump(event.clientX);
      apply();
    }
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const moved =
      face.travelOf(event.clientX - x, event.clientY - y) / (event.shiftKey ? fineness : 1);
    [x, y] = [event.clientX, event.clientY];
    if (moved === 0) return;
    const next = travel + moved;
    travel = binding.desc.flags.includes("periodic")
      ? next - Math.floor(next)
      : Math.min(1, Math.max(0, next));
    apply();
  });
  const release = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    pointer = -1;
    element.classList.remove("held");
    binding.end();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("lostpointercapture", release);
}

/**
 * @param {WheelEvent} event
 * @param {Binding} binding
 * @param {(value: number) => void} step
 */
function wheel(event, binding, step) {
  const scrolling =
    performance.now() - scrolledMs < scrollMs && document.activeElement !== event.currentTarget;
  if (scrolling || event.ctrlKey) return;
  event.preventDefault();
  // Some browsers turn a shifted wheel sideways.
  const delta = event.deltaY || event.deltaX;
  if (delta !== 0) step(nudge(binding.desc, binding.value, -Math.sign(delta), event.shiftKey));
}

/**
 * @param {KeyboardEvent} event
 * @param {Binding} binding
 * @param {(value: number) => void} step
 * @param {() => void} edit
 */
function key(event, binding, step, edit) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { desc, value } = binding;
  const large =
    gridOf(desc) > 0 ? Math.max(1, Math.round((desc.max - desc.min) / gridOf(desc) / 10)) : 10;
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowUp: () => step(nudge(desc, value, 1, event.shiftKey)),
    ArrowRight: () => step(nudge(desc, value, 1, event.shiftKey)),
    ArrowDown: () => step(nudge(desc, value, -1, event.shiftKey)),
    ArrowLeft: () => step(nudge(desc, value, -1, event.shiftKey)),
    PageUp: () => step(nudge(desc, value, large)),
    PageDown: () => step(nudge(desc, value, -large)),
    Home: () => step(desc.min),
    End: () => step(snap(desc, desc.max)),
    Enter: edit,
    Delete: () => binding.reset(),
    Backspace: () => binding.reset(),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/**
 * Puts a field in the readout's place until Enter, Escape or the loss of focus.
 * @param {Binding} binding
 * @param {HTMLElement} readout
 * @param {string} label
 * @param {() => void} done gives the focus back
 */
function typeValue(binding, readout, label, done) {
  const field = h("input", {
    class: "readout-field",
    type: "text",
    "aria-label": `${label}, a value${binding.desc.unit ? ` in ${binding.desc.unit}` : ""}`,
    autocomplete: "off",
    spellcheck: "false",
  });
  field.value = binding.text(binding.value);
  let open = true;
  const close = (/** @type {boolean} */ refocus) => {
    if (!open) return;
    open = false;
    field.replaceWith(readout);
    if (refocus) done();
  };
  const commit = async () => {
    const typed = await binding.parse(field.value);
    if (typed === null) return false;
    binding.begin();
    binding.set(snap(binding.desc, typed));
    binding.end();
    return true;
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close(true);
    if (event.key !== "Enter") return;
    void commit().then((taken) => {
      if (taken) close(true);
      else field.setAttribute("aria-invalid", "true");
    });
  });
  field.addEventListener("input", () => field.removeAttribute("aria-invalid"));
  field.addEventListener("blur", () => {
    if (open) void commit();
    close(false);
  });
  readout.replaceWith(field);
  field.select();
  field.focus();
}
