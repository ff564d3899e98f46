// A keyboard to play by mouse, fingers and computer keys, for plugins that take notes.

import { h, panel, setText, takesKeys } from "../dom.js";
import { HeldNotes } from "../values/held-notes.js";

const names = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const blacks = [1, 3, 6, 8, 10];
/** By place on the keyboard, so that every layout plays alike; semitones from the lowest C. */
const codes = [
  "KeyA",
  "KeyW",
  "KeyS",
  "KeyE",
  "KeyD",
  "KeyF",
  "KeyT",
  "KeyG",
  "KeyY",
  "KeyH",
  "KeyU",
  "KeyJ",
  "KeyK",
  "KeyO",
  "KeyL",
  "KeyP",
  "Semicolon",
];
const letters = "AWSEDFTGYHUJKOLP;";
const octaves = 3;
const [lowestOctave, highestOctave] = [0, 7];

/** @param {number} key */
const nameOf = (key) => `${names[key % 12]}${Math.floor(key / 12) - 1}`;

/**
 * @param {number} key
 * @param {number} first the lowest key shown
 */
function keyElement(key, first) {
  const black = blacks.includes(key % 12);
  const letter = letters[key - first] ?? "";
  const cap = h("span", { class: "key-letter", "aria-hidden": "true" }, letter);
  const element = h("div", { class: black ? "key black" : "key white", "data-key": key }, cap);
  if (key % 12 === 0)
    element.append(h("span", { class: "key-name", "aria-hidden": "true" }, nameOf(key)));
  return element;
}

panel("jig-keyboard", (root, session) => {
  let octave = 4;
  let velocity = 0.8;
  const lowest = () => (octave + 1) * 12;

  const keys = h("div", { class: "keys", role: "group", "aria-label": "Piano keys" });
  const range = h("span", { class: "sub" });
  const help = h(
    "p",
    { class: "sub" },
    "Keys A to ; play, Z and X shift the octave, C and V the velocity. A key pressed lower down plays louder.",
  );
  const down = h(
    "button",
    { type: "button", class: "quiet", "aria-label": "Octave down", onclick: () => shift(-1) },
    "−",
  );
  const up = h(
    "button",
    { type: "button", class: "quiet", "aria-label": "Octave up", onclick: () => shift(1) },
    "+",
  );
  root.append(
    h(
      "div",
      { class: "panel-head" },
      h("h2", {}, "Keyboard"),
      h("div", { class: "panel-tools" }, range, down, up),
    ),
    keys,
    help,
  );

  const notes = new HeldNotes((events) => {
    session.ask("midi.send", { events });
    for (const element of keys.children) {
      element.classList.toggle(
        "sounds",
        element instanceof HTMLElement && notes.sounds(Number(element.dataset["key"])),
      );
    }
  });

  const show = () => {
    const first = lowest();
    const count = Math.min(octaves * 12 + 1, 128 - first);
    keys.replaceChildren(...Array.from({ length: count }, (_, i) => keyElement(first + i, first)));
    setText(range, `Octave ${octave}, velocity ${Math.round(velocity * 127)}`);
    down.disabled = octave === lowestOctave;
    up.disabled = octave === highestOctave;
  };
  /** @param {number} by */
  const shift = (by) => {
    notes.releaseAll();
    octave = Math.min(highestOctave, Math.max(lowestOctave, octave + by));
    show();
  };
  /** @param {number} by */
  const press = (by) => {
    velocity = Math.min(1, Math.max(0.1, velocity + by));
    show();
  };

  const playable = () => !root.hidden;
  fingers(keys, notes);
  addEventListener("keydown", (event) => {
    if (!playable() || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target))
      return;
    const step = codes.indexOf(event.code);
    /** @type {Record<string, () => void>} */
    const controls = {
      KeyZ: () => shift(-1),
      KeyX: () => shift(1),
      KeyC: () => press(-0.1),
      KeyV: () => press(0.1),
    };
    if (step >= 0 && !event.repeat) notes.press(event.code, lowest() + step, velocity);
    else if (!event.repeat) controls[event.code]?.();
  });
  addEventListener("keyup", (event) => notes.release(event.code));
  addEventListener("blur", () => notes.releaseAll());
  addEventListener("pagehide", () => notes.releaseAll());
  document.addEventListener("visibilitychange", () => document.hidden && notes.releaseAll());
  document.addEventListener("focusin", (event) => takesKeys(event.target) && notes.releaseAll());

  session.store.watch(["plugin", "link"], ({ plugin, link }) => {
    if (link.phase !== "open" || !plugin?.eventsIn) notes.releaseAll();
    root.hidden = !plugin?.eventsIn;
  });
  show();
});

/**
 * Every pointer plays the key under it; sliding plays the next; lower on the key is louder.
 * @param {HTMLElement} keys
 * @param {HeldNotes} notes
 */
function fingers(keys, notes) {
  /** @param {PointerEvent} event */
  const play = (event) => {
    const element = document.elementFromPoint(event.clientX, event.clientY)?.closest(".key");
    const source = `pointer ${event.pointerId}`;
    if (!(element instanceof HTMLElement) || !keys.contains(element)) {
      notes.release(source);
      return;
    }
    const { top, height } = element.getBoundingClientRect();
    const depth = Math.min(1, Math.max(0, (event.clientY - top) / height));
    notes.press(source, Number(element.dataset["key"]), 0.2 + 0.8 * depth);
  };
  keys.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    keys.setPointerCapture(event.pointerId);
    play(event);
  });
  keys.addEventListener(
    "pointermove",
    (event) => keys.hasPointerCapture(event.pointerId) && play(event),
  );
  for (const end of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    keys.addEventListener(end, (event) => notes.release(`pointer ${event.pointerId}`));
  }
}
