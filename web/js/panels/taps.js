// What the plugin publishes about itself: a row a tap, with its newest value or peak.

/** @import {Param, Tap} from "../types.js" */

import { onFrame } from "../draw/loop.js";
import { h, panel, setText } from "../dom.js";
import { formatNumber, formatValue, toDb } from "../values/text.js";

const rateHz = 30;
const textEveryMs = 100;

/**
 * @param {Tap|undefined} tap
 * @param {string} name
 */
function row(tap, name) {
  const number = h("span", { class: "tap-number" });
  const bar = h("div", { class: "tap-bar", "aria-hidden": "true" }, h("div"));
  const element = h(
    "div",
    { class: "tap", "data-tap": tap?.id ?? name },
    h("span", { class: "tap-name" }, tap?.name ?? name),
    bar,
    number,
  );
  const [min, max] = tap && tap.max > tap.min ? [tap.min, tap.max] : [0, 1];
  const audio = tap?.kind === "audio";
  bar.hidden = tap?.view === "number";
  /** @type {Pick<Param, "min"|"max"|"step"|"unit"|"flags"|"labels">} */
  const desc = { min, max, step: 0, unit: tap?.unit ?? "", flags: [], labels: [] };
  return {
    element,
    /** @param {number} value */
    paint(value) {
      const place =
        Math.min(1, Math.max(0, audio ? (toDb(value) + 60) / 60 : (value - min) / (max - min))) ||
        0;
      const [from, to] = tap?.view === "reduction" ? [place, 1] : [0, place];
      bar.style.setProperty("--from", from.toFixed(4));
      bar.style.setProperty("--to", to.toFixed(4));
    },
    /** @param {number} value */
    write(value) {
      number.classList.toggle("bad", Number.isNaN(value));
      setText(number, audio ? `${formatNumber(toDb(value), 1)} dBFS` : formatValue(desc, value));
    },
  };
}

panel("jig-taps", (root, session) => {
  const rows = h("div", { class: "tap-rows" });
  root.append(h("div", { class: "panel-head" }, h("h2", {}, "Taps")), rows);
  root.hidden = true;

  /** @type {ReturnType<typeof row>[]} */
  let shown = [];
  /** @type {string[]} */
  let names = [];
  /** @type {Float32Array} */
  let values = new Float32Array(0);
  let writtenMs = 0;

  const build = () => {
    const taps = session.store.now.plugin?.taps ?? [];
    shown = names.map((name, i) =>
      row(
        taps.find(({ id }) => id === name) ?? taps.find((tap) => tap.name === name) ?? taps[i],
        name,
      ),
    );
    rows.replaceChildren(...shown.map(({ element }) => element));
    root.hidden = shown.length === 0;
  };

  session.store.watch(["plugin"], build);
  session.streams.open("taps", rateHz, {
    layout: ({ channels }) => {
      names = channels.map(({ name }) => name);
      values = new Float32Array(names.length);
      build();
    },
    frame: (frame) => (values = frame.values),
  });
  onFrame(root, (nowMs) => {
    shown.forEach(({ paint }, i) => paint(values[i] ?? 0));
    if (nowMs - writtenMs < textEveryMs) return;
    writtenMs = nowMs;
    shown.forEach(({ write }, i) => write(values[i] ?? 0));
  });
});
