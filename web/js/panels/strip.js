// Always at hand: what goes in, the transport, what comes out, and the build.

/** @import {Binding, Input, Param} from "../types.js" */
/** @import {Session} from "../session.js" */

import { continuous } from "../controls/continuous.js";
import { sliderFace } from "../controls/faces.js";
import { h, onShortcut, panel, setOptions, setText } from "../dom.js";
import { formatNumber } from "../values/text.js";
import { Optimistic } from "../values/optimistic.js";
import { formatValue, parseValue } from "../values/text.js";

/**
 * A server-side number that is no parameter, as a control sees it.
 * @param {Partial<Param>} shape
 * @param {(value: number) => Promise<any>} send
 */
function setting(shape, send) {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  /** @type {Param} */
  const desc = {
    id: "",
    name: "",
    group: "",
    unit: "",
    doc: "",
    min: 0,
    max: 1,
    def: 0,
    step: 0,
    curve: "lin",
    curveArg: 1,
    flags: [],
    labels: [],
    value: 0,
    rev: 0,
    touched: false,
    ownText: false,
    ...shape,
  };
  const number = new Optimistic(desc.def, 0, {
    send: (value) => send(value).then(() => undefined),
    changed: () => watchers.forEach((run) => run()),
  });
  /** @type {Binding} */
  const binding = {
    desc,
    get value() {
      return number.value;
    },
    text: (value) => formatValue(desc, value),
    parse: (text) => Promise.resolve(parseValue(desc, text)),
    begin: () => number.begin(),
    set: (value) => number.set(value),
    end: () => number.end(),
    reset: () => {
      number.set(desc.def);
      number.end();
    },
    watch: (run) => {
      watchers.add(run);
      return () => void watchers.delete(run);
    },
  };
  return { binding, confirm: (/** @type {number} */ value) => number.confirm(value) };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {...Node} children
 */
const group = (name, title, ...children) =>
  h(
    "section",
    { class: `strip-group strip-${name}`, "aria-label": title },
    h("h2", {}, title),
    h("div", { class: "strip-row" }, ...children),
  );

/**
 * A button that stays down.
 * @param {string} label
 * @param {string} className
 * @param {(pressed: boolean) => void} toggle
 */
function latch(label, className, toggle) {
  const button = h("button", { type: "button", class: className, "aria-pressed": "false" }, label);
  button.addEventListener("click", () => toggle(button.getAttribute("aria-pressed") !== "true"));
  return button;
}

/** @param {Session} session */
function inputGroup(session) {
  /** @type {Record<string, string>} */
  const names = {
    device: "Device",
    off: "Off",
    file: "File",
    sine: "Sine",
    noise: "Noise",
    impulse: "Impulse",
  };
  const kind = h("select", { "aria-label": "Input" });
  kind.addEventListener("change", () => session.ask("input.select", { kind: kind.value }));
  const send = (/** @type {string} */ name) => (/** @type {number} */ value) =>
    session.call("input.select", { kind: session.store.now.input?.kind, [name]: value });
  const hz = setting(
    { name: "Frequency", unit: "Hz", min: 20, max: 20000, def: 440, curve: "log" },
    send("hz"),
  );
  const level = setting(
    { name: "Level", unit: "dB", min: -80, max: 0, def: -18, curve: "db" },
    send("levelDb"),
  );
  const hzControl = continuous(hz.binding, sliderFace(), "Input frequency").element;
  const levelControl = continuous(level.binding, sliderFace(), "Input level").element;
  const play = latch("Play", "", (playing) =>
    session.ask("input.select", { kind: "file", playing }),
  );
  play.setAttribute("aria-label", "Play file");
  const loop = latch("Loop", "", (on) => session.ask("input.select", { kind: "file", loop: on }));
  const file = h("span", { class: "file-name" });

  session.store.watch(["input", "audio"], ({ input, audio }) => {
    if (!input) return;
    setOptions(
      kind,
      input.kinds.map((id) => ({ id, name: names[id] ?? id })),
      input.kind,
    );
    hz.confirm(input.hz);
    level.confirm(input.levelDb);
    hzControl.hidden = input.kind !== "sine";
    levelControl.hidden = !["sine", "noise", "impulse"].includes(input.kind);
    for (const part of [play, loop, file]) part.hidden = input.kind !== "file";
    play.setAttribute("aria-pressed", String(input.playing));
    setText(play, input.playing ? "Pause" : "Play");
    loop.setAttribute("aria-pressed", String(input.loop));
    setText(file, fileText(input, audio?.rateHz ?? 0));
    file.title = input.file;
  });
  return group("input", "Input", kind, hzControl, levelControl, play, loop, file);
}

/**
 * @param {Input} input
 * @param {number} rateHz
 */
function fileText({ file, lengthFrames }, rateHz) {
  if (!rateHz || !lengthFrames) return file;
  const seconds = Math.round(lengthFrames / rateHz);
  return `${file} · ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {Session} session */
function transportGroup(session) {
  const play = latch("Play", "", (playing) => session.ask("transport.set", { playing }));
  play.setAttribute("aria-label", "Play transport");
  const bpm = h("input", {
    type: "number",
    class: "number",
    min: 20,
    max: 400,
    step: "any",
    "aria-label": "Tempo in beats a minute",
  });
  bpm.addEventListener("change", () => {
    if (bpm.value !== "" && bpm.checkValidity())
      session.ask("transport.set", { bpm: Number(bpm.value) });
    else bpm.value = shown(session.store.now.transport?.bpm ?? 120);
  });
  const shown = (/** @type {number} */ value) => String(Number(value.toFixed(2)));
  onShortcut("play", () => play.click());
  const source = h("span", { class: "sub" }, "JACK");

  session.store.watch(["transport"], ({ transport }) => {
    if (!transport) return;
    const jack = transport.source === "jack";
    play.setAttribute("aria-pressed", String(transport.playing));
    setText(play, transport.playing ? "Stop" : "Play");
    play.disabled = jack;
    bpm.disabled = jack;
    source.hidden = !jack;
    play.title = jack ? "The JACK transport leads." : "";
    if (document.activeElement !== bpm) bpm.value = shown(transport.bpm);
  });
  return group("transport", "Tempo", play, bpm, h("span", { class: "sub" }, "bpm"), source);
}

/** @param {Session} session */
function outputGroup(session) {
  const mute = latch("Mute", "mute", (on) => session.ask("monitor.set", { mute: on }));
  const bypass = latch("Bypass", "bypass", (on) => session.ask("monitor.set", { bypass: on }));
  const panic = h(
    "button",
    {
      type: "button",
      class: "panic",
      title: "Ends every note and resets the plugin",
      onclick: () => session.ask("monitor.panic"),
    },
    "Panic",
  );
  const trim = setting(
    { name: "Trim", unit: "dB", min: -60, max: 12, def: 0, curve: "db" },
    (trimDb) => session.call("monitor.set", { trimDb }),
  );
  session.store.watch(["monitor"], ({ monitor }) => {
    if (!monitor) return;
    mute.setAttribute("aria-pressed", String(monitor.mute));
    bypass.setAttribute("aria-pressed", String(monitor.bypass));
    trim.confirm(monitor.trimDb);
  });
  onShortcut("mute", () => mute.click());
  onShortcut("bypass", () => bypass.click());
  onShortcut("panic", () => panic.click());
  const trimControl = continuous(trim.binding, sliderFace(), "Output trim").element;
  return group(
    "output",
    "Output",
    mute,
    bypass,
    panic,
    h("div", { class: "trim" }, h("span", { class: "sub" }, "Trim"), trimControl),
  );
}

/** @type {Record<string, string>} */
const reloadStates = {
  watching: "Watching",
  building: "Building…",
  probing: "Checking…",
  loading: "Loading…",
  swapping: "Swapping…",
};

/** @param {Session} session */
function buildGroup(session) {
  const reload = h(
    "button",
    { type: "button", onclick: () => session.ask("plugin.reload") },
    "Reload",
  );
  const state = h("span", { class: "sub build-state" });
  session.store.watch(["reload", "build"], ({ reload: now, build }) => {
    const building = build?.status === "running" ? "building" : now?.state;
    setText(state, building ? (reloadStates[building] ?? building) : "");
    state.title = now?.watching ?? "";
  });
  session.events.watch(({ kind, data }) => {
    if (kind === "plugin.reloaded")
      reload.title = `Last: ${formatNumber(data["fileToSoundMs"] ?? 0, 0)} ms from file to sound`;
  });
  onShortcut("reload", () => reload.click());
  return group("build", "Build", reload, state);
}

panel("jig-strip", (root, session) => {
  root.append(
    inputGroup(session),
    transportGroup(session),
    outputGroup(session),
    buildGroup(session),
  );
});
