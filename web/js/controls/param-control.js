// <jig-param>: one parameter with its name, the control that suits it, and a mark when it is moved.

/** @import {Binding, Param} from "../types.js" */

import { h, setText } from "../dom.js";
import { toTravel } from "../values/curve.js";
import { formatValue } from "../values/text.js";
import { continuous } from "./continuous.js";
import { knobFace, sliderFace } from "./faces.js";

/** @typedef {{element: HTMLElement, stop: () => void}} Control */

/**
 * @param {Param} desc
 * @returns {"trigger"|"output"|"switch"|"menu"|"continuous"}
 */
export function kindOf({ flags }) {
  if (flags.includes("trigger")) return "trigger";
  if (flags.includes("output")) return "output";
  if (flags.includes("toggle")) return "switch";
  return flags.includes("enum") ? "menu" : "continuous";
}

/**
 * Sets a value that needs no drag.
 * @param {Binding} binding
 * @param {number} value
 */
function put(binding, value) {
  binding.begin();
  binding.set(value);
  binding.end();
}

/**
 * @param {Binding} binding
 * @param {() => void} paint
 * @param {HTMLElement} element
 * @returns {Control}
 */
function painted(binding, paint, element) {
  paint();
  return { element, stop: binding.watch(paint) };
}

/** @param {Binding} binding */
function switchControl(binding) {
  const { desc } = binding;
  const text = h("span", { class: "switch-text" });
  const on = () => binding.value > (desc.min + desc.max) / 2;
  const button = h(
    "button",
    {
      type: "button",
      role: "switch",
      class: "switch",
      "aria-label": desc.name,
      onclick: () => put(binding, on() ? desc.min : desc.max),
    },
    h("span", { class: "switch-track" }, h("span", { class: "switch-thumb" })),
    text,
  );
  return painted(
    binding,
    () => {
      button.setAttribute("aria-checked", String(on()));
      setText(text, binding.text(binding.value));
    },
    button,
  );
}

/** @param {Binding} binding */
function menuControl(binding) {
  const { desc } = binding;
  const select = h("select", { class: "menu", "aria-label": desc.name });
  select.append(...desc.labels.map((label, i) => h("option", { value: i }, label)));
  select.addEventListener("change", () => put(binding, desc.min + Number(select.value)));
  return painted(
    binding,
    () => (select.value = String(Math.round(binding.value - desc.min))),
    select,
  );
}

/** @param {Binding} binding */
function outputControl(binding) {
  const { desc } = binding;
  const text = h("span", { class: "readout" });
  const bar = h(
    "div",
    {
      class: "output-bar",
      role: "meter",
      "aria-label": desc.name,
      "aria-valuemin": desc.min,
      "aria-valuemax": desc.max,
    },
    h("div"),
  );
  return painted(
    binding,
    () => {
      const shown = binding.text(binding.value);
      setText(text, shown);
      bar.style.setProperty("--t", toTravel(desc, binding.value).toFixed(4));
      bar.setAttribute(
        "aria-valuenow",
        String(Math.min(desc.max, Math.max(desc.min, binding.value))),
      );
      bar.setAttribute("aria-valuetext", shown);
    },
    h("div", { class: "output" }, bar, text),
  );
}

/**
 * @param {Param} desc
 * @param {() => void} fire
 * @returns {Control}
 */
function triggerControl({ name }, fire) {
  const button = h(
    "button",
    { type: "button", class: "trigger", "aria-label": name, onclick: fire },
    "Trigger",
  );
  return { element: button, stop: () => {} };
}

class ParamControl extends HTMLElement {
  /** @type {() => void} */
  #stop = () => {};

  /**
   * @param {Binding} binding
   * @param {"knobs"|"sliders"} style
   * @param {() => void} fire what a trigger does
   */
  show(binding, style, fire) {
    const { desc } = binding;
    const kind = kindOf(desc);
    const control = {
      trigger: () => triggerControl(desc, fire),
      output: () => outputControl(binding),
      switch: () => switchControl(binding),
      menu: () => menuControl(binding),
      continuous: () =>
        continuous(binding, style === "knobs" ? knobFace() : sliderFace(), desc.name),
    }[kind]();
    const changeable = kind !== "trigger" && kind !== "output";
    const reset = h("button", {
      type: "button",
      class: "moved",
      "aria-label": `Reset ${desc.name} to ${formatValue(desc, desc.def)}`,
      title: `Back to ${formatValue(desc, desc.def)}`,
      onclick: () => binding.reset(),
    });
    // A value that went through a float comes back a little off.
    const same = (desc.max - desc.min) * 1e-6;
    const mark = () => (reset.hidden = !changeable || Math.abs(binding.value - desc.def) <= same);
    const unwatch = binding.watch(mark);
    mark();
    this.className = `param param-${kind}`;
    this.dataset["id"] = desc.id;
    if (desc.doc) this.title = desc.doc;
    this.replaceChildren(
      h("div", { class: "param-name" }, h("span", {}, desc.name), reset),
      control.element,
    );
    this.#stop = () => (unwatch(), control.stop());
  }

  disconnectedCallback() {
    this.#stop();
  }
}

customElements.define("jig-param", ParamControl);

/**
 * @param {Binding} binding
 * @param {"knobs"|"sliders"} style
 * @param {() => void} fire
 */
export function paramControl(binding, style, fire) {
  const control = new ParamControl();
  control.show(binding, style, fire);
  return control;
}
