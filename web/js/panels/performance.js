// What the callback costs, what was missed, and how the last reload went.

import { contextOf, onFrame, paletteOf } from "../draw/loop.js";
import { drawHistory, paletteNames } from "../draw/history.js";
import { h, panel, setText } from "../dom.js";
import { formatNumber } from "../values/text.js";

const rateHz = 5;
const historySeconds = 60;

/** Positions in a frame (PROTOCOL.md, `load`). */
const field = {
  load: 0,
  loadMax: 1,
  callbackUs: 2,
  periodUs: 3,
  xruns: 4,
  cycles: 5,
  overruns: 6,
  eventsDropped: 7,
};

/** @param {number} share */
const percent = (share) => `${formatNumber(share * 100, share < 0.0995 ? 1 : 0)} %`;

/** @typedef {{term: string, title?: string}} Figure */

/** @type {Record<string, Figure>} */
const figures = {
  callback: { term: "Longest callback", title: "against the period" },
  xruns: { term: "Xruns", title: "Times that the device lost audio" },
  overruns: { term: "Overruns", title: "Callbacks longer than their period" },
  dropped: { term: "Events dropped" },
  realtime: { term: "Real time" },
  generation: { term: "Build" },
  resident: { term: "Builds in memory", title: "Old builds are unloaded after their fade" },
  restarts: { term: "Engine restarts" },
  sound: {
    term: "File to sound",
    title: "From the finished file to the first frame of the new build",
  },
  gap: { term: "Gap", title: "Frames lost by the last reload" },
  step: { term: "Largest step", title: "Between two samples of the last reload's fade" },
};

panel("jig-performance", (root, session) => {
  const now = h("output", { class: "load-now", "aria-label": "DSP load" }, "–");
  const max = h("span", { class: "load-max" });
  const canvas = h("canvas", {
    class: "load-canvas",
    role: "img",
    "aria-label": "DSP load of the last minute",
  });
  /** @type {Record<string, {line: HTMLElement, value: HTMLElement}>} */
  const lines = Object.fromEntries(
    Object.entries(figures).map(([name, { term, title }]) => {
      const value = h("dd", { "data-figure": name }, "–");
      return [name, { line: h("div", { title }, h("dt", {}, term), value), value }];
    }),
  );
  /**
   * @param {string} name
   * @param {string} text
   * @param {boolean} [bad]
   */
  const put = (name, text, bad = false) => {
    const line = lines[name];
    if (!line) return;
    setText(line.value, text);
    line.value.classList.toggle("bad", bad);
    line.line.hidden = text === "";
  };
  root.append(
    h(
      "div",
      { class: "panel-head" },
      h("h2", {}, "DSP load"),
      h("div", { class: "load" }, now, max),
    ),
    canvas,
    h("dl", {}, ...Object.values(lines).map(({ line }) => line)),
  );
  for (const name of ["sound", "gap", "step", "dropped", "restarts"]) put(name, "");

  /** @type {{mean: number, max: number}[]} */
  const history = [];
  let stale = true;
  document.addEventListener("themechange", () => (stale = true));
  addEventListener("resize", () => (stale = true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (stale = true));

  session.streams.open("load", rateHz, {
    layout: () => {},
    frame: ({ values }) => {
      const at = (/** @type {number} */ i) => values[i] ?? 0;
      history.push({ mean: at(field.load), max: at(field.loadMax) });
      if (history.length > rateHz * historySeconds) history.shift();
      stale = true;
      setText(now, percent(at(field.load)));
      setText(max, `max ${percent(Math.max(...history.map((point) => point.max)))}`);
      put(
        "callback",
        `${formatNumber(at(field.callbackUs), 0)} of ${formatNumber(at(field.periodUs), 0)} µs`,
      );
      put("xruns", String(at(field.xruns)), at(field.xruns) > 0);
      put("overruns", String(at(field.overruns)), at(field.overruns) > 0);
      put("dropped", at(field.eventsDropped) > 0 ? String(at(field.eventsDropped)) : "", true);
    },
  });
  onFrame(canvas, () => {
    if (!stale) return;
    stale = false;
    const target = contextOf(canvas);
    if (target)
      drawHistory(
        target.context,
        target,
        history,
        rateHz * historySeconds,
        paletteOf(canvas, paletteNames),
      );
  });

  session.store.watch(
    ["plugin", "engine", "audio", "reload"],
    ({ plugin, engine, audio, reload }) => {
      put("generation", plugin ? String(plugin.generation) : "–");
      put("resident", reload ? String(reload.residentBuilds) : "–");
      put("restarts", engine && engine.restarts > 0 ? String(engine.restarts) : "");
      put("realtime", audio ? (audio.realtime ? "yes" : "no") : "–", audio?.realtime === false);
      const note = lines["realtime"];
      if (note) note.line.title = audio?.realtimeNote ?? "";
      if (reload?.last?.kind === "plugin.reloaded") showReload(reload.last.data, put);
    },
  );
  session.events.watch(({ kind, data }) => kind === "plugin.reloaded" && showReload(data, put));
});

/**
 * @param {Record<string, any>} data of a plugin.reloaded
 * @param {(name: string, text: string, bad?: boolean) => void} put
 */
function showReload({ fileToSoundMs, gapFrames, stepDb }, put) {
  if (typeof fileToSoundMs === "number") put("sound", `${formatNumber(fileToSoundMs, 0)} ms`);
  if (typeof gapFrames === "number") put("gap", `${gapFrames} frames`, gapFrames > 0);
  if (typeof stepDb === "number")
    put("step", `${formatNumber(stepDb > -120 ? stepDb : -Infinity, 1)} dB`);
}
