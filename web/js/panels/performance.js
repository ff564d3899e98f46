// What the callback costs, what was missed, and how the last reload went.

import { contextOf, onFrame, paletteOf } from "../draw/loop.js";
import { drawHistory, paletteNames } from "../draw/history.js";
import { h, panel, setText } from "../dom.js";
import { formatNumber } from "../values/text.js";
import { clockText, roundTripText, roundTripTitle } from "../values/timing.js";
import { percent, spreadTable, xrunList } from "./timing.js";

const rateHz = 5;
const historySeconds = 60;

/** @param {(field: string) => number} at */
function xrunCounts(at) {
  const causes = ["Plugin", "Scheduler", "Driver"]
    .map((cause) => ({ cause: cause.toLowerCase(), count: at(`xruns${cause}`) }))
    .filter(({ count }) => count > 0)
    .map(({ cause, count }) => `${count} ${cause}`);
  return causes.length > 0 ? causes.join(", ") : "0";
}

/** @typedef {{term: string, title?: string}} Figure */

/** @type {Record<string, Figure>} */
const figures = {
  roundTrip: { term: "Round trip" },
  detail: { term: "Device" },
  callback: { term: "Longest callback", title: "against the period" },
  xruns: { term: "Xruns", title: "Times that the device lost audio, and whose fault it was" },
  lost: { term: "Frames lost", title: "In all xruns whose size is known" },
  overruns: { term: "Overruns", title: "Callbacks longer than their period" },
  wake: { term: "Woken late", title: "Longest delay of the audio thread in the last fifth of a second" },
  clock: { term: "Clock", title: "The device's rate against this computer's clock" },
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
  const spread = spreadTable(session);
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
    spread.element,
    h("dl", {}, ...Object.values(lines).map(({ line }) => line)),
    xrunList(session),
  );
  for (const name of ["sound", "gap", "step", "dropped", "restarts", "lost", "clock", "detail"]) put(name, "");

  /** @type {{mean: number, max: number}[]} */
  const history = [];
  let stale = true;
  document.addEventListener("themechange", () => (stale = true));
  addEventListener("resize", () => (stale = true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (stale = true));

  /** @type {Record<string, number>} by name: its place in a frame */
  let places = {};
  session.streams.open("load", rateHz, {
    layout: ({ fields }) => (places = Object.fromEntries(fields.map((name, i) => [name, i]))),
    frame: ({ values }) => {
      const at = (/** @type {string} */ name) => values[places[name] ?? -1] ?? 0;
      history.push({ mean: at("load"), max: at("loadMax") });
      if (history.length > rateHz * historySeconds) history.shift();
      stale = true;
      setText(now, percent(at("load")));
      setText(max, `max ${percent(Math.max(...history.map((point) => point.max)))}`);
      spread.show(at);
      const period = formatNumber(at("periodUs"), 0);
      put("callback", `${formatNumber(at("callbackUs"), 0)} of ${period} µs`);
      put("xruns", xrunCounts(at), at("xruns") > 0);
      put("lost", at("lostFrames") > 0 ? String(at("lostFrames")) : "", true);
      put("overruns", String(at("overruns")), at("overruns") > 0);
      put("wake", `${formatNumber(at("wakeLateUs"), 0)} µs`);
      put("clock", clockText(at("ratePpm")));
      put("dropped", at("eventsDropped") > 0 ? String(at("eventsDropped")) : "", true);
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
      put("roundTrip", audio ? roundTripText(audio) : "–");
      put("detail", audio?.detail ?? "");
      const trip = lines["roundTrip"];
      if (trip && audio) trip.line.title = roundTripTitle(audio);
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
